#include "core/number/cleaning.h"

#include <gtest/gtest.h>

namespace tandem::number {
namespace {

struct Row {
  std::string_view raw;
  Plus plus;
  Letters letters;
  std::string_view cleaned;
};

constexpr std::string_view kDefaultStripped = "-().";

TEST(NumberCleaning, takes_out_what_is_not_part_of_the_number) {
  constexpr Row kRows[] = {
      {"442071234567", Plus::Strip, Letters::Allow, "442071234567"},
      {"+44 (20) 7123-4567", Plus::Strip, Letters::Allow, "442071234567"},
      {"+44.20.7123.4567", Plus::Keep, Letters::Allow, "+442071234567"},
      {" +44", Plus::Strip, Letters::Allow, "44"},
      {"(+44)20", Plus::Strip, Letters::Allow, "4420"},
      {"+44", Plus::Keep, Letters::Refuse, "+44"},
      {"*98#", Plus::Strip, Letters::Allow, "*98#"},
      {"alice", Plus::Strip, Letters::Allow, "alice"},
      {"44+20", Plus::Strip, Letters::Allow, "44+20"},
      {"\t1 2\t3 ", Plus::Strip, Letters::Refuse, "123"},
      {"", Plus::Strip, Letters::Allow, ""},
      {"+", Plus::Strip, Letters::Allow, ""},
      {"++44", Plus::Strip, Letters::Allow, "+44"},
      {"-.-", Plus::Keep, Letters::Refuse, ""},
  };

  for (const Row& row : kRows) {
    const auto result = clean(row.raw, {kDefaultStripped, row.plus, row.letters});
    ASSERT_TRUE(result.ok()) << row.raw;
    EXPECT_EQ(*result, row.cleaned) << row.raw;
  }
}

TEST(NumberCleaning, refuses_characters_no_number_has) {
  for (const std::string_view raw : {"44@20", "44;20", "44_20", "44\x01", "4\xc3\xa9", "44/20"}) {
    const auto result = clean(raw, {kDefaultStripped, Plus::Strip, Letters::Allow});
    ASSERT_FALSE(result.ok()) << raw;
    EXPECT_EQ(result.error(), NumberFault::InvalidCharacter) << raw;
  }
}

TEST(NumberCleaning, refuses_letters_and_signs_where_only_digits_are_allowed) {
  for (const std::string_view raw : {"44a", "Z", "*98", "12#", "44+20", "++44"}) {
    const auto result = clean(raw, {kDefaultStripped, Plus::Strip, Letters::Refuse});
    ASSERT_FALSE(result.ok()) << raw;
    EXPECT_EQ(result.error(), NumberFault::InvalidCharacter) << raw;
  }
}

TEST(NumberCleaning, a_number_may_have_64_characters_after_cleaning) {
  const std::string longest(kMaxNumberLength, '7');
  const CleaningRules rules{kDefaultStripped, Plus::Strip, Letters::Allow};

  const auto fits = clean("+" + longest.substr(0, 3) + "-" + longest.substr(3), rules);
  const auto too_long = clean(longest + "7", rules);

  ASSERT_TRUE(fits.ok());
  EXPECT_EQ(*fits, longest);
  ASSERT_FALSE(too_long.ok());
  EXPECT_EQ(too_long.error(), NumberFault::TooLong);
}

TEST(NumberCleaning, nothing_but_blanks_is_stripped_when_no_character_is_named) {
  const auto result = clean("4 4-2", {"", Plus::Strip, Letters::Allow});

  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error(), NumberFault::InvalidCharacter);
}

TEST(NumberCleaning, cleaning_twice_changes_nothing_unless_a_second_plus_follows) {
  const CleaningRules rules{kDefaultStripped, Plus::Strip, Letters::Allow};

  for (const std::string_view raw : {"+44 20", "*1(2)", "a.b-c", "0044"}) {
    const auto once = clean(raw, rules);
    ASSERT_TRUE(once.ok());
    EXPECT_EQ(*clean(*once, rules), *once);
  }
}

}  // namespace
}  // namespace tandem::number
