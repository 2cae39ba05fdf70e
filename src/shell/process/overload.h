// How many new calls are refused because the signalling thread cannot keep up
// (SS_OVERLOAD_CPU_PERCENT). A busy thread alone is no overload: at full load it takes every call and
// no message waits long. Only figures: the loop measures.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>

namespace tandem::process {

class Overload {
 public:
  static constexpr std::chrono::milliseconds kWindow{100};

  struct Window {
    std::chrono::microseconds length{};
    std::chrono::microseconds busy{};  // processor time of the thread meanwhile
    bool behind = false;               // much waits to be received
  };
  // Thousandths of the new calls to refuse from now on: more after a window of overload, fewer
  // after one without, the longer it was. Some calls always pass, lest nobody sees that it is over.
  int note(const Window& window, int percent) {
    const bool over = window.behind && 100 * window.busy > percent * window.length;
    const auto windows = std::clamp<std::int64_t>(window.length / kWindow, 1, kMost);
    const int change = over ? kMore : -kFewer * int(windows);
    share_ = std::clamp(share_ + change, 0, kMost);
    return share_;
  }

 private:
  static constexpr int kMore = 100;
  static constexpr int kFewer = 25;
  static constexpr int kMost = 950;

  int share_ = 0;
};

}  // namespace tandem::process
