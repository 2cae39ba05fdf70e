// Where to, in which order, said a second time: every gateway is looked at by itself, every filter
// asked one after the other, every key compared as a number (call-handling.md 6 to 8). Slow, and
// with nothing of what the switch uses for it. Only for tests.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/facts/call_facts.h"
#include "core/routing/plain_numbers.h"
#include "core/routing/plain_tags.h"
#include "core/routing/rates.h"

namespace tandem::routing::plain {

// What is the case of a gateway or registration at the moment.
struct State {
  std::int64_t calls = 0;
  std::int64_t history = 0;
  std::int64_t attempts = 0;
  std::int64_t answered = 0;
  bool offline = false;
  bool banned = false;
  bool registered = false;  // here: counts when that is how it is reached
};
struct Registered {
  std::int64_t calls = 0;
  std::int64_t capacity = 0;
  bool registered = false;
};

struct World {
  Source source;
  std::map<std::int64_t, State> egress = {};
  std::map<std::int64_t, std::int64_t> ingress_calls = {};
  std::map<std::int64_t, Registered> registrations = {};
  std::map<std::int64_t, SecondRate> costs = {};
  std::optional<SecondRate> price = {};
  std::optional<directory::CallLevel> level = {};
  std::map<std::pair<std::int64_t, std::string>, State> destinations = {};  // gateway, beginning
  ProfitBase base = ProfitBase::Price;
};

struct Asked {
  const facts::CallFacts& call;
  UtcTime at;
  std::int64_t only_gateway = 0;
  std::int64_t only_group = 0;
};

struct Decision {
  std::vector<std::int64_t> order = {};                   // of the gateways, by id
  Reason refused = {};                                    // when there is none
  std::map<std::int64_t, cause::EndReason> removed = {};  // candidates, and why
  bool banded = false;                                    // costs that differ were taken for one
};

class Deciding {
  using Gateway = directory::EgressGateway;
  using Key = std::vector<std::int64_t>;

 public:
  Deciding(const World& world, const Asked& asked)
      : world_(world), source_(world.source), asked_(asked) {
    caller_ = by_id(source_.phones, asked.call.phone);
    if (caller_ == nullptr) caller_ = by_id(source_.ingress_gateways, asked.call.ingress);
  }

  Decision decide() const {
    Decision decision;
    if (world_.level && caller_ != nullptr && *world_.level > caller_->call_level) {
      decision.refused = cause::EndReason::CallLevelDenied;
      return decision;
    }
    std::map<std::size_t, std::vector<const Gateway*>, std::greater<>> groups;
    for (const Gateway& gateway : source_.egress_gateways) {
      const int length = match(gateway);
      if (length >= 0 && is_asked_for(gateway)) groups[std::size_t(length)].push_back(&gateway);
    }
    std::vector<std::pair<Key, std::int64_t>> left;
    for (const auto& [length, gateways] : groups) {
      for (const Gateway* gateway : gateways) {
        if (const Reason why = objection(*gateway)) {
          decision.removed.emplace(gateway->id, *why);
        } else {
          left.emplace_back(key(*gateway, length), gateway->id);
        }
      }
      const bool ends = std::ranges::any_of(gateways, [this](const Gateway* gateway) {
        return gateway->prefix_style == directory::PrefixStyle::Terminate && !locked(*gateway);
      });
      if (ends) break;
    }
    decision.banded = form_bands(left);
    std::ranges::sort(left);
    for (const auto& [key, id] : left) decision.order.push_back(id);
    if (left.empty()) decision.refused = reason(decision.removed);
    return decision;
  }

  // So many gateways are sorted by how they do where this call goes to.
  int sorted_by_destination() const {
    if (places().asr == directory::SortPlace::None) return 0;
    return int(std::ranges::count_if(
        source_.egress_gateways, [this](const Gateway& each) { return there(each) != nullptr; }));
  }

  // What may have changed by the time its turn comes.
  Reason objection_at_attempt(const directory::EgressGateway& gateway) const {
    using cause::EndReason;
    const State& state = world_.egress.at(gateway.id);
    const Registered* over = registration(gateway);
    if (!reachable(gateway)) return EndReason::GatewayOffline;
    if (state.banned) return EndReason::RetryAfterBan;
    const std::int64_t lines = lines_of(gateway);
    if (lines != 0 && state.calls >= lines) return EndReason::EgressCapacity;
    if (over != nullptr && over->capacity != 0 && over->calls >= over->capacity)
      return EndReason::EgressCapacity;
    for (const directory::GroupMembership& its : gateway.groups) {
      const auto* group = by_id(source_.gateway_groups, its.group);
      if (group->capacity != 0 && group->capacity - calls_of_group(its.group) <= its.reserve_lines)
        return EndReason::GroupCapacity;
    }
    return std::nullopt;
  }

