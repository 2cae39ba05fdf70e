// Every field of a call detail record and of its attempts, described once: name (spec entities.md
// 23), type, meaning and how to read it. JSON, CSV, the table `cdr` of the database, the API and
// docs/reference/cdr.md are made from these rows. A member without a row does not compile.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "core/cdr/cdr.h"

namespace tandem::cdr {

enum class FieldType : std::uint8_t {
  Text,     // bytes as they came, UTF-8 where the peer sent UTF-8
  Integer,  // signed, 64 bits
  Time,     // ms since 1970-01-01T00:00:00Z
  List,     // a JSON array; the attempts
};
std::string_view to_text(FieldType type);  // "text", "integer", "epoch ms", "list"

// What a field holds: nothing (a time that never came, a delay that was not measured), a number
// (Integer, Time) or a text (Text, List). A view points into the record the value was read from.
using FieldValue = std::variant<std::monostate, std::int64_t, std::string_view, std::string>;

template <class Record>
struct Field {
  std::string_view name;
  FieldType type;
  int members;  // how many members of the record this row describes; 0 = derived from others
  std::string_view help;
  FieldValue (*get)(const Record& record);
};
using CdrField = Field<Cdr>;
using AttemptField = Field<Attempt>;

// The end_detail of a call of which a leg was found dead.
inline constexpr int kDeadCaller = 1;
inline constexpr int kDeadCallee = 2;

inline constexpr std::size_t kCdrFieldCount = 47;
inline constexpr std::size_t kAttemptFieldCount = 14;
extern const std::array<CdrField, kCdrFieldCount> kCdrFields;
extern const std::array<AttemptField, kAttemptFieldCount> kAttemptFields;

// One value per row of kCdrFields, in that order: a record as the database and the writers see it.
using CdrValues = std::array<FieldValue, kCdrFieldCount>;
// Views in the result point into `cdr`.
CdrValues values_of(const Cdr& cdr);

std::string_view to_text(PartyType type);  // "unknown", "ingress", "egress", "phone"

}  // namespace tandem::cdr
