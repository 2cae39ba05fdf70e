#include "base/posix_zone.h"

#include <chrono>

namespace tandem {
namespace {

using std::chrono::sys_days;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

}  // namespace

class PosixZone::Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}

  std::optional<PosixZone> read() {
    PosixZone zone;
    if (!name() || !time(zone.standard_, 24)) return std::nullopt;
    zone.standard_ = -zone.standard_;  // POSIX counts westward
    if (rest_.empty()) return zone;
    zone.saves_ = true;
    zone.daylight_ = zone.standard_ + 3'600;
    if (!name()) return std::nullopt;
    if (!rest_.starts_with(',')) {
      if (!time(zone.daylight_, 24)) return std::nullopt;
      zone.daylight_ = -zone.daylight_;
    }
    if (!day(zone.begin_) || !day(zone.end_) || !rest_.empty()) return std::nullopt;
    return zone;
  }

 private:
  bool take(char c) {
    if (!rest_.starts_with(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }

  // Three letters or more, or anything of letters, digits and signs in < >.
  bool name() {
    const bool quoted = take('<');
    std::size_t length = 0;
    const auto fits = [&](char c) {
      return is_letter(c) || (quoted && (is_digit(c) || c == '+' || c == '-'));
    };
    while (length < rest_.size() && fits(rest_[length])) ++length;
    rest_.remove_prefix(length);
    return length >= 3 && (!quoted || take('>'));
  }

  bool number(int& value, int most) {
    value = 0;
    if (rest_.empty() || !is_digit(rest_[0])) return false;
    for (int digits = 0; !rest_.empty() && is_digit(rest_[0]); ++digits) {
      if (digits == 3) return false;
      value = value * 10 + (rest_[0] - '0');
      rest_.remove_prefix(1);
    }
    return value <= most;
  }

  // [+-]hh[:mm[:ss]]
  bool time(std::int32_t& value, int most_hours) {
    const bool negative = take('-');
    if (!negative) take('+');
    int hours = 0;
    int minutes = 0;
    int secs = 0;
    if (!number(hours, most_hours)) return false;
    if (take(':') && !number(minutes, 59)) return false;
    if (take(':') && !number(secs, 59)) return false;
    value = hours * 3'600 + minutes * 60 + secs;
    if (negative) value = -value;
    return true;
  }

  // ,Mm.w.d or ,Jn or ,n and perhaps /time
  bool day(Day& day) {
    if (!take(',')) return false;
    if (take('M')) {
      day.kind = Day::Kind::Weekday;
      if (!number(day.month, 12) || !take('.') || !number(day.week, 5) || !take('.') ||
          !number(day.day, 6) || day.month == 0 || day.week == 0) {
        return false;
      }
    } else if (take('J')) {
      day.kind = Day::Kind::WithoutLeapDay;
      if (!number(day.day, 365) || day.day == 0) return false;
    } else {
      day.kind = Day::Kind::WithLeapDay;
      if (!number(day.day, 365)) return false;
    }
    return !take('/') || time(day.time, 167);
  }

  std::string_view rest_;
};

std::optional<PosixZone> PosixZone::parse(std::string_view text) { return Reader(text).read(); }

std::int64_t PosixZone::instant(const Day& day, int year, std::int32_t offset_before) {
  using namespace std::chrono;
  const auto the_year = std::chrono::year(year);
  sys_days date = sys_days(the_year / January / 1);
  switch (day.kind) {
    case Day::Kind::WithLeapDay:
      date += days(day.day);
      break;
    case Day::Kind::WithoutLeapDay: {
      constexpr int kLastOfFebruary = 59;
      date += days(day.day - 1 + (the_year.is_leap() && day.day > kLastOfFebruary ? 1 : 0));
      break;
    }
    case Day::Kind::Weekday: {
      const auto the_month = the_year / month(static_cast<unsigned>(day.month));
      const weekday wanted(static_cast<unsigned>(day.day));
      date = day.week == 5 ? sys_days(the_month / wanted[last])
                           : sys_days(the_month / wanted[static_cast<unsigned>(day.week)]);
      break;
    }
  }
  return std::int64_t{date.time_since_epoch().count()} * 86'400 + day.time - offset_before;
}

}  // namespace tandem
