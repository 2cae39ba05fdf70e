// In which order candidates are tried (call-handling.md §8): a chain of keys, each a comparison of
// two candidates; the first that differs decides.
#pragma once

#include <array>
#include <compare>
#include <cstdint>

#include "core/directory/entities.h"
#include "core/directory/parameters.h"
#include "core/facts/live.h"
#include "core/routing/routing.h"

namespace tandem::routing {

// Load ratio current / capacity as an exact comparison: cross products, no floating point. An
// unlimited gateway counts with SS_ROUTE_UNLIMITED_LOAD_BASE.
struct Load {
  std::int64_t calls = 0;
  std::int64_t capacity = 1;

  static Load of(const directory::EgressGateway& gateway, const facts::GatewayLive& live,
                 const directory::Parameters& parameters);
  friend std::strong_ordering operator<=>(const Load& a, const Load& b) {
    return a.calls * b.capacity <=> b.calls * a.capacity;
  }
};

// What a gateway is sorted by. Smaller is better in each but the length.
struct Candidate {
  const directory::EgressGateway* gateway = nullptr;
  std::uint16_t length = 0;  // of the prefix that matched
  int priority = 0;
  Load load;
  std::uint64_t history = 0;
  int failing = 0;  // 100 - ASR in percent; 0 when it does not count

  static Candidate of(const directory::EgressGateway& gateway, const facts::GatewayLive& live,
                      std::uint16_t length, const Question& question);
};

// The keys in the order they count: prefix, priority, load, history, id, with the optional ones at
// their places.
class SortChain {
 public:
  explicit SortChain(const directory::Parameters& parameters);

  // True when `a` is tried before `b`.
  bool operator()(const Candidate& a, const Candidate& b) const;

 private:
  enum class Key : std::uint8_t { Prefix, Priority, Load, History, Id, Asr };
  static constexpr std::size_t kMost = 6;

  void add(Key key) { keys_[count_++] = key; }
  static std::strong_ordering compare(Key key, const Candidate& a, const Candidate& b);

  std::array<Key, kMost> keys_{};
  std::size_t count_ = 0;
};

}  // namespace tandem::routing
