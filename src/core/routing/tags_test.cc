// Gateways that ask for routing tags, by themselves or by their groups.
#include <algorithm>

#include "base/rng.h"
#include "core/directory/routing_tags.h"
#include "core/routing/routing_fixture.h"

namespace tandem::routing {
namespace {

class Tags : public Routing {
 protected:
  directory::RoutingTagRule& rule(std::string name, std::vector<std::string> prefixes,
                                  std::vector<std::string> tags) {
    directory::RoutingTagRule rule;
    rule.id = std::int64_t(source_.routing_tag_rules.size()) + 1;
    rule.name = std::move(name);
    rule.callee_prefixes = std::move(prefixes);
    rule.tags = std::move(tags);
    return source_.routing_tag_rules.emplace_back(std::move(rule));
  }
};

TEST_F(Tags, a_gateway_asks_for_all_for_one_or_for_none_of_some) {
  rule("mobile", {"447"}, {"mobile"});
  rule("uk", {"44"}, {"uk"});
  add("all", {""}).tags_required = {"mobile", "uk"};
  add("one", {""}).tags_any = {"mobile", "fr"};
  add("none", {""}).tags_excluded = {"mobile"};
  add("whatever", {""});
  compile();

  EXPECT_EQ(tried("447"), "all one whatever");
  EXPECT_EQ(tried("442"), "none whatever");
  EXPECT_EQ(tried("33"), "none whatever");
}

TEST_F(Tags, a_group_asks_for_its_members) {
  rule("uk", {"44"}, {"uk"});
  const std::int64_t group = add_group("british");
  source_.gateway_groups.back().tags_required = {"uk"};
  add("A", {""}).groups = {{group, 0}};
  add("B", {""}).groups = {{group, 0}};
  source_.egress_gateways.back().tags_excluded = {"uk"};
  compile();

  EXPECT_EQ(tried("44"), "A");
  EXPECT_EQ(tried("33"), "routing_tag_denied") << "the only reason";
}

TEST_F(Tags, nobody_sets_a_tag_that_is_asked_for) {
  add("A", {""}).tags_required = {"uk"};
  add("B", {""}).tags_excluded = {"uk"};

  EXPECT_EQ(tried_now("44"), "B");
}

TEST_F(Tags, the_numbers_of_a_redirection_have_their_own) {
  rule("uk", {"44"}, {"uk"});
  add("A", {""}).tags_required = {"uk"};
  compile();

  EXPECT_EQ(tried("33"), "routing_tag_denied");
  EXPECT_EQ(tried("44"), "A");
}

TEST_F(Tags, the_decision_tells_who_set_them_and_what_is_amiss) {
  rule("uk", {"44"}, {"uk", "eu"}).on_match = directory::OnMatch::Stop;
  rule("never", {}, {"x"});
  add("A", {""}).tags_required = {"uk", "gold"};
  add("B", {""}).tags_excluded = {"eu", "us"};
  add("C", {""}).tags_any = {"us", "x"};

  EXPECT_EQ(told("44"),
            "tags uk: sets eu, uk, and no further rule is asked\n"
            "candidate A: rejected by routing tags: it requires gold, matched 0 digits, priority 100\n"
            "candidate B: rejected by routing tags: it excludes eu, matched 0 digits, priority 100\n"
            "candidate C: rejected by routing tags: it asks for one of us, x, matched 0 digits, "
            "priority 100\n"
            "routing 44: rejected\n");
}

// Whatever is configured, no gateway is returned whose wishes are not met, and none is left out whose
// are.
TEST_F(Tags, every_gateway_that_is_returned_gets_what_it_asks_for) {
  Rng rng({9, 8, 7, 6});
  const auto below = [&](std::uint64_t most) { return rng.next() % most; };
  const std::vector<std::string> all = {"a", "b", "c", "d", "e", "f"};
  const auto some = [&] {
    std::vector<std::string> words;
    for (const std::string& word : all)
      if (below(4) == 0) words.push_back(word);
    return words;
  };
  const auto meets = [](const auto& who, const std::vector<std::string>& tags) {
    const auto has = [&](const std::string& word) {
      return std::ranges::find(tags, word) != tags.end();
    };
    return std::ranges::all_of(who.tags_required, has) &&
           (who.tags_any.empty() || std::ranges::any_of(who.tags_any, has)) &&
           std::ranges::none_of(who.tags_excluded, has);
  };
  for (int round = 0; round < 300; ++round) {
    source_ = {};
    for (int i = 0; i < 4; ++i) rule("r" + std::to_string(i), {std::to_string(i % 3)}, some());
    for (int i = 0; i < 2; ++i) {
      add_group("g" + std::to_string(i));
      if (below(2) == 0) source_.gateway_groups.back().tags_excluded = some();
      if (below(4) == 0) source_.gateway_groups.back().tags_any = some();
    }
    for (int i = 0; i < 8; ++i) {
      directory::EgressGateway& gateway = add("v" + std::to_string(i), {""});
      if (below(3) == 0) gateway.tags_required = some();
      if (below(3) == 0) gateway.tags_any = some();
      if (below(3) == 0) gateway.tags_excluded = some();
      if (below(2) == 0) gateway.groups = {{std::int64_t(1 + below(2)), 0}};
    }
    compile();
    for (const std::string number : {"0", "1", "2", "3"}) {
      std::vector<std::string> tags;
      for (const auto& each : source_.routing_tag_rules)
        if (number == each.callee_prefixes.front())
          tags.insert(tags.end(), each.tags.begin(), each.tags.end());
      std::string expected;
      for (const auto& gateway : source_.egress_gateways) {
        bool fits = meets(gateway, tags);
        for (const auto& in : gateway.groups)
          fits = fits && meets(source_.gateway_groups[std::size_t(in.group - 1)], tags);
        if (fits) expected += (expected.empty() ? "" : " ") + gateway.name;
      }
      ASSERT_EQ(tried(number), expected.empty() ? "routing_tag_denied" : expected) << round;
    }
  }
}

}  // namespace
}  // namespace tandem::routing
