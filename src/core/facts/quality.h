// Quality of a gateway over the last while: ASR, ACD and their kin in a window of whole segments
// aligned to the clock (call-handling.md §8.1). The oldest segment is dropped as a whole; the
// unfinished one counts. Asking costs no more with more calls.
#pragma once

#include <cstdint>
#include <vector>

#include "base/time.h"
#include "core/directory/parameters.h"

namespace tandem::facts {

// How the window is cut. What was counted under other terms is forgotten.
struct QualityTerms {
  std::int64_t segment = 1000;  // milliseconds
  std::int64_t segments = 1;

  static QualityTerms of(const directory::Parameters& parameters);
  friend bool operator==(const QualityTerms&, const QualityTerms&) = default;
  template <class Archive>
  void fields(Archive& archive) {
    archive(segment, segments);
  }
};

// How far an attempt came.
enum class Reached : std::uint8_t { Nothing, Reply, Ringing, Answer };

struct QualityFigures {
  std::uint64_t attempts = 0;  // answered or failed; also those the caller gave up
  std::uint64_t replied = 0;   // of them: anything but a 100 came
  std::uint64_t rang = 0;      // 18x or an answer
  std::uint64_t answered = 0;
  std::uint64_t ended = 0;     // answered calls that ended
  std::uint64_t talk = 0;      // their milliseconds

  QualityFigures& operator+=(const QualityFigures& other);
  QualityFigures& operator-=(const QualityFigures& other);
  friend bool operator==(const QualityFigures&, const QualityFigures&) = default;
  template <class Archive>
  void fields(Archive& archive) {
    archive(attempts, replied, rang, answered, ended, talk);
  }
};

// The ASR a gateway is sorted by, in whole percent: rounded down to SS_GATEWAY_QUALITY_SORT_STEP,
// SS_GATEWAY_QUALITY_UNKNOWN_ASR while it has fewer attempts than SS_GATEWAY_QUALITY_MIN_CALLS.
int asr_for_sorting(const QualityFigures& figures, const directory::Parameters& parameters);
// The same of figures that are enough.
int rounded_asr(const QualityFigures& figures, const directory::Parameters& parameters);

class Quality {
 public:
  // At the instant it was answered or failed.
  void attempt(UtcTime now, const QualityTerms& terms, Reached reached);
  // An answered call ended.
  void ended(UtcTime now, const QualityTerms& terms, milliseconds talk);
  QualityFigures figures(UtcTime now, const QualityTerms& terms) const;
  // Whether it should be kept for the next start again: when something has happened since, at most
  // once in a while unless `at_once`.
  bool wants_keeping(UtcTime now, bool at_once = false);

  // What was read from bytes can be counted on with.
  bool consistent() const;

  template <class Archive>
  void fields(Archive& archive) {
    archive(terms_, newest_, ring_, total_);
  }

 private:
  // The segment of now, with the window moved up to it.
  QualityFigures& segment_of(UtcTime now, const QualityTerms& terms);
  QualityFigures& at(std::int64_t number) { return ring_[std::size_t(number % terms_.segments)]; }
  const QualityFigures& at(std::int64_t number) const {
    return ring_[std::size_t(number % terms_.segments)];
  }
  void count(UtcTime now, const QualityTerms& terms, const QualityFigures& what);

  QualityTerms terms_;
  std::int64_t newest_ = 0;           // number of the newest segment, since 1970
  std::vector<QualityFigures> ring_;  // by number modulo terms_.segments; empty = nothing yet
  QualityFigures total_;              // of the ring
  UtcTime kept_{};
  bool changed_ = false;
};

}  // namespace tandem::facts
