#include "core/transaction/machines.h"

namespace tandem::transaction {
namespace {

// ---- INVITE client, RFC 3261 figure 5 with RFC 6026 §7.2 ----

constexpr Step client_calling(Event event) {
  switch (event) {
    case Event::Provisional:
      return {State::Proceeding, Effect::PassUp};
    case Event::Success:
      return {State::Accepted, Effect::PassUp};
    case Event::Refusal:
      return {State::Completed, Effect::AckAndPassUp};
    case Event::Resend:
      return {State::Calling, Effect::SendAgain};
    case Event::Expire:
      return {State::Terminated, Effect::TellTimeout};
    case Event::TransportError:
      return {State::Terminated, Effect::TellFailure};
    case Event::Request:
    case Event::Ack:
    case Event::Count:
      break;
  }
  return {State::Calling, Effect::Ignore};
}

constexpr Step invite_client_proceeding(Event event) {
  switch (event) {
    case Event::Provisional:
      return {State::Proceeding, Effect::PassUp};
    case Event::Success:
      return {State::Accepted, Effect::PassUp};
    case Event::Refusal:
      return {State::Completed, Effect::AckAndPassUp};
    // Runs only once the INVITE was cancelled (RFC 3261 §9.1: 64*T1 for the 487).
    case Event::Expire:
      return {State::Terminated, Effect::TellTimeout};
    // The answer may still come: the peer has the request.
    case Event::TransportError:
    case Event::Resend:
    case Event::Request:
    case Event::Ack:
    case Event::Count:
      break;
  }
  return {State::Proceeding, Effect::Ignore};
}

constexpr Step invite_client_completed(Event event) {
  switch (event) {
    case Event::Refusal:
      return {State::Completed, Effect::SendAck};
    case Event::Expire:
      return {State::Terminated, Effect::Forget};
    case Event::TransportError:
      return {State::Terminated, Effect::Forget};
    case Event::Provisional:
    case Event::Success:
    case Event::Resend:
    case Event::Request:
    case Event::Ack:
    case Event::Count:
      break;
  }
  return {State::Completed, Effect::Ignore};
}

constexpr Step invite_client_accepted(Event event) {
  switch (event) {
    // A 2xx again, or one of another branch of a fork: the user acknowledges each.
    case Event::Success:
      return {State::Accepted, Effect::PassUp};
    case Event::Expire:
      return {State::Terminated, Effect::Forget};
    case Event::Provisional:
    case Event::Refusal:
    case Event::Resend:
    case Event::TransportError:
    case Event::Request:
    case Event::Ack:
    case Event::Count:
      break;
  }
  return {State::Accepted, Effect::Ignore};
}

// ---- non-INVITE client, RFC 3261 figure 6 ----

constexpr Step non_invite_client_open(State state, Event event) {
  switch (event) {
    case Event::Provisional:
      return {State::Proceeding, Effect::PassUp};
    case Event::Success:
    case Event::Refusal:
      return {State::Completed, Effect::PassUp};
    case Event::Resend:
      return {state, Effect::SendAgain};
    case Event::Expire:
      return {State::Terminated, Effect::TellTimeout};
    case Event::TransportError:
      return {State::Terminated, Effect::TellFailure};
    case Event::Request:
    case Event::Ack:
    case Event::Count:
      break;
  }
  return {state, Effect::Ignore};
}

constexpr Step non_invite_client_completed(Event event) {
  switch (event) {
    case Event::Expire:
      return {State::Terminated, Effect::Forget};
    case Event::Provisional:
    case Event::Success:
    case Event::Refusal:
    case Event::Resend:
    case Event::TransportError:
    case Event::Request:
    case Event::Ack:
    case Event::Count:
      break;
  }
  return {State::Completed, Effect::Ignore};
}

// ---- INVITE server, RFC 3261 figure 7 with RFC 6026 §7.1 ----

constexpr Step invite_server_proceeding(Event event) {
  switch (event) {
    case Event::Request:
      return {State::Proceeding, Effect::SendAgain};
    case Event::Provisional:
      return {State::Proceeding, Effect::Send};
    case Event::Success:
      return {State::Accepted, Effect::Send};
    case Event::Refusal:
      return {State::Completed, Effect::Send};
    case Event::Ack:
    case Event::Resend:
    case Event::Expire:
    case Event::TransportError:
    case Event::Count:
      break;
  }
  return {State::Proceeding, Effect::Ignore};
}

constexpr Step invite_server_completed(Event event) {
  switch (event) {
    case Event::Request:
    case Event::Resend:
      return {State::Completed, Effect::SendAgain};
    case Event::Ack:
      return {State::Confirmed, Effect::Ignore};
    case Event::Expire:
      return {State::Terminated, Effect::Forget};
    case Event::Provisional:
    case Event::Success:
    case Event::Refusal:
    case Event::TransportError:
    case Event::Count:
      break;
  }
  return {State::Completed, Effect::Ignore};
}

constexpr Step invite_server_confirmed(Event event) {
  switch (event) {
    case Event::Expire:
      return {State::Terminated, Effect::Forget};
    case Event::Request:
    case Event::Ack:
    case Event::Provisional:
    case Event::Success:
    case Event::Refusal:
    case Event::Resend:
    case Event::TransportError:
    case Event::Count:
      break;
  }
  return {State::Confirmed, Effect::Ignore};
}

constexpr Step invite_server_accepted(Event event) {
  switch (event) {
    // Some peers send the ACK of a 2xx under the branch of the INVITE.
    case Event::Ack:
      return {State::Accepted, Effect::PassUp};
    case Event::Success:
      return {State::Accepted, Effect::Send};
    case Event::Expire:
      return {State::Terminated, Effect::Forget};
    case Event::Request:
    case Event::Provisional:
    case Event::Refusal:
    case Event::Resend:
    case Event::TransportError:
    case Event::Count:
      break;
  }
  return {State::Accepted, Effect::Ignore};
}

// ---- non-INVITE server, RFC 3261 figure 8 ----

constexpr Step non_invite_server_open(State state, Event event) {
  switch (event) {
    // Nothing was sent yet in Trying, so nothing is sent again (RFC 3261 §17.2.2).
    case Event::Request:
      return {state, state == State::Trying ? Effect::Ignore : Effect::SendAgain};
    case Event::Provisional:
      return {State::Proceeding, Effect::Send};
    case Event::Success:
    case Event::Refusal:
      return {State::Completed, Effect::Send};
    case Event::Ack:
    case Event::Resend:
    case Event::Expire:
    case Event::TransportError:
    case Event::Count:
      break;
  }
  return {state, Effect::Ignore};
}

constexpr Step non_invite_server_completed(Event event) {
  switch (event) {
    case Event::Request:
      return {State::Completed, Effect::SendAgain};
    case Event::Expire:
      return {State::Terminated, Effect::Forget};
    case Event::Provisional:
    case Event::Success:
    case Event::Refusal:
    case Event::Ack:
    case Event::Resend:
    case Event::TransportError:
    case Event::Count:
      break;
  }
  return {State::Completed, Effect::Ignore};
}

constexpr Step invite_client(State state, Event event) {
  switch (state) {
    case State::Calling:
      return client_calling(event);
    case State::Proceeding:
      return invite_client_proceeding(event);
    case State::Completed:
      return invite_client_completed(event);
    case State::Accepted:
      return invite_client_accepted(event);
    case State::Trying:
    case State::Confirmed:
    case State::Terminated:
    case State::Count:
      break;
  }
  return {State::Terminated, Effect::Ignore};
}

constexpr Step non_invite_client(State state, Event event) {
  switch (state) {
    case State::Trying:
    case State::Proceeding:
      return non_invite_client_open(state, event);
    case State::Completed:
      return non_invite_client_completed(event);
    case State::Calling:
    case State::Confirmed:
    case State::Accepted:
    case State::Terminated:
    case State::Count:
      break;
  }
  return {State::Terminated, Effect::Ignore};
}

constexpr Step invite_server(State state, Event event) {
  switch (state) {
    case State::Proceeding:
      return invite_server_proceeding(event);
    case State::Completed:
      return invite_server_completed(event);
    case State::Confirmed:
      return invite_server_confirmed(event);
    case State::Accepted:
      return invite_server_accepted(event);
    case State::Calling:
    case State::Trying:
    case State::Terminated:
    case State::Count:
      break;
  }
  return {State::Terminated, Effect::Ignore};
}

constexpr Step non_invite_server(State state, Event event) {
  switch (state) {
    case State::Trying:
    case State::Proceeding:
      return non_invite_server_open(state, event);
    case State::Completed:
      return non_invite_server_completed(event);
    case State::Calling:
    case State::Confirmed:
    case State::Accepted:
    case State::Terminated:
    case State::Count:
      break;
  }
  return {State::Terminated, Effect::Ignore};
}

}  // namespace

Step step(Machine machine, State state, Event event) {
  switch (machine) {
    case Machine::InviteClient:
      return invite_client(state, event);
    case Machine::NonInviteClient:
      return non_invite_client(state, event);
    case Machine::InviteServer:
      return invite_server(state, event);
    case Machine::NonInviteServer:
      return non_invite_server(state, event);
  }
  TANDEM_ASSERT(false, "a machine of no name");
}

bool has_state(Machine machine, State state) {
  switch (machine) {
    case Machine::InviteClient:
      return state == State::Calling || state == State::Proceeding || state == State::Completed ||
             state == State::Accepted;
    case Machine::InviteServer:
      return state == State::Proceeding || state == State::Completed ||
             state == State::Confirmed || state == State::Accepted;
    case Machine::NonInviteClient:
    case Machine::NonInviteServer:
      return state == State::Trying || state == State::Proceeding || state == State::Completed;
  }
  return false;
}

std::string_view to_text(Machine machine) {
  switch (machine) {
    case Machine::InviteClient:
      return "INVITE client";
    case Machine::NonInviteClient:
      return "non-INVITE client";
    case Machine::InviteServer:
      return "INVITE server";
    case Machine::NonInviteServer:
      return "non-INVITE server";
  }
  return "";
}

std::string_view to_text(State state) {
  switch (state) {
    case State::Calling:
      return "calling";
    case State::Trying:
      return "trying";
    case State::Proceeding:
      return "proceeding";
    case State::Completed:
      return "completed";
    case State::Confirmed:
      return "confirmed";
    case State::Accepted:
      return "accepted";
    case State::Terminated:
      return "terminated";
    case State::Count:
      break;
  }
  return "";
}

std::string_view to_text(Event event) {
  switch (event) {
    case Event::Provisional:
      return "1xx";
    case Event::Success:
      return "2xx";
    case Event::Refusal:
      return "300-699";
    case Event::Request:
      return "request again";
    case Event::Ack:
      return "ACK";
    case Event::Resend:
      return "resend timer";
    case Event::Expire:
      return "expiry timer";
    case Event::TransportError:
      return "transport error";
    case Event::Count:
      break;
  }
  return "";
}

std::string_view to_text(Effect effect) {
  switch (effect) {
    case Effect::Ignore:
      return "ignore";
    case Effect::PassUp:
      return "pass up";
    case Effect::AckAndPassUp:
      return "send ACK, pass up";
    case Effect::SendAck:
      return "send ACK again";
    case Effect::Send:
      return "send";
    case Effect::SendAgain:
      return "send again";
    case Effect::TellTimeout:
      return "tell timeout";
    case Effect::TellFailure:
      return "tell failure";
    case Effect::Forget:
      return "forget";
    case Effect::Count:
      break;
  }
  return "";
}

}  // namespace tandem::transaction
