#include "base/text.h"

namespace tandem {
namespace {

// Crockford's order without look-alikes (i l o u), lower case.
constexpr char kBase32[] = "0123456789abcdefghjkmnpqrstvwxyz";

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

int base32_digit(char c) {
  for (int i = 0; i < 32; ++i) {
    if (kBase32[i] == c) return i;
  }
  return -1;
}

char* write_digits(char* to, std::uint64_t value, int digits, int bits, const char* alphabet) {
  const std::uint64_t mask = (std::uint64_t(1) << bits) - 1;
  for (int i = digits; i-- > 0; value >>= bits) to[i] = alphabet[value & mask];
  return to + digits;
}

std::optional<std::uint64_t> read_digits(std::string_view text, int bits, int (*digit_of)(char)) {
  if (text.empty()) return std::nullopt;
  std::uint64_t value = 0;
  for (const char c : text) {
    const int digit = digit_of(c);
    if (digit < 0 || value >> (64 - bits) != 0) return std::nullopt;
    value = value << bits | std::uint64_t(digit);
  }
  return value;
}

}  // namespace

char* write_hex(char* to, std::uint64_t value, int digits) {
  return write_digits(to, value, digits, 4, "0123456789abcdef");
}

char* write_base32(char* to, std::uint64_t value, int digits) {
  return write_digits(to, value, digits, 5, kBase32);
}

std::optional<std::uint64_t> read_hex(std::string_view text) {
  return read_digits(text, 4, hex_digit);
}

std::optional<std::uint64_t> read_base32(std::string_view text) {
  return read_digits(text, 5, base32_digit);
}

}  // namespace tandem
