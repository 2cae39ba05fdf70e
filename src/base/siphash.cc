#include "base/siphash.h"

#include <bit>
#include <cstring>

namespace tandem {
namespace {

template <int kRounds, int kLastRounds>
struct State {
  std::uint64_t v0, v1, v2, v3;

  void round() {
    v0 += v1;
    v2 += v3;
    v1 = std::rotl(v1, 13) ^ v0;
    v3 = std::rotl(v3, 16) ^ v2;
    v0 = std::rotl(v0, 32);
    v2 += v1;
    v0 += v3;
    v1 = std::rotl(v1, 17) ^ v2;
    v3 = std::rotl(v3, 21) ^ v0;
    v2 = std::rotl(v2, 32);
  }
  void take(std::uint64_t word) {
    v3 ^= word;
    for (int i = 0; i < kRounds; ++i) round();
    v0 ^= word;
  }
  std::uint64_t finish() {
    v2 ^= 0xff;
    for (int i = 0; i < kLastRounds; ++i) round();
    return v0 ^ v1 ^ v2 ^ v3;
  }
};

// What stands from `at` on, fewer than eight bytes, and the size of the piece.
std::uint64_t last_word(std::string_view piece, std::size_t at) {
  const std::size_t left = piece.size() - at;
  std::uint64_t word = std::uint64_t(piece.size()) << 56;
  if (left != 0 && at != 0 && std::endian::native == std::endian::little) {
    std::uint64_t end;
    std::memcpy(&end, piece.data() + piece.size() - 8, 8);
    return word | end >> (64 - 8 * left);
  }
  for (std::size_t i = 0; i < left; ++i) {
    word |= std::uint64_t(static_cast<unsigned char>(piece[at + i])) << (8 * i);
  }
  return word;
}

template <int kRounds, int kLastRounds>
std::uint64_t hash(const SipHashKey& key, std::initializer_list<std::string_view> pieces) {
  State<kRounds, kLastRounds> state{key.first ^ 0x736f6d6570736575u, key.second ^ 0x646f72616e646f6du,
              key.first ^ 0x6c7967656e657261u, key.second ^ 0x7465646279746573u};
  for (const std::string_view piece : pieces) {
    std::size_t at = 0;
    for (; at + 8 <= piece.size(); at += 8) {
      std::uint64_t word;
      std::memcpy(&word, piece.data() + at, 8);
      state.take(word);
    }
    state.take(last_word(piece, at));
  }
  return state.finish();
}

}  // namespace

std::uint64_t siphash(const SipHashKey& key, std::initializer_list<std::string_view> pieces) {
  return hash<2, 4>(key, pieces);
}

std::uint64_t table_hash(const SipHashKey& key, std::initializer_list<std::string_view> pieces) {
  return hash<1, 3>(key, pieces);
}

}  // namespace tandem
