#include "core/sdp/offer_answer.h"

namespace tandem::sdp {

static_assert(step(OfferState::Stable, OfferEvent::SendOffer).next == OfferState::OfferSent);

std::string_view to_text(OfferState state) {
  switch (state) {
    case OfferState::Stable:
      return "Stable";
    case OfferState::OfferSent:
      return "OfferSent";
    case OfferState::OfferReceived:
      return "OfferReceived";
  }
  TANDEM_ASSERT(false, "a state of no name");
  return {};
}

std::string_view to_text(OfferEvent event) {
  switch (event) {
    case OfferEvent::SendOffer:
      return "SendOffer";
    case OfferEvent::ReceiveOffer:
      return "ReceiveOffer";
    case OfferEvent::SendAnswer:
      return "SendAnswer";
    case OfferEvent::ReceiveAnswer:
      return "ReceiveAnswer";
    case OfferEvent::SendRefusal:
      return "SendRefusal";
    case OfferEvent::ReceiveRefusal:
      return "ReceiveRefusal";
  }
  TANDEM_ASSERT(false, "an event of no name");
  return {};
}

std::string_view to_text(OfferEffect effect) {
  switch (effect) {
    case OfferEffect::Pass:
      return "Pass";
    case OfferEffect::Agree:
      return "Agree";
    case OfferEffect::RollBack:
      return "RollBack";
    case OfferEffect::Wait:
      return "Wait";
    case OfferEffect::Glare:
      return "Glare";
    case OfferEffect::TryLater:
      return "TryLater";
    case OfferEffect::Ignore:
      return "Ignore";
  }
  TANDEM_ASSERT(false, "an effect of no name");
  return {};
}

}  // namespace tandem::sdp
