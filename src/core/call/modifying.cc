// Changes of the session in mid-call, and news that change nothing: each travels from one leg to the
// other and its result back. One Modify at a time; a second one is glare (RFC 3261 §14).

#include "core/call/call.h"
#include "core/cause/sip_q850.h"

namespace tandem::call {
namespace {

leg::Release refusal(int status) {
  leg::Release release;
  release.sip_status = status;
  return release;
}

}  // namespace

// The early dialog of the other leg that belongs to the one of this event.
std::uint8_t Call::branch_across(const leg::Event& event) {
  if (state_ == State::Answered) return 0;
  if (event.leg != ingress_) return variant_of(event.branch, false);
  const std::vector<Hunt::EarlySource>& sources = hunt().early_sources;
  const bool known = event.branch < sources.size() && sources[event.branch].attempt == attempts_;
  return known ? sources[event.branch].branch : std::uint8_t(0);
}

void Call::on_modify(Desk& desk, const leg::Event& event) {
  leg::Leg* from = leg(desk, event.leg);
  leg::Leg* to = other(desk, event.leg);
  const bool early = state_ != State::Answered;
  leg::Event wish = event;
  wish.branch = branch_across(event);
  if (to == nullptr || (early && !to->can_update_early(wish.branch))) {
    return from->answer_modify(desk.leg, 488, {}, refusal(488));
  }
  if (modify_open_ || (!early && to->modify_open())) {
    return from->answer_modify(desk.leg, 491, {}, refusal(491));
  }
  modify_open_ = true;
  modify_from_ = event.leg;
  modify_kind_ = event.modify;
  to->modify(desk.leg, wish);
}

void Call::on_modify_reply(Desk& desk, const leg::Event& event) {
  if (!modify_open_ || event.leg == modify_from_) return;
  leg::Leg* from = leg(desk, modify_from_);
  const bool done = event.status < 300;
  // An accepted re-INVITE stays open until its ACK is here (on_confirm).
  modify_open_ = done && modify_kind_ == leg::ModifyKind::ReInvite;
  if (from != nullptr) {
    from->answer_modify(desk.leg, event.status, event.body, event.release);
  }
  if (event.status == 481 || event.status == 408) {
    // RFC 3261 §12.2.1.2: the dialog is gone on that side.
    leg::Release why;
    why.reason = event.status == 481 ? cause::EndReason::CallDoesNotExist
                                     : cause::EndReason::ReinviteFailed;
    why.q850_cause = cause::row(why.reason).q850_cause;
    end(desk, cause::Side::Switch, why);
  }
}

void Call::on_withdraw(Desk& desk, const leg::Event& event) {
  if (!modify_open_ || event.leg != modify_from_) return;
  if (leg::Leg* to = other(desk, event.leg)) to->withdraw_modify(desk.leg);
}

void Call::on_info(Desk& desk, const leg::Event& event) {
  if (leg::Leg* to = other(desk, event.leg)) {
    leg::Event news = event;
    news.branch = branch_across(event);
    return to->info(desk.leg, news);
  }
  leg::Event refused = event;
  refused.status = 480;
  refused.body = {};
  leg(desk, event.leg)->answer_info(desk.leg, refused);
}

void Call::on_info_reply(Desk& desk, const leg::Event& event) {
  leg::Leg* from = other(desk, event.leg);
  if (from != nullptr) from->answer_info(desk.leg, event);
  // RFC 3261 §12.2.1.2: the dialog is gone on that side. A peer that says nothing at all is not
  // taken for gone: many know nothing of INFO and are still there.
  const bool said = event.release.reason == cause::EndReason::PeerSip;
  if (!said || state_ != State::Answered || (event.status != 481 && event.status != 408)) return;
  leg::Release why;
  why.reason = event.status == 481 ? cause::EndReason::CallDoesNotExist : event.release.reason;
  why.detail = event.status == 481 ? 0 : event.status;
  why.q850_cause = event.status == 481 ? cause::row(why.reason).q850_cause
                                       : cause::q850_of_sip(event.status);
  end(desk, cause::Side::Switch, why);
}

}  // namespace tandem::call
