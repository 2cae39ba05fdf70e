// The catalogue in tables: reading all of it, writing a draft. The columns of an entity are the
// fields of its resource (db/migrations/config), secrets sealed.
#pragma once

#include "shell/store/config_draft.h"
#include "shell/store/secret_box.h"
#include "shell/store/sqlite.h"

namespace tandem::store {

ConfigError config_error(const StoreError& error);

// Values that no longer are what the rows allow are faults: somebody else wrote them.
Result<Catalogue, ConfigError> read_catalogue(Database& database, const SecretBox& box);
// Within the transaction of the caller.
Result<Done, StoreError> write_draft(Database& database, const SecretBox& box, const Draft& draft,
                                     std::uint64_t number, const Catalogue& catalogue);

}  // namespace tandem::store
