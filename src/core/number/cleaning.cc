#include "core/number/cleaning.h"

#include <algorithm>

namespace tandem::number {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_letter_or_sign(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '#' || c == '*' || c == '+';
}

bool is_stripped(char c, std::string_view strip_chars) {
  return c == ' ' || c == '\t' || strip_chars.find(c) != std::string_view::npos;
}

}  // namespace

Result<std::string, NumberFault> clean(std::string_view raw, const CleaningRules& rules) {
  std::string cleaned;
  bool at_start = true;
  const bool digits_stay = std::ranges::none_of(rules.strip_chars, is_digit);
  for (const char c : raw) {
    if (!(is_digit(c) && digits_stay) && is_stripped(c, rules.strip_chars)) continue;
    const bool leading_plus = at_start && c == '+';
    at_start = false;
    if (leading_plus && rules.plus == Plus::Strip) continue;
    const bool valid =
        is_digit(c) || leading_plus || (rules.letters == Letters::Allow && is_letter_or_sign(c));
    if (!valid) return Failure{NumberFault::InvalidCharacter};
    if (cleaned.size() == kMaxNumberLength) return Failure{NumberFault::TooLong};
    cleaned += c;
  }
  return cleaned;
}

bool is_number(std::string_view text, Letters letters) {
  return std::ranges::all_of(text, [letters](char c) {
    return is_digit(c) || (letters == Letters::Allow && is_letter_or_sign(c));
  });
}

}  // namespace tandem::number
