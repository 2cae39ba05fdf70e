// The four transaction machines of RFC 3261 §17 with the Accepted state of RFC 6026, as tables: total
// functions from (state, event) to (state, effect). They know no message, clock or socket; the layer
// (layer.h) carries their effects out. Every pair is printed in machines.transitions.txt.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/assert.h"

namespace tandem::transaction {

enum class State : std::uint8_t {
  Calling,     // INVITE client: sent, nothing came back
  Trying,      // non-INVITE: sent, or received and not answered
  Proceeding,  // a provisional answer was received or sent
  Completed,   // a final answer (INVITE: 300-699) was received or sent
  Confirmed,   // INVITE server: the ACK of a 300-699 came
  Accepted,    // INVITE: a 2xx was received or sent (RFC 6026)
  Terminated,
  Count,
};

enum class Event : std::uint8_t {
  // Client: an answer came. Server: the user sends one.
  Provisional,
  Success,
  Refusal,
  // Server only: the same request came again; an ACK came.
  Request,
  Ack,
  // Timers: A, E, G / B, D, F, H, I, J, K, L, M.
  Resend,
  Expire,
  // Client only: the transport says that nothing can be sent there.
  TransportError,
  Count,
};

enum class Effect : std::uint8_t {
  Ignore,
  PassUp,       // client: the answer goes to the user; server: the ACK goes to the user
  AckAndPassUp, // INVITE client: acknowledge a refusal, hand it to the user
  SendAck,      // acknowledge the refusal again
  Send,         // server: send the user's answer
  SendAgain,    // what was sent last
  TellTimeout,  // the user hears that no answer came
  TellFailure,  // the user hears that nothing can be sent
  Forget,       // the transaction has served its time
  Count,
};

struct Step {
  State next;
  Effect effect;
  friend bool operator==(const Step&, const Step&) = default;
};

enum class Machine : std::uint8_t { InviteClient, NonInviteClient, InviteServer, NonInviteServer };

// `state` must be one of the machine's own, Terminated excepted: what has terminated is forgotten.
Step step(Machine machine, State state, Event event);
bool has_state(Machine machine, State state);

std::string_view to_text(Machine machine);
std::string_view to_text(State state);
std::string_view to_text(Event event);
std::string_view to_text(Effect effect);

}  // namespace tandem::transaction
