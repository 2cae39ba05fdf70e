#include "core/exchange/scanner.h"

#include <gtest/gtest.h>

namespace tandem::exchange {
namespace {

const IpAddress kSource = *IpAddress::parse("203.0.113.66");
const Instant kStart{1000s};

// How many challenges in a row are worth a refusal.
int challenges_of_a_refusal(Scanner& scanner, const IpAddress& source) {
  for (int count = 1; count < 10000; ++count) {
    if (scanner.challenged(source, kStart)) return count;
  }
  return 0;
}

TEST(Scanner, bans_who_is_refused_too_often) {
  Scanner scanner;
  directory::Parameters parameters;
  parameters.scanner_ban_count = 2;
  parameters.scanner_ban_time = 600s;

  EXPECT_FALSE(scanner.refused(kSource, kStart, parameters));
  EXPECT_FALSE(scanner.banned(kSource, kStart));
  EXPECT_TRUE(scanner.refused(kSource, kStart, parameters));

  EXPECT_TRUE(scanner.banned(kSource, kStart));
  EXPECT_FALSE(scanner.banned(kSource, kStart + parameters.scanner_ban_time));
}

TEST(Scanner, many_challenges_without_an_answer_are_worth_a_refusal) {
  Scanner scanner;

  EXPECT_EQ(challenges_of_a_refusal(scanner, kSource), 100);
  EXPECT_EQ(challenges_of_a_refusal(scanner, kSource), 100);
}

TEST(Scanner, a_right_answer_ends_the_count_of_challenges) {
  Scanner scanner;
  for (int i = 0; i < 99; ++i) scanner.challenged(kSource, kStart);

  scanner.proved(kSource);

  EXPECT_EQ(challenges_of_a_refusal(scanner, kSource), 100);
}

TEST(Scanner, challenges_a_minute_ago_do_not_count) {
  Scanner scanner;
  for (int i = 0; i < 99; ++i) scanner.challenged(kSource, kStart - 60s);

  EXPECT_EQ(challenges_of_a_refusal(scanner, kSource), 100);
}

}  // namespace
}  // namespace tandem::exchange
