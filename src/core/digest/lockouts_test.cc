#include "core/digest/lockouts.h"

#include <gtest/gtest.h>

namespace tandem::digest {
namespace {

using namespace std::chrono_literals;

constexpr Lockouts::Rules kRules{.failures = 3, .suspension = 180s, .window = 600s};

Instant at(seconds since) { return Instant(since); }

TEST(Lockouts, the_last_failure_allowed_begins_a_suspension) {
  Lockouts lockouts;

  EXPECT_FALSE(lockouts.failed(7, at(1s), kRules));
  EXPECT_FALSE(lockouts.failed(7, at(2s), kRules));
  EXPECT_FALSE(lockouts.failed(9, at(2s), kRules)) << "another one";
  EXPECT_EQ(lockouts.remaining(7, at(2s)), 0ms);
  EXPECT_TRUE(lockouts.failed(7, at(3s), kRules));

  EXPECT_EQ(lockouts.remaining(7, at(3s)), 180s);
  EXPECT_EQ(lockouts.remaining(7, at(183s)), 0ms);
  EXPECT_EQ(lockouts.remaining(9, at(3s)), 0ms);
  EXPECT_FALSE(lockouts.failed(7, at(184s), kRules)) << "the count begins anew";
}

TEST(Lockouts, old_failures_and_those_before_a_right_password_do_not_count) {
  Lockouts lockouts;
  lockouts.failed(7, at(1s), kRules);
  lockouts.failed(7, at(2s), kRules);

  EXPECT_FALSE(lockouts.failed(7, at(700s), kRules));
  EXPECT_FALSE(lockouts.failed(7, at(701s), kRules));
  lockouts.clear(7);
  EXPECT_FALSE(lockouts.failed(7, at(702s), kRules));
}

TEST(Lockouts, none_means_never) {
  Lockouts lockouts;
  for (int i = 0; i < 100; ++i) {
    EXPECT_FALSE(lockouts.failed(7, at(1s), {.failures = 0}));
  }
}

TEST(Lockouts, a_flood_of_others_does_not_end_a_suspension) {
  Lockouts lockouts;
  for (int i = 0; i < 3; ++i) lockouts.failed(7, at(1s), kRules);

  for (std::uint64_t key = 100; key < 100'000; ++key) lockouts.failed(key, at(2s), kRules);

  EXPECT_GT(lockouts.remaining(7, at(3s)), 0ms);
}

}  // namespace
}  // namespace tandem::digest
