// Variables in the headers of a device's own.
#include "core/leg/extra_headers.h"

#include <gtest/gtest.h>

#include "core/directory/entity_forms.h"

namespace tandem::leg {
namespace {

constexpr HeaderValues kValues{"33123", "44207", "abc@192.0.2.9", "acme", "north"};

std::string lines(std::vector<std::string> headers, const HeaderValues& values = kValues) {
  return extra_lines(headers, values);
}

TEST(ExtraHeaders, hold_the_values_of_the_call) {
  EXPECT_EQ(lines({}), "");
  EXPECT_EQ(lines({"X-A: b"}), "X-A: b\r\n");
  EXPECT_EQ(lines({"X-A: ${caller}${callee}", "X-B: <${callid}> ${account}@${ingress}!"}),
            "X-A: 3312344207\r\nX-B: <abc@192.0.2.9> acme@north!\r\n");
  EXPECT_EQ(lines({"X-A: $caller {x} $"}), "X-A: $caller {x} $\r\n");
}

TEST(ExtraHeaders, without_a_value_are_left_out) {
  EXPECT_EQ(lines({"X-A: ${account}", "X-B: c"}, {}), "X-B: c\r\n");
}

TEST(ExtraHeaders, never_hold_a_line_break_of_a_value) {
  EXPECT_EQ(lines({"X-A: ${account}"}, {.account = "a\r\nVia: b"}), "X-A: a Via: b\r\n");
}

TEST(ExtraHeaders, know_every_variable_that_is_allowed) {
  for (const std::string_view name : directory::kHeaderVariables)
    EXPECT_EQ(lines({"X: ${" + std::string(name) + "}"}).find("${"), std::string::npos) << name;
}

}  // namespace
}  // namespace tandem::leg
