// Costs that count as one: the band of the cheapest, and those that follow.
#include <algorithm>
#include <map>
#include <tuple>

#include "base/rng.h"
#include "core/routing/routing_fixture.h"
#include "core/routing/sorting.h"

namespace tandem::routing {
namespace {

// Micros of the currency a minute.
SecondRate a_minute(std::int64_t micros) { return {micros * 1'000, 60}; }

TEST(TieBand, is_a_percentage_or_an_amount) {
  const TieBand percent{.percent = 5};
  EXPECT_TRUE(percent.holds(a_minute(10'000), a_minute(10'500)));
  EXPECT_FALSE(percent.holds(a_minute(10'000), a_minute(10'501)));
  EXPECT_TRUE(percent.holds({7, 1}, {441, 60})) << "7.35 a second";
  EXPECT_FALSE(percent.holds({7, 1}, {442, 60}));
  const TieBand amount{.amount = 300};
  EXPECT_TRUE(amount.holds(a_minute(10'000), a_minute(10'300)));
  EXPECT_FALSE(amount.holds(a_minute(10'000), a_minute(10'301)));
  EXPECT_TRUE(amount.holds({0, 1}, {5'000, 1})) << "0 and 300 micros a minute";
  EXPECT_FALSE(amount.holds({0, 1}, {5'001, 1}));
  const TieBand both{.percent = 5, .amount = 300};
  EXPECT_TRUE(both.holds(a_minute(10'000), a_minute(10'500)));
  EXPECT_TRUE(both.holds(a_minute(1'000), a_minute(1'300)));
  EXPECT_FALSE(both.holds(a_minute(1'000), a_minute(1'301)));
}

class Bands : public Routing {
 protected:
  using Costs = std::map<std::int64_t, SecondRate>;
  Bands() {
    source_.parameters.gateway_fee_sort = directory::SortPlace::AfterPrefix;
    rates_.book = &costs_;
    rates_.cost = [](const void* book, const directory::EgressGateway& gateway,
                     const facts::CallFacts&) -> Rates::Rate {
      const auto& costs = *static_cast<const Costs*>(book);
      const auto found = costs.find(gateway.id);
      return found == costs.end() ? std::nullopt : std::optional(found->second);
    };
  }
  directory::EgressGateway& priced(std::string name, std::string prefix, SecondRate cost,
                                   int priority) {
    directory::EgressGateway& gateway = add(std::move(name), {prefix});
    gateway.fee_rate_restrict = gateway.least_cost_routing = true;
    gateway.priority = priority;
    costs_[gateway.id] = cost;
    return gateway;
  }
  Costs costs_;
};

TEST_F(Bands, the_next_key_decides_within_a_band) {
  priced("A", "44", a_minute(1'000), 3);
  priced("B", "44", a_minute(1'040), 2);
  priced("C", "44", a_minute(1'060), 1);
  priced("D", "44", a_minute(1'100), 0);
  EXPECT_EQ(tried_now("44"), "A B C D");

  source_.parameters.gateway_fee_tie_percent = 5;
  EXPECT_EQ(tried_now("44"), "B A D C") << "1060 begins the second band, to 1113";
  source_.parameters.gateway_fee_tie_percent = 10;
  EXPECT_EQ(tried_now("44"), "D C B A");
  source_.parameters.gateway_fee_tie_percent = 0;
  source_.parameters.gateway_fee_tie_amount = 60;
  EXPECT_EQ(tried_now("44"), "C B A D");
}

TEST_F(Bands, those_that_differ_in_a_key_before_the_fee_have_bands_of_their_own) {
  source_.parameters.gateway_fee_tie_percent = 10;
  priced("cheap", "", a_minute(960), 5);
  priced("A", "44", a_minute(1'050), 2);
  priced("B", "44", a_minute(1'120), 1);

  EXPECT_EQ(tried_now("44"), "B A cheap") << "960 begins no band for 44";
}

TEST_F(Bands, without_a_cost_a_gateway_stays_last) {
  source_.parameters.gateway_fee_tie_percent = 100;
  priced("A", "44", a_minute(1), 2);
  add("B", {"44"}).priority = 1;
  priced("C", "44", a_minute(2), 1);

  EXPECT_EQ(tried_now("44"), "C A B");
}

TEST_F(Bands, gateways_of_one_band_share_calls_by_weight) {
  source_.parameters.gateway_fee_tie_percent = 5;
  priced("A", "44", a_minute(100), 0);
  priced("B", "44", a_minute(104), 0);
  priced("C", "44", a_minute(120), 0);
  compile();

  EXPECT_EQ(routes_to("44").first_rank, 2u);
}

// The law: within what the keys before the fee leave equal, costs in rising order are cut into bands,
// each begun by the cheapest that is in none; then band, priority, calls, id.
TEST_F(Bands, are_one_order_whatever_is_configured) {
  Rng rng({1, 6, 1, 8});
  const auto below = [&](std::uint64_t most) { return std::int64_t(rng.next() % most); };
  for (int round = 0; round < 500; ++round) {
    source_.egress_gateways.clear();
    costs_.clear();
    live_ = {};
    const TieBand band{.percent = int(below(20)), .amount = int(below(50))};
    source_.parameters.gateway_fee_tie_percent = band.percent;
    source_.parameters.gateway_fee_tie_amount = band.amount;
    struct Plain {
      std::int64_t length, priority, calls, id;
      SecondRate cost;
      std::int64_t band = 0;
    };
    std::vector<Plain> plain;
    for (std::int64_t id = 1; id <= 12; ++id) {
      const SecondRate cost{(1'000 + below(400)) * 1'000, 60 >> below(2)};
      const std::int64_t length = below(2) * 2;
      const int priority = int(below(3));
      priced("g" + std::to_string(id), length == 0 ? "" : "44", cost, priority);
      live_.egress.at(id).calls = below(3);
      plain.push_back({length, priority, live_.egress.at(id).calls, id, cost});
    }
    std::ranges::sort(plain, [](const Plain& a, const Plain& b) {
      return a.length != b.length ? a.length > b.length : a.cost < b.cost;
    });
    const Plain* first = nullptr;
    for (Plain& each : plain) {
      const bool in = first != nullptr && first->length == each.length && band.holds(first->cost, each.cost);
      if (!in) first = &each;
      each.band = first - plain.data();
    }
    for (const Plain& a : plain)
      for (const Plain& b : plain)
        if (a.length == b.length && a.cost < b.cost) {
          ASSERT_LE(a.band, b.band);
        }
    std::ranges::sort(plain, {}, [](const Plain& each) {
      return std::tuple(-each.length, each.band, each.priority, each.calls, each.id);
    });
    if (band.none()) continue;
    std::string expected;
    for (const Plain& each : plain)
      expected += (expected.empty() ? "g" : " g") + std::to_string(each.id);
    ASSERT_EQ(tried_now("44"), expected) << round;
  }
}

}  // namespace
}  // namespace tandem::routing
