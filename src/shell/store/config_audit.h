// What is kept of changes: the change as a whole, the fields that changed, as people read them, and
// the past of parameters and entities, from which a change can be taken back.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "shell/store/config_draft.h"
#include "shell/store/secret_box.h"
#include "shell/store/sqlite.h"

namespace tandem::store {

// Within the transaction of the caller.
Result<Done, StoreError> write_audit(Database& database, const SecretBox& box, const Draft& draft,
                                     std::uint64_t number);

// Newest first.
Result<std::vector<AuditRow>, StoreError> read_changes(Database& database,
                                                       const ChangeFilter& filter);
Result<std::vector<ParameterPast>, StoreError> read_history(Database& database,
                                                            std::string_view parameter);
Result<Done, StoreError> read_last_changes(Database& database, Catalogue& catalogue);

// One entry of the past of a parameter or an entity, newest first in lists.
struct PastParameter {
  std::uint64_t number = 0;
  std::string name;
  std::optional<std::string> before;  // nothing: not set
  std::optional<std::string> after;
  std::uint64_t undoes = 0;
};
struct PastEntity {
  std::uint64_t number = 0;
  std::string resource;
  std::int64_t id = 0;
  std::optional<std::string> before;  // JSON, secrets sealed; nothing: it was not there
  std::optional<std::string> after;
  std::int64_t version = 0;  // that it had after, or when it was removed
  std::uint64_t undoes = 0;
};

// Of one parameter, or of all ("").
Result<std::vector<PastParameter>, StoreError> past_of_parameters(Database& database,
                                                                  const std::string& name);
Result<std::vector<PastParameter>, StoreError> past_parameters_of(Database& database,
                                                                  std::uint64_t number);
Result<std::vector<PastEntity>, StoreError> past_entities_of(Database& database,
                                                             std::uint64_t number);
// The number of the newest change of the entity; 0 when none is kept.
Result<std::int64_t, StoreError> last_change_of(Database& database, const PastEntity& entity);

}  // namespace tandem::store
