// Rows about time: work calendars, and what of devices holds only at times (entities.md 1 and 12). Only
// for the table of rows.
#pragma once

#include "core/directory/entity_gateway_rows.h"

namespace tandem::directory {

inline constexpr EnumWord kCalendarMode[] = {{"working", 0}, {"non_working", 1}};
inline constexpr std::size_t kMaxCalendarRows = 512;
inline constexpr std::size_t kMaxPeriods = 32;  // of one gateway: each costs a look per call

inline constexpr FieldRow kCalendar = bound<&Device::calendar>(
    {.name = "calendar",
     .help = "Work calendar by which it may be used; empty = at any time.",
     .refers_to = "calendars"});
inline constexpr FieldRow kUsedWhen = bound<&Device::calendar_mode>(
    {.name = "calendar_mode",
     .help = "working: used only in the working time of calendar; non_working: only outside of it.",
     .words = kCalendarMode});

inline constexpr FieldRow kPeriodCapacity = bound<&EgressGateway::period_capacity>(
    {.name = "period_capacity",
     .alias = "scheduledCapacity",
     .help = "Concurrent calls in periods, instead of capacity; the first row that holds counts.",
     .max_entries = kMaxPeriods,
     .form = &kPeriodCapacityForm,
     .refers_to = "calendars"});
inline constexpr FieldRow kPeriodPriority = bound<&EgressGateway::period_priority>(
    {.name = "period_priority",
     .alias = "scheduledPriority",
     .help = "Priority in periods, likewise.",
     .max_entries = kMaxPeriods,
     .form = &kPeriodPriorityForm,
     .refers_to = "calendars"});
inline constexpr FieldRow kPeriodRules = bound<&EgressGateway::period_rules>(
    {.name = "period_rules",
     .alias = "scheduledCallinPrefixes",
     .help = "Which numbers it takes in which periods: the first row that fits the call and the "
             "moment decides. Without one the call is taken, unless there are rows that allow.",
     .max_entries = kMaxPeriods,
     .form = &kPeriodRuleForm,
     .refers_to = "calendars"});

inline constexpr FieldRow kPeriodPlans = bound<&EgressGateway::period_plans_in>(
    {.name = "period_plans_in",
     .alias = "scheduledRewriteRulesIn",
     .help = "Dial plans in periods, instead of plan_caller_in or plan_callee_in; the first row of a "
             "side that holds counts.",
     .max_entries = kMaxPeriods,
     .form = &kPeriodPlanForm,
     .refers_to = "calendars"});

inline constexpr FieldRow kCalendarFields[] = {
    bound<&Calendar::name>({.name = "name",
                            .help = "Key; devices and periods name the calendar by it.",
                            .form = &kPlainNameForm,
                            .required = true,
                            .unique = true}),
    bound<&Calendar::time_zone>(
        {.name = "time_zone",
         .help = "Whose clock counts, with its daylight saving; empty = SERVER_CALENDAR_TIME_ZONE.",
         .form = &kTimeZoneForm}),
    bound<&Calendar::weekly>(
        {.name = "weekly",
         .help = "Working time of each week. The first row that fits a moment counts; times that "
                 "end before they begin end on the next day. What no row names is no working time.",
         .max_entries = kMaxCalendarRows,
         .form = &kWorkingHoursForm}),
    bound<&Calendar::dates>(
        {.name = "dates",
         .help = "Days with other times, such as holidays. They win over weekly.",
         .max_entries = kMaxCalendarRows,
         .form = &kWorkingDatesForm}),
    kExternalId,
    kMemo,
};

}  // namespace tandem::directory
