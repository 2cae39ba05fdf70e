// Time as a filter and in the order (call-handling.md §7, filters 4 and 11; §8).
#include "core/directory/entity_binding.h"
#include "core/routing/routing_fixture.h"

namespace tandem::routing {
namespace {

constexpr UtcTime kMonday = from_epoch_milliseconds(1'767'571'200'000);  // 2026-01-05 00:00

class Times : public Routing {
 protected:
  Times() {
    directory::Calendar office;
    office.id = 1;
    office.name = "office";
    directory::read_text("mon-fri 08:00-18:00", office.weekly.emplace_back());
    source_.calendars.push_back(office);
    add("A", {"44"});
    add("B", {"44"});
  }
  directory::EgressGateway& a() { return source_.egress_gateways[0]; }
  std::string at(int hour) {
    wall_ = kMonday + std::chrono::hours(hour);
    return tried_now("442071234567");
  }
};

TEST_F(Times, a_calendar_opens_and_closes_a_gateway) {
  a().calendar = 1;
  EXPECT_EQ(at(7), "B");
  EXPECT_EQ(at(8), "A B");
  a().calendar_mode = directory::CalendarMode::NonWorking;
  EXPECT_EQ(at(8), "B");
  source_.egress_gateways.pop_back();
  EXPECT_EQ(at(8), "calendar_denied");
}

TEST_F(Times, rules_keep_calls_away) {
  directory::read_text("18:00-08:00: deny callee 4420", a().period_rules.emplace_back());
  EXPECT_EQ(at(19), "B");
  EXPECT_EQ(at(9), "A B");
}

TEST_F(Times, capacity_and_priority_of_the_hour_count) {
  directory::read_text("in 1: 1", a().period_capacity.emplace_back());
  directory::read_text("18:00-24:00: 200", a().period_priority.emplace_back());
  live_.egress.at(1).calls = 1;
  source_.parameters.gateway_load_sort = directory::LoadSort::Off;
  EXPECT_EQ(at(9), "B") << "its one line is taken";
  EXPECT_EQ(at(19), "B A") << "it comes later then";
  EXPECT_EQ(at(7), "A B");
  source_.parameters.gateway_load_sort = directory::LoadSort::Ratio;
  live_.egress.at(2).calls = 1;
  source_.egress_gateways[1].capacity = 3;
  directory::read_text("always: 2", a().period_capacity.front());
  EXPECT_EQ(at(9), "B A") << "half full, and a third full";
}

TEST_F(Times, reserves_come_last_in_their_own_order) {
  add("C", {"4420"}).priority = 1;
  a().protect = true;
  EXPECT_EQ(at(9), "C B A");
  source_.egress_gateways[2].protect = true;
  EXPECT_EQ(at(9), "B C A") << "the longer prefix first";
  const Routes found = routes_to("442071234567");
  EXPECT_FALSE(found.routes[0].protect);
  EXPECT_TRUE(found.routes[1].protect && found.routes[2].protect);
}

}  // namespace
}  // namespace tandem::routing
