// Gateway groups as filters (call-handling.md §7): 1, 3 and 12.
#include "core/routing/routing_fixture.h"

namespace tandem::routing {
namespace {

using directory::Lock;
using directory::RuleMode;

class Groups : public Routing {
 protected:
  // A and B in the group `shared` of 3 lines, C in none.
  Groups() {
    shared_ = add_group("shared", 3);
    add("A", {"44"}).groups = {{shared_, 0}};
    add("B", {"44"}).groups = {{shared_, 1}};
    add("C", {"44"});
  }
  void set_calls(int a, int b, int c) {
    live_.egress.at(1).calls = a;
    live_.egress.at(2).calls = b;
    live_.egress.at(3).calls = c;
  }
  std::int64_t shared_ = 0;
};

TEST_F(Groups, calls_of_all_members_count) {
  source_.parameters.gateway_load_sort = directory::LoadSort::Off;
  compile();
  EXPECT_EQ(tried("44"), "A B C");

  set_calls(1, 1, 9);
  EXPECT_EQ(tried("44"), "A C") << "B leaves the last line to others";
  set_calls(0, 3, 0);
  EXPECT_EQ(tried("44"), "C");
  set_calls(0, 4, 0);
  EXPECT_EQ(tried("44"), "C") << "more calls than lines, after it was made smaller";
}

TEST_F(Groups, a_full_group_is_told_when_it_is_the_only_reason) {
  source_.egress_gateways.pop_back();
  live_.egress.at(1).calls = 3;
  EXPECT_EQ(tried_now("44"), "group_capacity");
  source_.egress_gateways[0].lock_type = Lock::All;
  EXPECT_EQ(tried_now("44"), "no_available_router");
}

TEST_F(Groups, calls_of_ingress_members_count_too) {
  directory::IngressGateway in;
  in.id = 7;
  in.groups = {{shared_, 0}};
  source_.ingress_gateways.push_back(in);
  live_.ingress.at(7).calls = 2;
  compile();
  EXPECT_EQ(tried("44"), "A C");
  live_.ingress.at(7).calls = 3;
  EXPECT_EQ(tried("44"), "C");
}

TEST_F(Groups, all_groups_of_a_gateway_apply) {
  const std::int64_t small = add_group("small", 1);
  source_.egress_gateways[0].groups.push_back({small, 0});
  live_.egress.at(1).calls = 1;
  EXPECT_EQ(tried_now("44"), "B C");
  source_.gateway_groups[1].capacity = 0;  // no limit
  EXPECT_EQ(tried_now("44"), "B C A") << "by load";
}

TEST_F(Groups, members_of_a_locked_group_are_left_out_and_are_no_boundary) {
  for (auto& gateway : source_.egress_gateways) {
    gateway.prefix_style = directory::PrefixStyle::Terminate;
  }
  source_.egress_gateways.pop_back();
  add("short", {"4"});
  EXPECT_EQ(tried_now("44"), "A B");
  source_.gateway_groups[0].lock_type = Lock::All;
  EXPECT_EQ(tried_now("44"), "short");
  source_.egress_gateways.pop_back();
  EXPECT_EQ(tried_now("44"), "gateway_locked");
}

// ---- filter 3

struct Access {
  RuleMode mode;
  std::vector<std::int64_t> groups;  // 1 = shared, 2 = other
  const char* tried;
};

TEST_F(Groups, a_caller_may_be_kept_to_groups_or_from_them) {
  const std::int64_t other = add_group("other");
  source_.egress_gateways[2].groups = {{other, 0}};
  source_.egress_gateways[1].groups.push_back({other, 0});
  directory::IngressGateway in;
  in.id = 7;
  source_.ingress_gateways.push_back(in);
  directory::Phone phone;
  phone.id = 9;
  phone.name = "1001";
  source_.phones.push_back(phone);
  for (const Access& each : {Access{RuleMode::Allow, {}, "A B C"},
                             Access{RuleMode::Deny, {}, "A B C"},
                             Access{RuleMode::Allow, {1}, "A B"},
                             Access{RuleMode::Allow, {2}, "B C"},
                             Access{RuleMode::Allow, {2, 1}, "A B C"},
                             Access{RuleMode::Deny, {1}, "C"},
                             Access{RuleMode::Deny, {2}, "A"},
                             Access{RuleMode::Deny, {1, 2}, "route_group_denied"}}) {
    for (const bool by_phone : {false, true}) {
      call_.ingress = by_phone ? 0 : 7;
      call_.phone = by_phone ? 9 : 0;
      source_.ingress_gateways[0].egress_groups_mode = source_.phones[0].egress_groups_mode =
          each.mode;
      source_.ingress_gateways[0].egress_groups = source_.phones[0].egress_groups = each.groups;
      EXPECT_EQ(tried_now("44"), each.tried) << by_phone;
    }
  }
}

TEST_F(Groups, a_caller_may_be_kept_to_single_gateways_or_from_them) {
  directory::IngressGateway in;
  in.id = call_.ingress = 7;
  in.egress_gateways = {3, 1};
  source_.ingress_gateways.push_back(in);
  EXPECT_EQ(tried_now("44"), "A C");
  source_.ingress_gateways[0].egress_gateways_mode = RuleMode::Deny;
  EXPECT_EQ(tried_now("44"), "B");
  source_.ingress_gateways[0].egress_groups = {shared_};
  source_.ingress_gateways[0].egress_groups_mode = RuleMode::Deny;
  EXPECT_EQ(tried_now("44"), "route_group_denied") << "both lists apply";
}

TEST_F(Groups, the_decision_names_the_filter) {
  facts::DecisionTrace trace;
  trace_ = &trace;
  live_.egress.at(1).calls = 3;
  tried_now("44");
  ASSERT_EQ(trace.size(), 3u);
  EXPECT_EQ(trace[1].subject, "B");
  EXPECT_TRUE(trace[1].outcome.starts_with("rejected by group capacity, ")) << trace[1].outcome;
  EXPECT_EQ(trace[1].reason, "group_capacity");
}

}  // namespace
}  // namespace tandem::routing
