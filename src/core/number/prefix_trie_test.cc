// The prefix trie by examples, and against searching every prefix of the list.
#include "core/number/prefix_trie.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <string>

namespace tandem::number {
namespace {

PrefixTrie trie_of(const std::vector<PrefixEntry>& entries) {
  auto built = PrefixTrie::build(entries);
  EXPECT_TRUE(built.ok());
  return built.ok() ? *std::move(built) : PrefixTrie();
}

// "length:value,value length:value ..." from longest to shortest.
std::string found(const PrefixTrie& trie, std::string_view number) {
  std::string text;
  const PrefixTrie::Matches matches = trie.find(number);
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

TEST(PrefixTrie, finds_every_prefix_from_longest_to_shortest) {
  const PrefixTrie trie = trie_of({{"44", 1}, {"442", 2}, {"4420", 3}, {"", 9}, {"1", 5}});

  EXPECT_EQ(found(trie, "442071234567"), "4:3 3:2 2:1 0:9");
  EXPECT_EQ(found(trie, "4421"), "3:2 2:1 0:9");
  EXPECT_EQ(found(trie, "44"), "2:1 0:9");
  EXPECT_EQ(found(trie, "4"), "0:9");
  EXPECT_EQ(found(trie, ""), "0:9");
  EXPECT_EQ(found(trie, "1"), "1:5 0:9");
}

TEST(PrefixTrie, entries_of_one_prefix_are_one_match_with_each_value_once) {
  const PrefixTrie trie = trie_of({{"44", 7}, {"44", 3}, {"44", 7}, {"4", 7}});

  EXPECT_EQ(found(trie, "44"), "2:3,7 1:7");
}

TEST(PrefixTrie, letters_and_signs_are_characters_like_digits) {
  const PrefixTrie trie =
      trie_of({{"a44", 1}, {"A44", 2}, {"*98#", 3}, {"+44", 4}, {"0z", 5}, {"0", 6}, {"zZ", 7}});

  EXPECT_EQ(found(trie, "a441"), "3:1");
  EXPECT_EQ(found(trie, "A44"), "3:2");
  EXPECT_EQ(found(trie, "*98#1"), "4:3");
  EXPECT_EQ(found(trie, "+4420"), "3:4");
  EXPECT_EQ(found(trie, "0z9"), "2:5 1:6");
  EXPECT_EQ(found(trie, "0y9"), "1:6");
  EXPECT_EQ(found(trie, "zZ"), "2:7");
  EXPECT_EQ(found(trie, "z"), "");
}

TEST(PrefixTrie, other_characters_match_nothing_and_make_no_prefix) {
  const PrefixTrie trie = trie_of({{"4", 1}});

  EXPECT_EQ(found(trie, "4@1"), "1:1");
  EXPECT_EQ(found(trie, std::string_view("\0\xff", 2)), "");
  const std::vector<PrefixEntry> bad = {{"4", 1}, {"4 4", 2}, {"x;", 3}};
  const auto refused = PrefixTrie::build(bad);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error(), 1u);
}

TEST(PrefixTrie, a_trie_of_nothing_finds_nothing) {
  EXPECT_EQ(found(PrefixTrie(), "44"), "");
  EXPECT_EQ(found(trie_of({}), ""), "");
}

TEST(PrefixTrie, prefixes_reach_the_longest_number) {
  const std::string longest(kMaxNumberLength, '7');
  std::vector<PrefixEntry> every;
  for (std::uint32_t length = 0; length <= kMaxNumberLength; ++length)
    every.push_back({std::string_view(longest).substr(0, length), length});

  const PrefixTrie trie = trie_of(every);
  const PrefixTrie::Matches matches = trie.find(longest + "777");

  ASSERT_EQ(matches.size(), kMaxNumberLength + 1);
  EXPECT_EQ(matches[0].length, kMaxNumberLength);
  EXPECT_EQ(matches[kMaxNumberLength].length, 0);
  const std::string too_long = longest + "7";
  const std::vector<PrefixEntry> bad = {{too_long, 1}};
  EXPECT_FALSE(PrefixTrie::build(bad).ok());
}

// ---- against brute force ----

using List = std::multimap<std::string, std::uint32_t>;

std::string searched(const List& list, std::string_view number) {
  std::string text;
  for (std::size_t length = number.size() + 1; length-- > 0;) {
    std::vector<std::uint32_t> values;
    const auto [begin, end] = list.equal_range(std::string(number.substr(0, length)));
    for (auto each = begin; each != end; ++each) values.push_back(each->second);
    if (values.empty()) continue;
    std::ranges::sort(values);
    values.erase(std::unique(values.begin(), values.end()), values.end());
    if (!text.empty()) text += ' ';
    text += std::to_string(length);
    for (std::size_t i = 0; i < values.size(); ++i)
      text += (i == 0 ? ":" : ",") + std::to_string(values[i]);
  }
  return text;
}

std::string random_number(std::mt19937& random, std::string_view alphabet, unsigned longest) {
  std::string number(random() % (longest + 1), ' ');
  for (char& c : number) c = alphabet[random() % alphabet.size()];
  return number;
}

TEST(PrefixTrieProperty, finds_what_searching_the_whole_list_finds) {
  for (const std::string_view alphabet : {"01", "0123456789", "09#*+AZaz"}) {
    for (std::uint32_t seed = 1; seed <= 200; ++seed) {
      std::mt19937 random(seed);
      List list;
      for (auto n = random() % 60; n > 0; --n)
        list.emplace(random_number(random, alphabet, 5), random() % 8);
      std::vector<PrefixEntry> entries;
      for (const auto& [prefix, value] : list) entries.push_back({prefix, value});
      std::ranges::shuffle(entries, random);

      const PrefixTrie trie = trie_of(entries);

      for (int i = 0; i < 40; ++i) {
        const std::string number = random_number(random, alphabet, 8);
        EXPECT_EQ(found(trie, number), searched(list, number))
            << "seed " << seed << " alphabet " << alphabet << " number " << number;
      }
    }
  }
}

}  // namespace
}  // namespace tandem::number
