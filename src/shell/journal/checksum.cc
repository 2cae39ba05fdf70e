// CRC-32C, eight bytes at a time, and three of them side by side where the processor can.
#include "shell/journal/checksum.h"

#include <array>
#include <bit>
#include <cstring>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

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
// x^power modulo the polynomial, bits reversed: the highest bit stands for x^0.
constexpr std::uint32_t power_of_x(unsigned power) {
  std::uint32_t rest = 0x80000000;
  for (; power > 0; --power) rest = (rest >> 1) ^ ((rest & 1) != 0 ? kPolynomial : 0);
  return rest;
}

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

// What `rest` becomes when `kZeros` zero bytes follow. The product of two reversed numbers stands
// one bit lower than that of the numbers, and the instruction multiplies by x^32: hence the 33.
template <unsigned kZeros>
__attribute__((target("sse4.2,pclmul"))) std::uint64_t followed_by_zeros(std::uint64_t rest) {
  constexpr std::uint32_t kPower = power_of_x(8 * kZeros - 33);
  const __m128i product = _mm_clmulepi64_si128(_mm_cvtsi64_si128(static_cast<long long>(rest)),
                                               _mm_cvtsi64_si128(kPower), 0);
  return __builtin_ia32_crc32di(0, static_cast<std::uint64_t>(_mm_cvtsi128_si64(product)));
}

// The instruction takes one word a cycle but answers after three: three pieces side by side are as
// fast as one.
template <unsigned kPiece>
__attribute__((target("sse4.2,pclmul"))) std::uint32_t three_pieces(std::uint32_t checksum,
                                                                    const unsigned char* bytes) {
  std::uint64_t first = ~checksum, second = 0, third = 0;
  for (unsigned at = 0; at < kPiece; at += 8) {
    first = __builtin_ia32_crc32di(first, load_word(bytes + at));
    second = __builtin_ia32_crc32di(second, load_word(bytes + kPiece + at));
    third = __builtin_ia32_crc32di(third, load_word(bytes + 2 * kPiece + at));
  }
  const std::uint64_t both = followed_by_zeros<kPiece>(first) ^ second;
  return ~static_cast<std::uint32_t>(followed_by_zeros<kPiece>(both) ^ third);
}

template <unsigned kPiece>
void take_pieces(std::uint32_t& checksum, const unsigned char*& bytes, std::size_t& size) {
  for (; size >= 3 * kPiece; size -= 3 * kPiece, bytes += 3 * kPiece) {
    checksum = three_pieces<kPiece>(checksum, bytes);
  }
}

std::uint32_t crc32c_by_pieces(std::uint32_t checksum, const void* data, std::size_t size) {
  const auto* bytes = static_cast<const unsigned char*>(data);
  take_pieces<256>(checksum, bytes, size);
  take_pieces<64>(checksum, bytes, size);
  return crc32c_by_instruction(checksum, bytes, size);
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
  if (__builtin_cpu_supports("sse4.2")) {
    if (__builtin_cpu_supports("pclmul")) return crc32c_by_pieces(checksum, data, size);
    return crc32c_by_instruction(checksum, data, size);
  }
#endif
  return crc32c_by_table(checksum, data, size);
}

}  // namespace tandem::journal