 private:
  // The length of its longest prefix that the number begins with; -1 = none.
  int match(const Gateway& gateway) const {
    int longest = -1;
    for (const std::string_view prefix : gateway.prefixes)
      if (asked_.call.sought().starts_with(prefix)) longest = std::max(longest, int(prefix.size()));
    return longest;
  }

  static bool is_member(const directory::Gateway& gateway, std::int64_t group) {
    return std::ranges::any_of(gateway.groups, [&](const auto& its) { return its.group == group; });
  }

  bool is_asked_for(const Gateway& gateway) const {
    return (asked_.only_gateway == 0 || asked_.only_gateway == gateway.id) &&
           (asked_.only_group == 0 || is_member(gateway, asked_.only_group));
  }

  bool locked(const Gateway& gateway) const {
    return gateway.lock_type == directory::Lock::All ||
           std::ranges::any_of(gateway.groups, [this](const auto& its) {
             return by_id(source_.gateway_groups, its.group)->lock_type == directory::Lock::All;
           });
  }

  const Registered* registration(const Gateway& gateway) const {
    if (gateway.register_type != directory::EgressRegister::Outbound) return nullptr;
    return &world_.registrations.at(gateway.outbound_registration);
  }

  bool reachable(const Gateway& gateway) const {
    const State& state = world_.egress.at(gateway.id);
    if (gateway.registers()) return state.registered;
    const Registered* over = registration(gateway);
    return !state.offline && (over == nullptr || over->registered);
  }

  std::int64_t lines_of(const Gateway& gateway) const {
    const auto* row = row_of(source_, gateway.period_capacity, asked_.at);
    return row != nullptr ? row->capacity : gateway.capacity;
  }

  // Of its members, both ways.
  std::int64_t calls_of_group(std::int64_t group) const {
    std::int64_t calls = 0;
    for (const auto& each : source_.ingress_gateways)
      if (is_member(each, group)) calls += world_.ingress_calls.at(each.id);
    for (const auto& each : source_.egress_gateways)
      if (is_member(each, group)) calls += world_.egress.at(each.id).calls;
    return calls;
  }

  bool may_be_called_by_caller(const Gateway& gateway) const {
    if (caller_ == nullptr) return true;
    const auto in = [&](std::int64_t group) { return is_member(gateway, group); };
    const bool by_group = permits(caller_->egress_groups_mode, caller_->egress_groups.empty(),
                                  std::ranges::any_of(caller_->egress_groups, in));
    const bool by_itself = permits(caller_->egress_gateways_mode, caller_->egress_gateways.empty(),
                                   std::ranges::count(caller_->egress_gateways, gateway.id) != 0);
    return by_group && by_itself;
  }

  bool fits_tags(const Gateway& gateway) const {
    const Tags tags = tags_of(source_, asked_.call);
    return fits(gateway, tags) && std::ranges::all_of(gateway.groups, [&](const auto& its) {
             return fits(*by_id(source_.gateway_groups, its.group), tags);
           });
  }

  Reason objection(const Gateway& gateway) const {
    using cause::EndReason;
    const std::string& caller = asked_.call.caller.routed;
    const std::string& callee = asked_.call.callee.routed;
    if (locked(gateway)) return EndReason::GatewayLocked;
    if (!may_be_called_by_caller(gateway)) return EndReason::RouteGroupDenied;
    if (!fits_tags(gateway)) return EndReason::RoutingTagDenied;
    if (!is_open(source_, gateway, caller, callee, asked_.at)) return EndReason::CalendarDenied;
    if (const Reason why = by_prefixes(gateway, caller, callee, asked_.call.forwarding)) return why;
    if (const Reason why = by_lists(source_, gateway, caller, callee)) return why;
    if (const Reason why = by_lengths(gateway, caller, callee)) return why;
    if (const Reason why = by_class(source_, gateway, caller, callee)) return why;
    if (const Reason why = by_pairs(gateway, caller, callee)) return why;
    if (const Reason why = objection_at_attempt(gateway)) return why;
    return by_money(gateway);
  }

