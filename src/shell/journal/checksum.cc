// CRC-32C, eight bytes at a time.
#include "shell/journal/checksum.h"

#include <array>
#include <bit>
#include <cstring>

namespace tandem::journal {
namespace {

constexpr std::uint32_t kPolynomial = 0x82F63B78;  // Castagnoli, bits reversed

using Table = std::array<std::array<std::uint32_t, 256>, 8>;

// kTable[0] advances by one byte; kTable[n] by that byte and n zero bytes after it.
constexpr Table make_table() {
  Table table{};
  for (std::uint32_t byte = 0; byte < 256; ++byte) {
    std::uint32_t rest = byte;
    for (int bit = 0; bit < 8; ++bit) rest = (rest >> 1) ^ ((rest & 1) != 0 ? kPolynomial : 0);
    table[0][byte] = rest;
  }
  for (std::size_t n = 1; n < 8; ++n)
    for (std::size_t byte = 0; byte < 256; ++byte)
      table[n][byte] = (table[n - 1][byte] >> 8) ^ table[0][table[n - 1][byte] & 0xFF];
  return table;
}

constexpr Table kTable = make_table();

std::uint64_t load_word(const unsigned char* bytes) {
  std::uint64_t word;
  std::memcpy(&word, bytes, sizeof word);
  return word;
}

#if defined(__x86_64__)
__attribute__((target("sse4.2"))) std::uint32_t crc32c_by_instruction(std::uint32_t checksum,
                                                                      const void* data,
                                                                      std::size_t size) {
  const auto* bytes = static_cast<const unsigned char*>(data);
  std::uint64_t rest = ~checksum;
  for (; size >= 8; size -= 8, bytes += 8) rest = __builtin_ia32_crc32di(rest, load_word(bytes));
  auto narrow = static_cast<std::uint32_t>(rest);
  for (; size > 0; --size, ++bytes) narrow = __builtin_ia32_crc32qi(narrow, *bytes);
  return ~narrow;
}
#endif

}  // namespace

std::uint32_t crc32c_by_table(std::uint32_t checksum, const void* data, std::size_t size) {
  static_assert(std::endian::native == std::endian::little);
  const auto* bytes = static_cast<const unsigned char*>(data);
  std::uint32_t rest = ~checksum;
  for (; size >= 8; size -= 8, bytes += 8) {
    const std::uint64_t word = load_word(bytes) ^ rest;
    rest = 0;
    for (std::size_t i = 0; i < 8; ++i) rest ^= kTable[7 - i][(word >> (8 * i)) & 0xFF];
  }
  for (; size > 0; --size, ++bytes) rest = (rest >> 8) ^ kTable[0][(rest ^ *bytes) & 0xFF];
  return ~rest;
}

std::uint32_t crc32c(std::uint32_t checksum, const void* data, std::size_t size) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("sse4.2")) return crc32c_by_instruction(checksum, data, size);
#endif
  return crc32c_by_table(checksum, data, size);
}

}  // namespace tandem::journal
