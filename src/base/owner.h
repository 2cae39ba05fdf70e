// Whose deadline a timer of the wheel is, as the one word the wheel keeps: what kind of object, and
// its slot id. A stale id finds nothing, so timers of what is gone are harmless.
#pragma once

#include <cstdint>

#include "base/slot_map.h"

namespace tandem {

struct Owner {
  enum class Kind : std::uint8_t { ServerTransaction, ClientTransaction, Leg, Call };

  Kind kind{};
  std::uint32_t slot = 0;  // < 2^28
  std::uint32_t generation = 0;

  std::uint64_t packed() const {
    return std::uint64_t(kind) << 60 | std::uint64_t(slot) << 32 | generation;
  }
  static Owner unpack(std::uint64_t word) {
    return {Kind(word >> 60), std::uint32_t(word >> 32) & 0x0fffffff, std::uint32_t(word)};
  }
};

template <class Id>
std::uint64_t owner_word(Owner::Kind kind, Id id) {
  return Owner{kind, id.slot, id.generation}.packed();
}

}  // namespace tandem
