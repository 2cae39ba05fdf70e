#include "core/routing/turns.h"

#include <map>

#include "core/routing/routing_fixture.h"

namespace tandem::routing {
namespace {

using directory::EgressGateway;

class TurnsTest : public Routing {
 protected:
  // The names in the order a call tries them.
  std::string next(const std::string& number = "4420") {
    call_.callee.routed = number;
    live_.regroup(*directory_);
    TimerWheel wheel;
    const registrar::Registrar registrar(wheel);
    const Question question{call_, *directory_, live_, registrar, {Instant{}, wall_}, trace_};
    Routes found = find_routes(question);
    take_turns(question, found, live_);
    std::string text;
    for (const Route& route : found.routes)
      text += (text.empty() ? "" : " ") + directory_->egress_gateway(route.gateway)->name;
    return text;
  }

  // First choices of so many calls.
  std::map<std::string, int> first_of(int calls) {
    std::map<std::string, int> firsts;
    for (int i = 0; i < calls; ++i) {
      const std::string order = next();
      ++firsts[order.substr(0, order.find(' '))];
    }
    return firsts;
  }

  EgressGateway& weighted(const char* name, int weight, int priority = 1) {
    EgressGateway& gateway = add(name, {"44"});
    gateway.weight = weight;
    gateway.priority = priority;
    return gateway;
  }
};

TEST_F(TurnsTest, gateways_of_one_rank_share_calls_by_their_weights) {
  weighted("a", 70);
  weighted("b", 30);
  weighted("c", 0);
  weighted("d", 100, 2);
  compile();

  std::string firsts;
  for (int i = 0; i < 10; ++i) firsts += next().substr(0, 1);
  EXPECT_EQ(firsts, "abaaabaaba") << "as proportional prefixes do";
  EXPECT_EQ(first_of(1'000), (std::map<std::string, int>{{"a", 700}, {"b", 300}}));
  EXPECT_EQ(next(), "a b c d") << "without a weight behind, other ranks untouched";
}

TEST_F(TurnsTest, a_gateway_that_cannot_take_calls_leaves_its_share_to_the_others) {
  weighted("a", 1);
  weighted("b", 1);
  weighted("c", 2).capacity = 1;
  compile();
  live_.egress.at(3).calls = 1;

  EXPECT_EQ(first_of(100), (std::map<std::string, int>{{"a", 50}, {"b", 50}}));
  live_.egress.at(3).calls = 0;
  EXPECT_EQ(first_of(100), (std::map<std::string, int>{{"a", 25}, {"b", 25}, {"c", 50}}));
}

TEST_F(TurnsTest, shares_are_exact_over_every_cycle) {
  Rng rng({1, 2, 3, 4});
  for (int round = 0; round < 50; ++round) {
    source_.egress_gateways.clear();
    live_ = {};
    std::map<std::string, int> due;
    int sum = 0;
    for (int i = 0; i < 5; ++i) {
      const std::string name(1, char('a' + i));
      const int weight = int(rng.next() % 12);
      weighted(name.c_str(), weight);
      if (weight > 0) due[name] = weight;
      sum += weight;
    }
    if (sum == 0) continue;
    compile();
    for (int cycle = 0; cycle < 3; ++cycle) ASSERT_EQ(first_of(sum), due);
  }
}

TEST_F(TurnsTest, a_gateway_on_trial_gets_its_share_first) {
  weighted("a", 0);
  weighted("b", 0, 9).trial_share = 5;
  compile();

  EXPECT_EQ(first_of(1'000), (std::map<std::string, int>{{"a", 950}, {"b", 50}}));
}

TEST_F(TurnsTest, a_gateway_that_fails_much_is_spared_unless_it_is_the_only_one) {
  weighted("a", 0).throttle_above = 20;
  weighted("b", 0, 9);
  compile();
  facts::Quality& quality = live_.egress.at(1).quality;
  const auto terms = facts::QualityTerms::of(directory_->parameters());
  for (int i = 0; i < 100; ++i) quality.attempt(wall_, terms, i >= 20 ? facts::Reached::Ringing : facts::Reached::Nothing);
  EXPECT_EQ(first_of(100), (std::map<std::string, int>{{"a", 100}})) << "20 %: not more than that";

  for (int i = 0; i < 100; ++i) quality.attempt(wall_, terms, i >= 60 ? facts::Reached::Ringing : facts::Reached::Nothing);
  EXPECT_EQ(first_of(100), (std::map<std::string, int>{{"a", 50}, {"b", 50}})) << "40 % fail";
  for (int i = 0; i < 5'000; ++i) quality.attempt(wall_, terms, facts::Reached::Nothing);
  EXPECT_EQ(first_of(100), (std::map<std::string, int>{{"a", 20}, {"b", 80}})) << "98 % fail";

  live_.egress.at(2).offline = true;
  EXPECT_EQ(first_of(10), (std::map<std::string, int>{{"a", 10}})) << "the only one";
}

TEST_F(TurnsTest, without_weights_nothing_changes) {
  weighted("a", 0);
  weighted("b", 0);
  compile();
  const facts::GatewayLive before = live_.egress.read(1);

  EXPECT_EQ(next(), "a b");
  EXPECT_EQ(live_.egress.read(1).turns.shared, before.turns.shared);
}

}  // namespace
}  // namespace tandem::routing
