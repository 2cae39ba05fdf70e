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

SortChain::SortChain(const SortTerms& terms, const Question& question)
    : terms_(terms),
      period_(facts::History::period_of(question.now.wall,
                                        question.directory.parameters().gateway_history_reset)) {
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
  while (keys_[ranked_] != Key::Load && keys_[ranked_] != Key::Fee) ++ranked_;
  // The last of them stands lowest. 46 bits at most: the ASR stands once.
  std::uint64_t unit = 1;
  const auto take = [&](std::uint64_t& place, unsigned bits) {
    place = unit;
    unit <<= bits;
  };
  for (std::size_t i = ranked_; i-- > 0;) {
    if (keys_[i] == Key::Protect) take(unit_.protect, 1);
    if (keys_[i] == Key::Prefix) take(unit_.length, 7);
    if (keys_[i] == Key::Priority) take(unit_.priority, 31);
    if (keys_[i] == Key::Asr) take(unit_.failing, 7);
  }
}

Candidate SortChain::candidate(const Sorted& of, const Question& question) const {
  const directory::Parameters& parameters = question.directory.parameters();
  const UtcTime now = question.now.wall;
  const bool by_hour = (of.brief.concerns & directory::kConcernPeriods) != 0;
  Candidate made;
  made.id = of.brief.id;
  made.length = of.length;
  made.priority =
      by_hour ? question.directory.priority_of(of.gateway, now) : of.brief.priority;
  made.protect = of.brief.protect;
  made.load = Load::of(
      of.live.calls,
      by_hour ? question.directory.capacity_of(of.gateway, now) : of.brief.capacity, parameters);
  made.history = of.live.history.read(period_);
  if (terms_.asr != SortPlace::None) {
    const auto figures = of.live.quality.figures(now, facts::QualityTerms::of(parameters));
    made.failing = std::uint8_t(100 - facts::asr_for_sorting(figures, parameters));
  }
  if (terms_.fee != SortPlace::None && of.gateway.fee_rate_restrict &&
      of.gateway.least_cost_routing) {
    made.cost = question.rates.cost_of(of.gateway, question.call);
  }
  constexpr std::uint64_t kLongest = 127;
  made.rank = unit_.protect * made.protect + unit_.length * (kLongest - made.length) +
              unit_.priority * std::uint64_t(made.priority) + unit_.failing * made.failing;
  return made;
}

bool SortChain::behind_rank(const Candidate& a, const Candidate& b) const {
  for (std::size_t i = ranked_; i < count_; ++i) {
    const std::strong_ordering order = compare(keys_[i], a, b);
    if (order != 0) return order < 0;
  }
  return false;
}

bool SortChain::same_rank(const Candidate& a, const Candidate& b) const {
  if (a.rank != b.rank) return false;
  for (std::size_t i = ranked_; i < count_ && keys_[i] != Key::Load; ++i)
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
  return a.id <=> b.id;
}

}  // namespace tandem::routing
