// The probes of a leg that has no session timer: a request whose answer shows that the peer lives.

#include "core/leg/leg.h"
#include "core/leg/writing.h"

namespace tandem::leg {

using cause::EndReason;
using sip::HeaderId;
using sip::Method;

bool Leg::probe(Context& context) {
  if (!may_refresh() || timer_.give_up_at != kNever) return false;
  timer_.probing = true;
  timer_.sent_at = context.now.wall;
  timer_.give_up_at = context.now.mono + context.parameters.sip_session_refresh_timeout;
  if (timer_.learned.no_reinvite || session_.empty()) {
    timer_.by = RefreshBy::Nothing;
    const auto reserved = context.transactions.reserve_client();
    sip::Writer writer = in_dialog_request(context, Method::Options, reserved.branch(), 0);
    write_contact(context, writer);
    writer.finish({});
    timer_.open = reserved.id;
    start_client(context, {.purpose = Purpose::Refresh}, reserved, writer, path_);
  } else {
    timer_.by = RefreshBy::ReInvite;
    send_session_again(context);
  }
  arm(context);
  return true;
}

void Leg::on_probe_answer(Context& context, int status, const sip::Message* response) {
  const bool dead = status == 0 || status == 408 || status == 481;
  const bool refused = status >= 300 && status != 491 && status != 401 && status != 407;
  if (refused && timer_.by == RefreshBy::ReInvite) timer_.learned.no_reinvite = true;
  if (status >= 200 && status < 300 && response != nullptr &&
      response->has(HeaderId::SessionExpires)) {
    take_timer_reply(context, *response, false);
  }
  timer_.probing = false;
  if (dead) {
    tell_dead(context, EndReason::NoTimerProbeFailed);
  } else {
    tell_life(context, LifeNews::ProbeAnswered, status);
  }
  arm(context);
}

}  // namespace tandem::leg
