// Whose deadline a timer of the wheel is, as the one word the wheel keeps: what kind of object, and
// its slot id. A stale id finds nothing, so timers of what is gone are harmless.
#pragma once

#include <cstdint>

#include "base/slot_map.h"

namespace tandem {

struct Owner {
  enum class Kind : std::uint8_t {
    ServerTransaction, ClientTransaction, Leg, Call, Probe, Binding, Registration, Inquiry,
  };

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

// Questions for addresses (exchange.h: Ask, Resolved) of owners of these kinds, told by the top bit
// from those of calls, whose slots are below 2^21. For kinds below 8.
inline constexpr std::uint64_t kOwnersQuestion = std::uint64_t(1) << 63;

inline std::uint64_t question_of(std::uint64_t owner) { return kOwnersQuestion | owner; }
inline std::uint64_t owner_of_question(std::uint64_t question) {
  return question & ~kOwnersQuestion;
}
inline bool is_owners_question(std::uint64_t question) { return (question & kOwnersQuestion) != 0; }

}  // namespace tandem