  std::optional<SecondRate> cost(const Gateway& gateway) const {
    const auto found = world_.costs.find(gateway.id);
    return found == world_.costs.end() ? std::optional<SecondRate>() : found->second;
  }

  Reason by_money(const Gateway& gateway) const {
    using cause::EndReason;
    const auto its_cost = cost(gateway);
    if (!its_cost) {
      return gateway.fee_rate_restrict ? Reason(EndReason::NoCostRate) : std::nullopt;
    }
    for (const directory::Device* device :
         {caller_, static_cast<const directory::Device*>(&gateway)})
      if (device != nullptr && device->max_second_rate_enable &&
          of_six_seconds(*its_cost) > 6 * device->max_second_rate)
        return EndReason::RateCapExceeded;
    for (const directory::Device* device :
         {caller_, static_cast<const directory::Device*>(&gateway)})
      if (device != nullptr && device->min_profit_enable && world_.price &&
          !makes(*its_cost, device->min_profit_percent))
        return EndReason::MinimumProfitNotReached;
    return std::nullopt;
  }

  // Whole numbers: periods are 1, 2 and 3 seconds.
  static std::int64_t of_six_seconds(const SecondRate& rate) { return rate.fee * 6 / rate.period; }

  // At least so many percent, from -100 to 100.
  bool makes(const SecondRate& cost_rate, int percent) const {
    const std::int64_t sell = of_six_seconds(*world_.price);
    const std::int64_t buy = of_six_seconds(cost_rate);
    if (sell == 0) return buy == 0 && percent <= 0;
    const std::int64_t by = world_.base == ProfitBase::Price ? sell : buy;
    return by == 0 || (sell - buy) * 100 >= by * percent;
  }

  // ---- the order

  std::int64_t load(const Gateway& gateway) const {
    using directory::LoadSort;
    const auto& parameters = source_.parameters;
    const std::int64_t calls = world_.egress.at(gateway.id).calls;
    if (parameters.gateway_load_sort == LoadSort::Off) return 0;
    if (parameters.gateway_load_sort == LoadSort::Absolute) return calls;
    const std::int64_t lines = lines_of(gateway);
    return calls * 60 / (lines != 0 ? lines : parameters.route_unlimited_load_base);
  }

  // Where the call goes to, as far as quality is kept by that; "" = it is not.
  std::string destination() const {
    const auto& parameters = source_.parameters;
    const std::string& number = asked_.call.callee.routed;
    if (parameters.gateway_quality_prefix_min_calls == 0) return {};
    std::string longest;
    for (const std::string& prefix : parameters.gateway_quality_prefixes)
      if (number.starts_with(prefix) && prefix.size() > longest.size()) longest = prefix;
    if (!longest.empty()) return longest;
    return number.substr(0, std::size_t(parameters.gateway_quality_prefix_length));
  }

  // Its figures to there, when they are enough to count.
  const State* there(const Gateway& gateway) const {
    const std::string to = destination();
    const auto found = world_.destinations.find({gateway.id, to});
    if (to.empty() || found == world_.destinations.end()) return nullptr;
    const bool enough =
        found->second.attempts >= source_.parameters.gateway_quality_prefix_min_calls;
    return enough ? &found->second : nullptr;
  }

  std::int64_t unanswered(const Gateway& gateway) const {
    const auto& parameters = source_.parameters;
    const State* by_destination = there(gateway);
    const State& state =
        by_destination != nullptr ? *by_destination : world_.egress.at(gateway.id);
    const bool known =
        state.attempts > 0 &&
        (by_destination != nullptr || state.attempts >= parameters.gateway_quality_min_calls);
    const std::int64_t percent =
        known ? state.answered * 100 / state.attempts : parameters.gateway_quality_unknown_asr;
    return -(percent - percent % parameters.gateway_quality_sort_step);
  }

  std::int64_t fee(const Gateway& gateway) const {
    const auto its_cost = cost(gateway);
    const bool counts = its_cost && gateway.fee_rate_restrict && gateway.least_cost_routing;
    return counts ? of_six_seconds(*its_cost) : std::numeric_limits<std::int64_t>::max();
  }

