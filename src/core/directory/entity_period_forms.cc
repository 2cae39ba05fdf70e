// The forms of times: of calendars, and of what holds only in a period ("mon-fri 08:00-18:00 in
// office: 30").
#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>

#include "core/directory/entity_binding.h"
#include "core/directory/entity_forms.h"
#include "core/number/cleaning.h"

namespace tandem::directory {
namespace {

constexpr std::array<std::string_view, 7> kDays{"sun", "mon", "tue", "wed", "thu", "fri", "sat"};
constexpr std::uint8_t kAllDays = 0x7f;
constexpr std::size_t kMaxRulePrefixes = 256;

// Takes the next word, which ends before a blank or a line's end.
std::string_view next_word(std::string_view& rest) {
  while (rest.starts_with(' ')) rest.remove_prefix(1);
  const std::size_t end = std::min(rest.find(' '), rest.size());
  const std::string_view word = rest.substr(0, end);
  rest.remove_prefix(end);
  return word;
}

bool whole_number(std::string_view text, std::int32_t& number) {
  const char* last = text.data() + text.size();
  const auto [end, error] = std::from_chars(text.data(), last, number);
  return error == std::errc{} && end == last && number >= 0;
}

int day_of(std::string_view word) {
  for (std::size_t day = 0; day < kDays.size(); ++day)
    if (kDays[day] == word) return static_cast<int>(day);
  return -1;
}

// "mon-fri", "sat+sun", "fri-mon+wed"
bool read_days(std::string_view word, std::uint8_t& days) {
  days = 0;
  for (bool more = true; more;) {
    const std::size_t plus = word.find('+');
    const std::string_view run = word.substr(0, plus);
    const std::size_t dash = run.find('-');
    const int first = day_of(run.substr(0, dash));
    const int last = dash == run.npos ? first : day_of(run.substr(dash + 1));
    if (first < 0 || last < 0) return false;
    for (int day = first;; day = (day + 1) % 7) {
      days = static_cast<std::uint8_t>(days | 1 << day);
      if (day == last) break;
    }
    more = plus != word.npos;
    if (more) word.remove_prefix(plus + 1);
  }
  return true;
}

// Runs of days from Monday on.
std::string days_text(std::uint8_t days) {
  std::string text;
  for (int place = 0; place < 7;) {
    const auto on = [&](int at) { return at < 7 && (days >> (at + 1) % 7 & 1) != 0; };
    int end = place;
    while (on(end)) ++end;
    if (end > place) {
      text += (text.empty() ? "" : "+") + std::string(kDays[std::size_t(place + 1) % 7]);
      if (end > place + 1) text += '-' + std::string(kDays[std::size_t(end) % 7]);
    }
    place = end + 1;
  }
  return text;
}

// "8:00", "08:00", "23:59:59", "24:00"
bool read_time(std::string_view text, std::int32_t& second) {
  second = 0;
  int parts = 0;
  for (std::int32_t unit = 3'600; unit >= 1; unit /= 60, ++parts) {
    const std::size_t colon = std::min(text.find(':'), text.size());
    std::int32_t number = 0;
    const bool digits = colon == 2 || (colon == 1 && parts == 0);
    if (!digits || !whole_number(text.substr(0, colon), number)) return false;
    if (number > (parts == 0 ? 24 : 59)) return false;
    second += number * unit;
    text.remove_prefix(std::min(colon + 1, text.size()));
    if (text.empty()) return parts >= 1 && second <= kDayEnd;
  }
  return false;
}

bool read_times(std::string_view word, std::int32_t& begin, std::int32_t& end) {
  const std::size_t dash = word.find('-');
  return dash != word.npos && read_time(word.substr(0, dash), begin) &&
         read_time(word.substr(dash + 1), end) && begin < kDayEnd && end > 0 && begin != end;
}

// At least so many digits.
std::string padded(std::int64_t number, std::size_t digits) {
  std::string text = std::to_string(number);
  if (text.size() < digits) text.insert(0, digits - text.size(), '0');
  return text;
}

std::string time_text(std::int32_t second) {
  std::string text = padded(second / 3'600, 2) + ':' + padded(second / 60 % 60, 2);
  if (second % 60 != 0) text += ':' + padded(second % 60, 2);
  return text;
}

void append(std::string& text, const std::string& word) {
  if (!text.empty() && !word.empty()) text += ' ';
  text += word;
}

std::string times_text(std::int32_t begin, std::int32_t end) {
  if (begin == 0 && end == kDayEnd) return {};
  return time_text(begin) + '-' + time_text(end);
}

std::string days_and_times(std::uint8_t days, std::int32_t begin, std::int32_t end) {
  std::string text = days == kAllDays ? std::string() : days_text(days);
  append(text, times_text(begin, end));
  return text;
}

// ---- calendars

// "mon-fri 08:00-18:00", "sat off", "daily"
bool read_hours(std::string_view text, WorkingHours& hours) {
  std::string_view word = next_word(text);
  if (word == "daily" || read_days(word, hours.weekdays)) {
    word = next_word(text);
  } else {
    hours.weekdays = kAllDays;
  }
  if (read_times(word, hours.begin, hours.end)) {
    word = next_word(text);
  } else {
    hours.begin = 0;
    hours.end = kDayEnd;
  }
  hours.working = word != "off";
  if (word == "off" || word == "on") word = next_word(text);
  return word.empty();
}

bool canonical_hours(std::string_view text, std::string& to) {
  WorkingHours hours;
  if (text.empty() || !read_hours(text, hours)) return false;
  to = text_of(hours);
  return true;
}

bool read_date(std::string_view text, std::int64_t& day) {
  using namespace std::chrono;
  std::int32_t parts[3];
  constexpr std::size_t kDigits[] = {4, 2, 2};
  for (std::size_t i = 0; i < 3; ++i) {
    const std::size_t size = std::min(text.find('-'), text.size());
    if (size != kDigits[i] || !whole_number(text.substr(0, size), parts[i])) return false;
    if ((i < 2) == (size == text.size())) return false;
    text.remove_prefix(std::min(size + 1, text.size()));
  }
  const year_month_day date{year{parts[0]}, month{unsigned(parts[1])},
                            std::chrono::day{unsigned(parts[2])}};
  if (!date.ok()) return false;
  day = sys_days(date).time_since_epoch().count();
  return true;
}

std::string date_text(std::int64_t day) {
  using namespace std::chrono;
  const year_month_day date{sys_days(days(day))};
  return padded(int(date.year()), 4) + '-' + padded(unsigned(date.month()), 2) + '-' +
         padded(unsigned(date.day()), 2);
}

// "2026-12-24..2026-12-26 off", "2026-12-31 08:00-12:00 on"
bool read_dates(std::string_view text, WorkingDates& dates) {
  const std::string_view range = next_word(text);
  const std::size_t dots = range.find("..");
  if (!read_date(range.substr(0, dots), dates.first)) return false;
  dates.last = dates.first;
  if (dots != range.npos && !read_date(range.substr(dots + 2), dates.last)) return false;
  std::string_view word = next_word(text);
  if (read_times(word, dates.begin, dates.end)) {
    word = next_word(text);
  } else {
    dates.begin = 0;
    dates.end = kDayEnd;
  }
  dates.working = word == "on";
  if (word == "off" || word == "on") word = next_word(text);
  return word.empty() && dates.first <= dates.last;
}

bool canonical_dates(std::string_view text, std::string& to) {
  WorkingDates dates;
  if (!read_dates(text, dates)) return false;
  to = text_of(dates);
  return true;
}

// The name of a zone, which is also that of a file beneath a folder.
bool canonical_zone(std::string_view text, std::string& to) {
  const auto fits = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           c == '/' || c == '_' || c == '-' || c == '+';
  };
  if (text.size() > 64 || text.starts_with('/') || text.ends_with('/')) return false;
  if (text.find("//") != text.npos || !std::ranges::all_of(text, fits)) return false;
  to = text;
  return true;
}

// ---- what holds in a period

struct Head {
  Period when;
  std::string_view calendar;  // its name; "" = none
  std::string_view value;     // behind the colon
};

// "[DAYS] [TIMES] [in CALENDAR]: VALUE", or "always: VALUE"
bool read_head(std::string_view text, Head& head) {
  bool last = false;
  for (int words = 0; !last; ++words) {
    std::string_view word = next_word(text);
    if (word == "in") {
      while (text.starts_with(' ')) text.remove_prefix(1);
      const std::size_t colon = text.find(':');
      if (colon == text.npos || colon == 0) return false;
      head.calendar = text.substr(0, colon);
      text.remove_prefix(colon + 1);
      break;
    }
    last = word.ends_with(':');
    if (last) word.remove_suffix(1);
    std::uint8_t days = 0;
    if (word == "always" && words == 0 && last) break;
    if (words == 0 && read_days(word, days)) {
      head.when.weekdays = days;
    } else if (words > 1 || !read_times(word, head.when.begin, head.when.end)) {
      return false;
    } else if (!last) {
      words = 1;
    }
  }
  while (text.starts_with(' ')) text.remove_prefix(1);
  head.value = text;
  return true;
}

std::string head_text(const Period& when, std::string_view calendar) {
  std::string text = days_and_times(when.weekdays, when.begin, when.end);
  if (!calendar.empty()) append(text, "in " + std::string(calendar));
  return (text.empty() ? "always" : text) + ": ";
}

std::string_view calendar_in(std::string_view text) {
  Head head;
  return read_head(text, head) ? head.calendar : std::string_view();
}

bool read_value(std::string_view text, PeriodCapacity& row) {
  return whole_number(text, row.capacity);
}
std::string value_text(const PeriodCapacity& row) { return std::to_string(row.capacity); }

bool read_value(std::string_view text, PeriodPriority& row) {
  return whole_number(text, row.priority);
}
std::string value_text(const PeriodPriority& row) { return std::to_string(row.priority); }

// "deny callee 44 33", "allow caller": no beginning = any number
bool read_value(std::string_view text, PeriodRule& row) {
  const std::string_view action = next_word(text);
  const std::string_view side = next_word(text);
  if (action != "deny" && action != "allow") return false;
  if (side != "caller" && side != "callee") return false;
  row.action = action == "allow" ? RuleMode::Allow : RuleMode::Deny;
  row.side = side == "caller" ? PeriodRule::Side::Caller : PeriodRule::Side::Callee;
  row.prefixes.clear();
  for (std::string_view word = next_word(text); !word.empty(); word = next_word(text)) {
    if (row.prefixes.size() == kMaxRulePrefixes || word.size() > number::kMaxNumberLength ||
        !number::is_number(word, number::Letters::Allow)) {
      return false;
    }
    row.prefixes.emplace_back(word);
  }
  if (row.prefixes.empty()) row.prefixes.emplace_back();
  return true;
}

std::string value_text(const PeriodRule& row) {
  std::string text = row.action == RuleMode::Allow ? "allow" : "deny";
  append(text, row.side == PeriodRule::Side::Caller ? "caller" : "callee");
  for (const std::string& prefix : row.prefixes) append(text, prefix);
  return text;
}

// "caller 86:,861:0"
bool read_value(std::string_view text, PeriodPlan& row) {
  const std::string_view side = next_word(text);
  if (side != "caller" && side != "callee") return false;
  row.side = side == "caller" ? PeriodRule::Side::Caller : PeriodRule::Side::Callee;
  while (text.starts_with(' ')) text.remove_prefix(1);
  auto plan = number::DialPlan::compile(text);
  if (!plan.ok()) return false;
  row.plan = *std::move(plan);
  return true;
}

std::string value_text(const PeriodPlan& row) {
  std::string text = row.side == PeriodRule::Side::Caller ? "caller" : "callee";
  append(text, std::string(row.plan.text()));
  return text;
}

// What is wrong with the plan, when the rest is well.
std::string fault_of_period_plan(std::string_view text) {
  Head head;
  if (!read_head(text, head)) return {};
  next_word(head.value);
  const auto plan = number::DialPlan::compile(head.value);
  return plan.ok() ? std::string() : plan.error().text();
}

template <class Row>
bool canonical_row(std::string_view text, std::string& to) {
  Head head;
  Row row;
  if (!read_head(text, head) || !read_value(head.value, row)) return false;
  std::string calendar;
  if (!head.calendar.empty() && !kPlainNameForm.canonical(head.calendar, calendar)) return false;
  to = head_text(head.when, calendar) + value_text(row);
  return true;
}

template <class Row>
std::string row_text(const Row& row) {
  const std::string calendar = row.when.calendar == 0 ? "" : std::to_string(row.when.calendar);
  return head_text(row.when, calendar) + value_text(row);
}

// Of a canonical text with the id of its calendar.
template <class Row>
void read_row(std::string_view text, Row& row) {
  Head head;
  read_head(text, head);
  row.when = head.when;
  std::from_chars(head.calendar.data(), head.calendar.data() + head.calendar.size(),
                  row.when.calendar);
  read_value(head.value, row);
}

}  // namespace

constinit const TextForm kTimeZoneForm{
    "a name of the IANA time zone database, such as Europe/Berlin, or empty", canonical_zone};
constinit const TextForm kWorkingHoursForm{
    "weekdays, times of the day or both, and perhaps off: mon-fri 08:00-18:00, sat+sun off, 22:00-06:00",
    canonical_hours};
constinit const TextForm kWorkingDatesForm{
    "a date or two with .. between them, perhaps times of the day, and on or off: "
    "2026-12-24..2026-12-26 off",
    canonical_dates};
constinit const TextForm kPeriodCapacityForm{
    .allowed = "a period, a colon and a number of calls: mon-fri 08:00-18:00: 30, in office: 5, always: 0",
    .canonical = canonical_row<PeriodCapacity>,
    .reference = calendar_in};
constinit const TextForm kPeriodPriorityForm{
    .allowed = "a period, a colon and a priority: sat+sun: 10, 22:00-06:00 in office: 200",
    .canonical = canonical_row<PeriodPriority>,
    .reference = calendar_in};
constinit const TextForm kPeriodRuleForm{
    .allowed = "a period, a colon, deny or allow, caller or callee, and beginnings with blanks between "
               "them, none for any number: mon-fri 08:00-18:00: deny callee 4420 33",
    .canonical = canonical_row<PeriodRule>,
    .reference = calendar_in};
constinit const TextForm kPeriodPlanForm{
    .allowed = "a period, a colon, caller or callee, and a dial plan: mon-fri 08:00-18:00: callee 44:0044",
    .canonical = canonical_row<PeriodPlan>,
    .fault = fault_of_period_plan,
    .reference = calendar_in};

std::string text_of(const WorkingHours& hours) {
  std::string text = days_and_times(hours.weekdays, hours.begin, hours.end);
  if (text.empty()) text = "daily";
  return text + (hours.working ? "" : " off");
}
void read_text(std::string_view text, WorkingHours& member) { read_hours(text, member); }

std::string text_of(const WorkingDates& dates) {
  std::string text = date_text(dates.first);
  if (dates.last != dates.first) text += ".." + date_text(dates.last);
  append(text, times_text(dates.begin, dates.end));
  return text + (dates.working ? " on" : " off");
}
void read_text(std::string_view text, WorkingDates& member) { read_dates(text, member); }

std::string text_of(const PeriodCapacity& row) { return row_text(row); }
std::string text_of(const PeriodPriority& row) { return row_text(row); }
std::string text_of(const PeriodRule& row) { return row_text(row); }
std::string text_of(const PeriodPlan& row) { return row_text(row); }
void read_text(std::string_view text, PeriodCapacity& member) { read_row(text, member); }
void read_text(std::string_view text, PeriodPriority& member) { read_row(text, member); }
void read_text(std::string_view text, PeriodRule& member) { read_row(text, member); }
void read_text(std::string_view text, PeriodPlan& member) { read_row(text, member); }

}  // namespace tandem::directory
