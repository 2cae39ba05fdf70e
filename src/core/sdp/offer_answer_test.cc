// The printed transitions of the offer/answer machine, and its rules.
#include "core/sdp/offer_answer.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <string>

namespace tandem::sdp {
namespace {

constexpr OfferState kStates[] = {OfferState::Stable, OfferState::OfferSent,
                                  OfferState::OfferReceived};
constexpr OfferEvent kEvents[] = {OfferEvent::SendOffer,   OfferEvent::ReceiveOffer,
                                  OfferEvent::SendAnswer,  OfferEvent::ReceiveAnswer,
                                  OfferEvent::SendRefusal, OfferEvent::ReceiveRefusal};

std::string padded(std::string_view text, std::size_t width) {
  std::string cell(text);
  cell.resize(std::max(width, cell.size()), ' ');
  return cell;
}

std::string printed() {
  std::string text;
  for (const OfferState state : kStates) {
    for (const OfferEvent event : kEvents) {
      const OfferStep taken = step(state, event);
      text += padded(to_text(state), 15) + padded(to_text(event), 16) + "-> " +
              padded(to_text(taken.next), 15) + std::string(to_text(taken.effect)) + '\n';
    }
  }
  return text;
}

TEST(OfferAnswer, the_transitions_are_the_approved_ones) {
  std::ifstream file(TANDEM_SOURCE_DIR "/src/core/sdp/offer_answer.transitions.txt");
  std::stringstream approved;
  approved << file.rdbuf();

  EXPECT_EQ(printed(), approved.str());
}

TEST(OfferAnswer, an_open_offer_stays_open_until_it_is_answered_or_refused) {
  for (const OfferEvent event : kEvents) {
    const OfferStep sent = step(OfferState::OfferSent, event);
    const bool answered = event == OfferEvent::ReceiveAnswer || event == OfferEvent::ReceiveRefusal;
    EXPECT_EQ(sent.next, answered ? OfferState::Stable : OfferState::OfferSent) << to_text(event);

    const OfferStep received = step(OfferState::OfferReceived, event);
    const bool closed = event == OfferEvent::SendAnswer || event == OfferEvent::SendRefusal;
    EXPECT_EQ(received.next, closed ? OfferState::Stable : OfferState::OfferReceived)
        << to_text(event);
  }
}

TEST(OfferAnswer, two_offers_that_cross_are_glare_on_both_sides) {
  const OfferStep ours = step(OfferState::OfferSent, OfferEvent::ReceiveOffer);

  EXPECT_EQ(ours, (OfferStep{OfferState::OfferSent, OfferEffect::Glare}));
}

}  // namespace
}  // namespace tandem::sdp
