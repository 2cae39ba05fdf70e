// A call in another process than the one that made it: its halves go on, what it counts is counted
// again, its deadlines stay where they were (ARCHITECTURE.md, "Durability").

#include "core/call/call.h"

namespace tandem::call {

// Gateways are found again by their ids; a call whose gateway is gone goes on with what it knows.
bool Call::resume(Desk& desk, milliseconds kept_since) {
  leg::Leg* ingress = leg(desk, ingress_);
  leg::Leg* egress = leg(desk, egress_);
  if (state_ != State::Answered || ingress == nullptr || egress == nullptr) return false;
  leaving_.clear();
  hunt_.reset();
  question_ = 0;
  modify_from_ = {};
  modify_open_ = false;
  timer_ = {};
  kept_ = true;
  if (!ingress->resume(desk.leg, kept_since)) return false;
  if (!egress->resume(desk.leg, kept_since)) return false;
  count(desk.live);
  arm(desk);
  return true;
}

void Call::count(facts::Live& live) const {
  if (counted_.call) {
    ++live.calls;
    live.count_account(record_.account, 1);
    if (phone_ != 0) {
      live.phones.count(phone_, 0, 1);
    } else {
      live.count_ingress(ingress_gateway_, 1);
    }
  }
  if (counted_.phone != 0) live.phones.count(counted_.phone, 1, 0);
  if (counted_.egress != 0) live.count_egress(counted_.egress, 1);
  if (counted_.registration != 0) ++live.registrations.at(counted_.registration).calls;
  if (counted_.pooled.group != 0) {
    live.pools.take_again(counted_.pooled.group, counted_.pooled.caller);
  }
}

void Call::close(Desk& desk, cdr::Cdr record) {
  record_ = std::move(record);
  state_ = State::Answered;
  deciding_attempt_ = record_.attempts.empty() ? 0 : std::uint32_t(record_.attempts.size() - 1);
  hang_up(desk, cause::EndReason::ServerShutdown);
}

}  // namespace tandem::call
