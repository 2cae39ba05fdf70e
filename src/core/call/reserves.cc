// The reserves of a call (call-handling.md 10): gateways with `protect` are tried when all others have
// failed, and not before SS_TRY_PROTECT_ROUTE_DELAY has passed since the call arrived. Until then the
// call waits, and its caller is told now and then that it is still tried.

#include <algorithm>

#include "core/call/call.h"

namespace tandem::call {
namespace {

constexpr seconds kTryingPause{10};

}  // namespace

// Whether the call must wait before it goes to this route; then it does.
bool Call::wait_for_reserve(Desk& desk, const routing::Route& route) {
  const Instant from = hunt().arrived + parameters().try_protect_route_delay;
  const Instant now = desk.leg.now.mono;
  if (!route.protect || now >= from) return false;
  hunt().reserve_due = std::min(from, now + kTryingPause);
  arm(desk);
  return true;
}

bool Call::waits_for_reserve() const { return hunt_ != nullptr && hunt_->reserve_due != kNever; }

void Call::on_reserve_due(Desk& desk) {
  hunt().reserve_due = kNever;
  next_attempt(desk);
  leg::Leg* ingress = leg(desk, ingress_);
  if (waits_for_reserve() && ingress != nullptr) ingress->trying(desk.leg);
}

}  // namespace tandem::call
