// Lines of gateways and of their groups, counted together.
#include "core/facts/live.h"

#include <gtest/gtest.h>

#include "base/rng.h"
#include "core/directory/directory.h"

namespace tandem::facts {
namespace {

using directory::Directory;

std::shared_ptr<const Directory> directory_of(
    const std::vector<std::vector<std::int64_t>>& groups_of_gateways) {
  Directory::Source source;
  for (std::int64_t id = 1; id <= 3; ++id) source.gateway_groups.emplace_back().id = id;
  for (const auto& groups : groups_of_gateways) {
    directory::IngressGateway& in = source.ingress_gateways.emplace_back();
    directory::EgressGateway& out = source.egress_gateways.emplace_back();
    in.id = out.id = std::int64_t(source.egress_gateways.size());
    for (const std::int64_t group : groups) {
      in.groups.push_back({group, 0});
      out.groups.push_back({group, 0});
    }
  }
  return Directory::compile(source);
}

TEST(Live, a_group_has_the_calls_of_its_members_both_ways) {
  Live live;
  live.regroup(*directory_of({{1}, {1, 2}, {}}));

  live.count_ingress(1, 1);
  live.count_egress(2, 1);
  live.count_egress(3, 1);

  EXPECT_EQ(live.groups.read(1).calls, 2);
  EXPECT_EQ(live.groups.read(2).calls, 1);
  live.count_ingress(1, -1);
  EXPECT_EQ(live.groups.read(1).calls, 1);
}

TEST(Live, calls_go_with_a_gateway_to_its_new_group) {
  Live live;
  live.regroup(*directory_of({{1}}));
  live.count_egress(1, 1);

  live.regroup(*directory_of({{3}}));

  EXPECT_EQ(live.groups.read(1).calls, 0);
  EXPECT_EQ(live.groups.read(3).calls, 1);
  live.count_egress(1, -1);
  EXPECT_EQ(live.groups.read(3).calls, 0);
}

TEST(Live, the_last_call_of_a_gateway_that_was_removed_leaves_nothing_behind) {
  Live live;
  live.regroup(*directory_of({{}, {2}}));
  live.count_egress(2, 1);
  live.regroup(*directory_of({{}}));
  EXPECT_EQ(live.groups.read(2).calls, 0);
  live.count_egress(2, -1);
  EXPECT_EQ(live.groups.read(2).calls, 0);
  EXPECT_EQ(live.egress.read(2).calls, 0);
}

// Calls come and go while gateways change their groups: what is counted is what a recount finds, and
// never below zero.
TEST(Live, recount_equals_count_whatever_happens) {
  Rng rng({1, 2, 3, 4});
  const auto draw = [&](std::uint64_t below) { return rng.next() % below; };
  Live live;
  std::vector<std::pair<bool, std::int64_t>> calls;  // egress?, gateway
  const auto some_groups = [&] {
    std::vector<std::vector<std::int64_t>> groups(4);
    for (auto& each : groups)
      for (std::int64_t group = 1; group <= 3; ++group)
        if (draw(2) == 0) each.push_back(group);
    return directory_of(groups);
  };
  auto now = some_groups();
  live.regroup(*now);
  for (int step = 0; step < 5'000; ++step) {
    const auto what = draw(20);
    if (what == 0) {
      now = some_groups();
      live.regroup(*now);
    } else if (what < 10 || calls.empty()) {
      calls.emplace_back(draw(2) == 0, std::int64_t(draw(4)) + 1);
      const auto [egress, gateway] = calls.back();
      egress ? live.count_egress(gateway, 1) : live.count_ingress(gateway, 1);
    } else {
      const auto [egress, gateway] = calls[draw(calls.size())];
      calls.erase(std::find(calls.begin(), calls.end(), std::pair(egress, gateway)));
      egress ? live.count_egress(gateway, -1) : live.count_ingress(gateway, -1);
    }
    Live recount;
    recount.regroup(*now);
    for (const auto& [egress, gateway] : calls)
      egress ? recount.count_egress(gateway, 1) : recount.count_ingress(gateway, 1);
    ASSERT_TRUE(recount.counts_like(live)) << step;
    live.groups.for_each([&](std::int64_t, const GroupLive& group) { ASSERT_GE(group.calls, 0); });
  }
}

}  // namespace
}  // namespace tandem::facts
