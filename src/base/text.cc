#include "base/text.h"

#include <array>
#include <bit>
#include <cstring>

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

// Eight hexadecimal digits as one word, the highest first in memory: every branch and tag of ours is
// made of such.
constexpr bool kWords = std::endian::native == std::endian::little;
constexpr std::uint64_t kEach = 0x0101010101010101;

char* write_eight(char* to, std::uint32_t value) {
  std::uint64_t word = (value | std::uint64_t(value) << 16) & 0x0000ffff0000ffff;
  word = (word | word << 8) & 0x00ff00ff00ff00ff;
  word = (word | word << 4) & 0x0f0f0f0f0f0f0f0f;
  word = __builtin_bswap64(word);
  const std::uint64_t letters = ((word + 6 * kEach) >> 4) & kEach;
  word += '0' * kEach + letters * ('a' - '0' - 10);
  std::memcpy(to, &word, sizeof word);
  return to + sizeof word;
}

std::optional<std::uint32_t> read_eight(const char* text) {
  std::uint64_t word;
  std::memcpy(&word, text, sizeof word);
  const std::uint64_t letters = (word >> 6) & kEach;
  std::uint64_t digits = (word & 0x0f * kEach) + letters * 9;
  // Each is below 16, above 9 where it came from a letter and only there, and writes itself again.
  if ((digits & 0xf0 * kEach) != 0 || (((digits + 6 * kEach) >> 4) & kEach) != letters ||
      digits + '0' * kEach + letters * ('a' - '0' - 10) != word) {
    return std::nullopt;
  }
  digits = __builtin_bswap64(digits);
  digits = (digits | digits >> 4) & 0x00ff00ff00ff00ff;
  digits = (digits | digits >> 8) & 0x0000ffff0000ffff;
  return std::uint32_t(digits | digits >> 16);
}

}  // namespace

char* write_hex(char* to, std::uint64_t value, int digits) {
  if (kWords && digits == 8) return write_eight(to, std::uint32_t(value));
  if (kWords && digits == 16) {
    return write_eight(write_eight(to, std::uint32_t(value >> 32)), std::uint32_t(value));
  }
  return write_digits<4>(to, value, digits, "0123456789abcdef");
}

char* write_base32(char* to, std::uint64_t value, int digits) {
  return write_digits<5>(to, value, digits, kBase32);
}

std::optional<std::uint64_t> read_hex(std::string_view text) {
  if (kWords && text.size() == 8) return read_eight(text.data());
  return read_digits<4>(text, kHexDigits);
}

std::optional<std::uint64_t> read_base32(std::string_view text) {
  return read_digits<5>(text, kBase32Digits);
}

}  // namespace tandem
