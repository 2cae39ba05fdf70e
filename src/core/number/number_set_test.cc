#include "core/number/number_set.h"

#include <gtest/gtest.h>

#include <random>
#include <set>

namespace tandem::number {
namespace {

// Keeps the bytes its set looks into.
struct Made {
  std::string bytes;
  NumberSet set;
};

Made made_of(const std::vector<std::string>& entries) {
  NumberSet::Maker maker;
  for (const std::string& entry : entries) EXPECT_TRUE(maker.add(entry)) << entry;
  Made made{std::move(maker).make(), {}};
  const auto set = NumberSet::open(made.bytes);
  EXPECT_TRUE(set);
  if (set) made.set = *set;
  return made;
}

TEST(NumberSet, holds_whole_numbers_and_what_begins_like_a_beginning) {
  const Made made = made_of({"442071234567", "0049", "49", "33*", "a44*", "bob", "#31#",
                             "123456789012345678901234567890", "99999999999999999*"});

  for (const char* in : {"442071234567", "0049", "49", "33", "331", "a44", "a4420", "bob", "#31#",
                         "123456789012345678901234567890", "999999999999999990"})
    EXPECT_TRUE(made.set.holds(in)) << in;
  for (const char* out : {"", "44207123456", "4420712345678", "049", "490", "3", "a4", "bo", "bobb",
                          "a44*x"})
    EXPECT_EQ(made.set.holds(out), std::string(out) == "a44*x") << out;
  EXPECT_EQ(made.set.size(), 9u);
}

TEST(NumberSet, a_star_alone_is_every_number_and_an_empty_set_none) {
  const Made all = made_of({"*"});
  const Made none = made_of({});

  EXPECT_TRUE(all.set.holds(""));
  EXPECT_TRUE(all.set.holds("44"));
  EXPECT_TRUE(all.set.holds("bob"));
  EXPECT_FALSE(none.set.holds(""));
  EXPECT_FALSE(none.set.holds("44"));
  EXPECT_FALSE(NumberSet().holds("44"));
}

TEST(NumberSet, refuses_entries_that_are_no_numbers) {
  NumberSet::Maker maker;
  for (const char* entry : {"", "4 4", "44-", "4@4", "é"}) EXPECT_FALSE(maker.add(entry)) << entry;
  EXPECT_FALSE(maker.add(std::string(65, '1')));
}

TEST(NumberSet, answers_like_a_set_of_texts_does) {
  std::mt19937_64 random(5);
  for (const std::uint64_t spread : {300u, 100'000u, 2'000'000'000u}) {
    std::set<std::string> truth;
    for (int i = 0; i < 5000; ++i) {
      std::string number = std::to_string(random() % spread);
      if (random() % 4 == 0) number.insert(0, random() % 3, '0');
      truth.insert(number);
    }
    const Made made = made_of({truth.begin(), truth.end()});
    ASSERT_EQ(made.set.size(), truth.size());
    for (const std::string& number : truth) ASSERT_TRUE(made.set.holds(number)) << number;
    for (int i = 0; i < 20'000; ++i) {
      const std::string number = std::to_string(random() % spread);
      ASSERT_EQ(made.set.holds(number), truth.contains(number)) << number;
    }
  }
}

TEST(NumberSet, bytes_that_are_cut_or_of_something_else_are_not_opened) {
  const Made made = made_of({"1", "2", "bob"});
  for (std::size_t size = 0; size < made.bytes.size(); ++size)
    EXPECT_FALSE(NumberSet::open(std::span(made.bytes).first(size)));
  EXPECT_FALSE(NumberSet::open(std::string(200, 'x')));
}

TEST(NumberSet, damaged_bytes_give_answers_and_nothing_worse) {
  std::vector<std::string> entries;
  for (int i = 0; i < 500; ++i) entries.push_back(std::to_string(i * 37) + (i % 9 == 0 ? "a" : ""));
  const Made made = made_of(entries);
  std::mt19937 random(3);
  for (int round = 0; round < 2000; ++round) {
    std::string bytes = made.bytes;
    for (int i = 0; i < 8; ++i) bytes[random() % bytes.size()] = static_cast<char>(random());
    const auto set = NumberSet::open(bytes);
    if (!set) continue;
    for (const char* number : {"370", "371", "333a", "9999999", "bob"}) (void)set->holds(number);
  }
}

}  // namespace
}  // namespace tandem::number
