#include "core/routing/sorting.h"

namespace tandem::routing {

using directory::SortPlace;

Load Load::of(std::int64_t calls, std::int64_t lines, const directory::Parameters& parameters) {
  using directory::LoadSort;
  switch (parameters.gateway_load_sort) {
    case LoadSort::Ratio:
      return {calls, lines != 0 ? lines : parameters.route_unlimited_load_base};
    case LoadSort::Absolute:
      return {calls, 1};
    case LoadSort::Off:
      break;
  }
  return {};
}

Candidate Candidate::of(const directory::EgressGateway& gateway, const facts::GatewayLive& live,
                        std::uint16_t length, const Question& question,
                        const SortTerms& terms) {
  const directory::Parameters& parameters = question.directory.parameters();
  Candidate candidate;
  candidate.gateway = &gateway;
  candidate.length = length;
  const UtcTime now = question.now.wall;
  candidate.priority = question.directory.priority_of(gateway, now);
  candidate.protect = gateway.protect;
  candidate.load =
      Load::of(live.calls, question.directory.capacity_of(gateway, now), parameters);
  candidate.history = live.history.read(question.now.wall, parameters.gateway_history_reset);
  if (terms.asr != SortPlace::None) {
    const auto figures =
        live.quality.figures(question.now.wall, facts::QualityTerms::of(parameters));
    candidate.failing = 100 - facts::asr_for_sorting(figures, parameters);
  }
  if (terms.fee != SortPlace::None && gateway.fee_rate_restrict && gateway.least_cost_routing) {
    candidate.cost = question.rates.cost_of(gateway, question.call);
  }
  return candidate;
}

// A device with a policy of its own replaces the places of the system: first, then second, right
// behind the prefix.
SortTerms SortTerms::of(const directory::Parameters& parameters, const directory::Device* caller) {
  using directory::RoutePolicy;
  const auto first = caller != nullptr ? caller->route_policy_first : RoutePolicy::None;
  const auto second = caller != nullptr ? caller->route_policy_second : RoutePolicy::None;
  if (first == RoutePolicy::None && second == RoutePolicy::None) {
    return {parameters.gateway_asr_sort, parameters.gateway_fee_sort,
            parameters.gateway_fee_before_asr};
  }
  SortTerms terms;
  const auto wanted = [&](RoutePolicy key) { return first == key || second == key; };
  if (wanted(RoutePolicy::Asr)) terms.asr = SortPlace::AfterPrefix;
  if (wanted(RoutePolicy::Fee)) terms.fee = SortPlace::AfterPrefix;
  terms.fee_first = first == RoutePolicy::Fee;
  return terms;
}

SortChain::SortChain(const SortTerms& terms) {
  const auto optional_keys = [&](SortPlace here) {
    if (terms.fee == here && terms.fee_first) add(Key::Fee);
    if (terms.asr == here) add(Key::Asr);
    if (terms.fee == here && !terms.fee_first) add(Key::Fee);
  };
  add(Key::Protect);
  optional_keys(SortPlace::BeforePrefix);
  add(Key::Prefix);
  optional_keys(SortPlace::AfterPrefix);
  add(Key::Priority);
  optional_keys(SortPlace::AfterPriority);
  add(Key::Load);
  optional_keys(SortPlace::AfterLoad);
  add(Key::History);
  optional_keys(SortPlace::Last);
  add(Key::Id);
}

bool SortChain::operator()(const Candidate& a, const Candidate& b) const {
  for (std::size_t i = 0; i < count_; ++i) {
    const std::strong_ordering order = compare(keys_[i], a, b);
    if (order != 0) return order < 0;
  }
  return false;
}

bool SortChain::same_rank(const Candidate& a, const Candidate& b) const {
  for (std::size_t i = 0; i < count_ && keys_[i] != Key::Load; ++i)
    if (compare(keys_[i], a, b) != 0) return false;
  return true;
}

std::strong_ordering SortChain::compare(Key key, const Candidate& a, const Candidate& b) {
  switch (key) {
    case Key::Protect:
      return a.protect <=> b.protect;
    case Key::Prefix:
      return b.length <=> a.length;
    case Key::Priority:
      return a.priority <=> b.priority;
    case Key::Load:
      return a.load <=> b.load;
    case Key::History:
      return a.history <=> b.history;
    case Key::Asr:
      return a.failing <=> b.failing;
    case Key::Fee:
      if (!a.cost || !b.cost) return b.cost.has_value() <=> a.cost.has_value();
      return *a.cost <=> *b.cost;
    case Key::Id:
      break;
  }
  return a.gateway->id <=> b.gateway->id;
}

}  // namespace tandem::routing
