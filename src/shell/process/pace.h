// How the loop waits. Waking up costs ten times the handling of a datagram, so under load it does
// not wait for the next one but sleeps a little and takes all that came meanwhile; when little
// comes it waits in epoll and answers at once. While there was nothing but registrations for a second,
// it sleeps longer: no person waits for their answers, and a call that begins then is late by
// kLongest once. Only figures: the loop reads the clock and sleeps.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace tandem::process {

using std::chrono::microseconds;

class Pace {
 public:
  enum class Wait { Block, Sleep };

  // A round: what it took, of that what nobody is in a hurry for, and what it sent.
  struct Round {
    std::size_t messages = 0;
    std::size_t registers = 0;  // REGISTER requests
    std::size_t sent = 0;
  };
  // After the round at `now`; `sleep` is what the operator set.
  void note(microseconds now, const Round& round, microseconds sleep) {
    // What was sent besides answers is paced by the clock: keep-alives, refreshes.
    if (round.registers < round.messages || round.sent > round.registers) {
      calm_from_ = now + kCalm;
      sleep_ = std::min(sleep_, 2 * sleep);
    }
    taken_ += round.messages;
    const microseconds passed = now - since_;
    if (passed < kWindow) return;
    // A window that was mostly waited through says so by its length.
    const auto step = std::max(sleep, kLeastSleep);
    const auto per_step = double(taken_) * double(step.count()) / double(passed.count());
    // A double sleep has to find two messages to begin with, and one to go on.
    wait_ = 2 * per_step >= (wait_ == Wait::Sleep ? 1.0 : 2.0) ? Wait::Sleep : Wait::Block;
    sleep_ = per_step < kFewPerSleep ? 2 * sleep : sleep;
    const double rate = double(taken_) / double(passed.count());
    if (before_ <= sleep_) usual_rate_ = rate;
    if (sleep.count() > 0 && taken_ > 0 && now >= calm_from_) lengthen(now, rate);
    before_ = sleep_;
    since_ = now;
    taken_ = 0;
  }

  Wait wait() const { return wait_; }
  microseconds sleep() const { return sleep_; }  // 0 = spin

 private:
  // Twice as long as before, while no fewer come for it than with the usual sleep: else somebody sends
  // only when he is answered.
  void lengthen(microseconds now, double rate) {
    if (before_ > sleep_ && rate < kNoFewer * usual_rate_) {
      calm_from_ = now + kCalm;
      return;
    }
    const auto enough = microseconds(std::int64_t(kManyPerSleep / rate));
    const microseconds longest = std::max(sleep_, kLongest);
    sleep_ = std::clamp(std::min(enough, 2 * std::max(before_, sleep_)), sleep_, longest);
  }

  static constexpr microseconds kWindow{20'000};
  static constexpr microseconds kLeastSleep{100};  // so that one who spins knows when it is idle
  static constexpr double kFewPerSleep = 4;        // fewer: sleep twice as long
  static constexpr double kManyPerSleep = 64;      // more gain nothing by a longer sleep
  static constexpr double kNoFewer = 0.7;
  static constexpr microseconds kCalm{1'000'000};
  static constexpr microseconds kLongest{32'000};

  microseconds since_{};
  std::size_t taken_ = 0;
  Wait wait_ = Wait::Block;
  microseconds sleep_{};
  microseconds before_{};   // sleep of the window before
  double usual_rate_ = 0;   // messages a microsecond of the last window that was not lengthened
  microseconds calm_from_{};  // nothing but registrations until then, and they may wait
};

}  // namespace tandem::process
