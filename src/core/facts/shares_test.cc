#include "core/facts/shares.h"

#include <gtest/gtest.h>

#include <numeric>
#include <random>
#include <string>

namespace tandem::facts {
namespace {

std::string turns(const std::vector<std::int64_t>& shares, std::size_t count) {
  ShareTurns state;
  std::string order;
  for (std::size_t i = 0; i < count; ++i) order += static_cast<char>('a' + state.next(shares));
  return order;
}

TEST(ShareTurns, go_round_as_the_worked_examples_say) {
  EXPECT_EQ(turns({70, 30}, 10), "abaaabaaba");
  EXPECT_EQ(turns({50, 30, 20}, 10), "abcaabacba");
  EXPECT_EQ(turns({1, 1, 1}, 6), "abcabc");
}

TEST(ShareTurns, are_exact_over_every_cycle) {
  std::mt19937 random(9);
  for (int round = 0; round < 300; ++round) {
    std::vector<std::int64_t> shares(1 + random() % 8);
    for (std::int64_t& share : shares) share = std::int64_t(random() % 40);
    const std::int64_t sum = std::accumulate(shares.begin(), shares.end(), std::int64_t{0});
    ShareTurns state;
    for (int cycle = 0; cycle < 3 && sum > 0; ++cycle) {
      std::vector<std::int64_t> drawn(shares.size());
      for (std::int64_t i = 0; i < sum; ++i) ++drawn[state.next(shares)];
      EXPECT_EQ(drawn, shares);
    }
  }
}

TEST(ShareTurns, without_any_share_there_is_no_turn) {
  ShareTurns state;
  EXPECT_EQ(state.next(std::vector<std::int64_t>{}), 0u);
  EXPECT_EQ(state.next(std::vector<std::int64_t>{0, 0}), 2u);
}

TEST(ShareTurns, begin_anew_when_the_list_has_changed) {
  ShareTurns state;
  state.next(std::vector<std::int64_t>{1, 1});
  EXPECT_EQ(state.next(std::vector<std::int64_t>{1, 1, 1}), 0u);
}

}  // namespace
}  // namespace tandem::facts
