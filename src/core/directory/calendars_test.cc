#include "core/directory/calendars.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "core/directory/directory.h"
#include "core/directory/entity_binding.h"

namespace tandem::directory {
namespace {

std::shared_ptr<const TimeZone> zone(const std::string& name) {
  std::ifstream file("/usr/share/zoneinfo/" + name, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(file), {}};
  const auto parsed = TimeZone::parse(bytes);
  EXPECT_TRUE(parsed.has_value()) << name << ": is the package tzdata installed?";
  return std::make_shared<const TimeZone>(parsed.value_or(TimeZone()));
}

// "2026-03-29 01:30" by UTC.
UtcTime utc(int year, unsigned month, unsigned day, int hour, int minute = 0, int second = 0) {
  const std::chrono::sys_days date =
      std::chrono::year(year) / std::chrono::month(month) / std::chrono::day(day);
  return UtcTime(date.time_since_epoch() + std::chrono::hours(hour) +
                 std::chrono::minutes(minute) + seconds(second));
}

Calendar calendar(const char* zone_name, std::vector<std::string> weekly,
                  std::vector<std::string> dates = {}) {
  Calendar made;
  made.id = 1;
  made.zone = zone(zone_name);
  for (const std::string& row : weekly) read_text(row, made.weekly.emplace_back());
  for (const std::string& row : dates) read_text(row, made.dates.emplace_back());
  return made;
}

TEST(Calendar, working_hours_are_those_of_the_place) {
  const Calendar office = calendar("Europe/Berlin", {"mon-fri 08:00-18:00"});

  EXPECT_FALSE(office.is_working(utc(2026, 1, 5, 6, 59, 59))) << "Monday 7:59:59 in winter";
  EXPECT_TRUE(office.is_working(utc(2026, 1, 5, 7)));
  EXPECT_TRUE(office.is_working(utc(2026, 1, 5, 16, 59, 59)));
  EXPECT_FALSE(office.is_working(utc(2026, 1, 5, 17)));
  EXPECT_TRUE(office.is_working(utc(2026, 7, 6, 6))) << "Monday 8:00 in summer";
  EXPECT_FALSE(office.is_working(utc(2026, 7, 6, 5, 59)));
  EXPECT_FALSE(office.is_working(utc(2026, 1, 4, 12))) << "Sunday";
}

// On 2026-03-29 the clock goes from 2:00 to 3:00, on 2026-10-25 from 3:00 back to 2:00.
TEST(Calendar, the_hour_that_is_left_out_and_the_hour_that_comes_twice) {
  const Calendar night = calendar("Europe/Berlin", {"sun 02:00-03:00"});
  EXPECT_FALSE(night.is_working(utc(2026, 3, 29, 0, 59, 59))) << "1:59:59";
  EXPECT_FALSE(night.is_working(utc(2026, 3, 29, 1))) << "3:00:00: there is no such hour";
  EXPECT_FALSE(night.is_working(utc(2026, 10, 24, 23, 59, 59)));
  EXPECT_TRUE(night.is_working(utc(2026, 10, 25, 0))) << "2:00 in summer time";
  EXPECT_TRUE(night.is_working(utc(2026, 10, 25, 0, 59, 59)));
  EXPECT_TRUE(night.is_working(utc(2026, 10, 25, 1))) << "2:00 once more";
  EXPECT_TRUE(night.is_working(utc(2026, 10, 25, 1, 59, 59)));
  EXPECT_FALSE(night.is_working(utc(2026, 10, 25, 2)));

  const Calendar evening = calendar("America/New_York", {"sat 22:00-06:00"});
  EXPECT_TRUE(evening.is_working(utc(2026, 3, 8, 9, 59, 59))) << "Sunday 5:59:59, summer time";
  EXPECT_FALSE(evening.is_working(utc(2026, 3, 8, 10)));
  EXPECT_TRUE(evening.is_working(utc(2026, 11, 1, 10, 59, 59))) << "5:59:59, winter time";
  EXPECT_FALSE(evening.is_working(utc(2026, 11, 1, 11)));
}

TEST(Calendar, times_over_midnight_belong_to_the_day_they_begin) {
  const Calendar night = calendar("UTC", {"fri 22:00-06:00"});
  EXPECT_FALSE(night.is_working(utc(2026, 1, 2, 5))) << "Friday morning";
  EXPECT_TRUE(night.is_working(utc(2026, 1, 2, 22)));
  EXPECT_TRUE(night.is_working(utc(2026, 1, 2, 23, 59, 59)));
  EXPECT_TRUE(night.is_working(utc(2026, 1, 3, 5, 59, 59))) << "Saturday";
  EXPECT_FALSE(night.is_working(utc(2026, 1, 3, 6)));
  EXPECT_FALSE(night.is_working(utc(2026, 1, 3, 22)));
}

TEST(Calendar, dates_win_and_the_first_row_that_fits_counts) {
  const Calendar office = calendar(
      "UTC", {"mon-fri 12:00-13:00 off", "mon-fri 08:00-18:00"},
      {"2026-12-31 08:00-12:00 on", "2026-12-24..2027-01-01 off", "2028-02-29 on"});
  EXPECT_TRUE(office.is_working(utc(2026, 12, 23, 9)));
  EXPECT_FALSE(office.is_working(utc(2026, 12, 23, 12, 30))) << "lunch";
  EXPECT_FALSE(office.is_working(utc(2026, 12, 24, 9)));
  EXPECT_TRUE(office.is_working(utc(2026, 12, 31, 9)));
  EXPECT_FALSE(office.is_working(utc(2026, 12, 31, 13)));
  EXPECT_FALSE(office.is_working(utc(2027, 1, 1, 9)));
  EXPECT_TRUE(office.is_working(utc(2027, 1, 4, 9)));
  EXPECT_TRUE(office.is_working(utc(2028, 2, 29, 23))) << "the leap day";
  EXPECT_FALSE(office.is_working(utc(2028, 3, 1, 23)));
}

TEST(Calendar, a_date_is_that_of_the_place) {
  const Calendar office = calendar("Asia/Tokyo", {"daily"}, {"2026-01-01 off"});
  EXPECT_TRUE(office.is_working(utc(2025, 12, 31, 14, 59, 59)));
  EXPECT_FALSE(office.is_working(utc(2025, 12, 31, 15)));
  EXPECT_FALSE(office.is_working(utc(2026, 1, 1, 14, 59, 59)));
  EXPECT_TRUE(office.is_working(utc(2026, 1, 1, 15)));
}

// ---- what holds at a moment

class Moments : public testing::Test {
 protected:
  Moments() {
    Directory::Source source;
    source.parameters.calendar_time_zone = "Europe/Berlin";
    source.time_zones["Europe/Berlin"] = zone("Europe/Berlin");
    source.time_zones["Asia/Tokyo"] = zone("Asia/Tokyo");
    Calendar office = calendar("UTC", {"mon-fri 08:00-18:00"});
    office.time_zone = "Asia/Tokyo";
    source.calendars.push_back(office);
    directory_ = Directory::compile(std::move(source));
    gateway_.capacity = 100;
    gateway_.priority = 50;
  }
  template <class Row>
  void rows(std::vector<Row>& to, std::vector<std::string> texts) {
    to.clear();
    for (const std::string& text : texts) read_text(text, to.emplace_back());
  }
  std::shared_ptr<const Directory> directory_;
  EgressGateway gateway_;
};

TEST_F(Moments, a_device_is_used_in_or_out_of_working_time) {
  gateway_.calendar = 1;
  EXPECT_TRUE(directory_->may_be_used(gateway_, utc(2026, 1, 5, 0))) << "9:00 in Tokyo";
  EXPECT_FALSE(directory_->may_be_used(gateway_, utc(2026, 1, 5, 10)));
  gateway_.calendar_mode = CalendarMode::NonWorking;
  EXPECT_FALSE(directory_->may_be_used(gateway_, utc(2026, 1, 5, 0)));
  EXPECT_TRUE(directory_->may_be_used(gateway_, utc(2026, 1, 5, 10)));
  gateway_.calendar = 0;
  EXPECT_TRUE(directory_->may_be_used(gateway_, utc(2026, 1, 5, 0)));
}

TEST_F(Moments, the_first_period_that_holds_counts) {
  rows(gateway_.period_capacity, {"08:00-18:00: 10", "in 1: 5", "22:00-06:00: 20"});
  rows(gateway_.period_priority, {"sat+sun: 7"});
  EXPECT_EQ(directory_->capacity_of(gateway_, utc(2026, 1, 5, 7)), 10) << "8:00 in Berlin";
  EXPECT_EQ(directory_->capacity_of(gateway_, utc(2026, 1, 5, 0)), 5) << "9:00 in Tokyo";
  EXPECT_EQ(directory_->capacity_of(gateway_, utc(2026, 1, 5, 22)), 20);
  EXPECT_EQ(directory_->capacity_of(gateway_, utc(2026, 1, 5, 20)), 100) << "none holds";
  EXPECT_EQ(directory_->priority_of(gateway_, utc(2026, 1, 4, 12)), 7);
  EXPECT_EQ(directory_->priority_of(gateway_, utc(2026, 1, 5, 12)), 50);
}

struct Call {
  const char *caller, *callee;
  int hour;
  bool taken;
};

TEST_F(Moments, rules_of_numbers_and_hours) {
  gateway_.period_rules.clear();
  rows(gateway_.period_rules, {"09:00-19:00: deny callee 4420 33", "always: allow callee 44",
                               "20:00-22:00: allow caller 1"});
  for (const Call& each : {Call{"1", "4420", 8, false},   // the first row
                           Call{"1", "33", 17, false},
                           Call{"1", "4420", 18, true},   // 19:00: the second
                           Call{"1", "4410", 8, true},
                           Call{"1", "33", 19, true},     // 20:00: the third
                           Call{"2", "33", 19, false},    // none fits, but some allow
                           Call{"1", "33", 22, false}}) {
    EXPECT_EQ(directory_->takes(gateway_, each.caller, each.callee, utc(2026, 1, 5, each.hour)),
              each.taken)
        << each.callee << ' ' << each.hour;
  }
  rows(gateway_.period_rules, {"09:00-19:00: deny callee 4420"});
  EXPECT_TRUE(directory_->takes(gateway_, "1", "33", utc(2026, 1, 5, 8))) << "rows only deny";
  gateway_.period_rules.clear();
  EXPECT_TRUE(directory_->takes(gateway_, "1", "33", utc(2026, 1, 5, 8)));
}

}  // namespace
}  // namespace tandem::directory
