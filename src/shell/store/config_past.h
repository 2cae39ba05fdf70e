// What was configured at an earlier time: the changes since, taken back one by one, in memory.
#pragma once

#include "shell/store/config_draft.h"
#include "shell/store/secret_box.h"
#include "shell/store/sqlite.h"

namespace tandem::store {

// What was stored when the configuration had this number; `now` is what is stored. NotFound for a
// number that was never given, or from before changes were kept whole.
Result<Catalogue, ConfigError> catalogue_at(Database& database, const SecretBox& box,
                                            const Catalogue& now, std::uint64_t number);

}  // namespace tandem::store
