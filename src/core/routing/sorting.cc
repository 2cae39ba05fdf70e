#include "core/routing/sorting.h"

namespace tandem::routing {

using directory::SortPlace;

Load Load::of(const directory::EgressGateway& gateway, const facts::GatewayLive& live,
              const directory::Parameters& parameters) {
  using directory::LoadSort;
  switch (parameters.gateway_load_sort) {
    case LoadSort::Ratio:
      return {live.calls, gateway.capacity != 0 ? gateway.capacity
                                                : parameters.route_unlimited_load_base};
    case LoadSort::Absolute:
      return {live.calls, 1};
    case LoadSort::Off:
      break;
  }
  return {};
}

Candidate Candidate::of(const directory::EgressGateway& gateway, const facts::GatewayLive& live,
                        std::uint16_t length, const Question& question) {
  const directory::Parameters& parameters = question.directory.parameters();
  Candidate candidate;
  candidate.gateway = &gateway;
  candidate.length = length;
  candidate.priority = gateway.priority;
  candidate.load = Load::of(gateway, live, parameters);
  candidate.history = live.history.read(question.now.wall, parameters.gateway_history_reset);
  if (parameters.gateway_asr_sort != SortPlace::None) {
    const auto figures =
        live.quality.figures(question.now.wall, facts::QualityTerms::of(parameters));
    candidate.failing = 100 - facts::asr_for_sorting(figures, parameters);
  }
  return candidate;
}

SortChain::SortChain(const directory::Parameters& parameters) {
  const auto optional_keys = [&](SortPlace here) {
    if (parameters.gateway_asr_sort == here) add(Key::Asr);
  };
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

std::strong_ordering SortChain::compare(Key key, const Candidate& a, const Candidate& b) {
  switch (key) {
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
    case Key::Id:
      break;
  }
  return a.gateway->id <=> b.gateway->id;
}

}  // namespace tandem::routing
