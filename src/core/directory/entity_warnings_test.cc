#include "core/directory/entity_warnings.h"

#include <gtest/gtest.h>

namespace tandem::directory {
namespace {

TEST(EntityWarnings, rules_of_dial_plans_that_never_have_their_turn_are_told) {
  const ResourceRow& resource = *find_resource("egress_gateways");
  const auto record = validate(resource, {{"name", std::string("south")},
                                          {"plan_callee_in", std::string("86:1,86:2")},
                                          {"plan_caller_in", std::string("86:1,861:2")}});
  ASSERT_TRUE(record.ok());

  const auto warnings = warnings_of(resource, *record);

  ASSERT_EQ(warnings.size(), 1u);
  EXPECT_TRUE(warnings[0].starts_with("plan_callee_in: line 1, column 6: ")) << warnings[0];
}

TEST(EntityWarnings, fields_that_are_no_dial_plans_have_none) {
  const ResourceRow& resource = *find_resource("egress_gateways");

  EXPECT_TRUE(warnings_of(*find_field(resource, "memo"), std::string("86:1,86:2")).empty());
  EXPECT_TRUE(warnings_of(*find_field(resource, "capacity"), std::int64_t{1}).empty());
}

}  // namespace
}  // namespace tandem::directory
