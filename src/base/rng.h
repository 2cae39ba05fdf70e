// Random numbers as part of the state: xoshiro256**, seeded once from outside. For tags, branches
// and draws; secrets that must withstand an attacker's knowledge of the state are not made here.
#pragma once

#include <array>
#include <cstdint>

namespace tandem {

class Rng {
 public:
  Rng() : Rng({1, 2, 3, 4}) {}
  explicit Rng(const std::array<std::uint64_t, 4>& seed);

  std::uint64_t next();
  // Uniform in [0, limit); limit > 0.
  std::uint64_t below(std::uint64_t limit);

  template <class Archive>
  void fields(Archive& archive) {
    archive(state_);
  }

 private:
  std::array<std::uint64_t, 4> state_;
};

}  // namespace tandem
