// The machine of one outbound registration (RFC 3261 §10.2), as a table: a total function from
// (state, event) to (state, effect). It knows no message, clock or address; registering.h carries its
// effects out. Every pair is printed in machine.transitions.txt.
#pragma once

#include <cstdint>
#include <string_view>

namespace tandem::registering {

enum class State : std::uint8_t {
  Idle,           // not begun, or over
  Resolving,      // the address of the registrar is asked for
  Registering,    // REGISTER is out, nothing is bound yet
  Registered,     // bound until it expires
  Refreshing,     // REGISTER is out to prolong what is bound
  Waiting,        // it failed; tried again after a while
  Suspended,      // it was refused for good; tried again after a long while
  Unregistering,  // REGISTER with Expires 0 is out
  Count,
};

enum class Event : std::uint8_t {
  // Of the configuration and the operator.
  Leave,        // it is not wanted any more; something may be bound
  Stop,         // the same, and nothing is to be sent
  Begin,        // it is wanted at once, as it is configured now
  // Time: when it begins, refreshes, is tried again, or has left for long enough.
  Due,
  // The address.
  Resolved,
  Unresolvable,
  // What came of a REGISTER.
  Accepted,     // 2xx
  Challenged,   // 401, 407 that can be answered
  TooBrief,     // 423 with a longer time
  Elsewhere,    // nothing there, and there is another address to try
  Refused,      // an answer that may change
  Rejected,     // an answer that will not: wrong password, forbidden, unknown
  Unreachable,  // no answer, or nothing can be sent
  PathLost,     // the connection that it registered over broke
  Count,
};

enum class Effect : std::uint8_t {
  Ignore,
  Resolve,     // ask for the address
  Register,    // send REGISTER
  Answer,      // send it again with credentials
  Prolong,     // send it again with the longer time
  Hold,        // it is bound: refresh in time
  Wait,        // try again later
  Suspend,     // try again much later, and say so
  Unregister,  // send REGISTER with Expires 0
  Forget,      // it is over
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

}  // namespace tandem::registering
