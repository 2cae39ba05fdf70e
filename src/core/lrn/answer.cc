#include "core/lrn/answer.h"

#include "core/sip/uri.h"

namespace tandem::lrn {
namespace {

constexpr std::size_t kMaxDigits = 32;

// Digits alone, as rn may be global ("+1-212-555-0199"); "" when there are other characters.
std::string digits_of(std::string_view text) {
  std::string digits;
  for (const char c : text) {
    const bool separator = c == '+' || c == '-' || c == '.' || c == '(' || c == ')';
    if (separator) continue;
    if (c < '0' || c > '9' || digits.size() == kMaxDigits) return {};
    digits += c;
  }
  return digits;
}

}  // namespace

Answer answer_in_contact(std::string_view text, std::string_view asked) {
  const auto uri = sip::parse_uri(text);
  if (!uri) return {};
  auto parameter = [&](std::string_view name) {
    const auto of_user = uri->user_parameter(name);
    return of_user ? of_user : uri->parameter(name);
  };
  if (const auto rn = parameter("rn")) {
    std::string number = digits_of(*rn);
    if (number.empty()) return {};
    if (number == asked) return {.outcome = Outcome::NotPorted, .lrn = std::move(number)};
    return {.outcome = Outcome::Ported, .lrn = std::move(number)};
  }
  // The same number back, or the word that it was looked up.
  const bool same = !asked.empty() && digits_of(uri->user_number()) == asked;
  if (parameter("npdi") || same) return {.outcome = Outcome::NotPorted};
  return {};
}

}  // namespace tandem::lrn
