// A million decisions about random switches, compared with a second implementation that is plain
// and slow (plain_routing.h): which gateways are left and in which order, why each other one is
// not, why nobody is left, what keeps a gateway away at its attempt; and that a decision is the
// same when it is made again, in words, or after saving and restoring.
#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/archive.h"
#include "base/rng.h"
#include "core/routing/plain_routing.h"
#include "core/routing/routing.h"
#include "core/routing/turns.h"

namespace tandem::routing {
namespace {

using directory::EgressGateway;
using directory::RuleMode;
using plain::State;

// Sanitizers make each some thirty times as slow.
#ifndef __has_feature
#define __has_feature(name) 0
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || \
    __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
constexpr int kSwitches = 1'000;
#else
constexpr int kSwitches = 40'000;
#endif
constexpr int kDecisions = 25;  // of each

constexpr std::int64_t kDay = 86'400'000;

// Everything drawn has few values, so that much of it fits and much of it ties.
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
    for (int count = 1 + most(9); count > 0; --count) egress(made);
    if (!seldom()) made.price = rate();
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
    if (seldom()) gateway.caller_list = {1, 2, 3};
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
    made.fee_rate_restrict = most(3) == 0;
    made.least_cost_routing = most(2) != 0;
    made.weight = most(2);
    made.trial_share = most(9) == 0 ? 20 : 0;
    made.throttle_above = seldom() ? 30 : 0;
    if (most(7) == 0) {
      made.register_type = directory::EgressRegister::Outbound;
      made.outbound_registration = 1 + most(1);
    }
    if (!seldom()) world.costs[made.id] = rate();
    money(made);
    memberships(world.source, made);
    if (seldom()) rules(made);
    if (seldom()) periods(made);
  }

  Rng& rng_;
};

Rates rates_of(const plain::World& world) {
  Rates rates;
  rates.book = &world;
  rates.base = world.base;
  rates.cost = [](const void* book, const EgressGateway& gateway, const facts::CallFacts&) {
    const auto& costs = static_cast<const plain::World*>(book)->costs;
    const auto found = costs.find(gateway.id);
    return found == costs.end() ? Rates::Rate() : found->second;
  };
  rates.price = [](const void* book, const facts::CallFacts&) {
    return static_cast<const plain::World*>(book)->price;
  };
  return rates;
}

