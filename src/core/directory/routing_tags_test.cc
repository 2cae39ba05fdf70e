// Which tags a call gets, against asking each rule by itself.
#include "core/directory/routing_tags.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>

#include "base/rng.h"

namespace tandem::directory {
namespace {

class TagsOfACall : public testing::Test {
 protected:
  RoutingTagRule& add(std::string name, std::vector<std::string> tags, int priority = 100) {
    RoutingTagRule rule;
    rule.id = std::int64_t(source_.routing_tag_rules.size()) + 1;
    rule.name = std::move(name);
    rule.tags = std::move(tags);
    rule.priority = priority;
    return source_.routing_tag_rules.emplace_back(std::move(rule));
  }
  std::int64_t add_area(std::string code, std::vector<std::string> prefixes) {
    Area area;
    area.id = std::int64_t(source_.areas.size()) + 1;
    area.code = std::move(code);
    area.prefixes = std::move(prefixes);
    return source_.areas.emplace_back(std::move(area)).id;
  }
  std::string tags(const TaggedCall& call) {
    const auto directory = Directory::compile(source_);
    hits_.clear();
    std::vector<TagHit> hits;
    const TagSet set = directory->routing_tags().of(*directory, call, &hits);
    EXPECT_EQ(set, directory->routing_tags().of(*directory, call));
    for (const TagHit& hit : hits) hits_ += hit.rule->name + ' ';
    return directory->routing_tags().words(set);
  }

