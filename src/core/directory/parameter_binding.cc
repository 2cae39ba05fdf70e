#include "core/directory/parameter_binding.h"

#include <charconv>

#include "base/assert.h"

namespace tandem::directory {
namespace {

std::int64_t number(std::string_view text, int decimals) {
  std::int64_t value = 0;
  const bool parsed = parse_decimal(text, decimals, value);
  TANDEM_ASSERT(parsed, "a canonical value is not a number");
  return value;
}

// Canonical TOS bytes are written in hexadecimal.
int tos_byte(std::string_view text) {
  int value = 0;
  text.remove_prefix(std::string_view("0x").size());
  std::from_chars(text.data(), text.data() + text.size(), value, 16);
  return value;
}

}  // namespace

void read(const ParameterRow&, std::string_view text, bool& value) { value = text == "On"; }

void read(const ParameterRow& row, std::string_view text, int& value) {
  value = row.form == Form::TosByte ? tos_byte(text) : static_cast<int>(number(text, 0));
}

void read(const ParameterRow&, std::string_view text, seconds& value) {
  value = seconds{number(text, 0)};
}

// Lists of decimal seconds count in milliseconds too.
void read(const ParameterRow& row, std::string_view text, milliseconds& value) {
  value = milliseconds{number(text, row.form == Form::Decimal ? 3 : 0)};
}

void read(const ParameterRow&, std::string_view text, std::chrono::microseconds& value) {
  value = std::chrono::microseconds{number(text, 0)};
}

void read(const ParameterRow&, std::string_view text, std::string& value) { value = text; }

void read(const ParameterRow&, std::string_view text, std::uint16_t& value) {
  value = static_cast<std::uint16_t>(number(text, 0));
}

void read(const ParameterRow&, std::string_view text, IpAddress& value) {
  value = IpAddress::parse(text).value_or(IpAddress{});
}

void read(const ParameterRow&, std::string_view text, AddressRange& value) {
  value = AddressRange::parse(text).value_or(AddressRange{});
}

void read(const ParameterRow&, std::string_view text, CodeRange& value) {
  std::int64_t first = 0;
  std::int64_t last = 0;
  const bool parsed = parse_range(text, first, last);
  TANDEM_ASSERT(parsed, "a canonical value is not a range");
  value = {static_cast<std::uint16_t>(first), static_cast<std::uint16_t>(last)};
}

int position_of_word(const ParameterRow& row, std::string_view word) {
  ListEntries words(row.type == ParameterType::List ? row.allowed : row.unit);
  std::string_view each;
  for (int position = 0; words.next(each); ++position)
    if (each == word) return position;
  TANDEM_ASSERT(false, "a canonical value is not one of the words");
  return 0;
}

}  // namespace tandem::directory
