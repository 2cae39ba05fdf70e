// The rules of the session timer as tables: negotiation, arithmetic, methods, answers to refreshes.
#include "core/leg/session_timer.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>

namespace tandem::leg {
namespace {

using directory::RefresherChoice;
using directory::RefreshFailure;
using directory::RefreshMethod;
using sip::Refresher;

constexpr TimerTerms kTerms{.ttl = 600s, .min_se = 90s, .ceiling = 86400s};

TimerAsk ask(bool supported, std::optional<std::uint32_t> expires = std::nullopt,
             Refresher refresher = Refresher::None, seconds min_se = 0s) {
  TimerAsk made;
  made.supported = supported;
  if (expires) made.expires = sip::SessionExpires{*expires, refresher};
  made.min_se = min_se;
  return made;
}

TimerAsk required(TimerAsk made) {
  made.supported = made.required = true;
  return made;
}

struct AskedRow {
  std::string_view name;
  TimerAsk asked;
  TimerTerms terms = kTerms;
  bool on = true;
  TimerRule rule{};
  int refusal = 0;
  int interval = 0;
  Role refresher = Role::None;
  bool require = false;
  bool contradictory = false;
};

TimerTerms terms(int min_se, int ceiling = 86400, int ttl = 600,
                 RefresherChoice choice = RefresherChoice::Auto) {
  return {seconds(ttl), seconds(min_se), seconds(ceiling), choice};
}

const AskedRow kAsked[] = {
    {.name = "A1", .asked = ask(false), .rule = TimerRule::A1},
    {.name = "A2", .asked = ask(false, 1800), .rule = TimerRule::A2, .interval = 1800,
     .refresher = Role::Switch},
    {.name = "A2 lowered", .asked = ask(false, 1800), .terms = terms(90, 900),
     .rule = TimerRule::A14, .interval = 900, .refresher = Role::Switch},
    {.name = "A3", .asked = ask(false, 60), .rule = TimerRule::A3, .interval = 60,
     .refresher = Role::Switch},
    {.name = "A3 at the least", .asked = ask(false, 32), .rule = TimerRule::A3, .interval = 32,
     .refresher = Role::Switch},
    {.name = "A3 below the least", .asked = ask(false, 31), .rule = TimerRule::A3},
    {.name = "A4", .asked = ask(true), .rule = TimerRule::A4, .interval = 600,
     .refresher = Role::Switch, .require = true},
    {.name = "A4 with its Min-SE", .asked = ask(true, std::nullopt, Refresher::None, 900s),
     .rule = TimerRule::A4, .interval = 900, .refresher = Role::Switch, .require = true},
    {.name = "A4 peer preferred", .asked = ask(true),
     .terms = terms(90, 86400, 600, RefresherChoice::Peer), .rule = TimerRule::A4, .interval = 600,
     .refresher = Role::Peer, .require = true},
    {.name = "A4 short TTL", .asked = ask(true), .terms = terms(120, 86400, 60),
     .rule = TimerRule::A4, .interval = 120, .refresher = Role::Switch, .require = true},
    {.name = "A5", .asked = ask(true, 300), .rule = TimerRule::A5, .interval = 300,
     .refresher = Role::Switch, .require = true},
    {.name = "A5 peer preferred", .asked = ask(true, 300),
     .terms = terms(90, 86400, 600, RefresherChoice::Peer), .rule = TimerRule::A5, .interval = 300,
     .refresher = Role::Peer, .require = true},
    {.name = "A5 switch preferred", .asked = ask(true, 300),
     .terms = terms(90, 86400, 600, RefresherChoice::Switch), .rule = TimerRule::A5,
     .interval = 300, .refresher = Role::Switch, .require = true},
    {.name = "A6", .asked = ask(true, 300, Refresher::Uac), .rule = TimerRule::A6, .interval = 300,
     .refresher = Role::Peer, .require = true},
    {.name = "A7", .asked = ask(true, 300, Refresher::Uas), .rule = TimerRule::A7, .interval = 300,
     .refresher = Role::Switch, .require = true},
    {.name = "A8", .asked = ask(true, 89), .rule = TimerRule::A8, .refusal = 422},
    {.name = "A8 nothing at all", .asked = ask(true, 0), .rule = TimerRule::A8, .refusal = 422},
    {.name = "A9 as A5", .asked = required(ask(true, 300)), .rule = TimerRule::A5, .interval = 300,
     .refresher = Role::Switch, .require = true},
    {.name = "A9 as A4", .asked = required(ask(true)), .rule = TimerRule::A4, .interval = 600,
     .refresher = Role::Switch, .require = true},
    {.name = "A10", .asked = required(ask(true, 300)), .on = false, .rule = TimerRule::A10,
     .refusal = 420},
    {.name = "A11", .asked = ask(true, 300), .on = false, .rule = TimerRule::A11},
    {.name = "nobody wants a timer", .asked = ask(false), .on = false, .rule = TimerRule::Off},
    {.name = "A13", .asked = ask(true, 300, Refresher::None, 900s), .terms = terms(90, 200),
     .rule = TimerRule::A14, .interval = 200, .refresher = Role::Switch, .require = true,
     .contradictory = true},
    {.name = "A14", .asked = ask(true, 7200), .terms = terms(90, 3600), .rule = TimerRule::A14,
     .interval = 3600, .refresher = Role::Switch, .require = true},
    {.name = "A14 not below its Min-SE", .asked = ask(true, 7200, Refresher::None, 5400s),
     .terms = terms(90, 3600), .rule = TimerRule::A14, .interval = 5400,
     .refresher = Role::Switch, .require = true},
};

TEST(SessionTimer, a_request_of_the_peer_is_answered_by_the_rules_of_table_2_1) {
  for (const AskedRow& expected : kAsked) {
    const TimerAnswer answer = answer_timer(expected.on, expected.asked, expected.terms);

    EXPECT_EQ(answer.rule, expected.rule) << expected.name;
    EXPECT_EQ(answer.refusal, expected.refusal) << expected.name;
    EXPECT_EQ(answer.interval.count(), expected.interval) << expected.name;
    EXPECT_EQ(answer.refresher, expected.refresher) << expected.name;
    EXPECT_EQ(answer.require, expected.require) << expected.name;
    EXPECT_EQ(answer.contradictory, expected.contradictory) << expected.name;
  }
}

TEST(SessionTimer, an_unreadable_interval_is_refused_only_where_the_timer_is_on) {
  TimerAsk broken = ask(true);
  broken.unreadable = true;

  EXPECT_EQ(answer_timer(true, broken, kTerms).refusal, 400);
  EXPECT_EQ(answer_timer(true, broken, kTerms).rule, TimerRule::A12);
  EXPECT_EQ(answer_timer(false, broken, kTerms).refusal, 0);
}

struct ReplyRow {
  std::string_view name;
  TimerReply reply;
  TimerRule rule{};
  int interval = 0;
  Role refresher = Role::None;
  bool one_sided = false;
  bool below = false;
};

TEST(SessionTimer, a_2xx_to_our_request_is_read_by_the_rules_of_table_2_2) {
  const ReplyRow rows[] = {
      {.name = "B1", .reply = {std::nullopt, false}, .rule = TimerRule::B1},
      {.name = "B1 one-sided", .reply = {std::nullopt, true}, .rule = TimerRule::OneSided,
       .interval = 600, .refresher = Role::Switch, .one_sided = true},
      {.name = "B2", .reply = {sip::SessionExpires{300, Refresher::Uas}, true},
       .rule = TimerRule::B2, .interval = 300, .refresher = Role::Peer},
      {.name = "B3", .reply = {sip::SessionExpires{300, Refresher::Uac}, false},
       .rule = TimerRule::B3, .interval = 300, .refresher = Role::Switch},
      {.name = "B4", .reply = {sip::SessionExpires{300, Refresher::None}, false},
       .rule = TimerRule::B4, .interval = 300, .refresher = Role::Switch},
      {.name = "B5", .reply = {sip::SessionExpires{60, Refresher::Uas}, false},
       .rule = TimerRule::B5, .interval = 60, .refresher = Role::Peer, .below = true},
      {.name = "B5 below the least", .reply = {sip::SessionExpires{31, Refresher::Uac}, false},
       .rule = TimerRule::B1, .below = true},
      {.name = "B5 below the least, one-sided",
       .reply = {sip::SessionExpires{31, Refresher::Uac}, true}, .rule = TimerRule::OneSided,
       .interval = 600, .refresher = Role::Switch, .one_sided = true, .below = true},
      {.name = "B6", .reply = {sip::SessionExpires{1800, Refresher::Uac}, false},
       .rule = TimerRule::B6, .interval = 600, .refresher = Role::Switch},
  };
  for (const ReplyRow& expected : rows) {
    const TimerResult result = accept_timer(600s, expected.reply, kTerms);

    EXPECT_EQ(result.rule, expected.rule) << expected.name;
    EXPECT_EQ(result.interval.count(), expected.interval) << expected.name;
    EXPECT_EQ(result.refresher, expected.refresher) << expected.name;
    EXPECT_EQ(result.one_sided, expected.one_sided) << expected.name;
    EXPECT_EQ(result.below_minimum, expected.below) << expected.name;
  }
}

TEST(SessionTimer, intervals_and_margins_are_those_of_the_table) {
  struct Row {
    int interval, half, third, margin, capped;
  };
  const Row rows[] = {{90, 45, 30, 30, 30},    {120, 60, 40, 32, 40},   {180, 90, 60, 32, 60},
                      {300, 150, 100, 32, 60}, {600, 300, 200, 32, 60}, {900, 450, 300, 32, 60},
                      {1200, 600, 400, 32, 60}, {1800, 900, 600, 32, 60}};
  directory::Parameters usual;
  directory::Parameters early;
  early.sip_session_timeout_early_hangup = 60s;
  directory::Parameters exact;
  exact.sip_session_rfc_margin = false;
  for (const Row& expected : rows) {
    const seconds interval(expected.interval);

    EXPECT_EQ(refresh_interval(interval, 2).count(), expected.half);
    EXPECT_EQ(refresh_interval(interval, 3).count(), expected.third);
    EXPECT_EQ(expiry_margin(interval, usual).count(), expected.margin);
    EXPECT_EQ(expiry_margin(interval, early).count(), expected.capped);
    EXPECT_EQ(expiry_margin(interval, exact).count(), 0);
  }
}

TEST(SessionTimer, for_every_interval_a_refresh_comes_before_the_deadline) {
  directory::Parameters usual;
  for (int interval = 90; interval <= 3600; ++interval) {
    for (int segment = 2; segment <= 10; ++segment) {
      const seconds refresh = refresh_interval(seconds(interval), segment);
      const seconds deadline = seconds(interval) - expiry_margin(seconds(interval), usual);

      EXPECT_EQ(refresh.count(), interval / segment);
      EXPECT_LT(refresh, deadline) << interval << " / " << segment;
      EXPECT_GE(deadline.count(), interval - 32);
      EXPECT_GE(deadline.count() * 3, interval * 2);
    }
  }
}

TEST(SessionTimer, the_method_of_a_refresh_is_that_of_table_2_4) {
  const Learned fresh;
  const Learned no_update{.no_update = true, .no_reinvite = false};
  const Learned no_reinvite{.no_update = false, .no_reinvite = true};
  const Learned neither{.no_update = true, .no_reinvite = true};

  EXPECT_EQ(refresh_by(RefreshMethod::Auto, true, fresh), RefreshBy::Update);
  EXPECT_EQ(refresh_by(RefreshMethod::Auto, false, fresh), RefreshBy::ReInvite);
  EXPECT_EQ(refresh_by(RefreshMethod::Update, false, fresh), RefreshBy::Update);
  EXPECT_EQ(refresh_by(RefreshMethod::Update, true, no_update), RefreshBy::ReInvite);
  EXPECT_EQ(refresh_by(RefreshMethod::ReInvite, true, fresh), RefreshBy::ReInvite);
  EXPECT_EQ(refresh_by(RefreshMethod::ReInvite, true, no_reinvite), RefreshBy::Update);
  EXPECT_EQ(refresh_by(RefreshMethod::Auto, true, neither), RefreshBy::Nothing);
}

TEST(SessionTimer, answers_to_a_refresh_mean_what_table_2_6_says) {
  using enum RefreshOutcome;
  struct Row {
    int status;
    RefreshOutcome timeout_or_481, at_expiry, any_failure;
  };
  const Row rows[] = {
      {200, Refreshed, Refreshed, Refreshed}, {202, Refreshed, Refreshed, Refreshed},
      {0, Dead, Failed, Dead},                {408, Dead, Failed, Dead},
      {481, Dead, Dead, Dead},                {491, Glare, Glare, Glare},
      {401, Challenged, Challenged, Challenged}, {407, Challenged, Challenged, Challenged},
      {422, TooShort, TooShort, TooShort},    {405, WrongMethod, WrongMethod, WrongMethod},
      {501, WrongMethod, WrongMethod, WrongMethod},
      {302, Failed, Failed, Dead},            {403, Failed, Failed, Dead},
      {488, Failed, Failed, Dead},            {500, Failed, Failed, Dead},
      {503, Failed, Failed, Dead},            {603, Failed, Failed, Dead},
  };
  for (const Row& row : rows) {
    const auto judged = [&](RefreshFailure policy) {
      return judge_refresh(row.status, RefreshBy::Update, policy);
    };
    EXPECT_EQ(judged(RefreshFailure::TimeoutOr481), row.timeout_or_481) << row.status;
    EXPECT_EQ(judged(RefreshFailure::AtExpiry), row.at_expiry) << row.status;
    EXPECT_EQ(judged(RefreshFailure::AnyFailure), row.any_failure) << row.status;
  }
  EXPECT_EQ(judge_refresh(488, RefreshBy::ReInvite, RefreshFailure::AnyFailure), WrongMethod);
}

TEST(SessionTimer, pauses_after_glare_lie_in_the_intervals_of_rfc_3261) {
  for (std::uint64_t random = 0; random < 1000; ++random) {
    const milliseconds made = glare_pause(true, random);
    const milliseconds other = glare_pause(false, random);

    EXPECT_GE(made, 2100ms);
    EXPECT_LE(made, 4000ms);
    EXPECT_GE(other, 0ms);
    EXPECT_LE(other, 2000ms);
    EXPECT_EQ(made.count() % 10, 0);
    EXPECT_EQ(other.count() % 10, 0);
  }
}

TEST(SessionTimer, a_failed_refresh_is_tried_again_after_half_its_interval) {
  EXPECT_EQ(retry_pause(600s, 2, false), 150s);
  EXPECT_EQ(retry_pause(90s, 10, false), 4s);
  EXPECT_EQ(retry_pause(90s, 10, true), 10s);
}

}  // namespace
}  // namespace tandem::leg
