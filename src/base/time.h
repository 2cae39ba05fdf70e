// Time as an argument. Instant is monotonic and for timers and durations; UtcTime is the wall clock
// and for CDRs, calendars and rate periods. They never mix. Both count whole milliseconds. The
// shell reads both once per input into a Now; nothing in core reads a clock.
#pragma once

#include <chrono>
#include <cstdint>

namespace tandem {

using namespace std::chrono_literals;
using std::chrono::milliseconds;
using std::chrono::seconds;

// A clock type without now(): only names the time line for std::chrono.
template <int Line>
struct TimeLine {
  using rep = std::int64_t;
  using period = std::milli;
  using duration = std::chrono::milliseconds;
  using time_point = std::chrono::time_point<TimeLine>;
  static constexpr bool is_steady = Line == 0;
};

using Instant = TimeLine<0>::time_point;  // since an origin of the shell's choice
using UtcTime = TimeLine<1>::time_point;  // since 1970-01-01T00:00:00Z

inline constexpr Instant kNever = Instant::max();

struct Now {
  Instant mono;
  UtcTime wall;
};

constexpr std::int64_t epoch_milliseconds(UtcTime time) { return time.time_since_epoch().count(); }
constexpr UtcTime from_epoch_milliseconds(std::int64_t value) {
  return UtcTime{milliseconds{value}};
}

}  // namespace tandem
