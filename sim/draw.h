// Everything a world draws, from one seed: separate streams by name, so that a further draw in one
// place does not change all the others.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/rng.h"
#include "base/time.h"

namespace tandem::sim {

class Draw {
 public:
  Draw(std::uint64_t seed, std::string_view stream, std::uint64_t number = 0)
      : rng_({seed, name(stream), number, 0x73696d}) {}

  std::uint64_t next() { return rng_.next(); }
  std::uint64_t below(std::uint64_t limit) { return rng_.below(limit); }
  int between(int first, int last) { return first + int(below(std::uint64_t(last - first) + 1)); }
  milliseconds between(milliseconds first, milliseconds last) {
    return first + milliseconds(std::int64_t(below(std::uint64_t((last - first).count()) + 1)));
  }
  bool percent(int chance) { return between(1, 100) <= chance; }
  bool permille(int chance) { return between(1, 1000) <= chance; }
  template <class Range>
  const auto& pick(const Range& range) {
    return range[std::size_t(below(std::size(range)))];
  }

 private:
  static std::uint64_t name(std::string_view text) {
    std::uint64_t hash = 1469598103934665603u;  // FNV-1a
    for (const char c : text) hash = (hash ^ std::uint8_t(c)) * 1099511628211u;
    return hash;
  }
  Rng rng_;
};

}  // namespace tandem::sim
