// The clocks of the machine, read once per round of the loop. Instants are CLOCK_MONOTONIC; the
// wall clock that calls see is CLOCK_REALTIME made smooth: when the machine's clock is set while
// calls are up, theirs follows by at most 1/64 of the time that passes and never runs backwards, so
// that talk times stay right. Only a step of more than a minute is followed at once.
#pragma once

#include <chrono>

#include "base/time.h"

namespace tandem::clock {

using std::chrono::microseconds;

struct Reading {
  Now now;
  microseconds precise{};  // of the same line as now.mono, for measuring the loop itself
};

class Clock {
 public:
  Reading read();

  // What read() does with what the machine's clocks say.
  Reading advance(microseconds monotonic, microseconds real);

 private:
  bool begun_ = false;
  microseconds last_{};    // monotonic
  microseconds offset_{};  // wall - monotonic
};

// The wall clock of the machine as it is, for whoever has no calls.
UtcTime wall_time();

}  // namespace tandem::clock
