// Proof of life in an answered call: what the legs tell of their session timers, and the limit of
// legs that have none (SS_SIP_NO_TIMER_REINVITE_INTERVAL).

#include <utility>

#include "core/call/call.h"

namespace tandem::call {
namespace {

using cause::EndReason;
using directory::NoTimerAction;
using directory::NoTimerScope;
using leg::LifeNews;

// A probe that cannot go out now, because the session is being changed, waits this long.
constexpr seconds kBusyPause{1};

}  // namespace

facts::TimerLive* Call::timer_live(Desk& desk, leg::LegId leg) const {
  if (leg == ingress_) {
    if (ingress_gateway_ == 0) return nullptr;
    return &desk.live.ingress.at(ingress_gateway_).timer;
  }
  return counted_.egress == 0 ? nullptr : &desk.live.egress.at(counted_.egress).timer;
}

// That a device refuses UPDATE or re-INVITE is told once, not for each call (session-timer.md 7).
void Call::note_method(Desk& desk, const leg::Event& event, facts::TimerLive& live) const {
  const facts::Refreshing how = event.modify == leg::ModifyKind::Update
                                    ? facts::Refreshing::ByReInvite
                                    : facts::Refreshing::ByUpdate;
  if (std::exchange(live.learned, how) == how) return;
  const directory::Device* device = event.leg == ingress_ ? calling_device() : running_gateway();
  desk.learned.push_back({device == nullptr ? std::string() : device->name, how, event.status});
}

void Call::on_supervision(Desk& desk, const leg::Event& event) {
  facts::TimerLive* live = timer_live(desk, event.leg);
  switch (event.life) {
    case LifeNews::TimerChanged:
      if (state_ == State::Answered) watch_untimed(desk);
      return;
    case LifeNews::ProbeAnswered:
    case LifeNews::ProbeFailed:
      return;
    case LifeNews::BelowMinimum:
      if (live != nullptr) ++live->below_minimum;
      return;
    case LifeNews::Contradictory:
      if (live != nullptr) ++live->contradictory;
      return;
    case LifeNews::RefreshAnswered:
      if (live != nullptr) ++live->refreshed;
      break;
    case LifeNews::RefreshRefused:
      if (live != nullptr) ++live->refused;
      break;
    case LifeNews::Glare:
      if (live != nullptr) ++live->glares;
      break;
    case LifeNews::MethodRefused:
      if (live != nullptr) note_method(desk, event, *live);
      return;
    case LifeNews::TooShortSent:
    case LifeNews::TooShortGot:
      if (live == nullptr) return;
      ++(event.life == LifeNews::TooShortSent ? live->too_short_sent : live->too_short_got);
      live->asked = event.asked;
      live->granted = event.granted;
      return;
  }
  if (live != nullptr) live->last_status = event.status;
}

bool Call::untimed_limit_applies(Desk& desk) const {
  if (parameters().sip_no_timer_reinvite_interval == 0s) return false;
  const leg::Leg* ingress = leg(desk, ingress_);
  const leg::Leg* egress = leg(desk, egress_);
  const bool caller = ingress != nullptr && !ingress->has_timer();
  const bool callee = egress != nullptr && !egress->has_timer();
  switch (parameters().sip_no_timer_scope) {
    case NoTimerScope::Caller:
      return caller;
    case NoTimerScope::Either:
      return caller || callee;
    case NoTimerScope::Both:
      return caller && callee;
  }
  return false;
}

// Starts or stops the limit; it counts from the answer, or from when a timer was lost.
void Call::watch_untimed(Desk& desk) {
  const bool applies = untimed_limit_applies(desk);
  if (applies == (untimed_since_ != kNever)) return;
  const Instant now = desk.leg.now.mono;
  untimed_since_ = applies ? now : kNever;
  untimed_deadline_ = applies ? now + parameters().sip_no_timer_reinvite_interval : kNever;
  probed_ = 0;
  desk.leg.changed.push_back(self_.packed());
  arm(desk);
}

void Call::on_untimed_limit(Desk& desk) {
  const NoTimerAction action = parameters().sip_no_timer_action;
  const bool last = action == NoTimerAction::HangUp ||
                    (action == NoTimerAction::ProbeThenHangUp && probed_ != 0);
  if (last) {
    untimed_deadline_ = kNever;
    return hang_up(desk, EndReason::NoTimerLimit);
  }
  bool sent = false;
  for (const leg::LegId id : {ingress_, egress_}) {
    leg::Leg* side = leg(desk, id);
    if (side == nullptr || side->has_timer()) continue;
    const bool wanted = parameters().sip_no_timer_scope != NoTimerScope::Caller || id == ingress_;
    if (wanted) sent |= side->probe(desk.leg);
  }
  if (!sent) {
    untimed_deadline_ = desk.leg.now.mono + kBusyPause;
    return;
  }
  // Counted from the limit before, not from when a busy leg let itself be probed.
  ++probed_;
  desk.leg.changed.push_back(self_.packed());
  untimed_deadline_ =
      untimed_since_ + (probed_ + 1) * parameters().sip_no_timer_reinvite_interval;
}

}  // namespace tandem::call
