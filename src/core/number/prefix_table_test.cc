// The prefix table by examples, and against searching every prefix of the list.
#include "core/number/prefix_table.h"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <set>
#include <string>

#include "support/allocation_counter.h"

namespace tandem::number {
namespace {

PrefixTable table_of(const std::vector<PrefixEntry>& entries) {
  PrefixTable::Maker maker;
  for (const PrefixEntry& entry : entries)
    EXPECT_TRUE(maker.add(entry.prefix, entry.value)) << entry.prefix;
  return std::move(maker).make();
}

// "length:value,value length:value ..." from longest to shortest.
std::string found(const PrefixTable& table, std::string_view number) {
  std::string text;
  PrefixTable::Matches matches;
  table.find(number, matches);
  for (std::size_t i = 0; i < matches.size(); ++i) {
    if (!text.empty()) text += ' ';
    text += std::to_string(matches[i].length);
    char separator = ':';
    for (const std::uint32_t value : matches[i].values) {
      text += separator + std::to_string(value);
      separator = ',';
    }
  }
  return text;
}

TEST(PrefixTable, finds_every_prefix_from_longest_to_shortest) {
  const PrefixTable table = table_of({{"44", 1}, {"442", 2}, {"4420", 3}, {"", 9}, {"1", 5}});

  EXPECT_EQ(found(table, "442071234567"), "4:3 3:2 2:1 0:9");
  EXPECT_EQ(found(table, "4421"), "3:2 2:1 0:9");
  EXPECT_EQ(found(table, "44"), "2:1 0:9");
  EXPECT_EQ(found(table, "4"), "0:9");
  EXPECT_EQ(found(table, ""), "0:9");
  EXPECT_EQ(found(table, "44 20"), "2:1 0:9");
  EXPECT_EQ(table.entries(), 5u);
}

TEST(PrefixTable, entries_of_one_prefix_are_one_match_with_each_value_once) {
  const PrefixTable table = table_of({{"44", 7}, {"44", 3}, {"44", 7}, {"4", 7}});

  EXPECT_EQ(found(table, "44"), "2:3,7 1:7");
}

TEST(PrefixTable, letters_signs_and_long_prefixes_stand_between_the_others) {
  const std::string long_one = "12345678901234567";
  const PrefixTable table = table_of({{"a44", 1},
                                      {"*98#", 3},
                                      {"+44", 4},
                                      {"0z", 5},
                                      {"0", 6},
                                      {long_one, 7},
                                      {std::string_view(long_one).substr(0, 16), 8},
                                      {"", 9}});

  EXPECT_EQ(found(table, "a441"), "3:1 0:9");
  EXPECT_EQ(found(table, "A441"), "0:9");
  EXPECT_EQ(found(table, "*98#1"), "4:3 0:9");
  EXPECT_EQ(found(table, "+4420"), "3:4 0:9");
  EXPECT_EQ(found(table, "0z1"), "2:5 1:6 0:9");
  EXPECT_EQ(found(table, long_one + "0"), "17:7 16:8 0:9");
}

TEST(PrefixTable, what_is_no_prefix_is_not_added) {
  PrefixTable::Maker maker;

  EXPECT_FALSE(maker.add("4 4", 1));
  EXPECT_FALSE(maker.add("4-4", 1));
  EXPECT_FALSE(maker.add(std::string(kMaxNumberLength + 1, '4'), 1));

  EXPECT_EQ(found(std::move(maker).make(), "44"), "");
}

TEST(PrefixTable, agrees_with_searching_the_list) {
  std::mt19937 random(7);
  const auto text = [&](std::size_t longest) {
    constexpr std::string_view kCharacters = "00112+a";
    std::string made;
    for (auto length = random() % (longest + 1); length > 0; --length)
      made += kCharacters[random() % kCharacters.size()];
    return made;
  };
  for (int round = 0; round < 100; ++round) {
    std::set<std::pair<std::string, std::uint32_t>> entries;
    for (int i = 0; i < 60; ++i) entries.insert({text(i % 20 == 0 ? 18 : 5), random() % 5});
    std::vector<PrefixEntry> list;
    for (const auto& [prefix, value] : entries) list.push_back({prefix, value});
    const PrefixTable table = table_of(list);
    for (int call = 0; call < 100; ++call) {
      const std::string number = text(20);
      std::map<std::size_t, std::set<std::uint32_t>, std::greater<>> expected;
      for (const auto& [prefix, value] : entries)
        if (number.starts_with(prefix)) expected[prefix.size()].insert(value);
      std::string wanted;
      for (const auto& [length, values] : expected) {
        if (!wanted.empty()) wanted += ' ';
        wanted += std::to_string(length);
        for (const std::uint32_t value : values)
          wanted += (value == *values.begin() ? ':' : ',') + std::to_string(value);
      }
      ASSERT_EQ(found(table, number), wanted) << number;
    }
  }
}

TEST(PrefixTable, looking_up_does_not_allocate) {
  const PrefixTable table = table_of({{"44", 1}, {"442", 2}, {"a44", 3}, {"", 9}});
  const auto before = test_support::allocations();
  PrefixTable::Matches matches;
  table.find("442071234567", matches);
  const auto after = test_support::allocations();

  EXPECT_EQ(matches.size(), 3u);
  EXPECT_EQ(after, before);
}

}  // namespace
}  // namespace tandem::number
