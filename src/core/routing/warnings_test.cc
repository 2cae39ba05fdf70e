// What an operator is told beside a decision.
#include "core/routing/warnings.h"

#include "core/directory/calendars.h"
#include "core/routing/routing_fixture.h"

namespace tandem::routing {
namespace {

class RouteWarnings : public Routing {
 protected:
  directory::EgressGateway& placed(std::string name, std::string prefix, const char* host,
                                   bool goes_on = true) {
    directory::EgressGateway& gateway = add(std::move(name), {prefix}, goes_on);
    gateway.remote_ips = {{.host = host, .ip = IpAddress::parse(host).value_or(IpAddress{})}};
    return gateway;
  }
  // "south: is locked ...", a line each.
  std::string warned(const std::string& number) {
    compile();
    const Routes found = routes_to(number);
    TimerWheel wheel;
    const registrar::Registrar registrar(wheel);
    std::string text;
    for (const Warning& each :
         find_warnings({call_, *directory_, live_, registrar, {Instant{}, wall_}}, found))
      text += each.subject + ": " + each.sentence + '\n';
    return text;
  }
};

TEST_F(RouteWarnings, there_are_none_when_all_is_well) {
  placed("south", "44", "192.0.2.1");
  placed("east", "44", "192.0.2.2");

  EXPECT_EQ(warned("4420"), "");
}

TEST_F(RouteWarnings, a_call_without_a_second_route_is_told) {
  placed("south", "44", "192.0.2.1");

  EXPECT_EQ(warned("4420"), "south: is the only route: when it fails, so does the call\n");
  EXPECT_EQ(warned("33"), "") << "nobody serves it, which the decision says itself";
}

TEST_F(RouteWarnings, prefixes_that_a_longer_one_hides_are_told) {
  placed("south", "4420", "192.0.2.1", false);
  placed("east", "4420", "192.0.2.2");
  for (const char* name : {"a", "b", "c", "d", "e"}) placed(name, "44", "192.0.2.3");

  EXPECT_EQ(warned("44207"),
            "south: its prefix \"4420\" ends the search (prefix_style): a, b, c and 2 more with "
            "shorter ones are not tried\n");
}

TEST_F(RouteWarnings, a_gateway_that_can_get_no_call_is_told) {
  directory::Calendar never;
  never.id = 3;
  never.name = "never";
  never.weekly = {{.working = false}};
  source_.calendars.push_back(never);
  const std::int64_t group = add_group("closed");
  source_.gateway_groups[0].lock_type = directory::Lock::All;
  placed("A", "44", "192.0.2.1");
  placed("B", "44", "192.0.2.2");
  placed("locked", "44", "192.0.2.3").lock_type = directory::Lock::All;
  placed("member", "44", "192.0.2.4").groups = {{group, 0}};
  add("nowhere", {"44"});
  add("unable", {"44"}).register_type = directory::EgressRegister::Dynamic;
  placed("closed", "44", "192.0.2.5").calendar = 3;
  placed("tagged", "44", "192.0.2.6").tags_required = {"gold"};
  placed("choosy", "44", "192.0.2.7").tags_any = {"red", "gold"};
  placed("open", "44", "192.0.2.8").calendar = 3;
  source_.egress_gateways.back().calendar_mode = directory::CalendarMode::NonWorking;

  EXPECT_EQ(warned("44"),
            "locked: is locked: it gets no call\n"
            "member: is locked by a group of it: it gets no call\n"
            "nowhere: has no address: no call can go there\n"
            "unable: has no password: it cannot register, and gets no call\n"
            "closed: its calendar never has no working time: it gets no call\n"
            "tagged: requires gold, which no rule sets: it gets no call\n"
            "choosy: asks for one of gold, red, none of which a rule sets: it gets no call\n");
}

TEST_F(RouteWarnings, rules_that_never_have_their_turn_are_told) {
  directory::IngressGateway north;
  north.id = call_.ingress = 1;
  north.name = "north";
  north.plan_callee_out = *number::DialPlan::compile("86:1,86:2");
  source_.ingress_gateways.push_back(north);
  placed("south", "44", "192.0.2.1").plan_caller_in = *number::DialPlan::compile("1:2,3:4,1:5");
  placed("east", "44", "192.0.2.2");

  const std::string text = warned("4420");

  EXPECT_NE(text.find("north: plan_callee_out: line 1, column 6: "), std::string::npos) << text;
  EXPECT_NE(text.find("south: plan_caller_in: line 1, column 9: "), std::string::npos) << text;
}

TEST_F(RouteWarnings, routes_that_fail_together_are_told) {
  placed("south", "44", "192.0.2.1");
  placed("east", "44", "192.0.2.1");
  placed("west", "44", "192.0.2.1").signal_port = 5080;

  EXPECT_EQ(warned("4420"),
            "east: leads to 192.0.2.1:5060, as south does: both fail together\n");
}

TEST_F(RouteWarnings, a_call_that_has_only_reserves_is_told) {
  placed("south", "44", "192.0.2.1").protect = true;
  placed("east", "44", "192.0.2.2").protect = true;

  EXPECT_EQ(warned("4420"), "south: is a reserve, and so is all that is left: the call waits for it\n");
}

}  // namespace
}  // namespace tandem::routing
