#include "shell/api/query.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "base/text.h"

namespace tandem::api {
namespace {

// Takes `digits` decimal digits from the front.
bool take_number(std::string_view& text, std::size_t digits, int& number) {
  if (text.size() < digits) return false;
  number = 0;
  for (std::size_t i = 0; i < digits; ++i) {
    if (text[i] < '0' || text[i] > '9') return false;
    number = number * 10 + (text[i] - '0');
  }
  text.remove_prefix(digits);
  return true;
}

bool take(std::string_view& text, std::string_view one_of) {
  if (text.empty() || one_of.find(text.front()) == one_of.npos) return false;
  text.remove_prefix(1);
  return true;
}

bool take_date(std::string_view& text, std::chrono::sys_days& date) {
  int year = 0;
  int month = 0;
  int day = 0;
  if (!take_number(text, 4, year) || !take(text, "-") || !take_number(text, 2, month) ||
      !take(text, "-") || !take_number(text, 2, day)) {
    return false;
  }
  const std::chrono::year_month_day civil{std::chrono::year(year),
                                          std::chrono::month(static_cast<unsigned>(month)),
                                          std::chrono::day(static_cast<unsigned>(day))};
  date = civil;
  return civil.ok();
}

bool take_time_of_day(std::string_view& text, milliseconds& time) {
  int hour = 0;
  int minute = 0;
  int second = 0;
  if (!take_number(text, 2, hour) || !take(text, ":") || !take_number(text, 2, minute))
    return false;
  if (take(text, ":") && !take_number(text, 2, second)) return false;
  if (hour > 23 || minute > 59 || second > 60) return false;
  time = std::chrono::hours(hour) + std::chrono::minutes(minute) + std::chrono::seconds(second);
  int weight = 100;
  if (!take(text, ".")) return true;
  while (!text.empty() && text.front() >= '0' && text.front() <= '9') {
    time += milliseconds((text.front() - '0') * weight);
    weight /= 10;
    text.remove_prefix(1);
  }
  return true;
}

// "Z", "+02:00"; nothing means UTC.
bool take_offset(std::string_view& text, milliseconds& offset) {
  offset = milliseconds(0);
  if (text.empty() || take(text, "Zz")) return true;
  const bool west = text.front() == '-';
  int hours = 0;
  int minutes = 0;
  if (!take(text, "+-") || !take_number(text, 2, hours)) return false;
  take(text, ":");
  if (!take_number(text, 2, minutes)) return false;
  offset = std::chrono::hours(hours) + std::chrono::minutes(minutes);
  if (west) offset = -offset;
  return true;
}

// RFC 3339 §5.6, and the date alone.
bool parse_calendar_time(std::string_view text, UtcTime& time) {
  std::chrono::sys_days date;
  milliseconds of_day{0};
  milliseconds offset{0};
  if (!take_date(text, date)) return false;
  if (take(text, "Tt ") && (!take_time_of_day(text, of_day) || !take_offset(text, offset))) {
    return false;
  }
  time = UtcTime(date.time_since_epoch() + of_day - offset);
  return text.empty();
}

bool parse_ago(std::string_view text, UtcTime now, UtcTime& time) {
  constexpr std::int64_t kMost = 1'000'000;
  const char unit = text.empty() ? ' ' : text.back();
  if (!text.starts_with('-')) return false;
  const auto count = to_number<std::int64_t>(text.substr(1, text.size() - 2));
  if (!count || *count < 0 || *count > kMost) return false;
  switch (unit) {
    case 's':
      time = now - std::chrono::seconds(*count);
      return true;
    case 'm':
      time = now - std::chrono::minutes(*count);
      return true;
    case 'h':
      time = now - std::chrono::hours(*count);
      return true;
    case 'd':
      time = now - std::chrono::hours(24 * *count);
      return true;
    default:
      return false;
  }
}

std::optional<std::string> canonical_boolean(std::string_view text) {
  for (const std::string_view yes : {"", "true", "1", "on", "yes"}) {
    if (equal_ignoring_case(text, yes)) return "true";
  }
  for (const std::string_view no : {"false", "0", "off", "no"}) {
    if (equal_ignoring_case(text, no)) return "false";
  }
  return std::nullopt;
}

bool has_word(std::string_view words, std::string_view word) {
  while (!words.empty()) {
    const std::size_t end = words.find(' ');
    if (words.substr(0, end) == word) return true;
    words.remove_prefix(end == words.npos ? words.size() : end + 1);
  }
  return false;
}

bool is_short_line(std::string_view text, std::int64_t longest) {
  const bool controls = std::ranges::any_of(
      text, [](char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7f'; });
  return !controls && static_cast<std::int64_t>(text.size()) <= longest;
}

// The one way to write what the value says; nothing when it is refused.
std::optional<std::string> canonical(const QueryRow& row, std::string_view text, UtcTime now) {
  switch (row.type) {
    case QueryType::Text:
      if (row.max != INT64_MAX && !is_short_line(text, row.max)) return std::nullopt;
      return std::string(text);
    case QueryType::Boolean:
      return canonical_boolean(text);
    case QueryType::Integer: {
      const auto number = to_number<std::int64_t>(text);
      if (!number || *number < row.min || *number > row.max) return std::nullopt;
      return std::to_string(*number);
    }
    case QueryType::Time: {
      UtcTime time;
      if (!parse_time(text, now, time)) return std::nullopt;
      return std::to_string(epoch_milliseconds(time));
    }
    case QueryType::Word:
      if (!has_word(row.words, text)) return std::nullopt;
      return std::string(text);
  }
  return std::nullopt;
}

std::string allowed(const QueryRow& row) {
  switch (row.type) {
    case QueryType::Text:
      return row.max == INT64_MAX ? "must be a text"
                                  : "must be a text of at most " + std::to_string(row.max) +
                                        " bytes without control characters";
    case QueryType::Boolean:
      return "must be true or false";
    case QueryType::Time:
      return "must be a time: 2026-01-31T12:00:00Z, 2026-01-31, milliseconds since 1970, or how "
             "long ago: -90s, -15m, -2h, -7d";
    case QueryType::Word:
      return "must be one of: " + std::string(row.words);
    case QueryType::Integer:
      return "must be a whole number from " + std::to_string(row.min) +
             (row.max == INT64_MAX ? "" : " to " + std::to_string(row.max));
  }
  return {};
}

const QueryRow* find(std::span<const QueryRow> rows, std::string_view name) {
  for (const QueryRow& row : rows) {
    if (row.name == name) return &row;
  }
  return nullptr;
}

std::string names(std::span<const QueryRow> rows) {
  std::string list;
  for (const QueryRow& row : rows) {
    if (!list.empty()) list += ", ";
    list += row.name;
  }
  return list.empty() ? "takes no parameters" : "is unknown; known are " + list;
}

}  // namespace

bool parse_time(std::string_view text, UtcTime now, UtcTime& time) {
  if (const auto number = to_number<std::int64_t>(text); number && *number >= 0) {
    time = from_epoch_milliseconds(*number);
    return true;
  }
  return parse_ago(text, now, time) || parse_calendar_time(text, time);
}

Result<Query, std::vector<http::FieldError>> Query::read(std::span<const QueryRow> rows,
                                                         const http::Fields& given, UtcTime now) {
  Query query;
  std::vector<http::FieldError> faults;
  for (const auto& [name, value] : given) {
    const QueryRow* row = find(rows, name);
    if (row == nullptr) {
      faults.push_back({name, value, name + ": " + names(rows)});
    } else if (query.values_.contains(name)) {
      faults.push_back({name, value, name + ": is given twice"});
    } else if (std::optional<std::string> text = canonical(*row, value, now)) {
      query.values_[name] = std::move(*text);
    } else {
      faults.push_back({name, value, name + ": " + allowed(*row)});
    }
  }
  if (!faults.empty()) return Failure{std::move(faults)};
  for (const QueryRow& row : rows) {
    if (!row.initial.empty()) query.values_.emplace(row.name, row.initial);
  }
  return query;
}

bool Query::has(std::string_view name) const { return values_.contains(name); }

std::string Query::text(std::string_view name) const {
  const auto found = values_.find(name);
  return found == values_.end() ? std::string{} : found->second;
}

std::int64_t Query::integer(std::string_view name) const {
  return to_number<std::int64_t>(text(name)).value_or(0);
}

bool Query::flag(std::string_view name) const { return text(name) == "true"; }

UtcTime Query::time(std::string_view name) const { return from_epoch_milliseconds(integer(name)); }

}  // namespace tandem::api
