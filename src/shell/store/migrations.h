// Brings a database to the form this program expects. The files of db/migrations are numbered from
// 1 without a gap; the database remembers the number of the last one it went through.
#pragma once

#include <string_view>
#include <vector>

#include "base/result.h"
#include "shell/store/sqlite.h"

namespace tandem::store {

struct Migration {
  int number;
  std::string_view name;  // "0001_cdr"
  std::string_view sql;
};

// Runs those the database has not seen, all in one transaction. Fails without a change when the
// database has seen more than `migrations` holds (NewerVersion), is locked, or a statement fails.
Result<Done, StoreError> migrate(Database& database, const std::vector<Migration>& migrations);

// db/migrations/cdr and db/migrations/config
const std::vector<Migration>& cdr_migrations();
const std::vector<Migration>& config_migrations();

}  // namespace tandem::store
