// How a leg waits and ends: what times out, what a release sends, when nothing is left of it
// (RFC 3261 §9, §15).

#include <algorithm>
#include <utility>

#include "base/owner.h"
#include "core/leg/leg.h"
#include "core/leg/tokens.h"
#include "core/leg/writing.h"
#include "core/sip/headers.h"

namespace tandem::leg {

using sip::Method;

void Leg::on_transaction_event(Context& context, const transaction::TransactionEvent& event_in) {
  using transaction::TransactionEventKind;
  const bool timeout = event_in.kind == TransactionEventKind::Timeout;
  if (event_in.kind == TransactionEventKind::Terminated) {
    if (event_in.client == ack_transaction_) {
      // Nobody can repeat the 2xx any more.
      ack_transaction_ = {};
      work().ack = std::string();
      compact();
    }
    return;
  }
  if (invite_client_.active && event_in.client == invite_client_.transaction) {
    return on_invite_failure(context, timeout);
  }
  for (std::size_t i = 0; i < clients_.size(); ++i) {
    if (!(clients_[i].transaction == event_in.client)) continue;
    const PendingClient pending = clients_[i];
    clients_.erase(clients_.begin() + std::ptrdiff_t(i));
    if (pending.purpose == Purpose::Refresh) {
      // Of a leg that leaves, or overtaken by another agreement: it proves nothing any more.
      const bool counts = !parting() && pending.transaction == timer_.open;
      if (!counts) return finish_if_idle(context);
      return timeout ? on_refresh_answer(context, 0, nullptr) : on_refresh_broken(context);
    }
    fail_pending(context, pending, timeout ? 408 : 503);
    return finish_if_idle(context);
  }
}

void Leg::on_invite_failure(Context& context, bool timeout) {
  const bool initial = invite_client_.initial;
  invite_client_.active = false;
  if (invite_client_.refresh) {
    if (parting()) return finish_if_idle(context);
    return timeout ? on_refresh_answer(context, 0, nullptr) : on_refresh_broken(context);
  }
  if (!initial && work_) work_->proposed.clear();
  Event failed = event(initial ? Primitive::Release : Primitive::ModifyReply);
  failed.status = timeout ? 408 : 503;
  failed.release.reason = cause::EndReason::ConnectionTimeout;
  failed.release.sip_status = failed.status;
  failed.release.q850_cause = cause::row(failed.release.reason).q850_cause;
  const bool told = !parting();
  if (initial) {
    stage_ = Stage::Ended;
    work().early.clear();
  }
  if (told) context.events.push_back(failed);
  finish_if_idle(context);
}

void Leg::end_pending_requests(Context& context) {
  const Release over{.reason = cause::EndReason::CallDoesNotExist, .sip_status = 487};
  if (!work_) return;
  for (const PendingServer& each : std::exchange(work_->servers, {})) {
    answer_pending(context, each, 487, {}, over, Session::No);
  }
}

void Leg::release(Context& context, const Release& release) {
  switch (stage_) {
    case Stage::Calling:
      end_pending_requests(context);
      if (side_ == Side::Ingress) {
        if (work().invite_server.active) refuse(context, release);
        stage_ = Stage::Ended;
        break;
      }
      stage_ = Stage::Leaving;
      invite_client_.cancelled = true;
      cancel_invite(context, release);
      break;
    case Stage::Accepted:
    case Stage::Confirmed:
      leave_dialog(context, release);
      break;
    case Stage::Leaving:
    case Stage::Ended:
      break;
  }
  arm(context);
  finish_if_idle(context);
}

void Leg::leave_dialog(Context& context, const Release& release) {
  if (read_work().invite_server.active) {
    refuse(context, Release{.reason = release.reason, .sip_status = 487});
  }
  end_pending_requests(context);
  if (invite_client_.active) {
    // A re-INVITE of ours is open: its answer, if it comes, is acknowledged and let be.
    // Without end it could wait for one that rang and fell silent.
    invite_client_.cancelled = true;
    cancel_invite(context, release);
  }
  std::string goodbye = reason_lines(context, release);
  const bool unacknowledged = side_ == Side::Ingress && stage_ == Stage::Accepted &&
                              !read_work().answer.bytes.empty() &&
                              release.reason != cause::EndReason::AckTimeout;
  stage_ = Stage::Leaving;
  if (unacknowledged) {
    // RFC 3261 §15: no BYE before the ACK is here or its time is up.
    bye_after_ack_ = true;
    work().goodbye = std::move(goodbye);
    return;
  }
  if (ack_waits_) send_ack(context, {});
  if (work_) work_->answer = Answer{};
  send_bye(context, goodbye);
}

std::string Leg::reason_lines(Context& context, const Release& release) const {
  sip::Writer writer(context.scratch.data(), context.scratch.size());
  if (rules_.sends_reason) write_reason(writer, release, ReasonOf::Request);
  return std::string(writer.view());
}

void Leg::cancel_invite(Context& context, const Release& release) {
  const std::string reason = reason_lines(context, release);
  context.transactions.cancel(context.now.mono, invite_client_.transaction, reason,
                              context.outbox);
}

void Leg::send_bye(Context& context, std::string_view own_lines) {
  stage_ = Stage::Leaving;
  const auto reserved = context.transactions.reserve_client();
  sip::Writer writer = request(context, Method::Bye, reserved.branch(), ++local_cseq_);
  if (!context.live.sip_user_agent.empty()) {
    writer.header(sip::HeaderId::UserAgent, context.live.sip_user_agent);
  }
  writer.raw(own_lines);
  write_extra(writer);
  writer.finish({});
  start_client(context, {.purpose = Purpose::Bye}, reserved, writer, path_);
}

void Leg::on_timer(Context& context) {
  alarm_ = {};
  if (work_ != nullptr) on_work_time(context);
  on_session_time(context);
  arm(context);
}

// Answers and provisionals that wait for their acknowledgement.
void Leg::on_work_time(Context& context) {
  const Instant now = context.now.mono;
  if (now >= work().answer.give_up_at) {
    work().answer = Answer{};
    if (bye_after_ack_) {
      bye_after_ack_ = false;
      send_bye(context, work().goodbye);
    } else {
      Event failed = event(Primitive::Release);
      failed.release.reason = cause::EndReason::AckTimeout;
      failed.release.q850_cause = 102;
      context.events.push_back(failed);
    }
  } else if (now >= work().answer.resend_at) {
    context.outbox.send(work().answer.path, work().answer.bytes, context.flow_no);
    work().answer.wait = std::min(work().answer.wait * 2, context.timers.t2);
    work().answer.resend_at = now + work().answer.wait;
  }
  if (now >= work().provisionals.give_up_at) {
    work().provisionals.resend_at = work().provisionals.give_up_at = kNever;
    Event failed = event(Primitive::Release);
    failed.release.reason = cause::EndReason::PrackTimeout;
    failed.release.sip_status = 504;
    failed.release.q850_cause = 102;
    context.events.push_back(failed);
  } else if (now >= work().provisionals.resend_at) {
    context.outbox.send(work().invite_server.path, work().provisionals.queue.front().bytes, context.flow_no);
    work().provisionals.wait *= 2;
    work().provisionals.resend_at = now + work().provisionals.wait;
  }
  if (now >= untold_due()) tell_untold(context);
}

void Leg::arm(Context& context) {
  const Work& waits = read_work();
  const Instant due = std::min<Instant>({waits.answer.resend_at, waits.answer.give_up_at,
                                         waits.provisionals.resend_at,
                                         waits.provisionals.give_up_at, untold_due(),
                                         timer_due()});
  context.wheel.cancel(alarm_);
  alarm_ = due == kNever ? TimerId{} : context.wheel.arm(due, owner_word(Owner::Kind::Leg, self_));
  compact();
}

void Context::keep(Event event, std::string annex) {
  if (!annex.empty()) {
    kept.push_back(std::move(annex));
    event.annex = kept.back();
    if (event.release.sip_status != 0) event.release.annex = kept.back();
  }
  events.push_back(event);
}

const Work& Leg::work() const {
  static const Work kNothing;
  return work_ ? *work_ : kNothing;
}

bool Leg::consistent() const {
  const bool waits = work().answer.give_up_at != kNever || work().provisionals.give_up_at != kNever;
  const bool due = waits || untold_due() != kNever || timer_due() != kNever;
  if (due != bool(alarm_)) return false;
  if (!work().answer.bytes.empty() && work().answer.give_up_at == kNever) return false;
  switch (stage_) {
    case Stage::Calling:
      return side_ == Side::Ingress ? work().invite_server.active : invite_client_.active;
    case Stage::Accepted:
      // A late offer in a re-INVITE of ours makes either side wait for the answer.
      return ack_waits_ || (side_ == Side::Ingress && !work().answer.bytes.empty());
    case Stage::Confirmed:
      return !remote_tag_.empty() || side_ == Side::Ingress;
    case Stage::Leaving:
      return invite_client_.active || !clients_.empty() || bye_after_ack_;
    case Stage::Ended:
      return !waits && !work().invite_server.active;
  }
  return false;
}

// Tells the call when nothing of this leg is left to wait for.
void Leg::finish_if_idle(Context& context) {
  if (stage_ == Stage::Leaving && !invite_client_.active && clients_.empty() && !bye_after_ack_ &&
      read_work().answer.bytes.empty()) {
    stage_ = Stage::Ended;
  }
  // An INVITE inside the dialog that is still open: its 2xx, should it come, wants its ACK.
  if (stage_ != Stage::Ended || !clients_.empty() || invite_client_.active || gone_) return;
  end_pending_requests(context);  // what came in an early dialog that failed
  gone_ = true;
  context.wheel.cancel(alarm_);
  alarm_ = {};
  context.events.push_back(event(Primitive::Gone));
}

}  // namespace tandem::leg