constexpr Instant kNow{3'600s};

facts::Live live_of(const plain::World& world, const directory::Directory& directory, UtcTime at) {
  facts::Live live;
  const auto terms = facts::QualityTerms::of(directory.parameters());
  for (const auto& [id, calls] : world.ingress_calls) live.ingress.at(id).calls = calls;
  for (const auto& [id, its] : world.registrations) {
    live.registrations.at(id).calls = its.calls;
    live.registrations.at(id).capacity = its.capacity;
    live.registrations.at(id).registered = its.registered;
  }
  for (const auto& [id, state] : world.egress) {
    facts::GatewayLive& gateway = live.egress.at(id);
    gateway.calls = state.calls;
    gateway.offline = state.offline;
    if (state.banned) gateway.banned_until = kNow + 1ms;
    for (int i = 0; i < state.history; ++i)
      gateway.history.count(at, directory.parameters().gateway_history_reset);
    for (int i = 0; i < state.attempts; ++i)
      gateway.quality.attempt(at, terms, i < state.answered, i < state.answered);
  }
  live.regroup(directory);
  return live;
}

std::vector<std::int64_t> ids_of(const Routes& found) {
  std::vector<std::int64_t> ids;
  for (const Route& route : found.routes) ids.push_back(route.gateway);
  return ids;
}

std::string code(const plain::Reason& reason) {
  return reason ? std::string(cause::code_of(*reason, 0)) : std::string("none");
}

// What a decision says of each candidate, in words.
std::map<std::int64_t, std::string> told_of(const facts::DecisionTrace& trace) {
  std::map<std::int64_t, std::string> told;
  for (const facts::DecisionLine& line : trace)
    if (line.step == "candidate") told[std::stoll(line.subject.substr(1))] = line.reason;
  return told;
}

class Oracle : public testing::Test {
 protected:
  // One switch, and what it decides at many moments.
  void examine_switch() {
    plain::World world = drawing_.world();
    world.source.number = 1;
    // As after a change: over an index that knows other prefixes.
    if (drawing_.seldom()) world.source.prefixes = base_;
    const auto directory = directory::Directory::compile(world.source);
    base_ = directory->prefixes().base();
    for (int i = 0; i < kDecisions && !HasFatalFailure(); ++i) {
      drawing_.states(world);
      examine(world, *directory);
    }
  }

  void examine(const plain::World& world, const directory::Directory& directory) {
    const facts::CallFacts call = drawing_.call();
    const UtcTime at = drawing_.time();
    const facts::Live live = live_of(world, directory, at);
    Question question{call, directory, live, registrar_, {kNow, at}};
    question.rates = rates_of(world);
    plain::Asked asked{call, at};
    if (drawing_.most(9) == 0) question.only.gateway = asked.only_gateway = 1 + drawing_.most(2);
    if (drawing_.most(9) == 0) question.only.group = asked.only_group = 1;
    const plain::Deciding oracle(world, asked);
    const plain::Decision wanted = oracle.decide();

    const Routes found = find_routes(question);

    ASSERT_EQ(ids_of(found), wanted.order);
    ASSERT_EQ(code(found.refused), code(wanted.refused));
    for (const auto& [id, reason] : wanted.removed) ++removed_[code(reason)];
    ++left_[wanted.order.size()];
    for (const Route& route : found.routes)
      ASSERT_EQ(route.protect, directory.egress_gateway(route.gateway)->protect);
    const EgressGateway& some = world.source.egress_gateways.front();
    ASSERT_EQ(code(filter(question, some)), code(oracle.objection_at_attempt(some)));
    if (drawing_.most(9) == 0) explain(question, wanted);
    if (drawing_.most(9) == 0) decide_again(question);
  }

  static void explain(Question question, const plain::Decision& wanted) {
    facts::DecisionTrace trace;
    question.trace = &trace;
    const Routes found = find_routes(question);
    ASSERT_EQ(ids_of(found), wanted.order) << "told or not";
    std::map<std::int64_t, std::string> reasons;
    for (const std::int64_t id : wanted.order) reasons[id] = "";
    for (const auto& [id, reason] : wanted.removed) reasons[id] = cause::code_of(reason, 0);
    ASSERT_EQ(told_of(trace), reasons);
  }

  // Turns move facts, so each decision has its own copy of them: the same, or out of an archive.
  static void decide_again(const Question& question) {
    facts::Live live = question.live;
    facts::Live restored;
    Saver saver;
    saver(live);
    const std::string saved(saver.bytes());
    Loader loader(saved);
    loader(restored);
    ASSERT_TRUE(!loader.failed() && loader.at_end());
    restored.regroup(question.directory);
    for (int i = 0; i < 3; ++i) {
      const auto next = [&](facts::Live& facts) {
        const Question one{question.call,      question.directory, facts,
                           question.registrar, question.now,       nullptr,
                           question.only,      question.rates};
        Routes found = find_routes(one);
        std::vector<std::int64_t> before = ids_of(found);
        take_turns(one, found, facts);
        std::vector<std::int64_t> after = ids_of(found);
        // Turns change the order and leave out, and never make a call that could be made
        // impossible.
        EXPECT_EQ(before.empty(), after.empty());
        for (const std::int64_t id : after) EXPECT_EQ(std::ranges::count(before, id), 1);
        for (const std::int64_t id : after) EXPECT_EQ(std::ranges::count(after, id), 1);
        return after;
      };
      ASSERT_EQ(next(live), next(restored));
    }
  }

  std::map<std::string, int> removed_;  // candidates, by the reason
  std::map<std::size_t, int> left_;     // decisions, by how many were left

 private:
  Rng rng_{{9, 8, 7, 6}};
  Drawing drawing_{rng_};
  TimerWheel wheel_;
  const registrar::Registrar registrar_{wheel_};
  directory::PrefixIndex::Base base_;
};

TEST_F(Oracle, says_of_a_million_calls_where_they_go_in_which_order_and_why_not_elsewhere) {
  for (int i = 0; i < kSwitches && !HasFailure(); ++i) {
    SCOPED_TRACE("switch " + std::to_string(i));
    examine_switch();
  }
  if (HasFailure()) return;
  // Every filter had its say, and there was much to sort.
  for (const char* reason : {"gateway_locked",
                             "route_group_denied",
                             "calendar_denied",
                             "caller_prefix_denied",
                             "callee_prefix_denied",
                             "forward_denied",
                             "caller_group_denied",
                             "callee_group_denied",
                             "black_list_caller",
                             "black_list_callee",
                             "white_list_caller_missing",
                             "white_list_callee_missing",
                             "caller_length_denied",
                             "callee_length_denied",
                             "caller_format_denied",
                             "callee_format_denied",
                             "mobile_area_denied",
                             "caller_callee_pair_denied",
                             "gateway_offline",
                             "retry_after_ban",
                             "egress_capacity",
                             "group_capacity",
                             "no_cost_rate",
                             "rate_cap_exceeded",
                             "minimum_profit_not_reached"}) {
    EXPECT_GT(removed_[reason], kSwitches / 40) << reason;
  }
  for (std::size_t count = 0; count <= 5; ++count) EXPECT_GT(left_[count], kSwitches / 10) << count;
}

}  // namespace
}  // namespace tandem::routing
