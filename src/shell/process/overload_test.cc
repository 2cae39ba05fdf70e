#include "shell/process/overload.h"

#include <gtest/gtest.h>

namespace tandem::process {
namespace {

using namespace std::chrono_literals;

TEST(Overload, is_a_busy_thread_and_much_that_waits) {
  EXPECT_EQ(Overload::share({25ms, 25ms, 0.2}, 90), 0) << "full, but little waits";
  EXPECT_EQ(Overload::share({25ms, 10ms, 0.9}, 90), 0) << "a moment, soon over";
  EXPECT_EQ(Overload::share({100ms, 90ms, 0.5}, 90), 0);
  EXPECT_EQ(Overload::share({100ms, 91ms, 0.5}, 90), 475);
}

TEST(Overload, refuses_more_the_more_waits_but_never_all) {
  EXPECT_EQ(Overload::share({25ms, 25ms, 0.25}, 90), 0);
  EXPECT_NEAR(Overload::share({25ms, 25ms, 0.35}, 90), 190, 1);
  EXPECT_EQ(Overload::share({25ms, 25ms, 0.75}, 90), 950);
  EXPECT_EQ(Overload::share({25ms, 25ms, 1.2}, 90), 950);
}

TEST(Overload, does_not_exist_at_a_hundred_percent) {
  EXPECT_EQ(Overload::share({25ms, 25ms, 1}, 100), 0);
}

}  // namespace
}  // namespace tandem::process
