// Drawing up the change that takes another one back. Former values come back as a new change; what
// was changed again meanwhile is a conflict, told with the number of that change.
#pragma once

#include <cstdint>

#include "shell/store/config_draft.h"
#include "shell/store/secret_box.h"
#include "shell/store/sqlite.h"

namespace tandem::store {

struct UndoDesk {
  Database& database;
  const SecretBox& box;
  const Catalogue& catalogue;
  Drafting& drafting;
};

Result<Done, ConfigError> draw_up_undo_of_change(UndoDesk desk, std::uint64_t number);
Result<Done, ConfigError> draw_up_undo_of_parameter(UndoDesk desk,
                                                    const directory::ParameterRow& row);
// Of the newest change of a parameter that is neither taken back nor takes back another.
Result<Done, ConfigError> draw_up_undo_of_last(UndoDesk desk);

}  // namespace tandem::store
