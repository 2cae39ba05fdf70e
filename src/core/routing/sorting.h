// In which order candidates are tried (call-handling.md §8): a chain of keys, each a comparison of
// two candidates; the first that differs decides.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>

#include "core/directory/entities.h"
#include "core/directory/parameters.h"
#include "core/facts/live.h"
#include "core/routing/rates.h"
#include "core/routing/routing.h"

namespace tandem::routing {

// Load ratio current / capacity as an exact comparison: cross products, no floating point. An
// unlimited gateway counts with SS_ROUTE_UNLIMITED_LOAD_BASE.
struct Load {
  std::int64_t calls = 0;
  std::int64_t capacity = 1;

  // Of a gateway with this many lines, 0 = no limit.
  static Load of(std::int64_t calls, std::int64_t lines,
                 const directory::Parameters& parameters);
  friend std::strong_ordering operator<=>(const Load& a, const Load& b) {
    return a.calls * b.capacity <=> b.calls * a.capacity;
  }
};

// Where the optional keys stand: as the system says, or the caller's device.
struct SortTerms {
  directory::SortPlace asr = directory::SortPlace::None;
  directory::SortPlace fee = directory::SortPlace::None;
  bool fee_first = false;  // at one and the same place

  static SortTerms of(const directory::Parameters& parameters, const directory::Device* caller);
};

// What a gateway is sorted by. Smaller is better in each but the length.
struct Candidate {
  const directory::EgressGateway* gateway = nullptr;
  std::uint16_t length = 0;  // of the prefix that matched
  int priority = 0;
  bool protect = false;      // a reserve: behind all that are none
  Load load;
  std::uint64_t history = 0;
  int failing = 0;  // 100 - ASR in percent; 0 when it does not count
  std::optional<SecondRate> cost;  // nullopt = it does not count, or there is none: last

  static Candidate of(const directory::EgressGateway& gateway, const facts::GatewayLive& live,
                      std::uint16_t length, const Question& question, const SortTerms& terms);
};

// The keys in the order they count: reserves last, prefix, priority, load, history, id, with the optional ones at
// their places.
class SortChain {
 public:
  explicit SortChain(const SortTerms& terms);

  // True when `a` is tried before `b`.
  bool operator()(const Candidate& a, const Candidate& b) const;
  // True when they differ in no key that stands before the load.
  bool same_rank(const Candidate& a, const Candidate& b) const;

 private:
  enum class Key : std::uint8_t { Protect, Prefix, Priority, Load, History, Id, Asr, Fee };
  static constexpr std::size_t kMost = 8;

  void add(Key key) { keys_[count_++] = key; }
  static std::strong_ordering compare(Key key, const Candidate& a, const Candidate& b);

  std::array<Key, kMost> keys_{};
  std::size_t count_ = 0;
};

}  // namespace tandem::routing
