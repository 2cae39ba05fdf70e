// The printed transitions, and what the specification asks of them.
#include "core/probe/machine.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <string>

namespace tandem::probe {
namespace {

std::string padded(std::string_view text, std::size_t width) {
  std::string cell(text);
  cell.resize(std::max(width, cell.size()), ' ');
  return cell;
}

std::string printed() {
  std::string text;
  for (int state = 0; state < int(State::Count); ++state) {
    for (int event = 0; event < int(Event::Count); ++event) {
      const Step taken = step(State(state), Event(event));
      text += padded(to_text(State(state)), 9) + padded(to_text(Event(event)), 14) + "-> " +
              padded(to_text(taken.next), 9) + std::string(to_text(taken.effect)) + '\n';
    }
  }
  return text;
}

TEST(ProbeMachine, the_transitions_are_the_approved_ones) {
  std::ifstream file(TANDEM_SOURCE_DIR "/src/core/probe/machine.transitions.txt");
  std::stringstream approved;
  approved << file.rdbuf();

  EXPECT_EQ(printed(), approved.str());
}

TEST(ProbeMachine, one_answer_brings_every_address_back) {
  for (int state = 0; state < int(State::Count); ++state) {
    EXPECT_EQ(step(State(state), Event::Answered).next, State::Alive);
  }
}

TEST(ProbeMachine, going_out_of_use_and_coming_back_are_told_once) {
  for (int state = 0; state < int(State::Count); ++state) {
    for (int event = 0; event < int(Event::Count); ++event) {
      const Step taken = step(State(state), Event(event));
      const bool was_dead = State(state) == State::Dead;
      const bool is_dead = taken.next == State::Dead;
      EXPECT_EQ(taken.effect == Effect::TakeOut, !was_dead && is_dead);
      EXPECT_EQ(taken.effect == Effect::TakeIn, was_dead && !is_dead);
    }
  }
}

}  // namespace
}  // namespace tandem::probe
