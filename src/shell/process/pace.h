// How the loop waits. Waking up costs ten times the handling of a datagram, so under load it does
// not wait for the next one but sleeps a little and takes all that came meanwhile; when little
// comes it waits in epoll and answers at once. While there was nothing but registrations for a second,
// it sleeps longer: no person waits for their answers, and a call that begins then is late by
// kLongest once. A longer sleep that makes fewer come is given up, because somebody sends only when he
// is answered; tried again later and later. Only figures: the loop reads the clock and sleeps.
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
    const bool calm = sleep.count() > 0 && now >= calm_from_;
    // A double sleep has to find two messages to begin with, and one to go on; fewer where it will
    // soon be a longer one.
    const double wanted = (wait_ == Wait::Sleep ? 1.0 : 2.0) / (calm ? kFewerWhileCalm : 1.0);
    wait_ = 2 * per_step >= wanted ? Wait::Sleep : Wait::Block;
    // What a longer sleep found says nothing of the usual one, where somebody waits for his answers.
    if (!longer_ || doubted_) few_ = per_step < kFewPerSleep;
    sleep_ = few_ ? 2 * sleep : sleep;
    if (wait_ == Wait::Sleep && calm) {
      lengthen(now);
    } else {
      longer_ = doubted_ = false;
      begin_span(now);
    }
    since_ = now;
    taken_ = 0;
  }

  Wait wait() const { return wait_; }
  microseconds sleep() const { return sleep_; }  // 0 = spin

 private:
  // The rate with the usual sleep is known after a while of it, and compared with that of each while of
  // the longer one. Now and then a window has the usual sleep again: somebody may have begun to send when
  // he is answered, as often as others did before him.
  void lengthen(microseconds now) {
    if (doubted_) {
      doubted_ = false;
      longer_ = double(taken_) <= kManyMore * rate_ * double((now - since_).count());
      return begin_span(now);
    }
    span_taken_ += taken_;
    const microseconds length = now - span_since_;
    if (length >= (longer_ ? kTrial : usual_for_)) {
      rate_ = double(span_taken_) / double(length.count());
      if (!longer_) {
        usual_rate_ = rate_;
        longer_ = true;
      } else if (rate_ >= kNoFewer * usual_rate_) {
        usual_for_ = kUsual;
        doubted_ = ++trials_ % kTrialsUntilDoubt == 0;
      } else {
        longer_ = false;
        usual_for_ = std::min(2 * usual_for_, kLongestUsual);
      }
      begin_span(now);
    }
    if (!longer_ || doubted_) return;
    const auto enough = microseconds(std::int64_t(kManyPerSleep / rate_));
    sleep_ = std::clamp(enough, sleep_, std::max(sleep_, kLongest));
  }
  void begin_span(microseconds now) {
    span_since_ = now;
    span_taken_ = 0;
  }

  static constexpr microseconds kWindow{20'000};
  static constexpr microseconds kLeastSleep{100};  // so that one who spins knows when it is idle
  static constexpr double kFewPerSleep = 4;        // fewer: sleep twice as long
  static constexpr double kFewerWhileCalm = 4;
  static constexpr double kManyPerSleep = 64;      // more gain nothing by a longer sleep
  static constexpr double kNoFewer = 0.7;
  static constexpr microseconds kCalm{1'000'000};
  static constexpr microseconds kLongest{32'000};
  static constexpr microseconds kUsual{100'000};  // with the usual sleep, before a longer one
  static constexpr microseconds kTrial{250'000};
  static constexpr unsigned kTrialsUntilDoubt = 4;
  static constexpr double kManyMore = 3;  // twice as many may be those that were just answered
  static constexpr microseconds kLongestUsual{20'000'000};

  microseconds since_{};
  std::size_t taken_ = 0;
  Wait wait_ = Wait::Block;
  microseconds sleep_{};
  bool few_ = false;
  microseconds calm_from_{};  // nothing but registrations until then, and they may wait
  bool longer_ = false;
  bool doubted_ = false;       // this window has the usual sleep though a longer one does no harm
  unsigned trials_ = 0;
  microseconds span_since_{};  // of these sleeps, usual or longer
  std::size_t span_taken_ = 0;
  microseconds usual_for_ = kUsual;
  double usual_rate_ = 0;  // messages a microsecond
  double rate_ = 0;        // of the last span
};

}  // namespace tandem::process