  Directory::Source source_;
  std::string hits_;
};

TEST_F(TagsOfACall, there_are_none_without_rules) {
  EXPECT_EQ(tags({.caller = "33", .callee = "44"}), "");
  EXPECT_FALSE(Directory::compile(source_)->routing_tags().has_rules());
}

TEST_F(TagsOfACall, rules_see_both_numbers) {
  add("mobile", {"mobile"}).callee_prefixes = {"447", "4479"};
  add("french", {"eu", "fr"}).caller_prefixes = {"33"};
  RoutingTagRule& both = add("both", {"both"});
  both.caller_prefixes = {"33"};
  both.callee_prefixes = {"44", "49"};

  EXPECT_EQ(tags({.caller = "331", .callee = "44799"}), "both, eu, fr, mobile");
  EXPECT_EQ(tags({.caller = "331", .callee = "1"}), "eu, fr");
  EXPECT_EQ(tags({.caller = "", .callee = "44799"}), "mobile");
  EXPECT_EQ(tags({.caller = "", .callee = ""}), "");
}

TEST_F(TagsOfACall, an_empty_prefix_is_any_number) {
  add("all", {"all"}).callee_prefixes = {"", "44"};

  EXPECT_EQ(tags({.callee = "1"}), "all");
  EXPECT_EQ(tags({.callee = ""}), "all");
}

TEST_F(TagsOfACall, rules_see_areas) {
  const std::int64_t london = add_area("20", {"4420"});
  const std::int64_t paris = add_area("1", {"331"});
  add("to london", {"to-london"}).callee_areas = {london};
  add("from either", {"from-either"}).caller_areas = {london, paris};

  EXPECT_EQ(tags({.caller = "3315", .callee = "44207"}), "from-either, to-london");
  EXPECT_EQ(tags({.caller = "44207", .callee = "3315"}), "from-either");
  EXPECT_EQ(tags({.caller = "49", .callee = "49"}), "");
}

TEST_F(TagsOfACall, rules_see_where_the_call_comes_from_and_who_pays) {
  IngressGateway north;
  north.id = 7;
  north.groups = {{3, 0}, {4, 0}};
  source_.ingress_gateways.push_back(north);
  add("gateway", {"gateway"}).ingress_gateways = {7, 8};
  add("group", {"group"}).ingress_groups = {4};
  add("account", {"account"}).accounts = {9};

  EXPECT_EQ(tags({.ingress = 7, .account = 9}), "account, gateway, group");
  EXPECT_EQ(tags({.ingress = 8, .account = 1}), "gateway");
  EXPECT_EQ(tags({}), "") << "a phone that nobody pays for";
}

TEST_F(TagsOfACall, a_rule_may_be_the_last_that_is_asked) {
  add("third", {"c"}, 30);
  RoutingTagRule& second = add("second", {"b"}, 20);
  second.on_match = OnMatch::Stop;
  second.callee_prefixes = {"44"};
  add("first", {"a"}, 10);

  EXPECT_EQ(tags({.callee = "44"}), "a, b");
  EXPECT_EQ(hits_, "first second ");
  EXPECT_EQ(tags({.callee = "49"}), "a, c");
}

// One rule by itself.
bool fits(const RoutingTagRule& rule, const TaggedCall& call, const Directory& directory) {
  const auto begins = [](const TextList& prefixes, std::string_view number) {
    return prefixes.empty() || std::any_of(prefixes.begin(), prefixes.end(),
                                           [&](auto each) { return number.starts_with(each); });
  };
  const auto lists = [](const std::vector<std::int64_t>& ids, std::int64_t id) {
    return ids.empty() || (id != 0 && std::ranges::find(ids, id) != ids.end());
  };
  const auto* gateway = directory.ingress_gateway(call.ingress);
  const bool in_group =
      rule.ingress_groups.empty() ||
      (gateway != nullptr && std::ranges::any_of(gateway->groups, [&](const auto& membership) {
         return lists(rule.ingress_groups, membership.group);
       }));
  return begins(rule.caller_prefixes, call.caller) && begins(rule.callee_prefixes, call.callee) &&
         lists(rule.ingress_gateways, call.ingress) && lists(rule.accounts, call.account) && in_group;
}

TEST_F(TagsOfACall, are_always_those_of_the_rules_that_fit) {
  Rng rng({5, 6, 7, 8});
  const auto below = [&](std::uint64_t most) { return rng.next() % most; };
  const auto number = [&](std::uint64_t most) {
    std::string text;
    for (std::uint64_t left = below(most + 1); left > 0; --left) text += char('0' + below(3));
    return text;
  };
  for (std::int64_t id = 1; id <= 4; ++id) {
    IngressGateway gateway;
    gateway.id = id;
    for (std::int64_t group = 1; group <= 3; ++group)
      if (below(2) == 0) gateway.groups.push_back({group, 0});
    source_.ingress_gateways.push_back(gateway);
  }
  for (int round = 0; round < 60; ++round) {
    source_.routing_tag_rules.clear();
    const std::size_t rules = 1 + below(round % 10 == 0 ? 300 : 20);
    for (std::size_t i = 0; i < rules; ++i) {
      RoutingTagRule& rule =
          add("r" + std::to_string(i), {"t" + std::to_string(below(kMaxRoutingTags))}, int(below(5)));
      for (TextList* list : {&rule.caller_prefixes, &rule.callee_prefixes})
        for (std::uint64_t left = below(3); left > 0; --left) list->push_back(number(4));
      for (auto* list : {&rule.ingress_gateways, &rule.ingress_groups, &rule.accounts})
        if (below(4) == 0) *list = {std::int64_t(1 + below(4)), std::int64_t(5 + below(2))};
      if (below(12) == 0) rule.on_match = OnMatch::Stop;
    }
    const auto directory = Directory::compile(source_);
    std::vector<const RoutingTagRule*> order;
    for (const RoutingTagRule& rule : source_.routing_tag_rules) order.push_back(&rule);
    std::ranges::stable_sort(order, {}, [](const auto* rule) { return rule->priority; });
    for (int i = 0; i < 200; ++i) {
      const std::string caller = number(8), callee = number(8);
      const TaggedCall call{caller, callee, std::int64_t(below(6)), std::int64_t(below(4))};
      std::string expected;
      for (const RoutingTagRule* rule : order) {
        if (!fits(*rule, call, *directory)) continue;
        expected += rule->name + ' ';
        if (rule->on_match == OnMatch::Stop) break;
      }
      std::vector<TagHit> hits;
      directory->routing_tags().of(*directory, call, &hits);
      std::string found;
      for (const TagHit& hit : hits) found += hit.rule->name + ' ';
      ASSERT_EQ(found, expected) << caller << " calls " << callee;
    }
  }
}

}  // namespace
}  // namespace tandem::directory
