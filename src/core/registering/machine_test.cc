// The printed transitions of an outbound registration, and what must hold for all of them.
#include "core/registering/machine.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <string>

namespace tandem::registering {
namespace {

template <class Visit>
void for_each_pair(Visit&& visit) {
  for (int state = 0; state < int(State::Count); ++state) {
    for (int event = 0; event < int(Event::Count); ++event) visit(State(state), Event(event));
  }
}

std::string padded(std::string_view text, std::size_t width) {
  std::string cell(text);
  cell.resize(std::max(width, cell.size()), ' ');
  return cell;
}

std::string printed() {
  std::string text;
  for_each_pair([&](State state, Event event) {
    const Step taken = step(state, event);
    text += padded(to_text(state), 15) + padded(to_text(event), 14) + "-> " +
            padded(to_text(taken.next), 15) + std::string(to_text(taken.effect)) + '\n';
  });
  return text;
}

TEST(OutboundRegistration, the_transitions_are_the_approved_ones) {
  std::ifstream file(TANDEM_SOURCE_DIR "/src/core/registering/machine.transitions.txt");
  std::stringstream approved;
  approved << file.rdbuf();

  EXPECT_EQ(printed(), approved.str());
}

TEST(OutboundRegistration, what_is_ignored_changes_nothing) {
  for_each_pair([](State state, Event event) {
    const Step taken = step(state, event);
    if (taken.effect == Effect::Ignore) {
      EXPECT_EQ(taken.next, state);
    }
  });
}

TEST(OutboundRegistration, it_is_forgotten_exactly_when_it_is_over) {
  for_each_pair([](State state, Event event) {
    const Step taken = step(state, event);
    const bool over = taken.next == State::Idle && taken.effect != Effect::Ignore;
    EXPECT_EQ(over, taken.effect == Effect::Forget) << to_text(state) << ' ' << to_text(event);
  });
}

TEST(OutboundRegistration, stopping_sends_nothing_in_any_state) {
  for (int state = 0; state < int(State::Count); ++state) {
    EXPECT_EQ(step(State(state), Event::Stop), (Step{State::Idle, Effect::Forget}));
  }
}

TEST(OutboundRegistration, leaving_ends_in_idle_whatever_the_registrar_says) {
  constexpr Event kOutcomes[] = {Event::Accepted, Event::TooBrief,    Event::Elsewhere,
                                 Event::Refused,  Event::Rejected,    Event::Unreachable,
                                 Event::Due};
  for (const Event outcome : kOutcomes) {
    EXPECT_EQ(step(State::Unregistering, outcome).next, State::Idle) << to_text(outcome);
  }
}

TEST(OutboundRegistration, every_state_but_idle_waits_for_something_that_comes) {
  // A transaction ends, a question is answered, or a timer is due: each leads on.
  EXPECT_NE(step(State::Resolving, Event::Due).next, State::Resolving);
  EXPECT_NE(step(State::Registering, Event::Unreachable).next, State::Registering);
  EXPECT_NE(step(State::Refreshing, Event::Unreachable).next, State::Refreshing);
  EXPECT_NE(step(State::Registered, Event::Due).next, State::Registered);
  EXPECT_NE(step(State::Waiting, Event::Due).next, State::Waiting);
  EXPECT_NE(step(State::Suspended, Event::Due).next, State::Suspended);
  EXPECT_NE(step(State::Unregistering, Event::Due).next, State::Unregistering);
}

}  // namespace
}  // namespace tandem::registering
