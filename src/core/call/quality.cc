// What a call adds to the quality of its gateways (call-handling.md §8.1).

#include "core/call/call.h"

namespace tandem::call {

facts::Quality* Call::callee_quality(Desk& desk) const {
  const auto* gateway = directory().egress_gateway(counted_.egress);
  const bool measured = gateway != nullptr && directory::is_measured(*gateway, desk.leg.live);
  if (!measured) return nullptr;
  desk.live.measured.push_back({.egress = true, .gateway = gateway->id});
  return &desk.live.egress.at(gateway->id).quality;
}

facts::Quality* Call::caller_quality(Desk& desk) const {
  const auto* gateway = directory().ingress_gateway(ingress_gateway_);
  const bool measured =
      counted_.call && gateway != nullptr && directory::is_measured(*gateway, desk.leg.live);
  if (!measured) return nullptr;
  desk.live.measured.push_back({.egress = false, .gateway = gateway->id});
  return &desk.live.ingress.at(gateway->id).quality;
}

// The running attempt was answered, or failed, or the caller gave it up.
void Call::note_quality(Desk& desk, bool answered) {
  facts::Quality* quality = callee_quality(desk);
  if (quality == nullptr) return;
  const bool rang = !record_.attempts.empty() && record_.attempts.back().pdd >= 0;
  quality->attempt(desk.leg.now.wall, facts::QualityTerms::of(desk.leg.live), rang, answered);
}

void Call::note_caller_quality(Desk& desk, bool answered) {
  facts::Quality* quality = caller_quality(desk);
  if (quality == nullptr) return;
  const bool rang = record_.caller_pdd >= 0;
  quality->attempt(desk.leg.now.wall, facts::QualityTerms::of(desk.leg.live), rang, answered);
}

void Call::note_talk(Desk& desk, milliseconds talk) {
  const auto terms = facts::QualityTerms::of(desk.leg.live);
  for (facts::Quality* quality : {callee_quality(desk), caller_quality(desk)}) {
    if (quality != nullptr) quality->ended(desk.leg.now.wall, terms, talk);
  }
}

}  // namespace tandem::call
