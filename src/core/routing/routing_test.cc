// The worked examples of call-handling.md §6 and §8, and the order against a plain comparison of all
// keys.
#include "core/routing/routing_fixture.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <tuple>

#include "base/rng.h"

namespace tandem::routing {
namespace {

using directory::EgressGateway;
using directory::SortPlace;

// ---- §6, by the numbers of its table

TEST_F(Routing, example_1_a_terminating_gateway_of_the_group_ends_the_search) {
  add("A", {"90080"}, false);
  add("B", {"90080"});
  add("C", {"9008"});
  add("D", {"900"}, false);
  EXPECT_EQ(tried_now("90080001"), "A B");
}

TEST_F(Routing, example_2_groups_follow_until_one_terminates) {
  add("A", {"90080"});
  add("B", {"90080"});
  add("C", {"9008"});
  add("D", {"900"}, false);
  add("E", {"9"});
  EXPECT_EQ(tried_now("90080001"), "A B C D");
}

TEST_F(Routing, examples_3_to_5_a_locked_gateway_is_no_boundary_a_full_one_is) {
  add("A", {"44"}, false).capacity = 1;
  add("B", {""});
  EXPECT_EQ(tried_now("4420"), "A");
  live_.egress.at(1).calls = 1;
  EXPECT_EQ(tried("4420"), "egress_capacity");
  source_.egress_gateways[0].lock_type = directory::Lock::All;
  EXPECT_EQ(tried_now("4420"), "B");
}

TEST_F(Routing, example_6_a_gateway_is_tried_once_with_its_longest_prefix) {
  add("A", {"44", "4420"});
  add("B", {"442"});
  EXPECT_EQ(tried_now("44207"), "A B");
  EXPECT_EQ(routes_to("44207").routes.front().prefix_length, 4);
}

TEST_F(Routing, examples_7_to_9) {
  add("A", {"1", "1212"}, false);
  add("B", {"12"});
  add("C", {"a44"});
  add("D", {"44"});
  add("E", {"7"}, false);
  EXPECT_EQ(tried_now("12125550123"), "A");
  EXPECT_EQ(tried("a4420"), "C") << "the number begins with a letter";
  EXPECT_EQ(tried("520"), "callee_not_found");
}

// ---- §8

struct Given {
  const char* name;
  int priority, calls, capacity, history, asr;
  const char* prefix;
};

class Sorting : public Routing {
 protected:
  Sorting() {
    for (const Given& each : {Given{"A", 1, 50, 100, 900, 40, "4420"},
                              Given{"B", 1, 10, 100, 500, 35, "4420"},
                              Given{"C", 2, 0, 50, 100, 60, "4420"},
                              Given{"D", 1, 10, 100, 400, 35, "4420"},
                              Given{"E", 1, 0, 100, 0, 80, "44"}}) {
      EgressGateway& gateway = add(each.name, {each.prefix});
      gateway.priority = each.priority;
      gateway.capacity = each.capacity;
      facts::GatewayLive& live = live_.egress.at(gateway.id);
      live.calls = each.calls;
      for (int i = 0; i < each.history; ++i) {
        live.history.count(kToday, source_.parameters.gateway_history_reset);
      }
      const auto terms = facts::QualityTerms::of(source_.parameters);
      for (int i = 0; i < 100; ++i) live.quality.attempt(kToday, terms, i < each.asr ? facts::Reached::Answer : facts::Reached::Nothing);
    }
  }
  std::string sorted(SortPlace asr) {
    source_.parameters.gateway_asr_sort = asr;
    return tried_now("442012345");
  }
};

TEST_F(Sorting, the_base_chain) { EXPECT_EQ(sorted(SortPlace::None), "D B A C E"); }
TEST_F(Sorting, asr_before_prefix) { EXPECT_EQ(sorted(SortPlace::BeforePrefix), "E C A D B"); }
TEST_F(Sorting, asr_after_prefix) { EXPECT_EQ(sorted(SortPlace::AfterPrefix), "C A D B E"); }
TEST_F(Sorting, asr_after_priority) { EXPECT_EQ(sorted(SortPlace::AfterPriority), "A D B C E"); }
TEST_F(Sorting, asr_last) { EXPECT_EQ(sorted(SortPlace::Last), "D B A C E"); }

TEST_F(Sorting, asr_is_rounded_down_to_the_step) {
  source_.parameters.gateway_quality_sort_step = 50;  // C 50, all others 0
  EXPECT_EQ(sorted(SortPlace::AfterPrefix), "C D B A E");
}

TEST_F(Sorting, a_gateway_with_few_calls_counts_with_the_assumed_asr) {
  live_.egress.at(1).quality = facts::Quality();
  source_.parameters.gateway_quality_unknown_asr = 70;
  EXPECT_EQ(sorted(SortPlace::AfterPrefix), "A C D B E");
}

TEST_F(Sorting, history_begins_anew_each_day) {
  source_.parameters.gateway_history_reset = directory::HistoryReset::Daily;
  live_.egress.at(2).history = facts::History();
  live_.egress.at(2).history.count(kToday - std::chrono::days(1), directory::HistoryReset::Daily);
  EXPECT_EQ(sorted(SortPlace::None), "B D A C E");
}

// The order of random candidates is that of their keys, written out for each place.
TEST_F(Routing, the_order_is_that_of_all_keys_at_every_place) {
  Rng rng({4, 3, 2, 1});
  const auto draw = [&](int most) { return int(rng.next() % std::uint64_t(most + 1)); };
  for (int round = 0; round < 500; ++round) {
    source_ = {};
    live_ = {};
    const auto place = SortPlace(draw(5));
    source_.parameters.gateway_asr_sort = place;
    const int count = 1 + draw(7);
    using Key = std::tuple<int, int, int, int, int, int, int, int, int, int, std::int64_t>;
    std::vector<std::pair<Key, std::string>> expected;
    for (int i = 0; i < count; ++i) {
      const int length = draw(2);
      EgressGateway& gateway = add("g" + std::to_string(i), {std::string("44").substr(0, std::size_t(length))});
      gateway.priority = draw(2);
      gateway.capacity = 10;
      facts::GatewayLive& live = live_.egress.at(gateway.id);
      live.calls = draw(3);
      const int history = draw(2);
      for (int n = 0; n < history; ++n) {
        live.history.count(kToday, source_.parameters.gateway_history_reset);
      }
      const int asr = 10 * draw(2);
      const auto terms = facts::QualityTerms::of(source_.parameters);
      for (int n = 0; n < 100; ++n) live.quality.attempt(kToday, terms, n < asr ? facts::Reached::Answer : facts::Reached::Nothing);
      const auto key = [&](SortPlace here) { return here == place ? -asr : 0; };
      expected.push_back({{key(SortPlace::BeforePrefix), -length, key(SortPlace::AfterPrefix),
                           gateway.priority, key(SortPlace::AfterPriority), int(live.calls),
                           key(SortPlace::AfterLoad), history, key(SortPlace::Last), 0, gateway.id},
                          gateway.name});
    }
    std::sort(expected.begin(), expected.end());
    std::string names;
    for (const auto& [key, name] : expected) names += (names.empty() ? "" : " ") + name;

    ASSERT_EQ(tried_now("4420"), names) << "place " << int(place);
  }
}

}  // namespace
}  // namespace tandem::routing
