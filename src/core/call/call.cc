#include "core/call/call.h"

#include <algorithm>

#include "base/owner.h"
#include "core/directory/phone_terms.h"

namespace tandem::call {

using leg::Primitive;

void Call::begin(CallId self, std::int64_t flow_no, std::shared_ptr<const Settings> settings,
                 leg::LegId ingress) {
  self_ = self;
  settings_ = std::move(settings);
  ingress_ = ingress;
  record_.flow_no = flow_no;
  record_.flow_no_first = flow_no;
}

void Call::use(std::shared_ptr<const Settings> settings) {
  settings_ = std::move(settings);
  if (const directory::Phone* phone = directory().phone(counted_.phone)) {
    callee_phone_ = std::make_unique<const directory::EgressGateway>(directory::as_egress(*phone));
  }
}

void Call::on_event(Desk& desk, const leg::Event& event) {
  if (event.primitive == Primitive::Gone) return on_gone(desk, event);
  const bool current = event.leg == ingress_ || event.leg == egress_;
  if (!current || state_ == State::Releasing || state_ == State::Ended) return;
  switch (event.primitive) {
    case Primitive::Proceeding:
      return on_proceeding(desk, event);
    case Primitive::Alerting:
    case Primitive::Progress:
      return on_ringing(desk, event);
    case Primitive::Connect:
      return on_connect(desk, event);
    case Primitive::Confirm:
      return on_confirm(desk, event);
    case Primitive::Release:
      return on_release(desk, event);
    case Primitive::Modify:
      return on_modify(desk, event);
    case Primitive::ModifyReply:
      return on_modify_reply(desk, event);
    case Primitive::Info:
      return on_info(desk, event);
    case Primitive::InfoReply:
      return on_info_reply(desk, event);
    case Primitive::Withdraw:
      return on_withdraw(desk, event);
    case Primitive::Supervision:
      return on_supervision(desk, event);
    case Primitive::Gone:
      return;
  }
}

void Call::on_timer(Desk& desk) {
  timer_ = {};
  const Instant now = desk.leg.now.mono;
  if (now >= talk_deadline_) {
    talk_deadline_ = kNever;
    hang_up(desk, cause::EndReason::MaxCallDuration);
  } else if (now >= untimed_deadline_) {
    on_untimed_limit(desk);
  } else if (now >= repeat_deadline_) {
    repeat_deadline_ = kNever;
    hang_up(desk, cause::EndReason::SessionIntervalTooSmall);
  } else if (now >= setup_deadline_) {
    hang_up(desk, cause::EndReason::SetupTimeLimit);
  } else if (now >= proceeding_deadline_) {
    hang_up(desk, cause::EndReason::CallProceedingTimeout);
  } else if (waits_for_reserve() && now >= hunt().reserve_due) {
    on_reserve_due(desk);
  } else if (now >= attempt_deadline_) {
    const cause::EndReason reason = attempt_reason_;
    const cause::EndReasonRow& row = cause::row(reason);
    fail_attempt(desk, leg::Release{.reason = reason, .sip_status = row.sip_status,
                                    .q850_cause = row.q850_cause});
  }
  arm(desk);
}

// The one way from state to state: stops the deadlines of the old one.
void Call::enter(Desk& desk, State state) {
  state_ = state;
  if (state == State::Answered || state == State::Releasing) {
    attempt_deadline_ = proceeding_deadline_ = setup_deadline_ = kNever;
    hunt_.reset();
  }
  if (state == State::Releasing) {
    talk_deadline_ = untimed_deadline_ = repeat_deadline_ = untimed_since_ = kNever;
  }
  arm(desk);
}

void Call::arm(Desk& desk) {
  const Instant due =
      std::min({attempt_deadline_, proceeding_deadline_, setup_deadline_, talk_deadline_,
                untimed_deadline_, repeat_deadline_,
                hunt_ != nullptr ? hunt_->reserve_due : kNever});
  if (due == kNever) {
    desk.leg.wheel.cancel(timer_);
    timer_ = {};
  } else if (!desk.leg.wheel.rearm(timer_, due)) {
    timer_ = desk.leg.wheel.arm(due, owner_word(Owner::Kind::Call, self_));
  }
}

bool Call::consistent(const Legs& legs) const {
  const leg::Leg* ingress = legs.find(ingress_);
  const leg::Leg* egress = legs.find(egress_);
  if (ingress != nullptr && !ingress->consistent()) return false;
  if (egress != nullptr && !egress->consistent()) return false;
  switch (state_) {
    case State::Offered:
      return ingress != nullptr || awaits_repetition();
    case State::Attempting:
    case State::Alerting:
      return ingress != nullptr && (egress != nullptr || question_ != 0 ||
                                    hunt().asking != Asking::Nothing || waits_for_reserve());
    case State::Answered:
      return ingress != nullptr && egress != nullptr;
    case State::Releasing:
      return ingress != nullptr || egress != nullptr || !leaving_.empty();
    case State::Ended:
      return ingress == nullptr && egress == nullptr && leaving_.empty();
  }
  return false;
}

}  // namespace tandem::call
