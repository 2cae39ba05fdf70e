// Running migrations; the number of the last one is PRAGMA user_version.
#include "shell/store/migrations.h"

#include <string>

#include "base/assert.h"

namespace tandem::store {
namespace {

Result<Done, StoreError> run_missing(Database& database, const std::vector<Migration>& migrations,
                                     std::int64_t seen) {
  for (const Migration& migration : migrations) {
    if (migration.number <= seen) continue;
    const std::string sql = std::string(migration.sql) +
                            "; PRAGMA user_version = " + std::to_string(migration.number) + ";";
    auto done = database.run(sql.c_str());
    if (!done) return done;
  }
  return database.run("COMMIT");
}

}  // namespace

Result<Done, StoreError> migrate(Database& database, const std::vector<Migration>& migrations) {
  for (std::size_t i = 0; i < migrations.size(); ++i)
    TANDEM_ASSERT(migrations[i].number == static_cast<int>(i + 1), "migrations are numbered");
  // Two processes may start at once: the version is read under the lock.
  if (const auto begun = database.run("BEGIN IMMEDIATE"); !begun) return begun;
  const auto seen = database.number("PRAGMA user_version");
  Result<Done, StoreError> done = Done{};
  if (!seen)
    done = Failure{seen.error()};
  else if (*seen > static_cast<std::int64_t>(migrations.size()))
    done = Failure{StoreError{StoreErrorKind::NewerVersion,
                              "database " + database.path().string() +
                                  " was made by a newer version of tandem (its schema is " +
                                  std::to_string(*seen) + ", this program knows " +
                                  std::to_string(migrations.size()) + "); start that version"}};
  else
    done = run_missing(database, migrations, *seen);
  if (!done) static_cast<void>(database.run("ROLLBACK"));
  return done;
}

}  // namespace tandem::store
