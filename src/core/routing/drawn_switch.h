// Random switches and calls, for tests that decide about very many: everything has few values, so that
// much of it fits and much of it ties. Only for tests.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/rng.h"
#include "core/routing/plain_routing.h"

namespace tandem::routing {

using directory::EgressGateway;
using directory::RuleMode;
using plain::State;

inline constexpr std::int64_t kDay = 86'400'000;

class Drawing {
 public:
  explicit Drawing(Rng& rng) : rng_(rng) {}

  plain::World world() {
    plain::World made;
    parameters(made.source.parameters);
    numbers(made.source);
    calendars(made.source);
    for (int i = most(2); i > 0; --i) group(made.source);
    for (std::int64_t id = 1; id <= 2; ++id) registration(made, id);
    for (std::int64_t id = 1; id <= 2; ++id) caller(made.source.ingress_gateways, id);
    caller(made.source.phones, 9);
    made.source.phones.back().name = "999999";  // nobody calls it
    for (auto& ingress : made.source.ingress_gateways) memberships(made.source, ingress);
    for (int count = 2 + most(9); count > 0; --count) egress(made);
    for (int count = most(3); count > 0; --count) tag_rule(made.source);
    if (!seldom()) made.price = rate();
    if (!seldom()) made.level = level();
    made.base = seldom() ? ProfitBase::Cost : ProfitBase::Price;
    return made;
  }

  // What is the case now.
  void states(plain::World& world) {
    for (auto& ingress : world.source.ingress_gateways) world.ingress_calls[ingress.id] = most(2);
    for (auto& [id, registered] : world.registrations) {
      registered.calls = most(2);
      registered.registered = !seldom();
    }
    for (const EgressGateway& gateway : world.source.egress_gateways) {
      State& state = world.egress[gateway.id];
      state = {.calls = most(4), .history = most(1), .attempts = most(8)};
      state.answered = state.attempts - most(int(state.attempts));
      state.offline = most(11) == 0;
      state.banned = most(11) == 0;
      state.registered = most(2) != 0;
    }
    world.destinations.clear();
    for (const EgressGateway& gateway : world.source.egress_gateways) {
      for (int count = most(2); count > 0; --count) {
        State& state = world.destinations[{gateway.id, "4" + number(2)}];
        state.attempts = most(6);
        state.answered = state.attempts - most(int(state.attempts));
      }
    }
  }

  facts::CallFacts call() {
    facts::CallFacts made;
    switch (most(4)) {
      case 0:
        made.phone = 9;
        break;
      case 1:
        break;
      default:
        made.ingress = 1 + most(1);
    }
    made.caller.routed = number(5);
    made.callee.routed = number(6);
    if (seldom()) made.forwarding = number(3);
    if (seldom()) made.searched = number(6);
    made.account = most(2);
    return made;
  }

