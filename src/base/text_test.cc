#include "base/text.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <string>

#include "base/line_end.h"

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

// Eight digits are read as one word; digit by digit they must mean the same, whatever they are.
TEST(Text, reads_eight_digits_as_it_reads_them_one_by_one) {
  for (std::size_t place = 0; place < 8; ++place) {
    for (int byte = 0; byte < 256; ++byte) {
      std::string text = "09af5c3e";
      text[place] = char(byte);
      const auto one_by_one = read_hex('0' + text);
      EXPECT_EQ(read_hex(text), one_by_one) << place << ' ' << byte;
      if (one_by_one) {
        EXPECT_EQ(hex(*one_by_one, 8), text);
      }
    }
  }
  EXPECT_EQ(hex(0x1234abcd0u, 8), "234abcd0");
}

// Whatever the length and the place: the first of what is looked for, or the end.
TEST(Text, finds_where_a_line_ends) {
  for (std::size_t size = 0; size < 50; ++size) {
    const std::string plain(size, 'x');
    const char* const end = plain.data() + size;
    EXPECT_EQ(find_byte<'\n'>(plain.data(), end), end);
    for (std::size_t place = 0; place < size; ++place) {
      std::string text = plain;
      text[place] = '\n';
      text.back() = '\r';
      const std::size_t first = std::min(text.find('\n'), text.find('\r'));
      const auto found = [&](const char* at) { return std::size_t(at - text.data()); };
      EXPECT_EQ((found(find_byte<'\n', '\r'>(text.data(), text.data() + size))), first);
      EXPECT_EQ(found(find_byte<'\n'>(text.data(), text.data() + size)), std::min(text.find('\n'), size));
    }
  }
}

TEST(Text, all_visible_looks_at_every_byte) {
  EXPECT_TRUE(all_visible(""));
  for (std::size_t size = 1; size <= 70; ++size) {
    const std::string plain(size, 'x');
    EXPECT_TRUE(all_visible(plain));
    for (std::size_t at = 0; at < size; ++at) {
      for (int byte = 0; byte < 256; ++byte) {
        std::string text = plain;
        text[at] = char(byte);
        ASSERT_EQ(all_visible(text), byte > 0x20 && byte < 0x7f) << size << ' ' << at << ' ' << byte;
      }
    }
  }
}

}  // namespace
}  // namespace tandem
