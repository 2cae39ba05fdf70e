// The offer/answer exchange of one dialog as a table machine (RFC 3264, with the rules of RFC 3261
// §14, RFC 3311 §5 and RFC 6337 on who may offer when). It knows that descriptions were sent or
// received, not what is in them. Every (state, event) pair is printed in
// offer_answer.transitions.txt.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/assert.h"

namespace tandem::sdp {

enum class OfferState : std::uint8_t { Stable, OfferSent, OfferReceived };

enum class OfferEvent : std::uint8_t {
  SendOffer,
  ReceiveOffer,
  SendAnswer,
  ReceiveAnswer,
  SendRefusal,     // a final error answer of ours to the request that carried the offer
  ReceiveRefusal,  // one of the peer, or no answer at all
};

// What the leg does with the description or the request that caused the event.
enum class OfferEffect : std::uint8_t {
  Pass,      // send it, or hand it to the other leg
  Agree,     // pass it; both sides now use the new session
  RollBack,  // the offer is void; the session before it stays
  Wait,      // must not be sent now: keep it until the state is Stable
  Glare,     // answer 491: both sides have offered
  TryLater,  // answer 500 with Retry-After: the peer's earlier offer is still open
  Ignore,    // leave it out, or take no notice of it: nothing changes
};

struct OfferStep {
  OfferState next;
  OfferEffect effect;
  friend bool operator==(const OfferStep&, const OfferStep&) = default;
};

namespace offer_answer {

constexpr OfferStep in_stable(OfferEvent event) {
  switch (event) {
    case OfferEvent::SendOffer:
      return {OfferState::OfferSent, OfferEffect::Pass};
    case OfferEvent::ReceiveOffer:
      return {OfferState::OfferReceived, OfferEffect::Pass};
    case OfferEvent::SendAnswer:
      return {OfferState::Stable, OfferEffect::Ignore};
    // RFC 3261 §13.2.1: what follows the first answer, such as the same description in the 2xx
    // after a reliable 183, is ignored.
    case OfferEvent::ReceiveAnswer:
      return {OfferState::Stable, OfferEffect::Ignore};
    case OfferEvent::SendRefusal:
      return {OfferState::Stable, OfferEffect::Ignore};
    case OfferEvent::ReceiveRefusal:
      return {OfferState::Stable, OfferEffect::Ignore};
  }
  TANDEM_ASSERT(false, "an event of no name");
  return {};
}

constexpr OfferStep in_offer_sent(OfferEvent event) {
  switch (event) {
    // RFC 3264 §4: no new offer before the open one is answered or refused.
    case OfferEvent::SendOffer:
      return {OfferState::OfferSent, OfferEffect::Wait};
    // RFC 3261 §14.2, RFC 3311 §5.2.
    case OfferEvent::ReceiveOffer:
      return {OfferState::OfferSent, OfferEffect::Glare};
    case OfferEvent::SendAnswer:
      return {OfferState::OfferSent, OfferEffect::Ignore};
    case OfferEvent::ReceiveAnswer:
      return {OfferState::Stable, OfferEffect::Agree};
    case OfferEvent::SendRefusal:
      return {OfferState::OfferSent, OfferEffect::Ignore};
    case OfferEvent::ReceiveRefusal:
      return {OfferState::Stable, OfferEffect::RollBack};
  }
  TANDEM_ASSERT(false, "an event of no name");
  return {};
}

constexpr OfferStep in_offer_received(OfferEvent event) {
  switch (event) {
    case OfferEvent::SendOffer:
      return {OfferState::OfferReceived, OfferEffect::Wait};
    // RFC 3311 §5.2, RFC 3261 §14.2: 500 with a random Retry-After.
    case OfferEvent::ReceiveOffer:
      return {OfferState::OfferReceived, OfferEffect::TryLater};
    case OfferEvent::SendAnswer:
      return {OfferState::Stable, OfferEffect::Agree};
    case OfferEvent::ReceiveAnswer:
      return {OfferState::OfferReceived, OfferEffect::Ignore};
    case OfferEvent::SendRefusal:
      return {OfferState::Stable, OfferEffect::RollBack};
    case OfferEvent::ReceiveRefusal:
      return {OfferState::OfferReceived, OfferEffect::Ignore};
  }
  TANDEM_ASSERT(false, "an event of no name");
  return {};
}

}  // namespace offer_answer

constexpr OfferStep step(OfferState state, OfferEvent event) {
  switch (state) {
    case OfferState::Stable:
      return offer_answer::in_stable(event);
    case OfferState::OfferSent:
      return offer_answer::in_offer_sent(event);
    case OfferState::OfferReceived:
      return offer_answer::in_offer_received(event);
  }
  TANDEM_ASSERT(false, "a state of no name");
  return {};
}

std::string_view to_text(OfferState state);
std::string_view to_text(OfferEvent event);
std::string_view to_text(OfferEffect effect);

}  // namespace tandem::sdp
