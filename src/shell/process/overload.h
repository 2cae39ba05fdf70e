// How many new calls are refused because the signalling thread cannot keep up
// (SS_OVERLOAD_CPU_PERCENT). A busy thread alone is no overload: at full load it takes every call and
// no message waits long. Only figures: the loop measures.
#pragma once

#include <algorithm>
#include <chrono>

namespace tandem::process {

class Overload {
 public:
  static constexpr std::chrono::milliseconds kWindow{25};

  struct Window {
    std::chrono::microseconds length{};
    std::chrono::microseconds busy{};  // not waiting for work; for a processor counts
    double waiting = 0;  // how full the room is for messages that wait to be received: 0 to 1
  };
  // Thousandths of the new calls to refuse from now on: so many that the room stays half full. Some
  // calls always pass.
  static int share(const Window& window, int percent) {
    if (100 * window.busy <= percent * window.length) return 0;
    const double over = (window.waiting - kNone) / (kAll - kNone);
    return int(kMost * std::clamp(over, 0.0, 1.0));
  }

 private:
  static constexpr double kNone = 0.25;  // waiting; up to there none are refused
  static constexpr double kAll = 0.75;
  static constexpr int kMost = 950;
};

}  // namespace tandem::process
