// What a call costs and brings a second, as routing asks for it: for call levels, the filters and the
// sort key of fees (call-handling.md 7, 8). Who bills fills it in; without that nothing is known and nothing is
// refused for money.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>

#include "core/directory/entities.h"
#include "core/facts/call_facts.h"

namespace tandem::routing {

// A fee for each period of talk. Two are compared by what they make a second, exactly.
struct SecondRate {
  std::int64_t fee = 0;     // billionths of the currency; not negative
  std::int64_t period = 1;  // seconds, above 0

  friend std::strong_ordering operator<=>(const SecondRate& a, const SecondRate& b) {
    return __int128{a.fee} * b.period <=> __int128{b.fee} * a.period;
  }
  friend bool operator==(const SecondRate& a, const SecondRate& b) { return (a <=> b) == 0; }
};

// Whoever knows the rates. Both are asked while a call is decided on, the cost for each candidate.
enum class ProfitBase : std::uint8_t { Price, Cost };
struct Rates {
  using Rate = std::optional<SecondRate>;  // nullopt = there is no rate
  const void* book = nullptr;
  ProfitBase base = ProfitBase::Price;
  // Of the clearing account of this gateway, for the number of the call.
  Rate (*cost)(const void* book, const directory::EgressGateway& gateway,
               const facts::CallFacts& call) = nullptr;
  // How far the rate of the account that pays leads; nullopt = nobody knows.
  std::optional<directory::CallLevel> (*level)(const void* book,
                                               const facts::CallFacts& call) = nullptr;
  // Of the account that pays.
  Rate (*price)(const void* book, const facts::CallFacts& call) = nullptr;

  Rate cost_of(const directory::EgressGateway& gateway, const facts::CallFacts& call) const {
    return cost == nullptr ? std::nullopt : cost(book, gateway, call);
  }
  bool beyond(directory::CallLevel highest, const facts::CallFacts& call) const {
    const auto its = level == nullptr ? std::nullopt : level(book, call);
    return its && *its > highest;
  }
  Rate price_of(const facts::CallFacts& call) const {
    return price == nullptr ? std::nullopt : price(book, call);
  }
};

// Whether the profit is at least this percentage (billing.md 7): (price - cost) / price, or / cost,
// in percent, cut to -10000 and 10000. Without a price -10000 when it costs anything, else 0; without
// a cost, when that is the base, 10000.
bool profit_reaches(const SecondRate& price, const SecondRate& cost, ProfitBase base, int percent);

// What decides about money for one call: who calls may limit it, and so may each gateway.
struct MoneyLimits {
  static constexpr int kNone = -10'001;
  int profit_percent = kNone;              // the highest that is enabled
  std::optional<SecondRate> highest_cost;  // the lowest cap that is enabled

  void tighten(const directory::Device& device);
};

}  // namespace tandem::routing
