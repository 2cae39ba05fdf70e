#include "core/directory/number_rules.h"

#include <gtest/gtest.h>

namespace tandem::directory {
namespace {

using cause::EndReason;

EgressGateway gateway_with(auto&& change) {
  EgressGateway gateway;
  change(gateway);
  gateway.compiled = compile_rules(gateway);
  return gateway;
}

std::optional<EndReason> arrival(const Gateway& gateway, std::string_view caller,
                                 std::string_view callee) {
  const CallNumbers numbers{caller, callee};
  if (const auto refused = refused_lengths(gateway, numbers)) return refused;
  return refused_prefixes(gateway, numbers);
}

std::optional<EndReason> candidate(const Gateway& gateway, const CallNumbers& numbers) {
  if (const auto refused = refused_prefixes(gateway, numbers)) return refused;
  if (const auto refused = refused_lengths(gateway, numbers)) return refused;
  return refused_pairs(gateway, numbers);
}

TEST(NumberRules, nothing_configured_refuses_nothing) {
  const auto gateway = gateway_with([](Gateway&) {});

  EXPECT_EQ(arrival(gateway, "", "44"), std::nullopt);
  EXPECT_EQ(candidate(gateway, {"33", "44", "55"}), std::nullopt);
}

TEST(NumberRules, a_bit_of_the_mask_allows_a_length_and_none_all) {
  const auto gateway = gateway_with([](Gateway& each) {
    each.caller_length_mask = 1u << 0 | 1u << 5;
    each.callee_length_mask = 1u << 31;
  });
  const std::string long_number(31, '1');

  EXPECT_EQ(arrival(gateway, "12345", long_number), std::nullopt);
  EXPECT_EQ(arrival(gateway, "", long_number), std::nullopt);
  EXPECT_EQ(arrival(gateway, "1234", long_number), EndReason::CallerLengthDenied);
  EXPECT_EQ(arrival(gateway, "12345", long_number + "1"), EndReason::CalleeLengthDenied);
  EXPECT_EQ(arrival(gateway, "12345", "1"), EndReason::CalleeLengthDenied);
}

TEST(NumberRules, prefixes_are_allowed_or_denied) {
  const auto gateway = gateway_with([](Gateway& each) {
    each.caller_prefixes_mode = RuleMode::Allow;
    each.caller_prefixes = {"33", "44", "a1"};
    each.callee_prefixes = {"4490", "00", "*98"};
  });

  EXPECT_EQ(arrival(gateway, "3312", "4420"), std::nullopt);
  EXPECT_EQ(arrival(gateway, "33", "449"), std::nullopt);
  EXPECT_EQ(arrival(gateway, "a12", "449"), std::nullopt);
  EXPECT_EQ(arrival(gateway, "3", "4420"), EndReason::CallerPrefixDenied);
  EXPECT_EQ(arrival(gateway, "", "4420"), EndReason::CallerPrefixDenied);
  EXPECT_EQ(arrival(gateway, "3312", "4490"), EndReason::CalleePrefixDenied);
  EXPECT_EQ(arrival(gateway, "3312", "0044"), EndReason::CalleePrefixDenied);
  EXPECT_EQ(arrival(gateway, "3312", "*981"), EndReason::CalleePrefixDenied);
}

TEST(NumberRules, an_anonymous_caller_matches_only_a_list_of_all) {
  const auto all = gateway_with([](Gateway& each) {
    each.caller_prefixes_mode = RuleMode::Allow;
    each.caller_prefixes = {""};
  });

  EXPECT_EQ(arrival(all, "", "44"), std::nullopt);
  EXPECT_EQ(arrival(all, "33", "44"), std::nullopt);
}

TEST(NumberRules, lengths_are_asked_before_prefixes_at_arrival_and_after_them_on_the_way) {
  const auto gateway = gateway_with([](Gateway& each) {
    each.callee_length_mask = 1u << 3;
    each.caller_prefixes = {"33"};
  });

  EXPECT_EQ(arrival(gateway, "33", "44"), EndReason::CalleeLengthDenied);
  EXPECT_EQ(candidate(gateway, {"33", "44"}), EndReason::CallerPrefixDenied);
}

TEST(NumberRules, forwarding_numbers_are_asked_only_where_there_is_one) {
  const auto gateway = gateway_with([](Gateway& each) {
    each.forward_prefixes_mode = RuleMode::Allow;
    each.forward_prefixes = {"49"};
  });

  EXPECT_EQ(candidate(gateway, {"33", "44", ""}), std::nullopt);
  EXPECT_EQ(candidate(gateway, {"33", "44", "4930"}), std::nullopt);
  EXPECT_EQ(candidate(gateway, {"33", "44", "3930"}), EndReason::ForwardDenied);
}

TEST(NumberRules, pairs_are_beginnings_of_both_numbers) {
  const std::vector<NumberPair> pairs{{"025", "010"}, {"021", "023"}, {"", "999"}};
  const auto deny = gateway_with([&](Gateway& each) { each.pairs = pairs; });
  const auto allow = gateway_with([&](Gateway& each) {
    each.pairs = pairs;
    each.pairs_mode = RuleMode::Allow;
  });

  for (const auto& [caller, callee] :
       {std::pair{"0251", "0101"}, std::pair{"021", "0234"}, std::pair{"", "9991"}}) {
    EXPECT_EQ(candidate(deny, {caller, callee}), EndReason::CallerCalleePairDenied);
    EXPECT_EQ(candidate(allow, {caller, callee}), std::nullopt);
  }
  EXPECT_EQ(candidate(deny, {"025", "023"}), std::nullopt);
  EXPECT_EQ(candidate(allow, {"025", "023"}), EndReason::CallerCalleePairDenied);
}

TEST(NumberRules, the_longest_beginning_that_is_allowed_says_how_well_a_caller_fits) {
  const auto allowing = [](std::vector<std::string> prefixes) {
    return gateway_with([&](Gateway& each) {
      each.caller_prefixes_mode = RuleMode::Allow;
      each.caller_prefixes = std::move(prefixes);
    });
  };
  const auto several = allowing({"4420", "33", "44"});

  EXPECT_EQ(caller_fit(several, "442071"), 5);
  EXPECT_EQ(caller_fit(several, "4479"), 3);
  EXPECT_EQ(caller_fit(several, "1"), -1);
  EXPECT_EQ(caller_fit(allowing({""}), "1"), 1);
  EXPECT_EQ(caller_fit(gateway_with([](Gateway&) {}), "1"), 0);
  const auto denying = gateway_with([](Gateway& each) { each.caller_prefixes = {"44"}; });
  EXPECT_EQ(caller_fit(denying, "1"), 0);
  EXPECT_EQ(caller_fit(denying, "44"), -1);
}

}  // namespace
}  // namespace tandem::directory
