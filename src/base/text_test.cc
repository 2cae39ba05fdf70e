#include "base/text.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>

namespace tandem {
namespace {

std::string hex(std::uint64_t value, int digits) {
  char buffer[16];
  return {buffer, write_hex(buffer, value, digits)};
}

std::string base32(std::uint64_t value, int digits) {
  char buffer[13];
  return {buffer, write_base32(buffer, value, digits)};
}

TEST(Text, compares_ascii_without_case_and_nothing_else) {
  EXPECT_TRUE(equal_ignoring_case("Call-ID", "cAll-iD"));
  EXPECT_TRUE(equal_ignoring_case("", ""));
  EXPECT_FALSE(equal_ignoring_case("tag", "tags"));
  EXPECT_FALSE(equal_ignoring_case("[", "{"));  // differ by the bit of case, but are no letters
}

TEST(Text, trims_both_ends_only) {
  EXPECT_EQ(trim(" \t a b\r\n"), "a b");
  EXPECT_EQ(trim(" \t "), "");
}

TEST(Text, a_number_is_the_whole_text_or_nothing) {
  EXPECT_EQ(to_number<std::uint16_t>("5060"), 5060);
  EXPECT_EQ(to_number<int>("-7"), -7);
  EXPECT_FALSE(to_number<std::uint16_t>("65536"));
  EXPECT_FALSE(to_number<int>("5060 "));
  EXPECT_FALSE(to_number<int>("+5"));
  EXPECT_FALSE(to_number<unsigned>("-5"));
  EXPECT_FALSE(to_number<int>(""));
}

TEST(Text, writes_numbers_with_fixed_width) {
  EXPECT_EQ(hex(0xab, 4), "00ab");
  EXPECT_EQ(hex(0xfedcba9876543210u, 16), "fedcba9876543210");
  EXPECT_EQ(base32(0, 2), "00");
  EXPECT_EQ(base32(31, 2), "0z");
  EXPECT_EQ(base32(UINT64_MAX, 13), "fzzzzzzzzzzzz");
}

TEST(Text, reads_back_what_it_wrote) {
  for (const std::uint64_t value :
       {std::uint64_t(0), std::uint64_t(1), std::uint64_t(0x123456789abcdef), UINT64_MAX}) {
    EXPECT_EQ(read_hex(hex(value, 16)), value);
    EXPECT_EQ(read_base32(base32(value, 13)), value);
  }
}

TEST(Text, refuses_digits_that_are_none_and_numbers_that_do_not_fit) {
  EXPECT_FALSE(read_hex(""));
  EXPECT_FALSE(read_hex("0g"));
  EXPECT_FALSE(read_hex("AB"));
  EXPECT_FALSE(read_hex("10000000000000000"));
  EXPECT_FALSE(read_base32("l"));
  EXPECT_FALSE(read_base32("g000000000000"));
  EXPECT_EQ(read_base32("f000000000000"), std::uint64_t(15) << 60);
}

}  // namespace
}  // namespace tandem
