// A leg in another process than the one that made it: what was open with the peer is lost, the
// dialog stands (ARCHITECTURE.md, "Durability").

#include <algorithm>

#include "core/leg/leg.h"
#include "core/leg/signal_transport.h"
#include "core/leg/tokens.h"
#include "core/leg/writing.h"
#include "core/sip/headers.h"

namespace tandem::leg {
namespace {

// More requests than a leg can have sent since it was kept, in this life and those between; gaps
// are allowed (RFC 3261 §12.2.1.1). Less than 2^31 in all, for a call of any length.
std::uint32_t requests_since(milliseconds kept) {
  constexpr std::int64_t kAtOnce = 10'000;
  constexpr std::int64_t kMost = 1 << 30;
  return std::uint32_t(std::min(kAtOnce + std::max(kept / 4ms, std::int64_t(0)), kMost));
}

}  // namespace

bool Leg::resume(Context& context, milliseconds kept_since) {
  if (stage_ != Stage::Accepted && stage_ != Stage::Confirmed) return false;
  resumed_ = true;
  alarm_ = {};
  invite_client_ = {};
  ack_transaction_ = {};
  clients_.clear();
  if (work_) {
    Answer answer = std::move(work_->answer);
    *work_ = Work{};
    work_->answer = std::move(answer);
  }
  resume_timer(context);
  local_cseq_ += requests_since(kept_since);
  path_ = reachable(context, path_);
  if (work_) work_->answer.path = reachable(context, work_->answer.path);
  arm(context);
  return consistent();
}

void Leg::resume_confirmed(Context& context, std::uint32_t cseq) {
  if (!work_ || work_->answer.bytes.empty() || work_->answer.cseq != cseq) return;
  work_->answer = Answer{};
  if (stage_ == Stage::Accepted) stage_ = Stage::Confirmed;
  arm(context);
}

// A refresh or probe that was open is begun again; the deadline of the session stays. It waits for
// one transaction when the refresh was due in the meantime and the session still stands: it was us
// who were silent.
void Leg::resume_timer(const Context& context) {
  const Instant now = context.now.mono;
  if (timer_.state == RefreshState::Pending) {
    timer_.state = RefreshState::Ours;
    timer_.due_at = now;
  }
  const bool ours = timer_.state == RefreshState::Ours || timer_.state == RefreshState::Backoff;
  const bool stands = now < timer_.refreshed_at + seconds(timer_.interval);
  if (ours && timer_.due_at <= now && timer_.deadline <= now && stands && !timer_.overtime) {
    timer_.overtime = true;
    timer_.deadline = now + 64 * context.timers.t1;
  }
  timer_.open = {};
  timer_.give_up_at = kNever;
  timer_.probing = false;
}

// The same way from this process: its listening addresses may have other numbers, and connections
// are gone: to a peer that spoke over one, a new one leads to where it said it can be reached.
sip::Path Leg::reachable(const Context& context, sip::Path path) const {
  if (sip::is_web_socket(path.transport)) {
    path.connection = sip::kGone;
  } else if (path.reliable()) {
    path.connection = 0;
    path = path_of_dialog(routes_, target_, path, context.locals);
  }
  const bool same = path.local < context.locals.size() &&
                    context.locals[path.local].transport == path.transport;
  if (!same) path.local = local_for(context.locals, path, {}, 0).value_or(0);
  return path;
}

// The 2xx to an INVITE of an earlier process: without its ACK the peer would end the call
// (RFC 3261 §13.3.1.4). One that waits for a session is repeated until the other half has sent it.
void Leg::on_stray_accepted(Context& context, const sip::Message& response) {
  const bool ours = resumed_ && response.call_id() == call_id_ && response.from().tag == local_tag_ &&
                    response.to().tag == remote_tag_ && !parting();
  if (!ours || ack_waits_) return;
  const auto branch = context.transactions.stateless_branch(context.rng.next());
  sip::Writer ack = request(context, sip::Method::Ack, branch, response.cseq().number);
  ack.finish({});
  context.outbox.send(path_, ack.view(), context.flow_no);
}

}  // namespace tandem::leg
