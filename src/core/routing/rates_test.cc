// What money decides: the worked examples of call-handling.md §8 with fees, filters 14 to 16, and
// everything against a plain comparison of all keys.
#include "core/routing/rates.h"

#include <algorithm>
#include <map>
#include <tuple>

#include "base/rng.h"
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
};

Rates rates_of(const Book& book) {
  Rates rates;
  rates.book = &book;
  rates.cost = [](const void* of, const EgressGateway& gateway, const facts::CallFacts&) {
    const auto& costs = static_cast<const Book*>(of)->costs;
    const auto found = costs.find(gateway.id);
    return found == costs.end() ? Rates::Rate() : found->second;
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
      for (int i = 0; i < 100; ++i) live.quality.attempt(kToday, terms, false, i < each.asr);
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

// ---- all of it against an oracle

// Random gateways, limits and places: what is left and in which order, written out plainly.
class Oracle : public Routing {
 protected:
  using Key = std::vector<std::int64_t>;
  using Wanted = std::vector<std::pair<Key, std::string>>;

  int draw(int most) { return int(rng_.next() % std::uint64_t(most + 1)); }

  void draw_system() {
    source_ = {};
    live_ = {};
    book_ = {};
    rates_ = rates_of(book_);
    auto& parameters = source_.parameters;
    parameters.gateway_asr_sort = SortPlace(draw(5));
    fee_ = parameters.gateway_fee_sort = SortPlace(draw(5));
    parameters.gateway_fee_before_asr = draw(1) == 0;
    parameters.gateway_quality_unknown_asr = 50;
    if (draw(3) != 0) book_.price = per(draw(3), 1 + draw(2));
  }

  void draw_caller() {
    caller_ = {};
    caller_.id = call_.ingress = 1;
    caller_.route_policy_first = RoutePolicy(draw(4) == 0 ? draw(2) : 0);
    caller_.route_policy_second = RoutePolicy(draw(4) == 0 ? draw(2) : 0);
    draw_limits(caller_, 3);
    source_.ingress_gateways.push_back(caller_);
    const RoutePolicy first = caller_.route_policy_first;
    const RoutePolicy second = caller_.route_policy_second;
    if (first == RoutePolicy::None && second == RoutePolicy::None) return;
    const auto place = [&](RoutePolicy key) {
      return first == key || second == key ? SortPlace::AfterPrefix : SortPlace::None;
    };
    fee_ = place(RoutePolicy::Fee);
  }

  void draw_limits(directory::Device& device, int seldom) {
    device.min_profit_enable = draw(seldom) == 0;
    device.min_profit_percent = 50 * (draw(4) - 2);
    device.max_second_rate_enable = draw(seldom) == 0;
    device.max_second_rate = per(draw(3), 1).fee;
  }

  void draw_gateway(int number, Wanted& wanted) {
    const int length = draw(2);
    EgressGateway& gateway =
        add("g" + std::to_string(number), {std::string("44").substr(0, std::size_t(length))});
    gateway.priority = draw(1);
    gateway.capacity = 4;
    gateway.protect = draw(4) == 0;
    gateway.fee_rate_restrict = draw(1) == 0;
    gateway.least_cost_routing = draw(2) != 0;
    draw_limits(gateway, 4);
    facts::GatewayLive& live = live_.egress.at(gateway.id);
    live.calls = draw(4);
    const int history = draw(1);
    for (int n = 0; n < history; ++n)
      live.history.count(kToday, source_.parameters.gateway_history_reset);
    std::optional<SecondRate> cost;
    if (draw(4) != 0) cost = book_.costs[gateway.id] = per(draw(3), 1 + draw(2));
    if (live.calls < 4 && is_left(gateway, cost))
      wanted.emplace_back(key_of(gateway, length, live.calls, history, cost), gateway.name);
  }

  bool is_left(const EgressGateway& gateway, const std::optional<SecondRate>& cost) const {
    if (!cost) return !gateway.fee_rate_restrict;
    return !is_too_dear(caller_, *cost) && !is_too_dear(gateway, *cost) &&
           !makes_too_little(caller_, *cost) && !makes_too_little(gateway, *cost);
  }

  static double value_of(const SecondRate& rate) {
    return double(rate.fee) / double(rate.period);
  }

  static bool is_too_dear(const directory::Device& device, const SecondRate& cost) {
    return device.max_second_rate_enable && value_of(cost) > double(device.max_second_rate);
  }

  bool makes_too_little(const directory::Device& device, const SecondRate& cost) const {
    if (!device.min_profit_enable || !book_.price) return false;
    const double sell = value_of(*book_.price);
    const double buy = value_of(cost);
    const double percent =
        sell == 0 ? (buy == 0 ? 0 : -10'000) : std::max(-10'000.0, (sell - buy) / sell * 100);
    return percent < device.min_profit_percent - 1e-9;
  }

  // All have the same assumed ASR: its place decides nothing between them.
  Key key_of(const EgressGateway& gateway, int length, std::int64_t calls, int history,
             const std::optional<SecondRate>& cost) const {
    const bool counts = cost && gateway.fee_rate_restrict && gateway.least_cost_routing;
    const std::int64_t price = counts ? cost->fee * 6 / cost->period : INT64_MAX;
    Key key{gateway.protect ? 1 : 0};
    const auto push = [&](SortPlace here) { key.push_back(fee_ == here ? price : 0); };
    push(SortPlace::BeforePrefix);
    key.push_back(-length);
    push(SortPlace::AfterPrefix);
    key.push_back(gateway.priority);
    push(SortPlace::AfterPriority);
    key.push_back(calls);
    push(SortPlace::AfterLoad);
    key.push_back(history);
    push(SortPlace::Last);
    key.push_back(gateway.id);
    return key;
  }

  Rng rng_{{9, 8, 7, 6}};
  Book book_;
  directory::IngressGateway caller_;
  SortPlace fee_{};
};

TEST_F(Oracle, says_which_gateways_are_left_and_in_which_order) {
  for (int round = 0; round < 20'000; ++round) {
    draw_system();
    draw_caller();
    Wanted wanted;
    const int count = 1 + draw(5);
    for (int i = 0; i < count; ++i) draw_gateway(i, wanted);
    std::sort(wanted.begin(), wanted.end());
    std::string names;
    for (const auto& [key, name] : wanted) names += (names.empty() ? "" : " ") + name;

    compile();
    const Routes found = routes_to("4420");

    std::string tried;
    for (const Route& route : found.routes)
      tried += (tried.empty() ? "" : " ") + directory_->egress_gateway(route.gateway)->name;
    ASSERT_EQ(tried, names) << "round " << round;
    ASSERT_EQ(found.refused.has_value(), names.empty());
  }
}

}  // namespace
}  // namespace tandem::routing
