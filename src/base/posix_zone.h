// "CET-1CEST,M3.5.0,M10.5.0/3": how a time zone goes on for ever, as the end of a TZif file says it
// (POSIX.1-2017 8.3, with the extensions of RFC 8536 §3.3.1).
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

namespace tandem {

class PosixZone {
 public:
  static std::optional<PosixZone> parse(std::string_view text);

  std::int32_t standard_offset() const { return standard_; }  // seconds east of UTC

  // Tells the instants (seconds since 1970) at which the offset changes, ascending, and to what;
  // nothing for a zone without daylight saving.
  template <class Tell>
  void for_each_change(int first_year, int last_year, Tell tell) const {
    if (!saves_) return;
    for (int year = first_year; year <= last_year; ++year) {
      std::pair begin{instant(begin_, year, standard_), daylight_};
      std::pair end{instant(end_, year, daylight_), standard_};
      if (end < begin) std::swap(begin, end);
      tell(begin.first, begin.second);
      tell(end.first, end.second);
    }
  }

 private:
  // A day of each year, and a time of it.
  struct Day {
    enum class Kind : std::uint8_t { WithoutLeapDay, WithLeapDay, Weekday } kind{};
    int day = 0;  // of the year from 1 or 0; of the week
    int month = 0;
    int week = 0;  // 5 = the last one
    std::int32_t time = 7'200;
  };
  class Reader;

  static std::int64_t instant(const Day& day, int year, std::int32_t offset_before);

  std::int32_t standard_ = 0;
  std::int32_t daylight_ = 0;
  bool saves_ = false;
  Day begin_;
  Day end_;
};

}  // namespace tandem
