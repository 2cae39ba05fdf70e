// Sorting by the quality of a gateway to the destination of the call.
#include "core/facts/destinations.h"

#include <algorithm>

#include "base/rng.h"
#include "core/routing/routing_fixture.h"

namespace tandem::routing {
namespace {

class ByDestination : public Routing {
 protected:
  ByDestination() {
    auto& parameters = source_.parameters;
    parameters.gateway_asr_sort = directory::SortPlace::AfterPrefix;
    parameters.gateway_quality_min_calls = 10;
    parameters.gateway_quality_unknown_asr = 50;
    parameters.gateway_quality_prefix_min_calls = 5;
    parameters.gateway_quality_prefix_length = 2;
    add("A", {""});
    add("B", {""});
    count(1, "", 100, 60);
    count(2, "", 100, 40);
  }
  // Of all calls, or of those to a destination.
  void count(std::int64_t gateway, const char* number, int attempts, int answered) {
    const auto terms = facts::QualityTerms::of(source_.parameters);
    const auto destination = facts::destination_of(number, source_.parameters);
    facts::Quality& quality = destination == 0
                                  ? live_.egress.at(gateway).quality
                                  : live_.destinations.at(kToday, terms, gateway, destination);
    for (int i = 0; i < attempts; ++i) quality.attempt(kToday, terms, i < answered ? facts::Reached::Answer : facts::Reached::Nothing);
  }
};

TEST_F(ByDestination, what_is_known_of_the_destination_counts_first) {
  EXPECT_EQ(tried_now("44"), "A B");
  count(1, "44", 10, 2);

  EXPECT_EQ(tried_now("44"), "B A") << "20 and, of all calls, 40 per cent";
  EXPECT_EQ(tried_now("33"), "A B") << "another destination";
  EXPECT_EQ(tried_now("4"), "A B");
  EXPECT_EQ(told("44"),
            "candidate A: accepted, matched 0 digits, priority 100, ASR 20 % to 44\n"
            "candidate B: accepted, matched 0 digits, priority 100, ASR 40 %\n");
}

TEST_F(ByDestination, not_before_there_are_enough_attempts) {
  count(1, "44", 4, 0);
  EXPECT_EQ(tried_now("44"), "A B");
  count(1, "44", 1, 0);
  EXPECT_EQ(tried_now("44"), "B A");
  source_.parameters.gateway_quality_prefix_min_calls = 6;
  EXPECT_EQ(tried_now("44"), "A B");
}

TEST_F(ByDestination, not_when_it_is_switched_off) {
  count(1, "44", 10, 0);
  source_.parameters.gateway_quality_prefix_min_calls = 0;
  EXPECT_EQ(tried_now("44"), "A B");
}

TEST_F(ByDestination, not_after_its_window) {
  count(1, "44", 10, 0);
  source_.parameters.gateway_quality_min_calls = 0;
  wall_ = kToday + source_.parameters.gateway_quality_reserve_time;
  EXPECT_EQ(tried_now("44"), "A B") << "nothing is known of any";
}

// The order is always that of the figure that counts.
TEST_F(ByDestination, every_gateway_is_sorted_by_the_figure_that_counts) {
  Rng rng({2, 7, 1, 8});
  const auto below = [&](std::uint64_t most) { return int(rng.next() % most); };
  for (int round = 0; round < 300; ++round) {
    live_ = {};
    source_.egress_gateways.clear();
    struct Known {
      int asr;
      std::int64_t id;
    };
    std::vector<Known> known;
    for (std::int64_t id = 1; id <= 6; ++id) {
      add("g" + std::to_string(id), {""});
      const int all = below(20), all_answered = below(std::uint64_t(all) + 1);
      const int there = below(10), there_answered = below(std::uint64_t(there) + 1);
      count(id, "", all, all_answered);
      count(id, "44", there, there_answered);
      const int asr = there >= 5 ? there_answered * 100 / there
                      : all >= 10 ? all_answered * 100 / all
                                  : 50;
      known.push_back({asr, id});
    }
    std::ranges::stable_sort(known, [](const Known& a, const Known& b) { return a.asr > b.asr; });
    std::string expected;
    for (const Known& each : known)
      expected += (expected.empty() ? "g" : " g") + std::to_string(each.id);
    ASSERT_EQ(tried_now("44"), expected) << round;
  }
}

}  // namespace
}  // namespace tandem::routing
