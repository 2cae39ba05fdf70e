#include "shell/http/target.h"

#include <gtest/gtest.h>

namespace tandem::http {
namespace {

TEST(Target, cuts_the_path_before_it_decodes_so_that_a_name_may_hold_a_slash) {
  const auto target = parse_target("/api/v1/egress_gateways/a%2Fb%20c");

  ASSERT_TRUE(target);
  EXPECT_EQ(target->segments, (std::vector<std::string>{"api", "v1", "egress_gateways", "a/b c"}));
  EXPECT_EQ(target->path, "/api/v1/egress_gateways/a%2Fb%20c");
}

TEST(Target, reads_a_query_with_blanks_repeated_names_and_empty_values) {
  const auto target = parse_target("/x?caller=%2B44+20&flag&a=1&a=2&=skipped&&b==");

  ASSERT_TRUE(target);
  EXPECT_EQ(target->query,
            (Fields{{"caller", "+44 20"}, {"flag", ""}, {"a", "1"}, {"a", "2"}, {"b", "="}}));
}

TEST(Target, refuses_what_is_no_path_and_broken_escapes) {
  for (const char* bad : {"", "x", "*", "http://host/", "/%", "/%4", "/%zz", "/a%00b", "/?a=%"}) {
    EXPECT_FALSE(parse_target(bad)) << bad;
  }
}

TEST(Target, decodes_what_it_encoded_whatever_the_bytes) {
  std::string every_byte;
  for (int c = 1; c < 256; ++c) every_byte += static_cast<char>(c);

  const auto target =
      parse_target("/" + percent_encode(every_byte) + "?x=" + percent_encode(every_byte));

  ASSERT_TRUE(target);
  EXPECT_EQ(target->segments.at(0), every_byte);
  EXPECT_EQ(target->query.at(0).second, every_byte);
}

}  // namespace
}  // namespace tandem::http
