#include "shell/process/pace.h"

#include <gtest/gtest.h>

#include <utility>

namespace tandem::process {
namespace {

using namespace std::chrono_literals;

// Rounds of `each` messages every `apart` for 100 ms, with a sleep of 500 us set.
void run(Pace& pace, microseconds& now, microseconds apart, std::size_t each,
         microseconds sleep = 500us) {
  const Pace::Round round{.messages = each, .registers = 0, .sent = each};
  for (const microseconds end = now + 100ms; now < end; now += apart) pace.note(now, round, sleep);
}

// `count` registrations a millisecond, each answered, until `end`, in rounds as they come out of the
// sleeps of the pace.
void enroll(Pace& pace, microseconds& now, microseconds end, std::size_t count,
            microseconds sleep = 500us) {
  while (now < end) {
    const auto apart = std::max<microseconds>(pace.sleep(), 1ms);
    const std::size_t each = count * std::size_t(apart / 1ms);
    pace.note(now += apart, {.messages = each, .registers = each, .sent = each}, sleep);
  }
}

TEST(Pace, waits_for_each_message_while_few_come) {
  Pace pace;
  microseconds now{0};

  run(pace, now, 2ms, 1);

  EXPECT_EQ(pace.wait(), Pace::Wait::Block);
}

TEST(Pace, sleeps_while_many_come_and_longer_when_they_are_not_so_many) {
  Pace pace;
  microseconds now{0};

  run(pace, now, 1ms, 4);
  EXPECT_EQ(pace.wait(), Pace::Wait::Sleep);
  EXPECT_EQ(pace.sleep(), 1ms);
  run(pace, now, 1ms, 40);
  EXPECT_EQ(pace.sleep(), 500us);
}

TEST(Pace, keeps_sleeping_until_it_would_find_nothing) {
  Pace pace;
  microseconds now{0};
  run(pace, now, 1ms, 4);

  run(pace, now, 2ms, 3);
  EXPECT_EQ(pace.wait(), Pace::Wait::Sleep);
  run(pace, now, 10ms, 1);
  EXPECT_EQ(pace.wait(), Pace::Wait::Block);
}

TEST(Pace, waits_again_after_a_pause) {
  Pace pace;
  microseconds now{0};
  run(pace, now, 1ms, 40);

  now += 1s;
  pace.note(now, {.messages = 1, .registers = 0, .sent = 1}, 500us);

  EXPECT_EQ(pace.wait(), Pace::Wait::Block);
}

TEST(Pace, sleeps_long_after_a_second_of_nothing_but_registrations) {
  Pace pace;
  microseconds now{0};
  run(pace, now, 1ms, 4);

  enroll(pace, now, 1s, 2);
  EXPECT_EQ(pace.sleep(), 1ms);
  enroll(pace, now, 2s, 2);
  EXPECT_EQ(pace.wait(), Pace::Wait::Sleep);
  EXPECT_EQ(pace.sleep(), 32ms);
  enroll(pace, now, 3s, 8);
  EXPECT_LT(pace.sleep(), 9ms) << "64 messages a sleep are enough";
}

TEST(Pace, sleeps_long_for_fewer_registrations_than_it_sleeps_at_all_for_other_messages) {
  Pace pace;
  microseconds now{0};
  run(pace, now, 1ms, 1);
  EXPECT_EQ(pace.wait(), Pace::Wait::Block);

  enroll(pace, now, 2s, 1);

  EXPECT_EQ(pace.wait(), Pace::Wait::Sleep);
  EXPECT_EQ(pace.sleep(), 32ms);
}

TEST(Pace, is_prompt_again_with_what_is_no_registration_or_is_sent_by_the_clock) {
  constexpr Pace::Round kOtherMessage{.messages = 3, .registers = 2, .sent = 2};
  constexpr Pace::Round kByTheClock{.messages = 2, .registers = 2, .sent = 3};
  for (const Pace::Round& round : {kOtherMessage, kByTheClock}) {
    Pace pace;
    microseconds now{0};
    enroll(pace, now, 2s, 2);
    ASSERT_EQ(pace.sleep(), 32ms);

    pace.note(now += 1ms, round, 500us);

    EXPECT_LE(pace.sleep(), 1ms);
    enroll(pace, now, now + 900ms, 2);
    EXPECT_LE(pace.sleep(), 1ms);
  }
}

// Of registrations that come only when those before are answered, so many at once, for 10 s: how long
// the loop sleeps for each batch.
microseconds mean_sleep(Pace& pace, microseconds now, std::size_t at_once) {
  const auto work = microseconds(5 * at_once);
  microseconds slept{0};
  std::int64_t rounds = 0;
  for (const microseconds end = now + 10s; now < end; ++rounds) {
    const microseconds sleep = pace.wait() == Pace::Wait::Sleep ? pace.sleep() : 0us;
    slept += sleep;
    now += std::max<microseconds>(sleep, 100us) + work;
    pace.note(now, {.messages = at_once, .registers = at_once, .sent = at_once}, 500us);
  }
  return slept / rounds;
}

TEST(Pace, does_not_keep_those_waiting_who_send_when_they_are_answered) {
  for (const std::size_t at_once : {8, 32, 64, 200}) {
    Pace pace;
    EXPECT_LT(mean_sleep(pace, 0s, at_once), 1ms) << at_once;
  }
}

TEST(Pace, learns_nothing_from_a_pause_about_who_waits_for_his_answers) {
  for (const std::size_t at_once : {8, 32, 64, 200}) {
    Pace pace;
    microseconds now{0};
    enroll(pace, now, 2s, 2);
    for (; now < 12s; now += 1s) pace.note(now, {.messages = 2, .registers = 2, .sent = 2}, 500us);

    EXPECT_LT(mean_sleep(pace, now, at_once), 1ms) << at_once;
  }
}

TEST(Pace, notices_when_those_who_wait_for_their_answers_take_over) {
  for (const std::size_t at_once : {8, 32, 64, 200}) {
    Pace pace;
    microseconds now{0};
    enroll(pace, now, 5s, 2);
    ASSERT_EQ(pace.sleep(), 32ms);

    EXPECT_LT(mean_sleep(pace, now, at_once), 1ms) << at_once;
  }
}

TEST(Pace, sleeps_long_soon_after_a_pause_and_though_registrations_come_in_gusts) {
  Pace pace;
  microseconds now{1h};
  const microseconds begin = now;
  microseconds long_for{0};
  // 32 at once, 2,000 a second on the whole.
  for (std::size_t come = 0; now < begin + 10s;) {
    const bool sleeps = pace.wait() == Pace::Wait::Sleep;
    const microseconds rest = sleeps ? pace.sleep() : 1ms;
    if (sleeps && pace.sleep() == 32ms) long_for += rest;
    now += rest;
    const std::size_t due = std::size_t((now - begin) / 16ms) * 32;
    const std::size_t each = due - std::exchange(come, due);
    pace.note(now, {.messages = each, .registers = each, .sent = each}, 500us);
  }
  EXPECT_GT(long_for, 9s);
}

TEST(Pace, waits_for_each_registration_while_few_come) {
  Pace pace;
  microseconds now{0};

  for (; now < 3s; now += 5ms) pace.note(now, {.messages = 1, .registers = 1, .sent = 1}, 500us);

  EXPECT_EQ(pace.wait(), Pace::Wait::Block);
}

TEST(Pace, with_no_sleep_it_spins_only_under_load) {
  Pace pace;
  microseconds now{0};

  run(pace, now, 10ms, 1, 0us);
  EXPECT_EQ(pace.wait(), Pace::Wait::Block);
  run(pace, now, 1ms, 40, 0us);
  EXPECT_EQ(pace.wait(), Pace::Wait::Sleep);
  EXPECT_EQ(pace.sleep(), 0us);
}

}  // namespace
}  // namespace tandem::process
