// What money decides: the worked examples of call-handling.md §8 with fees, and filters 14 to 16.
#include "core/routing/rates.h"

#include <map>

#include "core/routing/routing_fixture.h"

namespace tandem::routing {
namespace {

using directory::EgressGateway;
using directory::RoutePolicy;
using directory::SortPlace;

// "0.60/60" of the tables: hundredths of a cent for a period.
constexpr SecondRate per(std::int64_t ten_thousandths, std::int64_t period) {
  return {ten_thousandths * 100'000, period};
}

// ---- billing.md 7: profit

struct Profit {
  SecondRate sell, cost;
  int sell_base, cost_base;  // the highest percentage that passes
};

TEST(Rates, profit_of_the_worked_examples) {
  for (const Profit& each : {
           Profit{per(6'000, 60), per(5'400, 60), 10, 11},
           Profit{per(6'000, 60), per(90, 1), 10, 11},
           Profit{per(6'000, 60), per(6'000, 60), 0, 0},
           Profit{per(6'000, 60), per(6'600, 60), -10, -10},
           Profit{per(0, 60), per(0, 1), 0, 0},
           Profit{per(0, 60), per(100, 60), -10'000, -10'000},
           Profit{per(100, 60), per(0, 60), 100, 10'000},
           Profit{per(1, 60), per(10'000, 1), -10'000, -100},
       }) {
    for (const auto& [base, most] : {std::pair{ProfitBase::Price, each.sell_base},
                                     std::pair{ProfitBase::Cost, each.cost_base}}) {
      EXPECT_TRUE(profit_reaches(each.sell, each.cost, base, most)) << most;
      if (most < 10'000) {
        EXPECT_FALSE(profit_reaches(each.sell, each.cost, base, most + 1)) << most;
      }
    }
  }
}

TEST(Rates, are_compared_by_what_they_make_a_second) {
  EXPECT_EQ(per(6'000, 60), per(100, 1));
  EXPECT_LT(per(1, 3), per(34, 100));
  const SecondRate huge{INT64_MAX, 1};
  EXPECT_LT((SecondRate{INT64_MAX, 2}), huge);
}

// ---- a book of rates

struct Book {
  std::map<std::int64_t, SecondRate> costs;  // by gateway
  std::optional<SecondRate> price;
  std::optional<directory::CallLevel> level;
};

Rates rates_of(const Book& book) {
  Rates rates;
  rates.book = &book;
  rates.cost = [](const void* of, const EgressGateway& gateway, const facts::CallFacts&) {
    const auto& costs = static_cast<const Book*>(of)->costs;
    const auto found = costs.find(gateway.id);
    return found == costs.end() ? Rates::Rate() : found->second;
  };
  rates.level = [](const void* of, const facts::CallFacts&) {
    return static_cast<const Book*>(of)->level;
  };
  rates.price = [](const void* of, const facts::CallFacts&) {
    return static_cast<const Book*>(of)->price;
  };
  return rates;
}

struct Given {
  const char* name;
  int priority, calls, capacity, history, asr, cost;
  const char* prefix;
};

// The table of §8.
class Fees : public Routing {
 protected:
  Fees() {
    directory::IngressGateway caller;
    caller.id = call_.ingress = 1;
    source_.ingress_gateways.push_back(caller);
    for (const Given& each : {Given{"A", 1, 50, 100, 900, 40, 120, "4420"},
                              Given{"B", 1, 10, 100, 500, 35, 100, "4420"},
                              Given{"C", 2, 0, 50, 100, 60, 90, "4420"},
                              Given{"D", 1, 10, 100, 400, 35, 150, "4420"},
                              Given{"E", 1, 0, 100, 0, 80, 50, "44"}}) {
      EgressGateway& gateway = add(each.name, {each.prefix});
      gateway.priority = each.priority;
      gateway.capacity = each.capacity;
      gateway.fee_rate_restrict = gateway.least_cost_routing = true;
      facts::GatewayLive& live = live_.egress.at(gateway.id);
      live.calls = each.calls;
      for (int i = 0; i < each.history; ++i) {
        live.history.count(kToday, source_.parameters.gateway_history_reset);
      }
      const auto terms = facts::QualityTerms::of(source_.parameters);
      for (int i = 0; i < 100; ++i) live.quality.attempt(kToday, terms, i < each.asr ? facts::Reached::Answer : facts::Reached::Nothing);
      book_.costs[gateway.id] = per(each.cost, 60);
    }
    rates_ = rates_of(book_);
  }
  std::string sorted(SortPlace asr, SortPlace fee) {
    source_.parameters.gateway_asr_sort = asr;
    source_.parameters.gateway_fee_sort = fee;
    return tried_now("442012345");
  }
  directory::IngressGateway& caller() { return source_.ingress_gateways[0]; }
  EgressGateway& gateway(char name) { return source_.egress_gateways[std::size_t(name - 'A')]; }
  Book book_;
};

TEST_F(Fees, sort_as_the_worked_examples_say) {
  EXPECT_EQ(sorted(SortPlace::None, SortPlace::None), "D B A C E");
  EXPECT_EQ(sorted(SortPlace::None, SortPlace::AfterPrefix), "C B A D E");
  EXPECT_EQ(sorted(SortPlace::None, SortPlace::AfterPriority), "B A D C E");
  EXPECT_EQ(sorted(SortPlace::None, SortPlace::BeforePrefix), "E C B A D");
  EXPECT_EQ(sorted(SortPlace::None, SortPlace::Last), "D B A C E");
  source_.parameters.gateway_quality_sort_step = 10;
  EXPECT_EQ(sorted(SortPlace::AfterPrefix, SortPlace::AfterPrefix), "C A B D E");
  source_.parameters.gateway_fee_before_asr = true;
  EXPECT_EQ(sorted(SortPlace::AfterPrefix, SortPlace::AfterPrefix), "C B A D E");
}

TEST_F(Fees, a_policy_of_the_caller_replaces_the_places_of_the_system) {
  caller().route_policy_first = RoutePolicy::Fee;
  caller().route_policy_second = RoutePolicy::Asr;
  EXPECT_EQ(sorted(SortPlace::BeforePrefix, SortPlace::None), "C B A D E");
  caller().route_policy_first = RoutePolicy::Asr;
  caller().route_policy_second = RoutePolicy::None;
  EXPECT_EQ(sorted(SortPlace::None, SortPlace::BeforePrefix), "C A D B E");
  caller().route_policy_first = RoutePolicy::None;
  caller().route_policy_second = RoutePolicy::Fee;
  EXPECT_EQ(sorted(SortPlace::None, SortPlace::None), "C B A D E");
  caller().route_policy_second = RoutePolicy::None;
  EXPECT_EQ(sorted(SortPlace::None, SortPlace::BeforePrefix), "E C B A D");
}

TEST_F(Fees, a_gateway_that_takes_no_part_comes_last_of_them) {
  gateway('C').least_cost_routing = false;
  EXPECT_EQ(sorted(SortPlace::None, SortPlace::AfterPrefix), "B A D C E");
  gateway('B').fee_rate_restrict = false;  // then least_cost_routing does not count
  EXPECT_EQ(sorted(SortPlace::None, SortPlace::AfterPrefix), "A D B C E");
}

TEST_F(Fees, without_a_rate_a_gateway_is_left_out_when_it_wants_one) {
  book_.costs.erase(3);
  EXPECT_EQ(sorted(SortPlace::None, SortPlace::AfterPrefix), "B A D E");
  gateway('C').fee_rate_restrict = false;
  EXPECT_EQ(sorted(SortPlace::None, SortPlace::AfterPrefix), "B A D C E");
  book_.costs.clear();
  for (EgressGateway& each : source_.egress_gateways) each.fee_rate_restrict = true;
  EXPECT_EQ(sorted(SortPlace::None, SortPlace::None), "no_cost_rate");
}

TEST_F(Fees, what_a_second_may_cost_is_limited_by_caller_and_gateway) {
  caller().max_second_rate_enable = true;
  caller().max_second_rate = per(100, 60).fee / 60;  // below 0.0100 a minute by a fraction
  EXPECT_EQ(sorted(SortPlace::None, SortPlace::None), "C E");
  ++caller().max_second_rate;
  EXPECT_EQ(sorted(SortPlace::None, SortPlace::None), "B C E");
  gateway('C').max_second_rate_enable = true;  // at 0
  EXPECT_EQ(sorted(SortPlace::None, SortPlace::None), "B E");
  caller().max_second_rate = 0;
  EXPECT_EQ(sorted(SortPlace::None, SortPlace::None), "rate_cap_exceeded");
  caller().max_second_rate_enable = false;
  EXPECT_EQ(sorted(SortPlace::None, SortPlace::None), "D B A E");
}

TEST_F(Fees, the_highest_profit_that_is_wanted_counts) {
  book_.price = per(110, 60);
  caller().min_profit_enable = true;
  EXPECT_EQ(sorted(SortPlace::None, SortPlace::None), "B C E") << "A and D cost more than they bring";
  caller().min_profit_percent = -10;
  EXPECT_EQ(sorted(SortPlace::None, SortPlace::None), "B A C E");
  gateway('B').min_profit_enable = true;
  gateway('B').min_profit_percent = 10;  // it makes 9.09
  EXPECT_EQ(sorted(SortPlace::None, SortPlace::None), "A C E");
  caller().min_profit_percent = 55;
  EXPECT_EQ(sorted(SortPlace::None, SortPlace::None), "minimum_profit_not_reached");
  book_.price.reset();
  EXPECT_EQ(sorted(SortPlace::None, SortPlace::None), "D B A C E") << "nobody knows the price";
}

TEST_F(Fees, a_call_beyond_the_level_of_the_caller_is_refused) {
  using enum directory::CallLevel;
  caller().call_level = Domestic;
  book_.level = International;
  EXPECT_EQ(tried_now("442012345"), "call_level_denied");
  book_.level = Domestic;
  EXPECT_EQ(tried_now("442012345"), "D B A C E");
  book_.level = OnNet;
  EXPECT_EQ(tried_now("442012345"), "D B A C E");
  book_.level = std::nullopt;  // nobody knows how far its rate leads
  caller().call_level = OnNet;
  EXPECT_EQ(tried_now("442012345"), "D B A C E");
}

TEST_F(Fees, a_decision_tells_cost_and_margin_of_each_candidate) {
  book_.price = per(110, 60);
  EXPECT_NE(told("442012345").find("candidate A: accepted, matched 4 digits, priority 1, 50 calls now, "
                                   "900 until now, costs 0.012000 a minute, margin -0.001000"),
            std::string::npos)
      << told("442012345");
  book_.price = std::nullopt;
  book_.costs.erase(1);
  EXPECT_NE(told("442012345").find("900 until now\n"), std::string::npos);
}

}  // namespace
}  // namespace tandem::routing
