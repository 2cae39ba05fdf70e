// System parameters as rows: name, type, default, range, when a change acts, and help, each
// declared once (parameters_*.h). Validation, storage, API, console, command line and documentation
// read the rows; calls read the typed values of parameters.h.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"

namespace tandem::directory {

struct Parameters;

enum class ParameterType : std::uint8_t {
  Bool,                  // "On", "Off"
  Int,                   // min..max, in `unit`
  DurationSeconds,       // whole seconds
  DurationMilliseconds,  // whole milliseconds
  Enum,                  // one of the words of `unit`
  List,                  // entries of `form`, separated by commas
  Text,                  // one entry of `form`
};

// When a changed value acts: at once, on calls that arrive later, or after a restart.
enum class Applies : std::uint8_t { Live, NextCall, Restart };

// What one entry of a text or list is; Even and TosByte refine an Int.
enum class Form : std::uint8_t {
  Plain,          // any characters but control characters; min..max bytes
  Digits,         // 0-9 * #; min..max of them
  Currency,       // three capital letters (ISO 4217)
  Decimal,        // number min..max with at most `decimals` decimals
  Whole,          // whole number min..max
  Even,           // whole even number min..max
  TosByte,        // byte whose two lowest bits are 0; written 0xa0
  Ranges,         // whole numbers or ranges a-b within min..max or `allowed`
  Word,           // one of the words of `allowed`
  Address,        // IPv4 or IPv6 address
  AddressRange,   // address, a/bits, or a-b
  Host,           // address or host name
  HostPort,       // host:port
  Url,            // http:// or https://
  Mail,           // mail address
  Number,         // telephone number or prefix
  NumberPattern,  // number with the wildcards * and ?
};

struct ParameterRow {
  // Puts a canonical value into its typed member; nullptr while the feature is not built.
  using Assign = void (*)(Parameters&, const ParameterRow&, std::string_view canonical);

  std::string_view name = {};
  std::string_view alias = {};  // older name, accepted on input
  ParameterType type = ParameterType::Text;
  std::string_view initial = {};  // the default, in canonical form
  std::string_view min = {};
  std::string_view max = {};
  std::string_view unit = {};  // of Enum: the permitted words
  Applies applies = Applies::Live;
  std::string_view group = {};
  std::string_view help = {};
  Form form = Form::Plain;
  std::string_view allowed = {};  // of Word: the words; of Int and Ranges: values and ranges a-b
  std::uint8_t decimals = 0;
  std::uint16_t min_entries = 0;  // of List
  std::uint16_t max_entries = 256;
  Assign assign = nullptr;

  // Is the feature built? Others are validated and kept, but not shown.
  constexpr bool available() const { return assign != nullptr; }
};

// All rows, grouped; their order is that of the documentation.
std::span<const ParameterRow> all_parameters();

// By name or alias, upper or lower case; nullptr when there is none.
const ParameterRow* find_parameter(std::string_view name_or_alias);

std::string_view to_text(ParameterType type);  // "bool", "duration_s", ...
std::string_view to_text(Applies applies);     // "live", "next-call", "restart"

struct ParameterFault {
  std::string parameter;
  std::string value;
  std::string sentence;  // names parameter, value and what is allowed; for people
};

// The one way to write what the text means ("on" -> "On", " 0600 " -> "600"), or why it is refused:
// "SS_SIP_SESSION_TTL: 30 is not allowed; it must be a whole number of seconds from 60 to 86400".
// A canonical value is its own canonical value.
Result<std::string, ParameterFault> canonical_value(const ParameterRow& row, std::string_view text);

// What is allowed, as it ends the sentence above: "a whole number of seconds from 60 to 86400".
std::string allowed_text(const ParameterRow& row);

// The comma-separated entries of a list, without blanks around them; "" has none.
class ListEntries {
 public:
  explicit ListEntries(std::string_view text) : rest_(text), more_(!text.empty()) {}
  bool next(std::string_view& entry);

 private:
  std::string_view rest_;
  bool more_;
};

// A decimal number as an integer in units of 10^-decimals; false when the text is none, has more
// decimals, or does not fit. "0.5" with 3 decimals is 500.
bool parse_decimal(std::string_view text, int decimals, std::int64_t& value);

// "a" or "a-b" with a <= b, whole numbers; false when the text is neither.
bool parse_range(std::string_view text, std::int64_t& first, std::int64_t& last);

}  // namespace tandem::directory
