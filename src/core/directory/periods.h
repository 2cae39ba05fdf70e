// When something of a device holds (entities.md 1): weekdays and times of the local day, perhaps only
// in the working time of a calendar, and what holds then. Which local time it is, a calendar says
// (calendars.h).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/directory/number_entities.h"
#include "core/number/dial_plan.h"

namespace tandem::directory {

inline constexpr std::int32_t kDayEnd = 86'400;

struct Period {
  std::uint8_t weekdays = 0x7f;  // bit 0 = Sunday
  std::int32_t begin = 0;        // seconds from local midnight
  std::int32_t end = kDayEnd;    // not above begin: on the day after
  std::int64_t calendar = 0;     // 0 = none; else only in its working time, and in its time zone
};

struct PeriodCapacity {
  Period when;
  std::int32_t capacity = 0;  // calls; 0 = no limit
};

struct PeriodPriority {
  Period when;
  std::int32_t priority = 0;
};

struct PeriodRule {
  enum class Side : std::uint8_t { Caller, Callee };
  Period when;
  RuleMode action = RuleMode::Deny;
  Side side = Side::Caller;
  std::vector<std::string> prefixes;  // beginnings of that number; "" = any
};

struct PeriodPlan {
  Period when;
  PeriodRule::Side side = PeriodRule::Side::Caller;  // whose dial plan it stands for
  number::DialPlan plan;
};

}  // namespace tandem::directory
