// How a call ends: who ended it and why, both legs released, counters given back, the record
// written. The record goes out with the first sign of the end, before anything is sent.

#include <algorithm>

#include "core/call/call.h"
#include "core/cause/sip_q850.h"
#include "core/cdr/cdr_fields.h"

namespace tandem::call {
namespace {

using cause::EndReason;
using cause::Side;

Side side_of(const leg::Event& event, leg::LegId ingress) {
  switch (event.release.reason) {
    case EndReason::AckTimeout:
    case EndReason::PrackTimeout:
    case EndReason::InternalError:
    case EndReason::SessionTimeout:
    case EndReason::GlareRetriesExhausted:
    case EndReason::NoTimerProbeFailed:
      return Side::Switch;
    default:
      if (event.release.detected != UtcTime{}) return Side::Switch;
      return event.leg == ingress ? Side::Caller : Side::Callee;
  }
}

}  // namespace

void Call::on_release(Desk& desk, const leg::Event& event) {
  if (event.leg == egress_ && state_ != State::Answered) return fail_attempt(desk, event.release);
  leg::Release why = event.release;
  if (why.detected != UtcTime{}) {
    why.detail = event.leg == ingress_ ? cdr::kDeadCaller : cdr::kDeadCallee;
  }
  if (event.leg == ingress_ && waits_for_reserve()) why.reason = EndReason::ProtectRouteWaitTimeout;
  const bool hangup =
      why.reason == EndReason::CallerHangup || why.reason == EndReason::CalleeHangup;
  if (hangup && why.q850_cause != 16) {
    why.reason = EndReason::PeerByeReason;
    why.detail = why.q850_cause;
  }
  end(desk, side_of(event, ingress_), why);
}

void Call::hang_up(Desk& desk, EndReason reason) {
  if (state_ == State::Releasing || state_ == State::Ended) return;
  const cause::EndReasonRow& row = cause::row(reason);
  leg::Release why;
  why.reason = reason;
  why.q850_cause = row.q850_cause;
  why.sip_status = row.sip_status != 0 ? row.sip_status : 480;
  end(desk, Side::Switch, why);
}

void Call::refuse(Desk& desk, EndReason reason, int status, std::string_view phrase) {
  const cause::EndReasonRow& row = cause::row(reason);
  leg::Release why;
  why.reason = reason;
  why.q850_cause = row.q850_cause;
  why.sip_status = status != 0 ? status : row.sip_status;
  why.phrase = phrase;
  const bool limit = row.family == cause::Family::Limit || reason == EndReason::Maintenance ||
                     reason == EndReason::DatabaseError;
  if (limit && why.sip_status == 503) why.retry_after = own_retry_after(desk);
  end(desk, Side::Switch, why);
}

// How long our own 503 asks the caller to stay away; 0 = it does not.
std::uint32_t Call::own_retry_after(const Desk& desk) const {
  using directory::SystemFlag;
  constexpr seconds kUsual{5};
  const seconds system = desk.leg.live.sip_retry_after_send;
  const auto* gateway = directory().ingress_gateway(ingress_gateway_);
  const SystemFlag wish = gateway == nullptr ? SystemFlag::System : gateway->send_retry_after;
  if (wish == SystemFlag::Off) return 0;
  if (wish == SystemFlag::On && system == 0s) return std::uint32_t(kUsual.count());
  return std::uint32_t(system.count());
}

// The answer to a call that failed, by the lists of the caller's gateway (call-handling.md §10). What
// the caller did itself, or must know to do better, is not another's failure.
leg::Release Call::as_told_to_caller(const leg::Release& why) const {
  leg::Release told = why;
  const auto* gateway = directory().ingress_gateway(ingress_gateway_);
  const bool failure = why.reason != EndReason::CallerCancel &&
                       why.reason != EndReason::CallerHangup && why.own_lines.empty();
  if (gateway == nullptr || !failure) return told;
  if (told.sip_status != 0) {
    told.sip_status = directory::mapped(gateway->failed_sip_codes, told.sip_status);
  }
  if (told.q850_cause != 0) {
    told.q850_cause = directory::mapped(gateway->failed_q931_causes, told.q850_cause);
  }
  if (told.sip_status != why.sip_status) told.phrase = {};
  return told;
}

void Call::end(Desk& desk, Side side, const leg::Release& why) {
  const bool answered = state_ == State::Answered;
  write_record(desk, side, why);
  give_back(desk);
  stop_asking(desk);
  enter(desk, State::Releasing);
  if (kept_) desk.leg.changed.push_back(self_.packed());
  if (leg::Leg* ingress = leg(desk, ingress_)) {
    ingress->release(desk.leg, answered ? why : as_told_to_caller(why));
  }
  if (leg::Leg* egress = leg(desk, egress_)) egress->release(desk.leg, why);
  if (ingress_ == leg::LegId{} && egress_ == leg::LegId{} && leaving_.empty()) {
    state_ = State::Ended;
  }
}

// Of the device that ended the call.
const directory::DeviceRules& Call::rules_of(Side side) const {
  const directory::Device* device = side == Side::Callee ? running_gateway() : calling_device();
  return device == nullptr ? directory().default_rules() : device->rules;
}

void Call::give_back(Desk& desk) {
  if (record_.answer_time != UtcTime{}) {
    for (const leg::LegId id : {ingress_, egress_}) {
      const leg::Leg* side = leg(desk, id);
      facts::TimerLive* live = timer_live(desk, id);
      if (side != nullptr && live != nullptr) ++(side->has_timer() ? live->timed : live->untimed);
    }
  }
  if (counted_.call) {
    --desk.live.calls;
    desk.live.count_account(record_.account, -1);
    if (phone_ != 0) {
      desk.live.phones.count(phone_, 0, -1);
    } else {
      desk.live.count_ingress(ingress_gateway_, -1);
    }
  }
  give_back_attempt(desk);
  counted_ = Counted{};
}

// The three end times: when we let go, when the trouble began, and the last proof of life. Which of
// them is the end of the talk, SERVER_BILLING_SESSION_TIMEOUT_END says (session-timer.md §4).
void Call::note_end_times(Desk& desk, Side side, const leg::Release& why) {
  using directory::TimeoutEnd;
  const UtcTime now = std::max(desk.leg.now.wall, record_.start);
  record_.stop = record_.detect_time = now;
  if (why.detected == UtcTime{}) {
    const leg::Leg* ingress = leg(desk, ingress_);
    const leg::Leg* egress = leg(desk, egress_);
    const leg::Leg* ended = side == Side::Callee && egress != nullptr ? egress : ingress;
    record_.last_alive_time = ended != nullptr ? ended->last_heard() : now;
    return;
  }
  const UtcTime earliest = record_.answer_time != UtcTime{} ? record_.answer_time : record_.start;
  record_.detect_time = std::clamp(why.detected, earliest, now);
  record_.last_alive_time = std::clamp(why.last_alive, earliest, now);
  switch (parameters().billing_session_timeout_end) {
    case TimeoutEnd::ByeTime:
      break;
    case TimeoutEnd::Detection:
      record_.stop = record_.detect_time;
      break;
    case TimeoutEnd::LastAlive:
      record_.stop = record_.last_alive_time;
      break;
  }
}

void Call::write_record(Desk& desk, Side side, const leg::Release& why) {
  const bool answered = record_.answer_time != UtcTime{};
  note_end_times(desk, side, why);
  if (answered) {
    record_.hold_time_ms = (record_.stop - record_.answer_time).count();
    note_talk(desk, milliseconds(record_.hold_time_ms));
  } else {
    if (!(egress_ == leg::LegId{})) note_quality(desk, false);
    note_caller_quality(desk, false);
  }
  record_.connect_duration =
      ((answered ? record_.answer_time : record_.stop) - record_.start).count();
  record_.end_side = side;
  record_.end_reason = why.reason;
  record_.end_detail = why.detail;
  record_.q850_cause = why.q850_cause;
  if (!why.reason_header.empty() && rules_of(side).records_reason) {
    record_.sip_reason_header = why.reason_header.substr(0, 255);
  }

  if (!record_.attempts.empty()) {
    // The attempt that runs when the call ends before the answer has no end of its own yet.
    cdr::Attempt& last = record_.attempts.back();
    if (last.end == UtcTime{}) {
      last.end = record_.stop;
      last.end_reason = why.reason;
      last.end_detail = why.detail;
      if (last.q850_cause == 0) last.q850_cause = why.q850_cause;
      deciding_attempt_ = std::uint32_t(record_.attempts.size() - 1);
    }
    const cdr::Attempt& deciding = record_.attempts[deciding_attempt_];
    record_.callee_gateway = deciding.gateway;
    record_.callee_type =
        deciding.gateway_id == 0 ? cdr::PartyType::Phone : cdr::PartyType::Egress;
    record_.caller_out = deciding.caller;
    record_.callee_out = deciding.callee;
    record_.callee_ip = deciding.address;
    record_.callee_call_id = deciding.call_id;
    record_.callee_pdd = deciding.pdd;
    record_.sip_status = deciding.sip_status;
  }
  if (wanted(side)) desk.cdrs.add(record_);
}

// The switches that leave records out (group cdr).
bool Call::wanted(Side side) const {
  if (record_.answer_time != UtcTime{}) return true;
  if (record_.end_reason == EndReason::Unregistered) {
    return parameters().billing_record_illegal_call;
  }
  if (side == Side::Switch && !parameters().billing_record_server_hang_up) return false;
  return parameters().billing_record_zero_hold_time;
}

void Call::on_gone(Desk& desk, const leg::Event& event) {
  desk.legs.erase(event.leg);
  std::erase(leaving_, event.leg);
  if (event.leg == ingress_) ingress_ = {};
  if (event.leg == egress_) egress_ = {};
  if (state_ == State::Releasing && ingress_ == leg::LegId{} && egress_ == leg::LegId{} &&
      leaving_.empty()) {
    state_ = State::Ended;
  }
}

}  // namespace tandem::call
