// The rows of session-timer.md 8.1, and how evenly the datagrams are laid out.
#include "core/keepalive/pacing.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>

namespace tandem::keepalive {
namespace {

struct Row {
  std::uint64_t contacts;
  int period;  // s
  std::uint64_t batch;
  int interval;  // ms
  std::uint64_t batches;
  int last;  // ms
  std::uint64_t capacity;
  std::uint64_t effective;
};

constexpr Row kRows[] = {
    {1, 30, 3000, 500, 1, 0, 180'000, 3000},
    {3'000, 30, 3000, 500, 1, 0, 180'000, 3000},
    {3'001, 30, 3000, 500, 2, 500, 180'000, 3000},
    {50'000, 30, 3000, 500, 17, 8'000, 180'000, 3000},
    {50'000, 15, 3000, 500, 17, 8'000, 90'000, 3000},
    {180'000, 30, 3000, 500, 60, 29'500, 180'000, 3000},
    {250'000, 30, 3000, 500, 84, 41'500, 180'000, 4167},
    {50'000, 30, 1000, 1000, 50, 49'000, 30'000, 1667},
    {50'000, 10, 300, 100, 167, 16'600, 30'000, 500},
    {1'000'000, 30, 3000, 500, 334, 166'500, 180'000, 16667},
    {500, 20, 10, 500, 50, 24'500, 400, 13},
};

Rhythm rhythm_of(const Row& row) {
  return {.period = seconds(row.period),
          .interval = milliseconds(row.interval),
          .batch = row.batch,
          .spread = true};
}

TEST(Pacing, is_as_the_table_of_the_specification_says) {
  for (const Row& row : kRows) {
    SCOPED_TRACE(row.contacts);
    const Pacing pacing = pace(rhythm_of(row), row.contacts);

    EXPECT_EQ(pacing.batches, row.batches);
    EXPECT_EQ(pacing.last_batch, milliseconds(row.last));
    EXPECT_EQ(pacing.capacity, row.capacity);
    EXPECT_EQ(pacing.batch, row.effective);
    EXPECT_EQ(pacing.overrun, row.contacts > row.capacity);
  }
}

TEST(Pacing, everybody_has_his_turn_within_the_period) {
  for (const Row& row : kRows) {
    SCOPED_TRACE(row.contacts);
    const Rhythm rhythm = rhythm_of(row);
    const Pacing pacing = pace(rhythm, row.contacts);

    EXPECT_LT(due(rhythm, pacing, row.contacts - 1), rhythm.period);
    EXPECT_GE(due_by(rhythm, pacing, rhythm.period - 1ms), row.contacts);
  }
}

TEST(Pacing, no_ten_milliseconds_have_more_than_six_fifths_of_their_share) {
  for (const Row& row : kRows) {
    SCOPED_TRACE(row.contacts);
    const Rhythm rhythm = rhythm_of(row);
    const Pacing pacing = pace(rhythm, row.contacts);

    std::map<std::int64_t, std::uint64_t> slots;
    for (std::uint64_t i = 0; i < row.contacts; ++i) ++slots[due(rhythm, pacing, i) / 10ms];
    std::uint64_t most = 0;
    for (const auto& [slot, count] : slots) most = std::max(most, count);

    // Of a batch in its interval; one datagram is the least there can be.
    const std::uint64_t hundred_shares = pacing.batch * 1000 / std::uint64_t(row.interval);
    EXPECT_LE(most * 100, std::max<std::uint64_t>(hundred_shares * 12 / 10, 100));
  }
}

TEST(Pacing, counts_what_is_due_as_the_single_due_times_say) {
  for (const Row& row : {kRows[2], kRows[8], kRows[10]}) {
    for (const bool spread : {true, false}) {
      Rhythm rhythm = rhythm_of(row);
      rhythm.spread = spread;
      const Pacing pacing = pace(rhythm, row.contacts);
      std::uint64_t left = 0;
      for (milliseconds at{0}; at < rhythm.period; at += 1ms) {
        while (left < 2 * row.contacts && due(rhythm, pacing, left) <= at) ++left;
        if (left == 2 * row.contacts) break;
        ASSERT_EQ(due_by(rhythm, pacing, at), left) << row.contacts << " at " << at.count();
      }
    }
  }
}

TEST(Pacing, without_spreading_a_batch_leaves_at_once) {
  const Rhythm rhythm{.period = 30s, .interval = 500ms, .batch = 3000, .spread = false};
  const Pacing pacing = pace(rhythm, 6'000);

  EXPECT_EQ(due(rhythm, pacing, 2'999), 0ms);
  EXPECT_EQ(due(rhythm, pacing, 3'000), 500ms);
  EXPECT_EQ(due_by(rhythm, pacing, 0ms), 3'000u);
  EXPECT_EQ(due_by(rhythm, pacing, 500ms), 6'000u);
}

TEST(Pacing, of_nobody_has_no_batches) {
  const Pacing pacing = pace({}, 0);

  EXPECT_EQ(pacing.batches, 0u);
  EXPECT_EQ(pacing.last_batch, 0ms);
  EXPECT_FALSE(pacing.overrun);
}

TEST(Pacing, of_an_interval_as_long_as_the_period_is_one_batch) {
  const Rhythm rhythm{.period = 10s, .interval = 10'000ms, .batch = 1, .spread = true};
  const Pacing pacing = pace(rhythm, 7);

  EXPECT_EQ(pacing.slots, 1u);
  EXPECT_EQ(pacing.batch, 7u);
  EXPECT_TRUE(pacing.overrun);
}

}  // namespace
}  // namespace tandem::keepalive
