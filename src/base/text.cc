#include "base/text.h"

#include <array>

namespace tandem {
namespace {

// Crockford's order without look-alikes (i l o u), lower case.
constexpr char kBase32[] = "0123456789abcdefghjkmnpqrstvwxyz";

// What each character is worth; -1 = it is no digit.
using Digits = std::array<std::int8_t, 256>;
constexpr Digits digits_of(std::string_view alphabet) {
  Digits digits{};
  digits.fill(-1);
  for (std::size_t i = 0; i < alphabet.size(); ++i) {
    digits[static_cast<unsigned char>(alphabet[i])] = std::int8_t(i);
  }
  return digits;
}
constexpr Digits kHexDigits = digits_of("0123456789abcdef");
constexpr Digits kBase32Digits = digits_of(kBase32);

template <int kBits>
char* write_digits(char* to, std::uint64_t value, int digits, const char* alphabet) {
  constexpr std::uint64_t kMask = (std::uint64_t(1) << kBits) - 1;
  for (int i = digits; i-- > 0; value >>= kBits) to[i] = alphabet[value & kMask];
  return to + digits;
}

template <int kBits>
std::optional<std::uint64_t> read_digits(std::string_view text, const Digits& digits) {
  if (text.empty()) return std::nullopt;
  std::uint64_t value = 0;
  for (const char c : text) {
    const int digit = digits[static_cast<unsigned char>(c)];
    if (digit < 0 || value >> (64 - kBits) != 0) return std::nullopt;
    value = value << kBits | std::uint64_t(digit);
  }
  return value;
}

}  // namespace

char* write_hex(char* to, std::uint64_t value, int digits) {
  return write_digits<4>(to, value, digits, "0123456789abcdef");
}

char* write_base32(char* to, std::uint64_t value, int digits) {
  return write_digits<5>(to, value, digits, kBase32);
}

std::optional<std::uint64_t> read_hex(std::string_view text) {
  return read_digits<4>(text, kHexDigits);
}

std::optional<std::uint64_t> read_base32(std::string_view text) {
  return read_digits<5>(text, kBase32Digits);
}

}  // namespace tandem
