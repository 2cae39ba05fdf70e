#include "core/routing/turns.h"

#include <algorithm>
#include <cstddef>
#include <string>

namespace tandem::routing {
namespace {

using directory::EgressGateway;

// Credits of gateways whose company changes may drift; never beyond what any cycle needs.
constexpr std::int64_t kMaxCredit = 1'000'000'000'000;
constexpr std::int64_t kWhole = 100;         // per cent
constexpr std::int64_t kLeastThrottled = 5;  // of its calls a gateway always gets

class Turns {
 public:
  Turns(const Question& question, Routes& found, facts::Live& live)
      : question_(question), routes_(found.routes), rank_(found.first_rank), live_(live) {}

  // A gateway that fails more than it may gets the fewer of its calls the more fail.
  void spare() {
    std::size_t place = 0;
    std::size_t others = routes_.size();
    const std::size_t rank_before = rank_;
    std::erase_if(routes_, [&](const Route& route) {
      const bool in_rank = place++ < rank_before;
      const std::int64_t share = share_left(gateway_of(route));
      if (share == kWhole || others == 1) return false;
      std::int64_t& credit = live_.egress.at(route.gateway).turns.throttled;
      credit = std::min(credit + share, kWhole);
      if (credit >= kWhole) {
        credit -= kWhole;
        return false;
      }
      facts::tell(question_.trace, "throttled", gateway_of(route).name,
                  "spared: it gets " + std::to_string(share) + " % of its calls");
      --others;
      if (in_rank) --rank_;
      return true;
    });
  }

  // Those of the first rank that have a weight stand in front of those that have none: first the one
  // whose turn it is, then the others by what they are due.
  void by_weight() {
    std::int64_t sum = 0;
    const auto end = routes_.begin() + std::ptrdiff_t(rank_);
    for (auto each = routes_.begin(); each != end; ++each) sum += weight_of(*each);
    if (sum == 0) return;
    for (auto each = routes_.begin(); each != end; ++each)
      if (weight_of(*each) > 0) credit(*each, weight_of(*each));
    std::stable_sort(routes_.begin(), end, [&](const Route& a, const Route& b) {
      const bool first = weight_of(a) > 0;
      const bool second = weight_of(b) > 0;
      return first != second ? first : first && credit_of(a) > credit_of(b);
    });
    credit(routes_.front(), -sum);
    facts::tell(question_.trace, "weight", gateway_of(routes_.front()).name,
                "its turn: " + std::to_string(weight_of(routes_.front())) + " of " +
                    std::to_string(sum) + " calls");
  }

  void on_trial() {
    const auto due = std::find_if(routes_.begin(), routes_.end(), [&](const Route& route) {
      const EgressGateway& gateway = gateway_of(route);
      if (gateway.trial_share == 0 || route.protect) return false;
      std::int64_t& credit = live_.egress.at(gateway.id).turns.forced;
      credit = std::min(credit + gateway.trial_share, 2 * kWhole);
      return credit >= kWhole;
    });
    if (due == routes_.end()) return;
    const EgressGateway& gateway = gateway_of(*due);
    live_.egress.at(gateway.id).turns.forced -= kWhole;
    std::rotate(routes_.begin(), due, due + 1);
    facts::tell(question_.trace, "trial", gateway.name,
                std::to_string(gateway.trial_share) + " % of the calls go to it first");
  }

 private:
  // Per cent of its calls that a gateway gets.
  std::int64_t share_left(const EgressGateway& gateway) const {
    if (gateway.throttle_above == 0) return kWhole;
    const directory::Parameters& parameters = question_.directory.parameters();
    const facts::QualityFigures figures = live_.egress.read(gateway.id).quality.figures(
        question_.now.wall, facts::QualityTerms::of(parameters));
    if (figures.attempts < std::uint64_t(std::max(1, parameters.gateway_quality_min_calls)))
      return kWhole;
    const auto failing = std::int64_t((figures.attempts - figures.rang) * 100 / figures.attempts);
    if (failing <= gateway.throttle_above) return kWhole;
    return std::max(kLeastThrottled, gateway.throttle_above * kWhole / failing);
  }
  const EgressGateway& gateway_of(const Route& route) const {
    return *question_.directory.egress_gateway(route.gateway);
  }
  std::int64_t weight_of(const Route& route) const { return gateway_of(route).weight; }
  std::int64_t credit_of(const Route& route) const {
    return live_.egress.read(route.gateway).turns.shared;
  }
  void credit(const Route& route, std::int64_t by) {
    std::int64_t& credit = live_.egress.at(route.gateway).turns.shared;
    credit = std::clamp(credit + by, -kMaxCredit, kMaxCredit);
  }

  const Question& question_;
  std::vector<Route>& routes_;
  std::size_t rank_;
  facts::Live& live_;
};

}  // namespace

void take_turns(const Question& question, Routes& found, facts::Live& live) {
  if (found.first_rank == 0) return;  // a phone, or nobody
  Turns turns(question, found, live);
  turns.spare();
  turns.by_weight();
  turns.on_trial();
}

}  // namespace tandem::routing
