// Statements with values as values: bind, run to the end, take rows.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "shell/store/sqlite.h"

namespace tandem::store {

// Runs a statement to its end; `take` is called for each row.
template <class Take>
Result<Done, StoreError> each_row(Database& database, Statement& statement, const Take& take) {
  while (true) {
    switch (statement.step()) {
      case Statement::Step::Row:
        take(statement);
        break;
      case Statement::Step::Done:
        return Done{};
      case Statement::Step::Failed:
        return Failure{database.error()};
    }
  }
}

inline Result<Done, StoreError> finish(Database& database, Statement& statement) {
  return each_row(database, statement, [](const Statement&) {});
}

// Nothing is NULL.
using Bound = std::variant<std::monostate, std::int64_t, std::string>;

inline Bound bound(const std::optional<std::string>& text) { return text ? Bound(*text) : Bound(); }

// The values must live until the statement has run.
inline void bind_all(Statement& statement, const std::vector<Bound>& values) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    const int parameter = static_cast<int>(i) + 1;
    if (const auto* number = std::get_if<std::int64_t>(&values[i]))
      statement.bind(parameter, *number);
    else if (const auto* text = std::get_if<std::string>(&values[i]))
      statement.bind(parameter, *text);
    else
      statement.bind_null(parameter);
  }
}

// Runs `sql` with these values; `take` is called for each row.
template <class Take>
Result<Done, StoreError> run(Database& database, std::string_view sql,
                             const std::vector<Bound>& values, const Take& take) {
  auto statement = database.prepare(sql);
  if (!statement) return Failure{statement.error()};
  bind_all(*statement, values);
  return each_row(database, *statement, take);
}

inline Result<Done, StoreError> run(Database& database, std::string_view sql,
                                    const std::vector<Bound>& values) {
  return run(database, sql, values, [](const Statement&) {});
}

inline std::optional<std::string> text_or_null(const Statement& row, int column) {
  if (row.is_null(column)) return std::nullopt;
  return std::string(row.text(column));
}

}  // namespace tandem::store
