// The local time of a place: how far it is from UTC at which instant, with daylight saving. Read from
// the bytes of a file of the IANA time zone database (TZif, RFC 8536); who reads the file is not here.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/time.h"

namespace tandem {

class TimeZone {
 public:
  TimeZone() = default;  // UTC

  // nullopt: the bytes are no such file, or a damaged one.
  static std::optional<TimeZone> parse(std::span<const char> bytes);

  // East of UTC. Rules that have no end are known up to the year 2200; from then on the last one holds.
  seconds offset(UtcTime at) const;

 private:
  struct Transition {
    std::int64_t at;  // seconds since 1970
    std::int32_t offset;
  };

  std::int32_t first_ = 0;  // before all transitions
  std::vector<Transition> transitions_;  // ascending

  friend class TimeZoneReader;
};

// The time of a clock on the wall.
struct LocalTime {
  std::int64_t day = 0;      // since 1970-01-01
  std::int32_t second = 0;   // of the day
  int weekday() const;       // 0 = Sunday

  static LocalTime of(UtcTime at, const TimeZone& zone);
};

}  // namespace tandem
