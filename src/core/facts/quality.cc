#include "core/facts/quality.h"

#include <algorithm>

namespace tandem::facts {
namespace {

int stepped(int percent, const directory::Parameters& parameters) {
  return percent / parameters.gateway_quality_sort_step * parameters.gateway_quality_sort_step;
}

}  // namespace

QualityTerms QualityTerms::of(const directory::Parameters& parameters) {
  const std::int64_t segments = parameters.gateway_quality_reserve_separate;
  return {.segment = milliseconds(parameters.gateway_quality_reserve_time).count() / segments,
          .segments = segments};
}

QualityFigures& QualityFigures::operator+=(const QualityFigures& other) {
  attempts += other.attempts;
  replied += other.replied;
  rang += other.rang;
  answered += other.answered;
  ended += other.ended;
  talk += other.talk;
  return *this;
}

QualityFigures& QualityFigures::operator-=(const QualityFigures& other) {
  attempts -= other.attempts;
  replied -= other.replied;
  rang -= other.rang;
  answered -= other.answered;
  ended -= other.ended;
  talk -= other.talk;
  return *this;
}

int asr_for_sorting(const QualityFigures& figures, const directory::Parameters& parameters) {
  const bool known = figures.attempts != 0 &&
                     figures.attempts >= std::uint64_t(parameters.gateway_quality_min_calls);
  return known ? rounded_asr(figures, parameters)
               : stepped(parameters.gateway_quality_unknown_asr, parameters);
}

int rounded_asr(const QualityFigures& figures, const directory::Parameters& parameters) {
  return stepped(int(figures.answered * 100 / figures.attempts), parameters);
}

void Quality::attempt(UtcTime now, const QualityTerms& terms, Reached reached) {
  count(now, terms, {.attempts = 1,
                     .replied = reached >= Reached::Reply,
                     .rang = reached >= Reached::Ringing,
                     .answered = reached == Reached::Answer});
}

void Quality::ended(UtcTime now, const QualityTerms& terms, milliseconds talk) {
  count(now, terms, {.ended = 1, .talk = std::uint64_t(std::max<std::int64_t>(talk.count(), 0))});
}

void Quality::count(UtcTime now, const QualityTerms& terms, const QualityFigures& what) {
  segment_of(now, terms) += what;
  total_ += what;
  changed_ = true;
}

QualityFigures& Quality::segment_of(UtcTime now, const QualityTerms& terms) {
  const std::int64_t number = epoch_milliseconds(now) / terms.segment;
  if (ring_.empty() || !(terms == terms_)) {
    terms_ = terms;
    newest_ = number;
    ring_.assign(std::size_t(terms.segments), {});
    total_ = {};
  }
  // A clock that was set back counts in the newest segment.
  for (std::int64_t left = std::min(number - newest_, terms.segments); left > 0; --left) {
    QualityFigures& oldest = at(number - left + 1);
    total_ -= oldest;
    oldest = {};
  }
  newest_ = std::max(newest_, number);
  return at(newest_);
}

QualityFigures Quality::figures(UtcTime now, const QualityTerms& terms) const {
  if (ring_.empty() || !(terms == terms_)) return {};
  const std::int64_t passed = epoch_milliseconds(now) / terms.segment - newest_;
  if (passed >= terms.segments) return {};
  QualityFigures sum = total_;
  for (std::int64_t i = 1; i <= passed; ++i) sum -= at(newest_ + i);
  return sum;
}

bool Quality::consistent() const {
  if (terms_.segments < 1 || terms_.segment < 1 || newest_ < 0) return false;
  if (ring_.empty()) return total_ == QualityFigures{};
  QualityFigures sum;
  for (const QualityFigures& each : ring_) sum += each;
  return ring_.size() == std::size_t(terms_.segments) && sum == total_;
}

bool Quality::wants_keeping(UtcTime now, bool at_once) {
  constexpr seconds kWhile{5};
  const bool lately = now >= kept_ && now - kept_ < kWhile;
  if (!changed_ || (lately && !at_once)) return false;
  kept_ = now;
  changed_ = false;
  return true;
}

}  // namespace tandem::facts
