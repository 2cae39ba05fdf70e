#include "shell/clock/clock.h"

#include <algorithm>
#include <ctime>

namespace tandem::clock {
namespace {

constexpr microseconds kStep = std::chrono::minutes(1);
constexpr int kSlew = 64;
// The two clocks are read one after the other: so much of a difference says nothing.
constexpr microseconds kReadingApart = std::chrono::milliseconds(1);

microseconds ask(clockid_t id) {
  timespec time{};
  ::clock_gettime(id, &time);
  return std::chrono::duration_cast<microseconds>(std::chrono::seconds(time.tv_sec) +
                                                  std::chrono::nanoseconds(time.tv_nsec));
}

milliseconds whole(microseconds time) { return std::chrono::floor<milliseconds>(time); }

}  // namespace

Reading Clock::read() { return advance(ask(CLOCK_MONOTONIC), ask(CLOCK_REALTIME)); }

Reading Clock::advance(microseconds monotonic, microseconds real) {
  const microseconds wanted = real - monotonic;
  const microseconds deviation = wanted - offset_;
  if (!begun_ || std::chrono::abs(deviation) > kStep) {
    offset_ = wanted;
    begun_ = true;
  } else if (std::chrono::abs(deviation) >= kReadingApart) {
    const microseconds most = (monotonic - last_) / kSlew;
    offset_ += std::clamp(deviation, -most, most);
  }
  last_ = monotonic;
  // Both tick at the same moment: a limit of 60 s on the one is 60 s of talk on the other.
  return {.now = {.mono = Instant(whole(monotonic)),
                  .wall = UtcTime(whole(monotonic) + whole(offset_))},
          .precise = monotonic};
}

UtcTime wall_time() { return UtcTime(whole(ask(CLOCK_REALTIME))); }

}  // namespace tandem::clock
