#include "core/facts/pools.h"

#include <gtest/gtest.h>

namespace tandem::facts {
namespace {

using directory::NumberGroup;
using directory::PoolMode;

NumberGroup group_of(std::vector<std::string> entries) {
  NumberGroup group;
  group.id = 5;
  group.entries = std::move(entries);
  group.held = std::make_shared<const directory::HeldNumbers>(group.entries, std::nullopt);
  return group;
}

// call-handling.md 3.6: the worked example.
TEST(NumberPools, poll_goes_round_and_passes_over_numbers_that_are_busy) {
  const NumberGroup group = group_of({"1001", "1002", "1003"});
  const PoolTerms terms{.mode = PoolMode::Poll, .lines = 1};
  NumberPools pools;
  Rng rng({1, 2, 3, 4});

  EXPECT_EQ(pools.take(group, terms, rng), "1001");  // A
  EXPECT_EQ(pools.take(group, terms, rng), "1002");  // B
  EXPECT_EQ(pools.take(group, terms, rng), "1003");  // C
  EXPECT_EQ(pools.take(group, terms, rng), "");      // D
  pools.give_back(5, "1002");
  EXPECT_EQ(pools.take(group, terms, rng), "1002");  // E
  pools.give_back(5, "1001");
  EXPECT_EQ(pools.take(group, terms, rng), "1001");  // F
}

TEST(NumberPools, count_how_often_no_number_was_free) {
  const NumberGroup group = group_of({"1001"});
  NumberPools pools;
  Rng rng({1, 2, 3, 4});

  EXPECT_EQ(pools.exhausted(5), 0u);
  pools.take(group, {.lines = 1}, rng);
  EXPECT_EQ(pools.exhausted(5), 0u);
  for (int i = 0; i < 3; ++i) pools.take(group, {.lines = 1}, rng);
  EXPECT_EQ(pools.exhausted(5), 3u);
}

TEST(NumberPools, a_number_carries_as_many_calls_as_it_has_lines) {
  const NumberGroup group = group_of({"1", "2"});
  NumberPools pools;
  Rng rng({1, 2, 3, 4});
  std::map<std::string, int> taken;

  for (int i = 0; i < 6; ++i) ++taken[pools.take(group, {.lines = 3}, rng)];
  EXPECT_EQ(taken, (std::map<std::string, int>{{"1", 3}, {"2", 3}}));
  EXPECT_EQ(pools.take(group, {.lines = 3}, rng), "");
  EXPECT_EQ(pools.take(group, {.lines = 0}, rng), "1") << "0 = no limit";
  EXPECT_EQ(pools.calls(5), 7);
  EXPECT_EQ(pools.calls(5, "1"), 4);
}

TEST(NumberPools, beginnings_and_empty_groups_give_no_number) {
  NumberPools pools;
  Rng rng({1, 2, 3, 4});

  EXPECT_EQ(pools.take(group_of({"44*", "*"}), {}, rng), "");
  EXPECT_EQ(pools.take(group_of({"44*", "7 Reception"}), {}, rng), "7");
  EXPECT_EQ(pools.draw(group_of({}), PoolMode::Random, rng), "");
}

TEST(NumberPools, random_takes_each_free_number_alike) {
  std::vector<std::string> entries;
  for (int i = 0; i < 40; ++i) entries.push_back(std::to_string(1000 + i));
  const NumberGroup group = group_of(entries);
  NumberPools pools;
  Rng rng({1, 2, 3, 4});
  for (int i = 0; i < 38; ++i) pools.take_again(5, entries[std::size_t(i)]);
  std::map<std::string, int> taken;

  for (int i = 0; i < 4'000; ++i) {
    const std::string number = pools.take(group, {.mode = PoolMode::Random, .lines = 1}, rng);
    ++taken[number];
    pools.give_back(5, number);
  }

  ASSERT_EQ(taken.size(), 2u);
  EXPECT_NEAR(taken["1038"], 2'000, 200);
  for (int i = 38; i < 40; ++i) pools.take_again(5, entries[std::size_t(i)]);
  EXPECT_EQ(pools.take(group, {.mode = PoolMode::Random, .lines = 1}, rng), "");
}

TEST(NumberPools, numbers_that_are_drawn_are_not_counted) {
  const NumberGroup group = group_of({"1", "2"});
  NumberPools pools;
  Rng rng({1, 2, 3, 4});

  EXPECT_EQ(pools.draw(group, PoolMode::Poll, rng), "1");
  EXPECT_EQ(pools.draw(group, PoolMode::Poll, rng), "2");
  EXPECT_EQ(pools.draw(group, PoolMode::Poll, rng), "1");
  EXPECT_EQ(pools.calls(5), 0);
}

TEST(NumberPools, counts_are_never_below_zero_and_follow_from_what_is_out) {
  const NumberGroup group = group_of({"1", "2", "3", "4"});
  NumberPools pools;
  Rng rng({9, 2, 3, 4});
  std::vector<std::string> out;

  for (int i = 0; i < 5'000; ++i) {
    if (rng.below(2) == 0) {
      const auto mode = rng.below(2) == 0 ? PoolMode::Poll : PoolMode::Random;
      const std::string number = pools.take(group, {.mode = mode, .lines = 2}, rng);
      EXPECT_EQ(number.empty(), out.size() == 8u);
      if (!number.empty()) out.push_back(number);
    } else if (!out.empty()) {
      const std::size_t place = std::size_t(rng.below(out.size()));
      pools.give_back(5, out[place]);
      out.erase(out.begin() + std::ptrdiff_t(place));
    }
    NumberPools recounted;
    for (const std::string& number : out) recounted.take_again(5, number);
    ASSERT_TRUE(pools.counts_like(recounted));
  }
  pools.give_back(5, "nobody");
  for (const std::string& number : out) pools.give_back(5, number);
  EXPECT_EQ(pools.calls(5), 0);
}

}  // namespace
}  // namespace tandem::facts
