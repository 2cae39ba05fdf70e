// In which order candidates are tried (call-handling.md §8): a chain of keys, each a comparison of
// two candidates; the first that differs decides. The keys in front that are small whole numbers are
// one word, their rank, with the load rounded down behind them when it is the next key, so that most
// comparisons are of two words.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <memory_resource>
#include <optional>
#include <vector>

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
  // In `bits` bits: never more for a smaller load.
  std::uint64_t rounded(directory::LoadSort by, unsigned bits) const;
  friend std::strong_ordering operator<=>(const Load& a, const Load& b) {
    return a.calls * b.capacity <=> b.calls * a.capacity;
  }
};

// Costs that count as one. Of candidates that differ in no key before the fee, the cheapest begins a
// band; all that are within it of the cheapest are in it; the next one begins another. So the order stays
// one: a candidate that costs more never comes before one that costs less because of its cost.
struct TieBand {
  int percent = 0;
  int amount = 0;  // millionths of the currency a minute

  bool none() const { return percent == 0 && amount == 0; }
  // Whether `cost`, which is not below `least`, is in the band that it begins.
  bool holds(const SecondRate& least, const SecondRate& cost) const;
};

// Where the optional keys stand: as the system says, or the caller's device.
struct SortTerms {
  directory::SortPlace asr = directory::SortPlace::None;
  directory::SortPlace fee = directory::SortPlace::None;
  bool fee_first = false;  // at one and the same place
  TieBand tie = {};

  static SortTerms of(const directory::Parameters& parameters, const directory::Device* caller);
};

// What a gateway is sorted by. Smaller is better in each but the length.
struct Candidate {
  std::uint64_t rank = 0;    // of SortChain
  std::int64_t id = 0;       // of the gateway
  Load load;
  std::uint64_t history = 0;
  SecondRate cost{.fee = 0, .period = 0};  // period 0 = it does not count, or there is none: last
  std::uint32_t band = 0;    // of its cost, when there are bands
  std::int32_t priority = 0;
  std::uint16_t length = 0;  // of the prefix that matched
  std::uint8_t failing = 0;  // 100 - ASR in percent; 0 when it does not count
  bool protect = false;      // a reserve: behind all that are none

  bool has_cost() const { return cost.period != 0; }
};

// The ASR that a gateway is sorted by, and of what: of the destination of the call, when enough is known
// of it, or of all its calls.
struct SortedAsr {
  int percent = 0;
  facts::Destination destination = 0;  // 0 = of all
};

// A gateway about to become a candidate.
struct Sorted {
  const directory::EgressGateway& gateway;
  const directory::EgressBrief& brief;
  const facts::GatewayLive& live;
  std::uint16_t length;
};

// The keys in the order they count: reserves last, prefix, priority, load, history, id, with the
// optional ones at their places.
class SortChain {
 public:
  SortChain(const SortTerms& terms, const Question& question);

  Candidate candidate(const Sorted& of, const Question& question) const;
  const SortTerms& terms() const { return terms_; }
  SortedAsr asr_of(const Sorted& of, const Question& question) const;
  // Which costs are one. Wanted when all candidates are there, before they are compared.
  void form_bands(std::pmr::vector<Candidate>& candidates) const;

  // True when `a` is tried before `b`.
  bool operator()(const Candidate& a, const Candidate& b) const {
    return a.rank != b.rank ? a.rank < b.rank : behind_rank(a, b);
  }
  // True when they differ in no key that stands before the load.
  bool same_rank(const Candidate& a, const Candidate& b) const;

 private:
  enum class Key : std::uint8_t { Protect, Prefix, Priority, Load, History, Id, Asr, Fee };
  static constexpr std::size_t kMost = 8;

  void add(Key key) { keys_[count_++] = key; }
  bool behind_rank(const Candidate& a, const Candidate& b) const;
  std::strong_ordering compare(Key key, const Candidate& a, const Candidate& b) const;

  // Of the rank: for the load rounded down. The others need 46.
  static constexpr unsigned kLoadBits = 18;
  // What each key counts in the rank; 0 = it stands behind the rank.
  struct Units {
    std::uint64_t protect = 0, length = 0, priority = 0, failing = 0, load = 0;
  };

  SortTerms terms_;
  std::int64_t period_;  // of the histories
  facts::Destination destination_ = 0;  // of the call; 0 = quality by it is not asked for
  Units unit_;
  std::array<Key, kMost> keys_{};
  std::size_t count_ = 0;
  std::size_t ranked_ = 0;  // keys that the rank stands for wholly
};

}  // namespace tandem::routing
