// The query of a request, checked against the rows of its operation before anybody reads it.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "shell/http/problem.h"

namespace tandem::api {

enum class QueryType : std::uint8_t {
  Text,     // at most max bytes, without control characters when max is given
  Integer,  // min..max
  Boolean,  // true, false; no value means true
  Time,     // ms since 1970, RFC 3339, a date, or how long ago: "-90s", "-15m", "-2h", "-7d"
  Word,     // one of `words`
};

struct QueryRow {
  std::string_view name;
  QueryType type;
  std::string_view help;
  std::string_view initial = {};  // the default; "" = none
  std::int64_t min = 0;
  std::int64_t max = INT64_MAX;
  std::string_view words = {};  // separated by blanks
};

class Query {
 public:
  // All faults are found: unknown names, names given twice, refused values.
  static Result<Query, std::vector<http::FieldError>> read(std::span<const QueryRow> rows,
                                                           const http::Fields& given, UtcTime now);

  // Each requires a row of this name. has(): it was given or has a default.
  bool has(std::string_view name) const;
  std::string text(std::string_view name) const;      // "" when it has none
  std::int64_t integer(std::string_view name) const;  // 0 when it has none
  bool flag(std::string_view name) const;             // false when it has none
  UtcTime time(std::string_view name) const;

 private:
  std::map<std::string, std::string, std::less<>> values_;  // in canonical form
};

// The forms of QueryType::Time; false when the text has none of them.
bool parse_time(std::string_view text, UtcTime now, UtcTime& time);

}  // namespace tandem::api