  UtcTime time() {
    return from_epoch_milliseconds((19'000 + most(9)) * kDay + most(23) * 3'600'000 + most(1));
  }
  bool seldom() { return most(3) == 0; }
  int most(int value) { return int(rng_.below(std::uint64_t(value) + 1)); }

 private:
  std::string number(int longest) {
    std::string text;
    for (int length = most(longest); length > 0; --length) text += seldom() ? '5' : '4';
    return text;
  }
  std::vector<std::string> beginnings(int longest) {
    std::vector<std::string> made;
    for (int count = most(2); count > 0; --count) made.push_back("4" + number(longest - 1));
    return made;
  }
  RuleMode mode() { return most(1) == 0 ? RuleMode::Allow : RuleMode::Deny; }
  directory::CallLevel level() {
    using enum directory::CallLevel;
    static constexpr directory::CallLevel kLevels[] = {OnNet, Local, Domestic, International};
    return kLevels[most(3)];
  }
  SecondRate rate() { return {most(3) * 100'000, 1 + most(2)}; }

  void parameters(directory::Parameters& parameters) {
    using directory::SortPlace;
    parameters.gateway_asr_sort = SortPlace(most(5));
    parameters.gateway_fee_sort = SortPlace(most(5));
    parameters.gateway_fee_before_asr = seldom();
    parameters.gateway_load_sort = directory::LoadSort(seldom() ? most(2) : 0);
    parameters.gateway_history_reset = directory::HistoryReset(most(2));
    parameters.route_unlimited_load_base = seldom() ? 1 : 60;
    parameters.gateway_quality_min_calls = most(1) * 3;
    parameters.gateway_quality_unknown_asr = 50;
    parameters.gateway_quality_sort_step = seldom() ? 20 : 1;
    if (most(1) == 0) parameters.gateway_quality_prefix_min_calls = most(4);
    parameters.gateway_quality_prefix_length = most(3);
    if (seldom()) parameters.gateway_quality_prefixes = {"4", "445"};
    static constexpr int kAmounts[] = {0, 3'000, 6'000};  // rates are thirds of 6,000 apart
    if (!seldom()) parameters.gateway_fee_tie_amount = kAmounts[most(2)];
    if (!seldom()) parameters.gateway_fee_tie_percent = 50 * most(2);
  }

  template <class Store>
  void store(std::vector<Store>& stores) {
    Store& made = stores.emplace_back();
    made.id = std::int64_t(stores.size());
    made.name = "s" + std::to_string(made.id);
    for (int count = most(3); count > 0; --count)
      made.entries.push_back(seldom() ? "4" + number(2) + "*" : "4" + number(4));
  }
  void numbers(plain::Source& source) {
    for (int i = 0; i < 2; ++i) store(source.number_groups);
    for (int i = 0; i < 3; ++i) {
      store(source.number_lists);
      source.number_lists.back().type = directory::ListType(i);
    }
    directory::Area area;
    area.id = 1;
    area.code = "020";
    area.prefixes = {"44"};
    area.mobile_prefixes = {"445"};
    source.areas.push_back(area);
    area.id = 2;
    area.code = "030";
    area.prefixes = {"4"};
    area.mobile_prefixes = {"5", "4444"};
    source.areas.push_back(area);
    if (!seldom()) return;
    for (const char* first : {"4445", "4545"}) {
      directory::NumberSection& section = source.number_sections.emplace_back();
      section.id = std::int64_t(source.number_sections.size());
      section.range = {first, "4555"};
      section.area = most(2);
      section.number_class = directory::NumberClass(most(2));
    }
  }

  std::uint8_t weekdays() { return std::uint8_t(seldom() ? most(127) : 127); }
  void calendars(plain::Source& source) {
    directory::Calendar& made = source.calendars.emplace_back();
    made.id = 1;
    made.name = "office";
    for (int rows = 1 + most(1); rows > 0; --rows)
      made.weekly.push_back({weekdays(), most(23) * 3'600, (1 + most(23)) * 3'600, most(2) != 0});
  }
  directory::Period period() {
    return {weekdays(), most(23) * 3'600, (1 + most(23)) * 3'600, seldom() ? 1 : 0};
  }

  void group(plain::Source& source) {
    directory::GatewayGroup& made = source.gateway_groups.emplace_back();
    made.id = std::int64_t(source.gateway_groups.size());
    made.name = "group" + std::to_string(made.id);
    made.capacity = most(2) * 10;
    if (most(19) == 0) made.lock_type = directory::Lock::All;
    if (seldom()) wishes(made);
  }
  std::vector<std::string> tags(int least) {
    std::vector<std::string> made;
    for (const char* word : {"a", "b", "c", "d"})
      if (most(3) == 0) made.emplace_back(word);
    if (int(made.size()) < least) made.emplace_back("e");
    return made;
  }
  template <class Wishing>
  void wishes(Wishing& made) {
    if (seldom()) made.tags_required = tags(0);
    if (seldom()) made.tags_any = tags(0);
    if (seldom()) made.tags_excluded = tags(0);
  }
  void tag_rule(plain::Source& source) {
    directory::RoutingTagRule& made = source.routing_tag_rules.emplace_back();
    made.id = std::int64_t(source.routing_tag_rules.size());
    made.name = "t" + std::to_string(made.id);
    made.priority = most(2);
    if (seldom()) made.caller_prefixes.push_back("4" + number(1));
    for (int count = seldom() ? most(2) : 0; count > 0; --count)
      made.callee_prefixes.push_back("4" + number(2));
    if (seldom()) made.caller_areas = {1 + most(1)};
    if (seldom()) made.callee_areas = {1, 2};
    if (seldom()) made.ingress_gateways = {1 + most(1)};
    if (most(9) == 0 && !source.gateway_groups.empty()) made.ingress_groups = {1};
    if (seldom()) made.accounts = {1 + most(1)};
    made.tags = tags(1);
    made.on_match = directory::OnMatch(seldom() ? 1 : 0);
  }
  void memberships(const plain::Source& source, directory::Gateway& gateway) {
    for (const auto& group : source.gateway_groups)
      if (seldom()) gateway.groups.push_back({group.id, most(2)});
  }
  void registration(plain::World& world, std::int64_t id) {
    directory::OutboundRegistration& made = world.source.outbound_registrations.emplace_back();
    made.id = id;
    made.name = "r" + std::to_string(id);
    world.registrations[id].capacity = made.capacity = most(3);
  }

  void money(directory::Device& device) {
    device.min_profit_enable = most(5) == 0;
    device.min_profit_percent = 50 * (most(4) - 2);
    device.max_second_rate_enable = most(5) == 0;
    device.max_second_rate = most(3) * 100'000;
  }
  template <class Callers>
  void caller(Callers& callers, std::int64_t id) {
    auto& made = callers.emplace_back();
    made.id = id;
    made.name = "in" + std::to_string(id);
    money(made);
    made.call_level = seldom() ? level() : directory::CallLevel::International;
    made.route_policy_first = directory::RoutePolicy(seldom() ? most(2) : 0);
    made.route_policy_second = directory::RoutePolicy(seldom() ? most(2) : 0);
    made.egress_groups_mode = mode();
    made.egress_gateways_mode = mode();
    if (most(9) == 0) made.egress_groups = {1};
    if (most(9) == 0) made.egress_gateways = {1, 2, 5};
  }

  void rules(EgressGateway& gateway) {
    if (seldom()) {
      gateway.caller_prefixes_mode = mode();
      gateway.caller_prefixes = beginnings(2);
      gateway.callee_prefixes_mode = mode();
      gateway.callee_prefixes = beginnings(3);
      gateway.forward_prefixes_mode = mode();
      gateway.forward_prefixes = beginnings(1);
    }
    if (seldom()) gateway.caller_length_mask = 0x3f ^ (1u << most(5));
    if (seldom()) gateway.callee_length_mask = 0x7f ^ (1u << most(6));
    if (seldom()) {
      gateway.pairs_mode = mode();
      gateway.pairs.push_back({number(1), number(2)});
      gateway.pairs.push_back({"4", "4" + number(1)});
    }
    if (seldom()) {
      gateway.caller_class_check = most(1) == 0;
      gateway.callee_class_check = most(1) == 0;
      gateway.caller_class_other = gateway.callee_class_city = most(1) == 0;
      gateway.caller_class_mobile = gateway.callee_class_mobile = !seldom();
      gateway.mobile_area_mode = mode();
      if (seldom()) gateway.mobile_areas = {"020"};
    }
    if (!seldom()) return;
    gateway.caller_groups_mode = mode();
    gateway.callee_groups_mode = mode();
    if (seldom()) gateway.caller_groups = {1 + most(1)};
    if (seldom()) gateway.callee_groups = {1, 2};
    gateway.caller_list_policy = directory::ListPolicy(most(2));
    gateway.callee_list_policy = directory::ListPolicy(most(2));
    if (most(3) != 0) gateway.caller_list = {1, 2, 3};
    if (most(1) == 0) gateway.callee_list = {1, 2, 3};
  }

  void periods(EgressGateway& gateway) {
    if (seldom()) gateway.calendar = 1;
    gateway.calendar_mode = directory::CalendarMode(most(1));
    for (int rows = most(2); rows > 0; --rows)
      gateway.period_capacity.push_back({period(), most(2) * 2});
    for (int rows = most(2); rows > 0; --rows)
      gateway.period_priority.push_back({period(), most(2)});
    for (int rows = most(2); rows > 0; --rows)
      gateway.period_rules.push_back(
          {period(), mode(), directory::PeriodRule::Side(most(1)), {number(2), "4"}});
  }

  void egress(plain::World& world) {
    EgressGateway& made = world.source.egress_gateways.emplace_back();
    made.id = std::int64_t(world.source.egress_gateways.size());
    made.name = "g" + std::to_string(made.id);
    for (int count = 1 + most(2); count > 0; --count)
      made.prefixes.push_back(number(seldom() ? 4 : 2));
    made.prefix_style = directory::PrefixStyle(most(3) != 0);
    if (most(15) == 0) made.lock_type = directory::Lock::All;
    made.priority = most(2);
    static constexpr int kCapacities[] = {0, 0, 2, 3, 4, 6};
    made.capacity = kCapacities[most(5)];
    made.protect = most(5) == 0;
    made.fee_rate_restrict = most(1) == 0;
    made.least_cost_routing = most(4) != 0;
    made.weight = most(2);
    made.trial_share = most(9) == 0 ? 20 : 0;
    made.throttle_above = seldom() ? 30 : 0;
    if (most(7) == 0) {
      made.register_type = directory::EgressRegister::Outbound;
      made.outbound_registration = 1 + most(1);
    } else if (most(9) == 0) {
      made.register_type = directory::EgressRegister::Dynamic;
    }
    if (!seldom()) world.costs[made.id] = rate();
    money(made);
    memberships(world.source, made);
    if (most(9) == 0) wishes(made);
    if (most(2) == 0) rules(made);
    if (seldom()) periods(made);
  }

  Rng& rng_;
};

}  // namespace tandem::routing
