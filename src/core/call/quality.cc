// What a call adds to the quality of its gateways (call-handling.md §8.1).

#include <algorithm>

#include "core/call/call.h"

namespace tandem::call {

facts::Quality* Call::callee_quality(Desk& desk) const {
  const auto* gateway = directory().egress_gateway(counted_.egress);
  const bool measured = gateway != nullptr && directory::is_measured(*gateway, desk.leg.live);
  if (!measured) return nullptr;
  desk.live.measured.push_back({.egress = true, .gateway = gateway->id});
  return &desk.live.egress.at(gateway->id).quality;
}

// By which quality the running attempt counts beside that of its gateway.
facts::Destination Call::destination_called(const Desk& desk) const {
  const routing::Redirected to = redirected();
  return facts::destination_of(to.callee.empty() ? hunt().facts.callee.routed : to.callee,
                               desk.leg.live);
}

// Behind callee_quality(): only of a gateway that is measured.
facts::Quality* Call::destination_quality(Desk& desk) const {
  const bool kept = desk.leg.live.gateway_quality_prefix_min_calls != 0;
  if (counted_.destination == 0 || !kept) return nullptr;
  return &desk.live.destinations.at(desk.leg.now.wall, facts::QualityTerms::of(desk.leg.live),
                                    counted_.egress, counted_.destination);
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
  facts::Reached reached = facts::Reached::Nothing;
  if (answered) {
    reached = facts::Reached::Answer;
  } else if (!record_.attempts.empty()) {
    const cdr::Attempt& attempt = record_.attempts.back();
    if (attempt.pdd >= 0) reached = facts::Reached::Ringing;
    else if (attempt.sip_status != 0) reached = facts::Reached::Reply;
  }
  const auto terms = facts::QualityTerms::of(desk.leg.live);
  quality->attempt(desk.leg.now.wall, terms, reached);
  if (facts::Quality* there = destination_quality(desk))
    there->attempt(desk.leg.now.wall, terms, reached);
}

void Call::note_caller_quality(Desk& desk, bool answered) {
  facts::Quality* quality = caller_quality(desk);
  if (quality == nullptr) return;
  using facts::Reached;
  const bool replied = std::ranges::any_of(
      record_.attempts, [](const cdr::Attempt& each) { return each.sip_status != 0; });
  const Reached reached = answered                    ? Reached::Answer
                          : record_.caller_pdd >= 0 ? Reached::Ringing
                          : replied                 ? Reached::Reply
                                                    : Reached::Nothing;
  quality->attempt(desk.leg.now.wall, facts::QualityTerms::of(desk.leg.live), reached);
}

void Call::note_talk(Desk& desk, milliseconds talk) {
  const auto terms = facts::QualityTerms::of(desk.leg.live);
  facts::Quality* callee = callee_quality(desk);
  facts::Quality* there = callee == nullptr ? nullptr : destination_quality(desk);
  for (facts::Quality* quality : {callee, there, caller_quality(desk)}) {
    if (quality != nullptr) quality->ended(desk.leg.now.wall, terms, talk);
  }
}

}  // namespace tandem::call
