#include "core/routing/sorting.h"

#include <algorithm>

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

std::uint64_t Load::rounded(directory::LoadSort by, unsigned bits) const {
  if (calls <= 0) return 0;
  const std::uint64_t highest = (std::uint64_t{1} << bits) - 1;
  const auto ratio = [&] {
    return (std::uint64_t(calls) << (bits - 1)) / std::uint64_t(std::max<std::int64_t>(capacity, 1));
  };
  return std::min(by == directory::LoadSort::Ratio ? ratio() : std::uint64_t(calls), highest);
}

bool TieBand::holds(const SecondRate& least, const SecondRate& cost) const {
  // Both for one common period, in billionths; the amount for a minute, in millionths.
  const __int128 low = __int128{least.fee} * cost.period;
  const __int128 high = __int128{cost.fee} * least.period;
  if (high * 100 <= low * (100 + percent)) return true;
  return (high - low) * 60 <= __int128{amount} * 1'000 * least.period * cost.period;
}

// A device with a policy of its own replaces the places of the system: first, then second, right
// behind the prefix.
SortTerms SortTerms::of(const directory::Parameters& parameters, const directory::Device* caller) {
  using directory::RoutePolicy;
  const TieBand tie{parameters.gateway_fee_tie_percent, parameters.gateway_fee_tie_amount};
  const auto first = caller != nullptr ? caller->route_policy_first : RoutePolicy::None;
  const auto second = caller != nullptr ? caller->route_policy_second : RoutePolicy::None;
  if (first == RoutePolicy::None && second == RoutePolicy::None) {
    return {parameters.gateway_asr_sort, parameters.gateway_fee_sort,
            parameters.gateway_fee_before_asr, tie};
  }
  SortTerms terms;
  terms.tie = tie;
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
  if (terms.asr != SortPlace::None) {
    destination_ = facts::destination_of(question.call.callee.routed,
                                         question.directory.parameters());
  }
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
  if (keys_[ranked_] == Key::Load) unit_.load = 1;
  std::uint64_t unit = std::uint64_t{1} << kLoadBits;
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
    made.failing = std::uint8_t(100 - asr_of(of, question).percent);
  }
  if (terms_.fee != SortPlace::None && of.gateway.fee_rate_restrict &&
      of.gateway.least_cost_routing) {
    made.cost = question.rates.cost_of(of.gateway, question.call).value_or(made.cost);
  }
  constexpr std::uint64_t kLongest = 127;
  made.rank = unit_.protect * made.protect + unit_.length * (kLongest - made.length) +
              unit_.priority * std::uint64_t(made.priority) + unit_.failing * made.failing +
              unit_.load * made.load.rounded(parameters.gateway_load_sort, kLoadBits);
  return made;
}

SortedAsr SortChain::asr_of(const Sorted& of, const Question& question) const {
  const directory::Parameters& parameters = question.directory.parameters();
  const UtcTime now = question.now.wall;
  const auto terms = facts::QualityTerms::of(parameters);
  const facts::Quality* there =
      destination_ == 0 ? nullptr : question.live.destinations.find(of.brief.id, destination_);
  if (there != nullptr) {
    const facts::QualityFigures figures = there->figures(now, terms);
    if (figures.attempts >= std::uint64_t(parameters.gateway_quality_prefix_min_calls))
      return {facts::rounded_asr(figures, parameters), destination_};
  }
  return {facts::asr_for_sorting(of.live.quality.figures(now, terms), parameters)};
}

void SortChain::form_bands(std::pmr::vector<Candidate>& candidates) const {
  const auto fee = std::find(keys_.begin(), keys_.begin() + std::ptrdiff_t(count_), Key::Fee);
  if (terms_.tie.none() || fee == keys_.begin() + std::ptrdiff_t(count_)) return;
  const auto before_fee = [&](const Candidate& a, const Candidate& b) {
    for (auto key = keys_.begin(); key != fee; ++key)
      if (const auto order = compare(*key, a, b); order != 0) return order;
    return std::strong_ordering::equal;
  };
  std::pmr::vector<Candidate*> sorted(candidates.get_allocator().resource());
  sorted.reserve(candidates.size());
  for (Candidate& each : candidates)
    if (each.has_cost()) sorted.push_back(&each);
  std::sort(sorted.begin(), sorted.end(), [&](const Candidate* a, const Candidate* b) {
    const auto order = before_fee(*a, *b);
    return order != 0 ? order < 0 : a->cost < b->cost;
  });
  const Candidate* first = nullptr;  // of the band
  std::uint32_t band = 0;
  for (Candidate* each : sorted) {
    const bool in_band = first != nullptr && before_fee(*first, *each) == 0 &&
                         terms_.tie.holds(first->cost, each->cost);
    if (!in_band) {
      first = each;
      ++band;
    }
    each->band = band;
  }
}

bool SortChain::behind_rank(const Candidate& a, const Candidate& b) const {
  for (std::size_t i = ranked_; i < count_; ++i) {
    const std::strong_ordering order = compare(keys_[i], a, b);
    if (order != 0) return order < 0;
  }
  return false;
}

bool SortChain::same_rank(const Candidate& a, const Candidate& b) const {
  if (a.rank >> kLoadBits != b.rank >> kLoadBits) return false;
  for (std::size_t i = ranked_; i < count_ && keys_[i] != Key::Load; ++i)
    if (compare(keys_[i], a, b) != 0) return false;
  return true;
}

std::strong_ordering SortChain::compare(Key key, const Candidate& a, const Candidate& b) const {
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
      if (!a.has_cost() || !b.has_cost()) return b.has_cost() <=> a.has_cost();
      return terms_.tie.none() ? a.cost <=> b.cost : a.band <=> b.band;
    case Key::Id:
      break;
  }
  return a.id <=> b.id;
}

}  // namespace tandem::routing
