#include "shell/clock/clock.h"

#include <gtest/gtest.h>

namespace tandem::clock {
namespace {

constexpr microseconds kDay = std::chrono::hours(24);

UtcTime at(microseconds real) { return UtcTime(std::chrono::floor<milliseconds>(real)); }

TEST(Clock, begins_with_what_the_machine_says) {
  Clock clock;

  const Reading reading = clock.advance(5s, kDay);

  EXPECT_EQ(reading.now.mono, Instant(5s));
  EXPECT_EQ(reading.now.wall, at(kDay));
  EXPECT_EQ(reading.precise, 5s);
}

TEST(Clock, a_clock_set_back_slows_calls_down_by_a_64th_and_never_runs_backwards) {
  Clock clock;
  clock.advance(0s, kDay);

  const Reading set_back = clock.advance(0s, kDay - 10s);
  const Reading later = clock.advance(64s, kDay - 10s + 64s);

  EXPECT_EQ(set_back.now.wall, at(kDay));
  EXPECT_EQ(later.now.wall, at(kDay + 63s));
  EXPECT_EQ(clock.advance(2000s, kDay - 10s + 2000s).now.wall, at(kDay - 10s + 2000s));
}

TEST(Clock, a_clock_set_forward_is_followed_as_slowly) {
  Clock clock;
  clock.advance(0s, kDay);

  EXPECT_EQ(clock.advance(64s, kDay + 10s + 64s).now.wall, at(kDay + 65s));
}

TEST(Clock, more_than_a_minute_is_followed_at_once) {
  Clock clock;
  clock.advance(0s, kDay);

  EXPECT_EQ(clock.advance(1s, kDay + 3600s).now.wall, at(kDay + 3600s));
  EXPECT_EQ(clock.advance(2s, kDay).now.wall, at(kDay));
}

TEST(Clock, both_clocks_tick_at_the_same_moment) {
  Clock clock;
  const Reading first = clock.advance(5'999us, kDay + 700us);

  const Reading later = clock.advance(1'005'000us, kDay + 700us + 999'004us);

  EXPECT_EQ(later.now.mono - first.now.mono, 1s);
  EXPECT_EQ(later.now.wall - first.now.wall, 1s);
}

TEST(Clock, reads_the_clocks_of_this_machine) {
  Clock clock;

  const Reading first = clock.read();
  const Reading second = clock.read();

  EXPECT_LE(first.precise, second.precise);
  EXPECT_LT(std::chrono::abs(first.now.wall - wall_time()), 1000s);
}

}  // namespace
}  // namespace tandem::clock
