#include "shell/process/overload.h"

#include <gtest/gtest.h>

namespace tandem::process {
namespace {

using namespace std::chrono_literals;

TEST(Overload, is_a_busy_thread_behind_its_work) {
  Overload overload;

  EXPECT_EQ(overload.note({100ms, 100ms, false}, 90), 0) << "full, but nothing waits";
  EXPECT_EQ(overload.note({100ms, 50ms, true}, 90), 0) << "a moment, soon over";
  EXPECT_EQ(overload.note({100ms, 90ms, true}, 90), 0);
  EXPECT_EQ(overload.note({100ms, 91ms, true}, 90), 100);
  EXPECT_EQ(overload.note({200ms, 184ms, true}, 90), 200);
}

TEST(Overload, never_refuses_all_and_ends_slowly) {
  Overload overload;
  for (int i = 0; i < 50; ++i) overload.note({100ms, 100ms, true}, 90);

  EXPECT_EQ(overload.note({100ms, 100ms, true}, 90), 950);
  EXPECT_EQ(overload.note({100ms, 20ms, false}, 90), 925);
  for (int i = 0; i < 37; ++i) overload.note({100ms, 20ms, false}, 90);
  EXPECT_EQ(overload.note({100ms, 20ms, false}, 90), 0);
}

TEST(Overload, is_over_after_a_pause) {
  Overload overload;
  for (int i = 0; i < 10; ++i) overload.note({100ms, 100ms, true}, 90);

  EXPECT_EQ(overload.note({60s, 1ms, false}, 90), 0);
  EXPECT_EQ(overload.note({std::chrono::hours(24 * 365), 1ms, false}, 90), 0);
}

TEST(Overload, does_not_exist_at_a_hundred_percent) {
  Overload overload;

  EXPECT_EQ(overload.note({100ms, 100ms, true}, 100), 0);
}

}  // namespace
}  // namespace tandem::process
