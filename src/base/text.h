// Small questions to ASCII text that every protocol reader asks, and numbers as text of fixed width
// for tokens of our own making (tags, branches).
#pragma once

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace tandem {

constexpr char lower(char c) { return c >= 'A' && c <= 'Z' ? char(c + 32) : c; }

constexpr bool equal_ignoring_case(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (lower(a[i]) != lower(b[i])) return false;
  }
  return true;
}

// Without blanks, tabs and line breaks at both ends.
constexpr std::string_view trim(std::string_view text) {
  const auto blank = [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; };
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return text;
}

// The whole text as a decimal number; nothing when it is not one or does not fit.
template <class Number>
std::optional<Number> to_number(std::string_view text) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// The lowest 4 (hex) or 5 (base 32) times `digits` bits of a number, highest digit first, lower
// case. Writes exactly `digits` characters and returns the end.
char* write_hex(char* to, std::uint64_t value, int digits);
char* write_base32(char* to, std::uint64_t value, int digits);

// The reverse; nothing when a character is no digit, there is no digit, or the value needs more
// than 64 bits. Upper case is not understood: what we wrote comes back as we wrote it.
std::optional<std::uint64_t> read_hex(std::string_view text);
std::optional<std::uint64_t> read_base32(std::string_view text);

}  // namespace tandem
