#include "base/posix_zone.h"

#include <gtest/gtest.h>

#include <vector>

namespace tandem {
namespace {

using Changes = std::vector<std::pair<std::int64_t, std::int32_t>>;

Changes changes(const char* text, int year) {
  Changes told;
  const auto zone = PosixZone::parse(text);
  EXPECT_TRUE(zone.has_value()) << text;
  if (zone) {
    zone->for_each_change(year, year,
                          [&](std::int64_t at, std::int32_t to) { told.emplace_back(at, to); });
  }
  return told;
}

// 2026-01-01, 2028-01-01
constexpr std::int64_t k2026 = 1'767'225'600;
constexpr std::int64_t k2028 = 1'830'297'600;

TEST(PosixZone, weekdays_of_months) {
  EXPECT_EQ(changes("CET-1CEST,M3.5.0,M10.5.0/3", 2026),
            (Changes{{1'774'746'000, 7'200}, {1'792'890'000, 3'600}}));
  EXPECT_EQ(changes("EST5EDT,M3.2.0,M11.1.0", 2026),
            (Changes{{1'772'953'200, -14'400}, {1'793'512'800, -18'000}}));
}

TEST(PosixZone, the_south_ends_first) {
  const Changes lord_howe = changes("<+1030>-10:30<+11>-11,M10.1.0,M4.1.0", 2026);
  ASSERT_EQ(lord_howe.size(), 2u);
  EXPECT_EQ(lord_howe[0], (std::pair<std::int64_t, std::int32_t>{1'775'314'800, 37'800}));
  EXPECT_EQ(lord_howe[1].second, 39'600);
}

TEST(PosixZone, days_of_the_year_with_and_without_the_leap_day) {
  EXPECT_EQ(changes("AAA0BBB,0/0,J60/0", 2026),
            (Changes{{k2026, 3'600}, {k2026 + 59 * 86'400 - 3'600, 0}}));
  EXPECT_EQ(changes("AAA0BBB,0/0,J60/0", 2028),
            (Changes{{k2028, 3'600}, {k2028 + 60 * 86'400 - 3'600, 0}}));
  EXPECT_EQ(changes("AAA0BBB,0/0,60/0", 2028),
            (Changes{{k2028, 3'600}, {k2028 + 60 * 86'400 - 3'600, 0}}));
}

TEST(PosixZone, times_may_be_days_away) {
  EXPECT_EQ(changes("AAA0BBB,0/-24,J1/25:30", 2026),
            (Changes{{k2026 - 86'400, 3'600}, {k2026 + 91'800 - 3'600, 0}}));
}

TEST(PosixZone, without_daylight_saving_nothing_changes) {
  EXPECT_TRUE(changes("<+0545>-5:45", 2026).empty());
  EXPECT_EQ(PosixZone::parse("<+0545>-5:45")->standard_offset(), 20'700);
}

TEST(PosixZone, others_are_refused) {
  for (const char* text :
       {"", "CET", "C-1", "CET-1CEST", "CET-1CEST,M3.5.0", "CET-1CEST,M13.5.0,M10.5.0",
        "CET-1CEST,M3.0.0,M10.5.0", "CET-1CEST,M3.6.0,M10.5.0", "CET-1CEST,M3.5.7,M10.5.0",
        "CET-1CEST,M3.5.0/168,M10.5.0", "CET-1CEST,M3.5.0,M10.5.0x", "<CET-1", "CET-25",
        "CET-1CEST,J0,J5", "CET-1CEST,J366,J5", "CET-1CEST,366,5", "CET-1CEST,,5",
        "CET-1CEST,M3.5.0/1234,5"}) {
    EXPECT_FALSE(PosixZone::parse(text)) << text;
  }
}

}  // namespace
}  // namespace tandem
