// The printed transitions of the four transaction machines, and what RFC 3261 §17 and RFC 6026 ask
// of them in general.
#include "core/transaction/machines.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <string>

namespace tandem::transaction {
namespace {

constexpr Machine kMachines[] = {Machine::InviteClient, Machine::NonInviteClient,
                                 Machine::InviteServer, Machine::NonInviteServer};

template <class Visit>
void for_each_pair(Visit&& visit) {
  for (const Machine machine : kMachines) {
    for (int state = 0; state < int(State::Count); ++state) {
      if (!has_state(machine, State(state))) continue;
      for (int event = 0; event < int(Event::Count); ++event) {
        visit(machine, State(state), Event(event));
      }
    }
  }
}

bool is_client(Machine machine) {
  return machine == Machine::InviteClient || machine == Machine::NonInviteClient;
}

std::string padded(std::string_view text, std::size_t width) {
  std::string cell(text);
  cell.resize(std::max(width, cell.size()), ' ');
  return cell;
}

std::string printed() {
  std::string text;
  for_each_pair([&](Machine machine, State state, Event event) {
    const Step taken = step(machine, state, event);
    text += padded(to_text(machine), 19) + padded(to_text(state), 12) +
            padded(to_text(event), 17) + "-> " + padded(to_text(taken.next), 12) +
            std::string(to_text(taken.effect)) + '\n';
  });
  return text;
}

TEST(Transactions, the_transitions_are_the_approved_ones) {
  std::ifstream file(TANDEM_SOURCE_DIR "/src/core/transaction/machines.transitions.txt");
  std::stringstream approved;
  approved << file.rdbuf();

  EXPECT_EQ(printed(), approved.str());
}

TEST(Transactions, every_step_leads_to_a_state_of_the_same_machine) {
  for_each_pair([](Machine machine, State state, Event event) {
    const Step taken = step(machine, state, event);
    EXPECT_TRUE(taken.next == State::Terminated || has_state(machine, taken.next))
        << to_text(machine) << ' ' << to_text(state) << ' ' << to_text(event);
  });
}

TEST(Transactions, the_user_hears_of_the_end_exactly_when_no_final_answer_was_passed_up) {
  for_each_pair([](Machine machine, State state, Event event) {
    const Step taken = step(machine, state, event);
    if (taken.next != State::Terminated) return;
    const bool answered = state == State::Completed || state == State::Accepted ||
                          state == State::Confirmed;
    const bool told = taken.effect == Effect::TellTimeout || taken.effect == Effect::TellFailure;
    EXPECT_NE(told, answered) << to_text(machine) << ' ' << to_text(state);
  });
}

TEST(Transactions, a_client_never_goes_back_to_an_earlier_state) {
  for_each_pair([](Machine machine, State state, Event event) {
    if (!is_client(machine)) return;
    const Step taken = step(machine, state, event);
    EXPECT_GE(int(taken.next), int(state)) << to_text(machine) << ' ' << to_text(event);
  });
}

TEST(Transactions, a_final_answer_is_sent_by_a_server_once_but_for_the_2xx_of_an_invite) {
  for_each_pair([](Machine machine, State state, Event event) {
    if (is_client(machine) || step(machine, state, event).effect != Effect::Send) return;
    const bool open = state == State::Trying || state == State::Proceeding;
    const bool repeated_success = machine == Machine::InviteServer && state == State::Accepted &&
                                  event == Event::Success;
    EXPECT_TRUE(open || repeated_success) << to_text(machine) << ' ' << to_text(state);
  });
}

}  // namespace
}  // namespace tandem::transaction
