// A thin hold on SQLite: a connection and its prepared statements as values, errors as values with
// a sentence. sqlite3.h is only included in sqlite.cc.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

struct sqlite3;
struct sqlite3_stmt;

namespace tandem::store {

enum class StoreErrorKind : std::uint8_t {
  Busy,          // locked by another process; may be tried again
  NewerVersion,  // made by a newer version of the program
  Failed,        // all else
};

struct StoreError {
  StoreErrorKind kind = StoreErrorKind::Failed;
  std::string sentence;  // what is wrong, for the operator
};

// A prepared statement. Belongs to the thread of its connection, and must end before it.
class Statement {
 public:
  Statement() = default;

  // Parameters count from 1. A bound text must live until the next step() or reset().
  void bind(int parameter, std::int64_t number);
  void bind(int parameter, std::string_view text);
  void bind_bytes(int parameter, std::string_view bytes);
  void bind_null(int parameter);

  enum class Step : std::uint8_t { Row, Done, Failed };
  // After Failed, Database::error() says why.
  Step step();
  // Makes ready for the next execution, with all parameters NULL.
  void reset();

  // Of the current row; columns count from 0. Texts are valid until the next step() or reset().
  bool is_null(int column) const;
  std::int64_t integer(int column) const;
  std::string_view text(int column) const;
  std::string_view bytes(int column) const;

 private:
  friend class Database;
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const;
  };
  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
};

// One connection; for one thread at a time.
class Database {
 public:
  enum class Access : std::uint8_t { ReadWrite, ReadOnly };

  // Makes the file when it is missing and `access` is ReadWrite. Write-ahead logging: a commit
  // survives the process at once and the machine from the next complete checkpoint() on.
  static Result<Database, StoreError> open(const std::filesystem::path& path, Access access);

  // Runs statements without parameters or results.
  Result<Done, StoreError> run(const char* sql);
  // A mistake in `sql` is an error too: the table may have been changed by others.
  Result<Statement, StoreError> prepare(std::string_view sql);
  // The first column of the first row; 0 when there is none.
  Result<std::int64_t, StoreError> number(std::string_view sql);

  const std::filesystem::path& path() const { return path_; }
  // What was wrong with the last call.
  StoreError error() const;
  // Rows the last INSERT, UPDATE or DELETE touched.
  std::int64_t changes() const;
  // Moves what was committed into the main file, synced; true when all of it was.
  bool checkpoint();
  // Whether the file was removed or replaced since it was opened.
  bool file_gone() const;

 private:
  struct Close {
    void operator()(sqlite3* database) const;
  };
  std::filesystem::path path_;
  std::uint64_t inode_ = 0;
  std::unique_ptr<sqlite3, Close> database_;
};

}  // namespace tandem::store
