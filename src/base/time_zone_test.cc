#include "base/time_zone.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>

#include "base/rng.h"

namespace tandem {
namespace {

std::string bytes_of(const std::string& name) {
  std::ifstream file("/usr/share/zoneinfo/" + name, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

TimeZone zone(const std::string& name) {
  const auto parsed = TimeZone::parse(bytes_of(name));
  EXPECT_TRUE(parsed.has_value()) << name << ": is the package tzdata installed?";
  return parsed.value_or(TimeZone());
}

// Seconds since 1970 of a moment by UTC.
UtcTime utc(int year, unsigned month, unsigned day, int hour = 0, int minute = 0, int second = 0) {
  const std::chrono::sys_days date =
      std::chrono::year(year) / std::chrono::month(month) / std::chrono::day(day);
  return UtcTime(date.time_since_epoch() + std::chrono::hours(hour) +
                 std::chrono::minutes(minute) + seconds(second));
}

struct Moment {
  const char* zone;
  UtcTime at;
  int offset;  // seconds
};

TEST(TimeZone, daylight_saving_begins_and_ends_to_the_second) {
  for (const Moment& each : {
           Moment{"Europe/Berlin", utc(2026, 3, 29, 0, 59, 59), 3'600},
           Moment{"Europe/Berlin", utc(2026, 3, 29, 1), 7'200},
           Moment{"Europe/Berlin", utc(2026, 10, 25, 0, 59, 59), 7'200},
           Moment{"Europe/Berlin", utc(2026, 10, 25, 1), 3'600},
           Moment{"America/New_York", utc(2026, 3, 8, 6, 59, 59), -18'000},
           Moment{"America/New_York", utc(2026, 3, 8, 7), -14'400},
           Moment{"America/New_York", utc(2026, 11, 1, 5, 59, 59), -14'400},
           Moment{"America/New_York", utc(2026, 11, 1, 6), -18'000},
           Moment{"Australia/Lord_Howe", utc(2026, 4, 4, 14, 59, 59), 39'600},
           Moment{"Australia/Lord_Howe", utc(2026, 4, 4, 15), 37'800},
           Moment{"Asia/Kolkata", utc(2026, 6, 1), 19'800},
           Moment{"Asia/Kathmandu", utc(2026, 6, 1), 20'700},
           Moment{"UTC", utc(2026, 6, 1), 0},
       }) {
    EXPECT_EQ(zone(each.zone).offset(each.at).count(), each.offset)
        << each.zone << ' ' << epoch_milliseconds(each.at);
  }
}

TEST(TimeZone, rules_go_on_after_the_last_transition_of_the_file) {
  const TimeZone berlin = zone("Europe/Berlin");
  EXPECT_EQ(berlin.offset(utc(2099, 3, 29, 0, 59, 59)), 1h);
  EXPECT_EQ(berlin.offset(utc(2099, 3, 29, 1)), 2h);
  EXPECT_EQ(berlin.offset(utc(2199, 7, 1)), 2h);
  EXPECT_EQ(berlin.offset(utc(2999, 7, 1)), 1h);
  EXPECT_EQ(zone("Asia/Kolkata").offset(utc(2999, 7, 1)), 19'800s);
}

TEST(TimeZone, times_before_the_first_transition_have_the_first_offset) {
  EXPECT_EQ(zone("Europe/Berlin").offset(utc(1850, 1, 1)).count(), 3'208);
  EXPECT_EQ(TimeZone().offset(utc(1850, 1, 1)).count(), 0);
}

TEST(LocalTime, day_second_and_weekday) {
  const LocalTime here = LocalTime::of(utc(2028, 2, 29, 23, 30), zone("Europe/Berlin"));
  const LocalTime there = LocalTime::of(utc(2028, 2, 29, 23, 30), TimeZone());
  EXPECT_EQ(here.day, there.day + 1) << "the first of March";
  EXPECT_EQ(here.second, 1'800);
  EXPECT_EQ(there.weekday(), 2) << "Tuesday, the leap day";
  EXPECT_EQ(here.weekday(), 3);
  EXPECT_EQ(LocalTime::of(utc(1969, 12, 28), TimeZone()).weekday(), 0);
}

TEST(TimeZone, what_is_no_file_of_a_zone_is_refused) {
  EXPECT_FALSE(TimeZone::parse({}));
  EXPECT_FALSE(TimeZone::parse(std::string("TZif2")));
  EXPECT_FALSE(TimeZone::parse(std::string(1'000, 'x')));
  const std::string whole = bytes_of("Europe/Berlin");
  for (std::size_t size = 0; size < whole.size(); ++size) {
    ASSERT_FALSE(TimeZone::parse(std::span(whole).first(size))) << size;
  }
}

TEST(TimeZone, damaged_files_are_refused_or_read_and_nothing_worse) {
  Rng rng({1, 2, 3, 4});
  const std::string whole = bytes_of("America/New_York");
  ASSERT_FALSE(whole.empty());
  for (int round = 0; round < 1'000; ++round) {
    std::string damaged = whole;
    for (int i = 0; i < 3; ++i) damaged[rng.next() % damaged.size()] = char(rng.next());
    if (const auto parsed = TimeZone::parse(damaged)) parsed->offset(utc(2026, 6, 1));
  }
}

}  // namespace
}  // namespace tandem
