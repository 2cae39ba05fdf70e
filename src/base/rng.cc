#include "base/rng.h"

#include <bit>

namespace tandem {
namespace {

// SplitMix64: spreads a poor seed over all bits.
std::uint64_t mix(std::uint64_t& state) {
  std::uint64_t z = (state += 0x9e3779b97f4a7c15u);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

}  // namespace

Rng::Rng(const std::array<std::uint64_t, 4>& seed) : state_{} {
  for (std::size_t i = 0; i < 4; ++i) {
    std::uint64_t word = seed[i] + i;
    state_[i] = mix(word);
  }
  if ((state_[0] | state_[1] | state_[2] | state_[3]) == 0) state_[0] = 1;
}

std::uint64_t Rng::next() {
  const std::uint64_t result = std::rotl(state_[1] * 5, 7) * 9;
  const std::uint64_t shifted = state_[1] << 17;
  state_[2] ^= state_[0];
  state_[3] ^= state_[1];
  state_[1] ^= state_[2];
  state_[0] ^= state_[3];
  state_[2] ^= shifted;
  state_[3] = std::rotl(state_[3], 45);
  return result;
}

std::uint64_t Rng::below(std::uint64_t limit) {
  // Draws beyond the last whole multiple of the limit would favour small numbers.
  const std::uint64_t rest = (UINT64_MAX % limit + 1) % limit;
  for (;;) {
    const std::uint64_t drawn = next();
    if (drawn <= UINT64_MAX - rest) return drawn % limit;
  }
}

}  // namespace tandem
