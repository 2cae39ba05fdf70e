#include "core/directory/calendars.h"

#include "core/directory/directory.h"

namespace tandem::directory {

bool Calendar::is_working(UtcTime at) const {
  const LocalTime now = LocalTime::of(at, *zone);
  for (const WorkingDates& row : dates) {
    const auto on = [&](std::int64_t day) { return day >= row.first && day <= row.last; };
    if (holds(row.begin, row.end, now, on)) return row.working;
  }
  for (const WorkingHours& row : weekly) {
    const auto on = [&](std::int64_t day) { return on_weekday(row.weekdays, day); };
    if (holds(row.begin, row.end, now, on)) return row.working;
  }
  return false;
}

bool Directory::holds(const Period& period, UtcTime at) const {
  const Calendar* its = calendar(period.calendar);
  const LocalTime now = LocalTime::of(at, its != nullptr ? *its->zone : *usual_zone_);
  const auto on = [&](std::int64_t day) { return on_weekday(period.weekdays, day); };
  return directory::holds(period.begin, period.end, now, on) &&
         (its == nullptr || its->is_working(at));
}

bool Directory::may_be_used(const Device& device, UtcTime at) const {
  const Calendar* its = calendar(device.calendar);
  return its == nullptr ||
         its->is_working(at) == (device.calendar_mode == CalendarMode::Working);
}

std::int32_t Directory::capacity_of(const EgressGateway& gateway, UtcTime at) const {
  for (const PeriodCapacity& row : gateway.period_capacity)
    if (holds(row.when, at)) return row.capacity;
  return gateway.capacity;
}

std::int32_t Directory::priority_of(const EgressGateway& gateway, UtcTime at) const {
  for (const PeriodPriority& row : gateway.period_priority)
    if (holds(row.when, at)) return row.priority;
  return gateway.priority;
}

bool Directory::takes(const EgressGateway& gateway, std::string_view caller,
                      std::string_view callee, UtcTime at) const {
  bool some_allowed = false;
  for (const PeriodRule& row : gateway.period_rules) {
    some_allowed = some_allowed || row.action == RuleMode::Allow;
    const std::string_view number = row.side == PeriodRule::Side::Caller ? caller : callee;
    bool fits = false;
    for (const std::string& prefix : row.prefixes) fits = fits || number.starts_with(prefix);
    if (fits && holds(row.when, at)) return row.action == RuleMode::Allow;
  }
  return !some_allowed;
}

const number::DialPlan& Directory::plan_of(const EgressGateway& gateway, PeriodRule::Side side,
                                           UtcTime at) const {
  for (const PeriodPlan& row : gateway.period_plans_in)
    if (row.side == side && holds(row.when, at)) return row.plan;
  return side == PeriodRule::Side::Caller ? gateway.plan_caller_in : gateway.plan_callee_in;
}

}  // namespace tandem::directory
