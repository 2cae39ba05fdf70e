// Connections and statements of SQLite.
#include "shell/store/sqlite.h"

#include <sqlite3.h>
#include <sys/stat.h>

namespace tandem::store {
namespace {

constexpr int kBusyMilliseconds = 500;

std::uint64_t inode_of(const std::filesystem::path& path) {
  struct stat status;
  return ::stat(path.c_str(), &status) == 0 ? status.st_ino : 0;
}

}  // namespace

void Statement::Finalize::operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }

void Database::Close::operator()(sqlite3* database) const { sqlite3_close_v2(database); }

void Statement::bind(int parameter, std::int64_t number) {
  sqlite3_bind_int64(statement_.get(), parameter, number);
}

void Statement::bind(int parameter, std::string_view text) {
  // An empty view may have no address, which SQLite takes for NULL.
  const char* start = text.empty() ? "" : text.data();
  sqlite3_bind_text64(statement_.get(), parameter, start, text.size(), SQLITE_STATIC, SQLITE_UTF8);
}

void Statement::bind_bytes(int parameter, std::string_view bytes) {
  const char* start = bytes.empty() ? "" : bytes.data();
  sqlite3_bind_blob64(statement_.get(), parameter, start, bytes.size(), SQLITE_STATIC);
}

void Statement::bind_null(int parameter) { sqlite3_bind_null(statement_.get(), parameter); }

Statement::Step Statement::step() {
  switch (sqlite3_step(statement_.get())) {
    case SQLITE_ROW:
      return Step::Row;
    case SQLITE_DONE:
      return Step::Done;
    default:
      return Step::Failed;
  }
}

void Statement::reset() {
  sqlite3_reset(statement_.get());
  sqlite3_clear_bindings(statement_.get());
}

bool Statement::is_null(int column) const {
  return sqlite3_column_type(statement_.get(), column) == SQLITE_NULL;
}

std::int64_t Statement::integer(int column) const {
  return sqlite3_column_int64(statement_.get(), column);
}

std::string_view Statement::text(int column) const {
  const unsigned char* bytes = sqlite3_column_text(statement_.get(), column);
  if (bytes == nullptr) return {};
  return {reinterpret_cast<const char*>(bytes),
          static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column))};
}

std::string_view Statement::bytes(int column) const {
  const void* bytes = sqlite3_column_blob(statement_.get(), column);
  if (bytes == nullptr) return {};
  return {static_cast<const char*>(bytes),
          static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column))};
}

Result<Database, StoreError> Database::open(const std::filesystem::path& path, Access access) {
  Database database;
  database.path_ = path;
  const int flags = access == Access::ReadOnly ? SQLITE_OPEN_READONLY
                                               : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
  sqlite3* handle = nullptr;
  const int result = sqlite3_open_v2(path.c_str(), &handle, flags | SQLITE_OPEN_NOMUTEX, nullptr);
  database.database_.reset(handle);
  if (result != SQLITE_OK) return Failure{database.error()};
  sqlite3_busy_timeout(handle, kBusyMilliseconds);
  sqlite3_extended_result_codes(handle, 1);
  if (access == Access::ReadWrite) {
    // The same few index pages change in every batch: they are moved to the main file more seldom.
    const auto set = database.run(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 4000");
    if (!set) return Failure{set.error()};
  }
  database.inode_ = inode_of(path);
  return database;
}

Result<Done, StoreError> Database::run(const char* sql) {
  if (sqlite3_exec(database_.get(), sql, nullptr, nullptr, nullptr) != SQLITE_OK)
    return Failure{error()};
  return Done{};
}

Result<Statement, StoreError> Database::prepare(std::string_view sql) {
  sqlite3_stmt* prepared = nullptr;
  const int result = sqlite3_prepare_v3(database_.get(), sql.data(), static_cast<int>(sql.size()),
                                        SQLITE_PREPARE_PERSISTENT, &prepared, nullptr);
  Statement statement;
  statement.statement_.reset(prepared);
  if (result != SQLITE_OK) return Failure{error()};
  return statement;
}

Result<std::int64_t, StoreError> Database::number(std::string_view sql) {
  auto statement = prepare(sql);
  if (!statement) return Failure{statement.error()};
  const Statement::Step step = statement->step();
  if (step == Statement::Step::Failed) return Failure{error()};
  return step == Statement::Step::Row ? statement->integer(0) : 0;
}

StoreError Database::error() const {
  const int code = sqlite3_errcode(database_.get()) & 0xFF;
  const bool busy = code == SQLITE_BUSY || code == SQLITE_LOCKED;
  return {.kind = busy ? StoreErrorKind::Busy : StoreErrorKind::Failed,
          .sentence = "database " + path_.string() + ": " + sqlite3_errmsg(database_.get())};
}

std::int64_t Database::changes() const { return sqlite3_changes64(database_.get()); }

bool Database::checkpoint() {
  int frames = 0;
  int moved = 0;
  const int result = sqlite3_wal_checkpoint_v2(database_.get(), nullptr, SQLITE_CHECKPOINT_PASSIVE,
                                               &frames, &moved);
  return result == SQLITE_OK && frames == moved;
}

bool Database::file_gone() const { return inode_of(path_) != inode_; }

}  // namespace tandem::store
