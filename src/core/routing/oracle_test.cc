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
#include "core/routing/drawn_switch.h"
#include "core/routing/routing.h"
#include "core/routing/turns.h"

namespace tandem::routing {
namespace {

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

Rates rates_of(const plain::World& world) {
  Rates rates;
  rates.book = &world;
  rates.base = world.base;
  rates.cost = [](const void* book, const EgressGateway& gateway, const facts::CallFacts&) {
    const auto& costs = static_cast<const plain::World*>(book)->costs;
    const auto found = costs.find(gateway.id);
    return found == costs.end() ? Rates::Rate() : found->second;
  };
  rates.level = [](const void* book, const facts::CallFacts&) {
    return static_cast<const plain::World*>(book)->level;
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
      gateway.quality.attempt(at, terms, i < state.answered ? facts::Reached::Answer : facts::Reached::Nothing);
  }
  directory::Parameters whole;
  whole.gateway_quality_prefix_min_calls = 1;
  whole.gateway_quality_prefix_length = int(facts::kMaxDestinationLength);
  for (const auto& [of, state] : world.destinations) {
    facts::Quality& quality =
        live.destinations.at(at, terms, of.first, facts::destination_of(of.second, whole));
    for (int i = 0; i < state.attempts; ++i)
      quality.attempt(at, terms, i < state.answered ? facts::Reached::Answer : facts::Reached::Nothing);
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
    register_gateways(world);
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
    if (wanted.refused && wanted.removed.empty()) ++removed_[code(wanted.refused)];
    by_destination_ += oracle.sorted_by_destination();
    bands_ += wanted.banded;
    ++left_[wanted.order.size()];
    for (const Route& route : found.routes)
      ASSERT_EQ(route.protect, directory.egress_gateway(route.gateway)->protect);
    const EgressGateway& some = world.source.egress_gateways.front();
    ASSERT_EQ(code(filter(question, some)), code(oracle.objection_at_attempt(some)));
    if (drawing_.most(9) == 0) explain(question, wanted);
    if (drawing_.most(9) == 0) decide_again(question);
  }

  // Each that is registered has one contact; it matters only of those that are reached there.
  void register_gateways(const plain::World& world) {
    using registrar::Registrar;
    const registrar::Local here{};
    for (const auto& [id, state] : world.egress) {
      const registrar::Subscriber who{registrar::Subscriber::Kind::EgressGateway, id};
      const bool is = registrar_.first(who) != registrar::BindingId{};
      if (is == state.registered) continue;
      registrar_.remove_all(who);
      if (!state.registered) continue;
      registrar::Binding binding;
      binding.subscriber = who;
      binding.expires = UtcTime{} + 1h;
      ASSERT_TRUE(registrar_.adopt({}, 1, Registrar::keep(binding, here, {}), {&here, 1}));
    }
    registrar_.changes().clear();
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
  int by_destination_ = 0;              // gateways whose figures to the destination counted
  int bands_ = 0;                       // decisions in which costs that differ were one

 private:
  Rng rng_{{9, 8, 7, 6}};
  Drawing drawing_{rng_};
  TimerWheel wheel_;
  registrar::Registrar registrar_{wheel_};
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
                             "routing_tag_denied",
                             "call_level_denied",
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
  EXPECT_GT(by_destination_, kSwitches / 10);
  EXPECT_GT(bands_, kSwitches / 40);
}

}  // namespace
}  // namespace tandem::routing
