// The number transform table, areas and sections, and what is decided by them.
#include <gtest/gtest.h>

#include "core/directory/number_classes.h"

namespace tandem::directory {
namespace {

using cause::EndReason;

struct Row {
  const char* name;
  std::int64_t account;
  const char* caller;
  const char* callee;
};

std::shared_ptr<const Directory> with_transforms(const std::vector<Row>& rows) {
  Directory::Source source;
  for (const Row& row : rows) {
    NumberTransform& made = source.number_transforms.emplace_back();
    made.id = std::int64_t(source.number_transforms.size());
    made.name = row.name;
    made.account = row.account;
    made.ingress_caller = row.caller;
    made.egress_callee = row.callee;
  }
  return Directory::compile(std::move(source));
}

TEST(NumberTransforms, rows_are_found_by_both_of_their_numbers) {
  const auto directory = with_transforms({{"5001", 0, "100", "900"}, {"5002", 0, "", "901"}});

  ASSERT_NE(directory->transform_of_caller("100", 7), nullptr);
  EXPECT_EQ(directory->transform_of_caller("100", 7)->name, "5001");
  EXPECT_EQ(directory->transform_of_callee("5002", 7)->egress_callee, "901");
  EXPECT_EQ(directory->transform_of_caller("5001", 7), nullptr);
  EXPECT_EQ(directory->transform_of_callee("900", 7), nullptr);
  EXPECT_EQ(directory->transform_of_caller("", 7), nullptr) << "an empty number is none";
}

TEST(NumberTransforms, a_row_of_the_account_comes_before_one_of_everybody) {
  const auto directory =
      with_transforms({{"5001", 0, "100", ""}, {"5002", 7, "100", ""}, {"5003", 8, "", "9"}});

  EXPECT_EQ(directory->transform_of_caller("100", 7)->name, "5002");
  EXPECT_EQ(directory->transform_of_caller("100", 8)->name, "5001");
  EXPECT_EQ(directory->transform_of_callee("5003", 7), nullptr);
  EXPECT_NE(directory->transform_of_callee("5003", 8), nullptr);
}

std::shared_ptr<const Directory> with_areas() {
  Directory::Source source;
  const auto area = [&](const char* code, std::vector<std::string> prefixes,
                        std::vector<std::string> mobiles) {
    Area& made = source.areas.emplace_back();
    made.id = std::int64_t(source.areas.size());
    made.name = made.code = code;
    made.prefixes = std::move(prefixes);
    made.mobile_prefixes = std::move(mobiles);
  };
  area("021", {"021", "86"}, {"1381600"});
  area("010", {"010", "8610"}, {"1391000"});
  const auto section = [&](const char* first, const char* last, NumberClass number_class,
                           std::int64_t in, const char* changed_to) {
    NumberSection& made = source.number_sections.emplace_back();
    made.id = std::int64_t(source.number_sections.size());
    made.range = {first, last};
    made.number_class = number_class;
    made.area = in;
    made.changed_to = changed_to;
  };
  section("02100", "02199", NumberClass::Other, 0, "");
  section("02150", "02151", NumberClass::Mobile, 2, "");
  section("777", "779", NumberClass::City, 1, "888");
  return Directory::compile(std::move(source));
}

TEST(Areas, the_longest_beginning_says_where_a_number_is_and_a_section_counts_before_it) {
  const auto directory = with_areas();
  const auto expect = [&](const char* number, NumberClass number_class, const char* code) {
    const Whereabouts found = directory->whereabouts(number);
    EXPECT_EQ(found.number_class, number_class) << number;
    EXPECT_EQ(found.area_code, code) << number;
  };

  expect("0211234", NumberClass::City, "021");
  expect("861234", NumberClass::City, "021");
  expect("861012", NumberClass::City, "010");
  expect("13816001234", NumberClass::Mobile, "021");
  expect("13816", NumberClass::Other, "");
  expect("33123", NumberClass::Other, "");
  expect("", NumberClass::Other, "");
  expect("02111", NumberClass::Other, "021");
  expect("02150", NumberClass::Mobile, "010");
  expect("02152", NumberClass::Other, "021");
  expect("778", NumberClass::City, "021");
  expect("7780", NumberClass::Other, "");
  EXPECT_EQ(directory->whereabouts("779").changed_to, "888");
  EXPECT_EQ(directory->whereabouts("780").changed_to, "");
}

TEST(Areas, classes_pass_as_they_are_switched) {
  const auto directory = with_areas();
  EgressGateway gateway;
  const auto ask = [&](const char* caller, const char* callee) {
    return refused_class({*directory, gateway, caller, callee});
  };
  gateway.caller_class_other = false;

  EXPECT_EQ(ask("33", "33"), std::nullopt) << "nothing is checked";
  gateway.caller_class_check = true;
  EXPECT_EQ(ask("33", "33"), EndReason::CallerFormatDenied);
  EXPECT_EQ(ask("0211", "33"), std::nullopt);
  gateway.callee_class_check = true;
  gateway.callee_class_mobile = false;
  EXPECT_EQ(ask("0211", "13910001"), EndReason::CalleeFormatDenied);
  EXPECT_EQ(ask("13910001", "33"), std::nullopt);
}

TEST(Areas, mobiles_of_an_area_are_allowed_or_denied_and_others_never_asked) {
  const auto directory = with_areas();
  EgressGateway gateway;
  gateway.mobile_areas = {"021"};
  const auto ask = [&](const char* callee) {
    return refused_mobile_area({*directory, gateway, "1", callee});
  };

  EXPECT_EQ(ask("13816001"), EndReason::MobileAreaDenied);
  EXPECT_EQ(ask("13910001"), std::nullopt);
  EXPECT_EQ(ask("0211"), std::nullopt);
  gateway.mobile_area_mode = RuleMode::Allow;
  EXPECT_EQ(ask("13816001"), std::nullopt);
  EXPECT_EQ(ask("13910001"), EndReason::MobileAreaDenied);
  EXPECT_EQ(ask("0211"), std::nullopt);
}

TEST(Areas, calls_within_a_city_are_allowed_or_denied) {
  const auto directory = with_areas();
  IngressGateway gateway;
  const auto ask = [&](const char* caller, const char* callee) {
    return refused_same_city(*directory, gateway, caller, callee);
  };

  EXPECT_EQ(ask("0211", "0212"), std::nullopt);
  gateway.same_city_codes = {"021"};
  EXPECT_EQ(ask("0211", "13816001"), EndReason::SameCityDenied);
  EXPECT_EQ(ask("0211", "0101"), std::nullopt);
  EXPECT_EQ(ask("33", "33"), std::nullopt);
  EXPECT_EQ(ask("0101", "0102"), std::nullopt);
  gateway.same_city_mode = RuleMode::Allow;
  EXPECT_EQ(ask("0211", "0212"), std::nullopt);
  EXPECT_EQ(ask("0101", "0102"), EndReason::SameCityDenied);
}

TEST(Areas, mobiles_get_the_code_of_their_area_where_that_is_wanted) {
  const auto directory = with_areas();
  Phone phone;
  phone.mobile_prefix_areas = {"021"};

  EXPECT_EQ(mobile_prefix_of(*directory, phone, "13816001"), "");
  phone.mobile_prefix_mode = MobilePrefix::Listed;
  EXPECT_EQ(mobile_prefix_of(*directory, phone, "13816001"), "021");
  EXPECT_EQ(mobile_prefix_of(*directory, phone, "13910001"), "");
  EXPECT_EQ(mobile_prefix_of(*directory, phone, "0211"), "");
  phone.mobile_prefix_mode = MobilePrefix::Others;
  EXPECT_EQ(mobile_prefix_of(*directory, phone, "13910001"), "010");
  EXPECT_EQ(mobile_prefix_of(*directory, phone, "13816001"), "");
}

}  // namespace
}  // namespace tandem::directory
