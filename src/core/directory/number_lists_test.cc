// Groups and lists of numbers as devices use them.
#include "core/directory/number_lists.h"

#include <gtest/gtest.h>

#include <functional>

namespace tandem::directory {
namespace {

using cause::EndReason;
using Entries = std::vector<std::string>;

// One gateway, two groups and three lists.
std::shared_ptr<const Directory> directory_with(
    const std::function<void(Directory::Source&, EgressGateway&)>& change) {
  Directory::Source source;
  const auto add = [](auto& to, std::int64_t id, const Entries& entries) -> auto& {
    auto& made = to.emplace_back();
    made.id = id;
    made.name = "n" + std::to_string(id);
    made.entries = entries;
    return made;
  };
  add(source.number_groups, 1, {"4420*", "33123 Reception"});
  add(source.number_groups, 2, {"49"});
  add(source.number_lists, 1, {"442071"}).type = ListType::Black;
  add(source.number_lists, 2, {"33123"}).type = ListType::White;
  add(source.number_lists, 3, {"33123"}).type = ListType::SystemWhite;
  EgressGateway& gateway = source.egress_gateways.emplace_back();
  gateway.id = 1;
  change(source, gateway);
  return Directory::compile(std::move(source));
}

struct Asked {
  std::optional<EndReason> reason;
  std::string by;
};

Asked ask(const Directory& directory, std::string_view caller, std::string_view callee) {
  const auto refused =
      refused_by_lists({directory, directory.egress_gateways().front(), caller, callee});
  if (!refused) return {};
  return {refused->reason, refused->by == nullptr ? "" : refused->by->name};
}

TEST(NumberLists, nothing_configured_refuses_nothing) {
  const auto directory = directory_with([](auto&, EgressGateway&) {});

  EXPECT_EQ(ask(*directory, "33123", "442071").reason, std::nullopt);
}

TEST(NumberLists, numbers_of_denied_groups_are_refused_and_the_group_is_named) {
  const auto directory = directory_with([](auto&, EgressGateway& gateway) {
    gateway.caller_groups = {2, 1};
    gateway.callee_groups = {1};
  });

  EXPECT_EQ(ask(*directory, "33124", "4921").reason, std::nullopt);
  EXPECT_EQ(ask(*directory, "49", "1").reason, EndReason::CallerGroupDenied);
  EXPECT_EQ(ask(*directory, "49", "1").by, "n2");
  EXPECT_EQ(ask(*directory, "33123", "44207").by, "n1");
  EXPECT_EQ(ask(*directory, "33124", "44207").reason, EndReason::CalleeGroupDenied);
  EXPECT_EQ(ask(*directory, "33123 Reception", "1").reason, std::nullopt)
      << "a memo is no part of the number";
}

TEST(NumberLists, only_numbers_of_allowed_groups_pass) {
  const auto directory = directory_with([](auto&, EgressGateway& gateway) {
    gateway.callee_groups_mode = RuleMode::Allow;
    gateway.callee_groups = {1, 2};
  });

  EXPECT_EQ(ask(*directory, "", "44207").reason, std::nullopt);
  EXPECT_EQ(ask(*directory, "", "49").reason, std::nullopt);
  EXPECT_EQ(ask(*directory, "", "4930").reason, EndReason::CalleeGroupDenied);
  EXPECT_EQ(ask(*directory, "", "4930").by, "");
}

TEST(NumberLists, an_anonymous_caller_is_in_no_group_but_one_of_all_numbers) {
  const auto directory = directory_with([](Directory::Source& source, EgressGateway& gateway) {
    source.number_groups[1].entries = {"*"};
    gateway.caller_groups_mode = RuleMode::Allow;
    gateway.caller_groups = {1};
  });
  const auto all = directory_with([](Directory::Source& source, EgressGateway& gateway) {
    source.number_groups[1].entries = {"*"};
    gateway.caller_groups_mode = RuleMode::Allow;
    gateway.caller_groups = {2};
  });

  EXPECT_EQ(ask(*directory, "", "1").reason, EndReason::CallerGroupDenied);
  EXPECT_EQ(ask(*all, "", "1").reason, std::nullopt);
}

TEST(NumberLists, the_policy_chooses_which_lists_of_a_device_count) {
  const auto directory_of = [](ListPolicy policy, std::vector<std::int64_t> lists) {
    return directory_with([&](auto&, EgressGateway& gateway) {
      gateway.caller_list_policy = policy;
      gateway.caller_list = lists;
    });
  };

  const auto black = directory_of(ListPolicy::Black, {1, 2, 3});
  EXPECT_EQ(ask(*black, "442071", "1").reason, EndReason::BlackListCaller);
  EXPECT_EQ(ask(*black, "442071", "1").by, "n1");
  EXPECT_EQ(ask(*black, "33123", "1").reason, std::nullopt);
  const auto white = directory_of(ListPolicy::White, {1, 2, 3});
  EXPECT_EQ(ask(*white, "33123", "1").reason, std::nullopt);
  EXPECT_EQ(ask(*white, "442071", "1").reason, EndReason::WhiteListCallerMissing);
  EXPECT_EQ(ask(*directory_of(ListPolicy::White, {}), "1", "1").reason, std::nullopt);
  EXPECT_EQ(ask(*directory_of(ListPolicy::White, {1}), "1", "1").reason,
            EndReason::WhiteListCallerMissing);
  EXPECT_EQ(ask(*directory_of(ListPolicy::None, {1}), "442071", "1").reason, std::nullopt);
}

TEST(NumberLists, called_numbers_have_lists_of_their_own) {
  const auto directory = directory_with([](auto&, EgressGateway& gateway) {
    gateway.callee_list_policy = ListPolicy::White;
    gateway.callee_list = {2};
    gateway.caller_list_policy = ListPolicy::Black;
    gateway.caller_list = {1};
  });

  EXPECT_EQ(ask(*directory, "1", "33123").reason, std::nullopt);
  EXPECT_EQ(ask(*directory, "1", "2").reason, EndReason::WhiteListCalleeMissing);
  EXPECT_EQ(ask(*directory, "442071", "2").reason, EndReason::BlackListCaller);
}

TEST(NumberLists, groups_are_asked_before_lists) {
  const auto directory = directory_with([](auto&, EgressGateway& gateway) {
    gateway.caller_list_policy = ListPolicy::Black;
    gateway.caller_list = {1};
    gateway.callee_groups = {2};
  });

  EXPECT_EQ(ask(*directory, "442071", "49").reason, EndReason::CalleeGroupDenied);
}

TEST(NumberLists, a_file_that_is_there_counts_beside_the_edited_entries) {
  number::NumberSet::Maker maker;
  for (const char* entry : {"7000", "71*"}) maker.add(entry);
  const auto bytes = std::make_shared<const std::string>(std::move(maker).make());
  const auto directory = directory_with([&](Directory::Source& source, EgressGateway& gateway) {
    source.number_groups[0].file = "a.numbers";
    source.number_groups[0].imported = ImportedNumbers{bytes, *number::NumberSet::open(*bytes)};
    gateway.callee_groups = {1};
  });

  for (const char* held : {"7000", "7123", "33123", "44201"})
    EXPECT_EQ(ask(*directory, "", held).reason, EndReason::CalleeGroupDenied) << held;
  EXPECT_EQ(ask(*directory, "", "70001").reason, std::nullopt);
  EXPECT_EQ(directory->number_group(1)->held->pool_size(), 3u);
  EXPECT_EQ(directory->number_group(1)->held->pool_number(0), "33123");
  EXPECT_EQ(directory->number_group(1)->held->pool_number(1), "") << "71* is no number";
  EXPECT_EQ(directory->number_group(1)->held->pool_number(2), "7000");
}

TEST(NumberLists, a_group_whose_file_is_missing_lets_nobody_through_by_mistake) {
  const auto directory = directory_with([](Directory::Source& source, EgressGateway& gateway) {
    source.number_groups[0].file = "gone.numbers";
    gateway.callee_groups = {1};
  });

  EXPECT_EQ(ask(*directory, "", "1").reason, EndReason::ConfigurationError);
  EXPECT_EQ(ask(*directory, "", "1").by, "n1");
}

TEST(NumberLists, of_a_phone_one_side_is_asked) {
  Directory::Source source;
  NumberGroup& group = source.number_groups.emplace_back();
  group.id = 1;
  group.entries = {"33*"};
  const auto directory = Directory::compile(std::move(source));
  Phone phone;
  phone.caller_groups = {1};
  phone.callee_groups = {1};

  EXPECT_TRUE(refused_caller({*directory, phone, "331", "1001"}));
  EXPECT_FALSE(refused_caller({*directory, phone, "44", "331"}));
  EXPECT_TRUE(refused_callee({*directory, phone, "1001", "331"}));
  EXPECT_FALSE(refused_callee({*directory, phone, "331", "44"}));
}

}  // namespace
}  // namespace tandem::directory
