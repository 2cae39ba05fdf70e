#include "core/facts/quality.h"

#include <gtest/gtest.h>

#include <map>

#include "base/archive.h"
#include "base/rng.h"

namespace tandem::facts {
namespace {

directory::Parameters parameters_of(int seconds_in_all, int segments) {
  directory::Parameters parameters;
  parameters.gateway_quality_reserve_time = seconds(seconds_in_all);
  parameters.gateway_quality_reserve_separate = segments;
  return parameters;
}

// "10:05" of some day.
UtcTime at(int hour, int minute, int second = 0) {
  return from_epoch_milliseconds(1'700'006'400'000) + seconds(hour * 3600 + minute * 60 + second);
}

void fill(Quality& quality, const QualityTerms& terms, UtcTime when, const QualityFigures& what) {
  for (std::uint64_t i = 0; i < what.attempts; ++i) {
    quality.attempt(when, terms, i < what.answered ? Reached::Answer : Reached::Nothing);
  }
  for (std::uint64_t i = 0; i < what.ended; ++i) {
    const std::uint64_t share = what.talk / what.ended;
    const bool last = i + 1 == what.ended;
    quality.ended(when, terms, milliseconds(last ? what.talk - share * i : share));
  }
}

class QualityExample : public testing::Test {
 protected:
  QualityExample() {
    fill(quality_, terms_, at(10, 0), {.attempts = 10, .answered = 4, .ended = 4, .talk = 480'000});
    fill(quality_, terms_, at(10, 5), {.attempts = 20, .answered = 9, .ended = 9, .talk = 1'620'000});
    fill(quality_, terms_, at(10, 10, 30), {.attempts = 15, .answered = 6, .ended = 6, .talk = 900'000});
    fill(quality_, terms_, at(10, 19, 59), {.attempts = 30, .answered = 15, .ended = 15, .talk = 2'700'000});
  }
  const QualityTerms terms_ = QualityTerms::of(parameters_of(1200, 4));
  Quality quality_;
};

// call-handling.md §8.1.
TEST_F(QualityExample, the_sum_of_all_segments_is_the_specified_one) {
  const QualityFigures sum = quality_.figures(at(10, 19, 59), terms_);

  EXPECT_EQ(sum.attempts, 75u);
  EXPECT_EQ(sum.answered, 34u);
  EXPECT_EQ(sum.talk, 5'700'000u);
  EXPECT_EQ(sum.ended, 34u);
}

TEST_F(QualityExample, the_oldest_segment_goes_as_a_whole) {
  EXPECT_EQ(quality_.figures(at(10, 20), terms_).attempts, 65u) << "also while nothing happens";
  fill(quality_, terms_, at(10, 20, 30), {.attempts = 5, .answered = 1, .ended = 3, .talk = 600'000});

  const QualityFigures sum = quality_.figures(at(10, 21), terms_);

  EXPECT_EQ(sum.attempts, 70u);
  EXPECT_EQ(sum.answered, 31u);
  EXPECT_EQ(sum.talk, 5'820'000u);
  EXPECT_EQ(sum.ended, 33u);
}

TEST_F(QualityExample, other_terms_begin_anew) {
  const QualityTerms other = QualityTerms::of(parameters_of(1200, 5));

  EXPECT_EQ(quality_.figures(at(10, 19, 59), other), QualityFigures{});
  quality_.attempt(at(10, 19, 59), other, Reached::Ringing);
  EXPECT_EQ(quality_.figures(at(10, 19, 59), other).attempts, 1u);
}

TEST_F(QualityExample, nothing_is_left_after_a_whole_window_of_silence) {
  EXPECT_EQ(quality_.figures(at(10, 39, 59), terms_), QualityFigures{});
  EXPECT_EQ(quality_.figures(at(23, 0), terms_), QualityFigures{});
}

TEST_F(QualityExample, outlives_saving_and_restoring) {
  LastingSaver saver(LastingCoding{});
  saver(quality_);
  Quality again;
  LastingLoader loader(saver.bytes(), LastingCoding{});
  loader(again);

  ASSERT_FALSE(loader.failed());
  EXPECT_EQ(again.figures(at(10, 20), terms_), quality_.figures(at(10, 20), terms_));
}

TEST_F(QualityExample, is_kept_now_and_then_and_only_when_something_happened) {
  EXPECT_TRUE(quality_.wants_keeping(at(10, 20)));
  EXPECT_FALSE(quality_.wants_keeping(at(11, 0)));
  quality_.attempt(at(11, 0), terms_, Reached::Nothing);
  EXPECT_TRUE(quality_.wants_keeping(at(11, 0)));
  quality_.attempt(at(11, 0, 1), terms_, Reached::Nothing);
  EXPECT_FALSE(quality_.wants_keeping(at(11, 0, 4)));
  EXPECT_TRUE(quality_.wants_keeping(at(11, 0, 5)));
}

TEST(Quality, the_asr_for_sorting_is_rounded_down_and_assumed_when_there_is_little) {
  directory::Parameters parameters;
  parameters.gateway_quality_min_calls = 20;
  parameters.gateway_quality_unknown_asr = 50;
  parameters.gateway_quality_sort_step = 10;

  EXPECT_EQ(asr_for_sorting({.attempts = 20, .answered = 7}, parameters), 30);
  EXPECT_EQ(asr_for_sorting({.attempts = 19, .answered = 19}, parameters), 50);
  EXPECT_EQ(asr_for_sorting({.attempts = 40, .answered = 40}, parameters), 100);
  parameters.gateway_quality_min_calls = 0;
  EXPECT_EQ(asr_for_sorting({}, parameters), 50) << "no attempt at all";
}

// Against a list of everything that happened.
TEST(Quality, is_always_the_sum_of_the_segments_of_the_window) {
  Rng rng({1, 2, 3, 4});
  for (int round = 0; round < 200; ++round) {
    const int segments = 1 + int(rng.next() % 12);
    const QualityTerms terms = QualityTerms::of(parameters_of(segments * 7, segments));
    std::map<std::int64_t, QualityFigures> all;
    Quality quality;
    UtcTime now = at(3, 0) + milliseconds(std::int64_t(rng.next() % 7000));
    for (int i = 0; i < 100; ++i) {
      now += milliseconds(std::int64_t(rng.next() % (rng.next() % 10 == 0 ? 60'000 : 900)));
      const std::int64_t number = epoch_milliseconds(now) / terms.segment;
      if (rng.next() % 3 != 0) {
        const auto reached = rng.next() % 4;
        quality.attempt(now, terms, Reached(reached));
        all[number] += {.attempts = 1,
                        .replied = reached >= 1,
                        .rang = reached >= 2,
                        .answered = reached == 3};
      }
      QualityFigures expected;
      for (std::int64_t each = number - segments + 1; each <= number; ++each) expected += all[each];
      ASSERT_EQ(quality.figures(now, terms), expected);
    }
  }
}

}  // namespace
}  // namespace tandem::facts
