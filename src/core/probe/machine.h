// What is known of one address that is probed with OPTIONS, as a table: a total function from
// (state, event) to (state, effect). Every pair is printed in machine.transitions.txt.
#pragma once

#include <cstdint>
#include <string_view>

namespace tandem::probe {

enum class State : std::uint8_t {
  Unknown,  // not answered and not missed yet: used like an address that lives
  Alive,    // the last probe was answered
  Suspect,  // the last probe was missed, but not as often as it takes: still used
  Dead,     // SS_SIP_OPTIONS_CHECK_FAIL_COUNT probes in a row were missed: not used
  Count,
};

enum class Event : std::uint8_t {
  Answered,     // with one of SS_SIP_OPTIONS_CHECK_OK_CODES
  Missed,       // no answer, another one, or nothing could be sent
  MissedOften,  // the same, and it is the one that makes the number full
  Count,
};

enum class Effect : std::uint8_t {
  None,
  TakeOut,  // calls no longer go there
  TakeIn,   // they do again
  Count,
};

struct Step {
  State next;
  Effect effect;
  friend bool operator==(const Step&, const Step&) = default;
};

Step step(State state, Event event);

std::string_view to_text(State state);
std::string_view to_text(Event event);
std::string_view to_text(Effect effect);

}  // namespace tandem::probe
