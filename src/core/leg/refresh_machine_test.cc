// The printed transitions of the refresh machine, and its laws.
#include "core/leg/refresh_machine.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <string>

namespace tandem::leg {
namespace {

constexpr RefreshState kStates[] = {RefreshState::Off, RefreshState::Ours, RefreshState::Pending,
                                    RefreshState::Backoff, RefreshState::Theirs};
constexpr RefreshEvent kEvents[] = {
    RefreshEvent::GrantUs, RefreshEvent::GrantPeer, RefreshEvent::GrantNone,
    RefreshEvent::Due,     RefreshEvent::Glare,     RefreshEvent::Repeat,
    RefreshEvent::Fail,    RefreshEvent::Dead,      RefreshEvent::Expire};

std::string padded(std::string_view text, std::size_t width) {
  std::string cell(text);
  cell.resize(std::max(width, cell.size()), ' ');
  return cell;
}

std::string printed() {
  std::string text;
  for (const RefreshState state : kStates) {
    for (const RefreshEvent event : kEvents) {
      const RefreshStep taken = step(state, event);
      text += padded(to_text(state), 9) + padded(to_text(event), 11) + "-> " +
              padded(to_text(taken.next), 9) + std::string(to_text(taken.effect)) + '\n';
    }
  }
  return text;
}

TEST(RefreshMachine, the_transitions_are_the_approved_ones) {
  std::ifstream file(TANDEM_SOURCE_DIR "/src/core/leg/refresh_machine.transitions.txt");
  std::stringstream approved;
  approved << file.rdbuf();

  EXPECT_EQ(printed(), approved.str());
}

TEST(RefreshMachine, a_grant_counts_the_same_in_every_state) {
  for (const RefreshState state : kStates) {
    EXPECT_EQ(step(state, RefreshEvent::GrantUs).next, RefreshState::Ours);
    EXPECT_EQ(step(state, RefreshEvent::GrantPeer).next, RefreshState::Theirs);
    EXPECT_EQ(step(state, RefreshEvent::GrantNone).next, RefreshState::Off);
  }
}

TEST(RefreshMachine, only_an_expired_or_unanswered_session_is_hung_up) {
  for (const RefreshState state : kStates) {
    for (const RefreshEvent event : kEvents) {
      const bool may = event == RefreshEvent::Expire || event == RefreshEvent::Dead;
      const bool does = step(state, event).effect == RefreshEffect::HangUp;
      EXPECT_TRUE(may || !does) << to_text(state) << ' ' << to_text(event);
    }
  }
}

TEST(RefreshMachine, a_leg_without_timer_neither_refreshes_nor_ends) {
  for (const RefreshEvent event : kEvents) {
    const RefreshEffect effect = step(RefreshState::Off, event).effect;
    EXPECT_NE(effect, RefreshEffect::Send);
    EXPECT_NE(effect, RefreshEffect::HangUp);
  }
}

}  // namespace
}  // namespace tandem::leg
