// How the loop waits. Waking up costs ten times the handling of a datagram, so under load it does
// not wait for the next one but sleeps a little and takes all that came meanwhile; when little
// comes it waits in epoll and answers at once. Only figures: the loop reads the clock and sleeps.
#pragma once

#include <chrono>
#include <cstddef>

namespace tandem::process {

using std::chrono::microseconds;

class Pace {
 public:
  enum class Wait { Block, Sleep };

  // After a round that took `messages` at `now`; `sleep` is what the operator set.
  void note(microseconds now, std::size_t messages, microseconds sleep) {
    taken_ += messages;
    const microseconds passed = now - since_;
    if (passed < kWindow) return;
    // A window that was mostly waited through says so by its length.
    const auto step = std::max(sleep, kLeastSleep);
    const auto per_step = double(taken_) * double(step.count()) / double(passed.count());
    // A double sleep has to find two messages to begin with, and one to go on.
    wait_ = 2 * per_step >= (wait_ == Wait::Sleep ? 1.0 : 2.0) ? Wait::Sleep : Wait::Block;
    sleep_ = per_step < kFewPerSleep ? 2 * sleep : sleep;
    since_ = now;
    taken_ = 0;
  }

  Wait wait() const { return wait_; }
  microseconds sleep() const { return sleep_; }  // 0 = spin

 private:
  static constexpr microseconds kWindow{20'000};
  static constexpr microseconds kLeastSleep{100};  // so that one who spins knows when it is idle
  static constexpr double kFewPerSleep = 4;        // fewer: sleep twice as long

  microseconds since_{};
  std::size_t taken_ = 0;
  Wait wait_ = Wait::Block;
  microseconds sleep_{};
};

}  // namespace tandem::process
