#include "core/leg/session_timer.h"

#include <algorithm>
#include <array>

#include "base/assert.h"

namespace tandem::leg {
namespace {

using directory::RefreshFailure;
using directory::RefreshMethod;
using directory::RefresherChoice;
using sip::HeaderId;
using sip::Refresher;

constexpr std::array<TimerRuleRow, std::size_t(TimerRule::Count)> kRules{{
    {TimerRule::None, "", "not negotiated yet"},
    {TimerRule::A1, "A1", "the peer neither supports the timer nor sent Session-Expires"},
    {TimerRule::A2, "A2", "a proxy put in Session-Expires; the switch refreshes"},
    {TimerRule::A3, "A3", "a proxy put in a Session-Expires below SS_SIP_SESSION_MIN_SE"},
    {TimerRule::A4, "A4", "the peer supports the timer and left the interval to the switch"},
    {TimerRule::A5, "A5", "the peer asked for an interval and left the refresher to the switch"},
    {TimerRule::A6, "A6", "the peer asked for an interval and refreshes itself"},
    {TimerRule::A7, "A7", "the peer asked for an interval and wants the switch to refresh"},
    {TimerRule::A8, "A8", "the interval asked for is below SS_SIP_SESSION_MIN_SE"},
    {TimerRule::A10, "A10", "the peer requires the timer and the device's sip_timer is off"},
    {TimerRule::A11, "A11", "the device's sip_timer is off; what the peer asked for is ignored"},
    {TimerRule::A12, "A12", "Session-Expires or Min-SE cannot be read"},
    {TimerRule::A14, "A14", "the interval was lowered to SS_SIP_SESSION_TTL_CEILING"},
    {TimerRule::B1, "B1", "the 2xx has no Session-Expires and its Allow no UPDATE"},
    {TimerRule::OneSided, "B1", "one-sided: the 2xx has no Session-Expires, the switch refreshes by UPDATE"},
    {TimerRule::B2, "B2", "the peer refreshes"},
    {TimerRule::B3, "B3", "the switch refreshes"},
    {TimerRule::B4, "B4", "the 2xx names no refresher: the switch refreshes"},
    {TimerRule::B5, "B5", "the 2xx has an interval below our Min-SE"},
    {TimerRule::B6, "B6", "the 2xx has a longer interval than was asked for: the one asked for is used"},
    {TimerRule::B8, "B8", "the peer refused the timer extension with 420"},
    {TimerRule::Off, "off", "the device's sip_timer is off"},
    {TimerRule::Lost, "lost", "a 2xx in mid-call had no Session-Expires: the timer is off"},
}};

constexpr bool rules_complete() {
  for (std::size_t i = 0; i < kRules.size(); ++i) {
    if (std::size_t(kRules[i].rule) != i) return false;
  }
  return true;
}
static_assert(rules_complete(), "kRules has one row per TimerRule, in its order");

std::size_t lines_of(const sip::Message& message, HeaderId id) {
  std::size_t count = 0;
  for (const sip::HeaderField& field : message.headers()) count += field.id == id ? 1 : 0;
  return count;
}

// A peer without `timer` in Supported: somebody on the way asked, and only we can refresh.
TimerAnswer answer_proxy(const TimerAsk& ask, seconds asked, seconds granted,
                         const TimerTerms& terms) {
  TimerAnswer answer;
  answer.contradictory = ask.min_se > asked;
  if (asked < terms.min_se) {
    // No 422, which this caller could not act on, and no raise, which a UAS must not do.
    answer.rule = TimerRule::A3;
    if (asked < kShortestInterval) return answer;
    answer.interval = asked;
  } else {
    answer.rule = granted < asked ? TimerRule::A14 : TimerRule::A2;
    answer.interval = granted;
  }
  answer.refresher = Role::Switch;
  answer.unaware = true;
  return answer;
}

}  // namespace

const TimerRuleRow& row(TimerRule rule) { return kRules[std::size_t(rule)]; }

TimerTerms TimerTerms::of(const directory::Parameters& parameters) {
  return {parameters.sip_session_ttl, parameters.sip_session_min_se,
          parameters.sip_session_ttl_ceiling, parameters.sip_session_refresher};
}

seconds TimerTerms::proposal() const { return std::max({ttl, min_se, kLeastMinSe}); }

TimerAsk timer_ask(const sip::Message& request) {
  TimerAsk ask;
  ask.required = sip::lists_token(request, HeaderId::Require, "timer");
  ask.supported = ask.required || sip::lists_token(request, HeaderId::Supported, "timer");
  if (request.has(HeaderId::SessionExpires)) {
    ask.expires = sip::parse_session_expires(request.value(HeaderId::SessionExpires));
    ask.unreadable = !ask.expires || lines_of(request, HeaderId::SessionExpires) > 1;
  }
  if (request.has(HeaderId::MinSe)) {
    const auto least = sip::parse_delta_seconds(request.value(HeaderId::MinSe));
    if (least) ask.min_se = seconds(*least);
    ask.unreadable |= !least || lines_of(request, HeaderId::MinSe) > 1;
  }
  return ask;
}

TimerAnswer answer_timer(bool device_on, const TimerAsk& ask, const TimerTerms& terms) {
  TimerAnswer answer;
  if (!device_on) {
    const bool asked = ask.supported || ask.expires;
    answer.rule = ask.required ? TimerRule::A10 : asked ? TimerRule::A11 : TimerRule::Off;
    answer.refusal = ask.required ? 420 : 0;
    return answer;
  }
  if (ask.unreadable) {
    answer.rule = TimerRule::A12;
    answer.refusal = 400;
    return answer;
  }
  if (!ask.expires && !ask.supported) {
    answer.rule = TimerRule::A1;
    return answer;
  }
  if (!ask.expires) {
    answer.rule = TimerRule::A4;
    answer.interval = std::max(terms.proposal(), ask.min_se);
    answer.refresher =
        terms.refresher == RefresherChoice::Peer ? Role::Peer : Role::Switch;
    answer.require = true;
    return answer;
  }
  const seconds asked{ask.expires->interval};
  const bool contradictory = ask.min_se > asked;
  const seconds least = contradictory ? 0s : ask.min_se;
  const seconds granted = std::min(asked, std::max(terms.ceiling, least));
  if (!ask.supported) return answer_proxy(ask, asked, granted, terms);
  answer.contradictory = contradictory;
  if (asked < terms.min_se) {
    answer.rule = TimerRule::A8;
    answer.refusal = 422;
    return answer;
  }
  switch (ask.expires->refresher) {
    case Refresher::None:
      answer.rule = TimerRule::A5;
      answer.refresher = terms.refresher == RefresherChoice::Peer ? Role::Peer : Role::Switch;
      break;
    case Refresher::Uac:
      answer.rule = TimerRule::A6;
      answer.refresher = Role::Peer;
      break;
    case Refresher::Uas:
      answer.rule = TimerRule::A7;
      answer.refresher = Role::Switch;
      break;
  }
  if (granted < asked) answer.rule = TimerRule::A14;
  answer.interval = granted;
  answer.require = true;
  return answer;
}

TimerReply timer_reply(const sip::Message& response, bool allowed_update_before) {
  TimerReply reply;
  reply.allows_update = response.has(HeaderId::Allow)
                            ? sip::lists_token(response, HeaderId::Allow, "UPDATE")
                            : allowed_update_before;
  if (response.has(HeaderId::SessionExpires)) {
    reply.expires = sip::parse_session_expires(response.value(HeaderId::SessionExpires));
  }
  return reply;
}

TimerResult accept_timer(seconds asked, const TimerReply& reply, const TimerTerms& terms) {
  TimerResult result;
  if (!reply.expires || seconds(reply.expires->interval) < kShortestInterval) {
    result.below_minimum = reply.expires.has_value();
    result.rule = reply.allows_update ? TimerRule::OneSided : TimerRule::B1;
    result.one_sided = reply.allows_update;
    result.interval = reply.allows_update ? asked : 0s;
    result.refresher = reply.allows_update ? Role::Switch : Role::None;
    return result;
  }
  const seconds said{reply.expires->interval};
  result.interval = std::min(said, asked);
  switch (reply.expires->refresher) {
    case Refresher::None:
      result.rule = TimerRule::B4;
      result.refresher = Role::Switch;
      break;
    case Refresher::Uac:
      result.rule = TimerRule::B3;
      result.refresher = Role::Switch;
      break;
    case Refresher::Uas:
      result.rule = TimerRule::B2;
      result.refresher = Role::Peer;
      break;
  }
  result.below_minimum = said < terms.min_se;
  if (result.below_minimum) result.rule = TimerRule::B5;
  if (said > asked) result.rule = TimerRule::B6;
  return result;
}

seconds refresh_interval(seconds interval, int segment) {
  return std::max(1s, interval / std::max(segment, 1));
}

seconds expiry_margin(seconds interval, const directory::Parameters& parameters) {
  seconds margin = parameters.sip_session_timeout_early_hangup;
  if (margin == 0s && parameters.sip_session_rfc_margin) margin = 32s;
  return std::min(margin, interval / 3);
}

RefreshBy refresh_by(RefreshMethod setting, bool peer_updates, Learned learned) {
  if (learned.no_update && learned.no_reinvite) return RefreshBy::Nothing;
  if (learned.no_update) return RefreshBy::ReInvite;
  if (learned.no_reinvite) return RefreshBy::Update;
  switch (setting) {
    case RefreshMethod::Auto:
      return peer_updates ? RefreshBy::Update : RefreshBy::ReInvite;
    case RefreshMethod::Update:
      return RefreshBy::Update;
    case RefreshMethod::ReInvite:
      return RefreshBy::ReInvite;
  }
  TANDEM_ASSERT(false, "a setting of no name");
  return RefreshBy::Nothing;
}

RefreshOutcome judge_refresh(int status, RefreshBy by, RefreshFailure policy) {
  if (status >= 200 && status < 300) return RefreshOutcome::Refreshed;
  if (status == 481) return RefreshOutcome::Dead;
  if (status == 491) return RefreshOutcome::Glare;
  if (status == 422) return RefreshOutcome::TooShort;
  if (status == 401 || status == 407) return RefreshOutcome::Challenged;
  if (status == 405 || status == 501) return RefreshOutcome::WrongMethod;
  if (status == 488 && by == RefreshBy::ReInvite) return RefreshOutcome::WrongMethod;
  const bool unanswered = status == 0 || status == 408;
  switch (policy) {
    case RefreshFailure::TimeoutOr481:
      return unanswered ? RefreshOutcome::Dead : RefreshOutcome::Failed;
    case RefreshFailure::AtExpiry:
      return RefreshOutcome::Failed;
    case RefreshFailure::AnyFailure:
      return RefreshOutcome::Dead;
  }
  TANDEM_ASSERT(false, "a policy of no name");
  return RefreshOutcome::Failed;
}

milliseconds glare_pause(bool we_made_the_call_id, std::uint64_t random) {
  if (we_made_the_call_id) return milliseconds(2100 + 10 * std::int64_t(random % 191));
  return milliseconds(10 * std::int64_t(random % 201));
}

seconds retry_pause(seconds interval, int segment, bool unanswered) {
  const seconds half = refresh_interval(interval, segment) / 2;
  return std::max(half, unanswered ? 10s : 1s);
}

}  // namespace tandem::leg
