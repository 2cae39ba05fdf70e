#include "shell/process/pace.h"

#include <gtest/gtest.h>

namespace tandem::process {
namespace {

using namespace std::chrono_literals;

// Rounds of `each` messages every `apart` for 100 ms, with a sleep of 500 us set.
void run(Pace& pace, microseconds& now, microseconds apart, std::size_t each,
         microseconds sleep = 500us) {
  for (const microseconds end = now + 100ms; now < end; now += apart) pace.note(now, each, sleep);
}

TEST(Pace, waits_for_each_message_while_few_come) {
  Pace pace;
  microseconds now{0};

  run(pace, now, 2ms, 1);

  EXPECT_EQ(pace.wait(), Pace::Wait::Block);
}

TEST(Pace, sleeps_while_many_come_and_longer_when_they_are_not_so_many) {
  Pace pace;
  microseconds now{0};

  run(pace, now, 1ms, 4);
  EXPECT_EQ(pace.wait(), Pace::Wait::Sleep);
  EXPECT_EQ(pace.sleep(), 1ms);
  run(pace, now, 1ms, 40);
  EXPECT_EQ(pace.sleep(), 500us);
}

TEST(Pace, keeps_sleeping_until_it_would_find_nothing) {
  Pace pace;
  microseconds now{0};
  run(pace, now, 1ms, 4);

  run(pace, now, 2ms, 3);
  EXPECT_EQ(pace.wait(), Pace::Wait::Sleep);
  run(pace, now, 10ms, 1);
  EXPECT_EQ(pace.wait(), Pace::Wait::Block);
}

TEST(Pace, waits_again_after_a_pause) {
  Pace pace;
  microseconds now{0};
  run(pace, now, 1ms, 40);

  now += 1s;
  pace.note(now, 1, 500us);

  EXPECT_EQ(pace.wait(), Pace::Wait::Block);
}

TEST(Pace, with_no_sleep_it_spins_only_under_load) {
  Pace pace;
  microseconds now{0};

  run(pace, now, 10ms, 1, 0us);
  EXPECT_EQ(pace.wait(), Pace::Wait::Block);
  run(pace, now, 1ms, 40, 0us);
  EXPECT_EQ(pace.wait(), Pace::Wait::Sleep);
  EXPECT_EQ(pace.sleep(), 0us);
}

}  // namespace
}  // namespace tandem::process
