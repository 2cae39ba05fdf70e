// Work calendars (entities.md 12): which hours of which days are working time, by the clock of a place.
// Rows of dates win over those of weekdays; of several rows the first that fits counts; what no row
// names is no working time.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/time_zone.h"
#include "core/directory/number_entities.h"
#include "core/directory/periods.h"

namespace tandem::directory {

struct WorkingHours {
  std::uint8_t weekdays = 0x7f;  // bit 0 = Sunday
  std::int32_t begin = 0;        // seconds from local midnight
  std::int32_t end = kDayEnd;    // not above begin: on the day after
  bool working = true;
};

struct WorkingDates {
  std::int64_t first = 0;  // days since 1970-01-01
  std::int64_t last = 0;
  std::int32_t begin = 0;
  std::int32_t end = kDayEnd;
  bool working = false;
};

struct Calendar : EntityHead {
  std::string time_zone;  // "" = SERVER_CALENDAR_TIME_ZONE
  std::vector<WorkingHours> weekly;
  std::vector<WorkingDates> dates;
  std::shared_ptr<const TimeZone> zone;  // of time_zone: Directory::compile()

  bool is_working(UtcTime at) const;
};

// Whether a period of the day that begins on days for which `on` says so holds at a local time. After
// midnight a period that wraps belongs to the day it began.
template <class On>
bool holds(std::int32_t begin, std::int32_t end, const LocalTime& now, On on) {
  if (end > begin) return now.second >= begin && now.second < end && on(now.day);
  return (now.second >= begin && on(now.day)) || (now.second < end && on(now.day - 1));
}

inline bool on_weekday(std::uint8_t weekdays, std::int64_t day) {
  return (weekdays >> LocalTime{day, 0}.weekday() & 1) != 0;
}

}  // namespace tandem::directory
