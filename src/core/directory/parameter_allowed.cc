// What a parameter allows, in words: the end of the sentence that refuses a value, and a column of
// the documentation.
#include "base/assert.h"
#include "core/directory/parameter_row.h"

namespace tandem::directory {
namespace {

std::string from_to(std::string_view min, std::string_view max) {
  if (min.empty() || max.empty()) return {};
  return " from " + std::string(min) + " to " + std::string(max);
}

// "a,b-c" as "a, b-c".
std::string spaced(std::string_view words) {
  std::string text;
  ListEntries entries(words);
  for (std::string_view word; entries.next(word);) {
    if (!text.empty()) text += ", ";
    text += word;
  }
  return text;
}

std::string lengths(const ParameterRow& row) {
  return std::string(row.min.empty() ? "0" : row.min) + " to " +
         std::string(row.max.empty() ? "255" : row.max);
}

std::string ranges_bounds(const ParameterRow& row) {
  if (!row.allowed.empty()) return std::string(row.allowed);
  return std::string(row.min) + '-' + std::string(row.max);
}

std::string allowed_entry(const ParameterRow& row) {
  switch (row.form) {
    case Form::Plain:
      return "text of " + lengths(row) + " bytes without control characters";
    case Form::Digits:
      return lengths(row) + " of the characters 0-9 * #";
    case Form::Currency:
      return "three capital letters";
    case Form::Decimal:
      return "a number" + from_to(row.min, row.max) + " with at most " +
             std::to_string(row.decimals) + " decimals";
    case Form::Whole:
      return "a whole number" + from_to(row.min, row.max);
    case Form::Even:
      return "an even whole number" + from_to(row.min, row.max);
    case Form::TosByte:
      return "a byte from 0x00 to 0xfc whose two lowest bits are 0";
    case Form::Ranges:
      return "a whole number or a range a-b within " + ranges_bounds(row);
    case Form::Word:
      return "one of " + spaced(row.allowed);
    case Form::Address:
      return "an IPv4 or IPv6 address";
    case Form::AddressRange:
      return "an IPv4 or IPv6 address, a network a/bits or a range a-b";
    case Form::Host:
      return "an IPv4 or IPv6 address or a host name";
    case Form::HostPort:
      return "host:port";
    case Form::Url:
      return "an http:// or https:// address";
    case Form::Mail:
      return "a mail address";
    case Form::Number:
      return "a number of 1 to 64 digits, letters, #, * or +";
    case Form::NumberPattern:
      return "a number of 1 to 64 digits, letters, # or +, with the wildcards * and ?";
  }
  TANDEM_ASSERT(false, "a form of no name");
  return {};
}

std::string allowed_number(const ParameterRow& row) {
  if (!row.allowed.empty()) return "one of " + spaced(row.allowed);
  if (row.form == Form::TosByte || row.form == Form::Even) return allowed_entry(row);
  return "a whole number" + from_to(row.min, row.max);
}

std::string allowed_list(const ParameterRow& row) {
  const std::string least =
      row.min_entries == 0 ? "at most " : std::to_string(row.min_entries) + " to ";
  return "a list of " + least + std::to_string(row.max_entries) +
         " entries separated by commas, each " + allowed_entry(row);
}

std::string allowed_single(const ParameterRow& row) {
  if (row.form == Form::Ranges) return "a list separated by commas, each " + allowed_entry(row);
  const bool says_so = row.form == Form::Plain || row.form == Form::Digits ||
                       row.form == Form::Decimal || row.form == Form::Currency;
  return allowed_entry(row) + (says_so ? "" : ", or empty");
}

}  // namespace

std::string_view to_text(ParameterType type) {
  switch (type) {
    case ParameterType::Bool:
      return "bool";
    case ParameterType::Int:
      return "int";
    case ParameterType::DurationSeconds:
      return "duration_s";
    case ParameterType::DurationMilliseconds:
      return "duration_ms";
    case ParameterType::Enum:
      return "enum";
    case ParameterType::List:
      return "list";
    case ParameterType::Text:
      return "text";
  }
  TANDEM_ASSERT(false, "a type of no name");
  return {};
}

std::string_view to_text(Applies applies) {
  switch (applies) {
    case Applies::Live:
      return "live";
    case Applies::NextCall:
      return "next-call";
    case Applies::Restart:
      return "restart";
  }
  TANDEM_ASSERT(false, "a time of no name");
  return {};
}

std::string allowed_text(const ParameterRow& row) {
  switch (row.type) {
    case ParameterType::Bool:
      return "On or Off";
    case ParameterType::Int:
      return allowed_number(row);
    case ParameterType::DurationSeconds:
      return row.allowed.empty() ? "a whole number of seconds" + from_to(row.min, row.max)
                                 : "a number of seconds, one of " + spaced(row.allowed);
    case ParameterType::DurationMilliseconds:
      return "a whole number of milliseconds" + from_to(row.min, row.max);
    case ParameterType::Enum:
      return "one of " + spaced(row.unit);
    case ParameterType::List:
      return allowed_list(row);
    case ParameterType::Text:
      return allowed_single(row);
  }
  TANDEM_ASSERT(false, "a type of no name");
  return {};
}

}  // namespace tandem::directory