  // What the system, or the caller, says of the two keys that may stand anywhere.
  struct Places {
    directory::SortPlace asr, fee;
    bool fee_first;
  };
  Places places() const {
    using directory::RoutePolicy;
    using directory::SortPlace;
    const auto& parameters = source_.parameters;
    Places made{parameters.gateway_asr_sort, parameters.gateway_fee_sort,
                parameters.gateway_fee_before_asr};
    const RoutePolicy first = caller_ != nullptr ? caller_->route_policy_first : RoutePolicy::None;
    const RoutePolicy second =
        caller_ != nullptr ? caller_->route_policy_second : RoutePolicy::None;
    if (first != RoutePolicy::None || second != RoutePolicy::None) {
      const auto place = [&](RoutePolicy policy) {
        return first == policy || second == policy ? SortPlace::AfterPrefix : SortPlace::None;
      };
      made = {place(RoutePolicy::Asr), place(RoutePolicy::Fee), first == RoutePolicy::Fee};
    }
    return made;
  }

  Key key(const Gateway& gateway, std::size_t length) const {
    using directory::SortPlace;
    const Places its = places();
    Key key{gateway.protect ? 1 : 0};
    const auto at = [&](SortPlace here) {
      const std::int64_t by_asr = its.asr == here ? unanswered(gateway) : 0;
      const std::int64_t by_fee = its.fee == here ? fee(gateway) : 0;
      key.push_back(its.fee_first ? by_fee : by_asr);
      key.push_back(its.fee_first ? by_asr : by_fee);
    };
    const auto* row = row_of(source_, gateway.period_priority, asked_.at);
    at(SortPlace::BeforePrefix);
    key.push_back(-std::int64_t(length));
    at(SortPlace::AfterPrefix);
    key.push_back(row != nullptr ? row->priority : gateway.priority);
    at(SortPlace::AfterPriority);
    key.push_back(load(gateway));
    at(SortPlace::AfterLoad);
    key.push_back(world_.egress.at(gateway.id).history);
    at(SortPlace::Last);
    key.push_back(gateway.id);
    return key;
  }

  // Where the fee stands in a key; 0 = nowhere.
  std::size_t place_of_fee() const {
    using directory::SortPlace;
    const Places its = places();
    const std::size_t behind = its.fee_first ? 0 : 1;
    switch (its.fee) {
      case SortPlace::None:
        return 0;
      case SortPlace::BeforePrefix:
        return 1 + behind;
      case SortPlace::AfterPrefix:
        return 4 + behind;
      case SortPlace::AfterPriority:
        return 7 + behind;
      case SortPlace::AfterLoad:
        return 10 + behind;
      case SortPlace::Last:
        break;
    }
    return 13 + behind;
  }

  // Fees that are near enough to the least of those they are compared with become that one.
  using Keyed = std::vector<std::pair<Key, std::int64_t>>;
  bool form_bands(Keyed& left) const {
    const std::int64_t percent = source_.parameters.gateway_fee_tie_percent;
    const std::int64_t amount = source_.parameters.gateway_fee_tie_amount;
    const std::size_t place = place_of_fee();
    if (place == 0 || (percent == 0 && amount == 0)) return false;
    constexpr std::int64_t kNoFee = std::numeric_limits<std::int64_t>::max();
    std::map<Key, std::vector<std::int64_t*>> compared;
    for (auto& [key, id] : left)
      if (key[place] != kNoFee)
        compared[Key(key.begin(), key.begin() + std::ptrdiff_t(place))].push_back(&key[place]);
    bool banded = false;
    for (auto& [before, fees] : compared) {
      std::ranges::sort(fees, {}, [](const std::int64_t* fee) { return *fee; });
      std::int64_t least = *fees.front();
      for (std::int64_t* fee : fees) {
        const bool near = *fee * 100 <= least * (100 + percent) ||
                          (*fee - least) * 10 <= amount * 1'000;  // ten times six seconds
        if (!near) least = *fee;
        banded = banded || *fee != least;
        *fee = least;
      }
    }
    return banded;
  }

  static cause::EndReason reason(const std::map<std::int64_t, cause::EndReason>& removed) {
    if (removed.empty()) return cause::EndReason::CalleeNotFound;
    const cause::EndReason first = removed.begin()->second;
    const bool all =
        std::ranges::all_of(removed, [&](const auto& each) { return each.second == first; });
    return all ? first : cause::EndReason::NoAvailableRouter;
  }

  const World& world_;
  const Source& source_;
  const Asked& asked_;
  const directory::Device* caller_ = nullptr;
};

}  // namespace tandem::routing::plain
