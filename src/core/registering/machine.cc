#include "core/registering/machine.h"

#include "base/assert.h"

namespace tandem::registering {
namespace {

constexpr Step idle(Event event) {
  switch (event) {
    case Event::Due:
    case Event::Begin:
      return {State::Resolving, Effect::Resolve};
    case Event::Leave:
    case Event::Stop:
      return {State::Idle, Effect::Forget};
    case Event::Resolved:
    case Event::Unresolvable:
    case Event::Accepted:
    case Event::Challenged:
    case Event::TooBrief:
    case Event::Elsewhere:
    case Event::Refused:
    case Event::Rejected:
    case Event::Unreachable:
    case Event::PathLost:
    case Event::Count:
      break;
  }
  return {State::Idle, Effect::Ignore};
}

constexpr Step resolving(Event event) {
  switch (event) {
    case Event::Resolved:
      return {State::Registering, Effect::Register};
    case Event::Unresolvable:
    // The question is never answered.
    case Event::Due:
      return {State::Waiting, Effect::Wait};
    case Event::Begin:
      return {State::Resolving, Effect::Resolve};
    case Event::Leave:
      return {State::Unregistering, Effect::Unregister};
    case Event::Stop:
      return {State::Idle, Effect::Forget};
    case Event::Accepted:
    case Event::Challenged:
    case Event::TooBrief:
    case Event::Elsewhere:
    case Event::Refused:
    case Event::Rejected:
    case Event::Unreachable:
    case Event::PathLost:
    case Event::Count:
      break;
  }
  return {State::Resolving, Effect::Ignore};
}

// A REGISTER is out; `state` says whether something is bound meanwhile.
constexpr Step asking(State state, Event event) {
  switch (event) {
    case Event::Accepted:
      return {State::Registered, Effect::Hold};
    case Event::Challenged:
      return {state, Effect::Answer};
    case Event::TooBrief:
      return {state, Effect::Prolong};
    case Event::Elsewhere:
      return {state, Effect::Register};
    case Event::Refused:
    case Event::Unreachable:
      return {State::Waiting, Effect::Wait};
    case Event::Rejected:
      return {State::Suspended, Effect::Suspend};
    case Event::Begin:
      return {State::Resolving, Effect::Resolve};
    case Event::Leave:
      return {State::Unregistering, Effect::Unregister};
    case Event::Stop:
      return {State::Idle, Effect::Forget};
    // The transaction has the last word on its request.
    case Event::PathLost:
    case Event::Due:
    case Event::Resolved:
    case Event::Unresolvable:
    case Event::Count:
      break;
  }
  return {state, Effect::Ignore};
}

constexpr Step registered(Event event) {
  switch (event) {
    case Event::Due:
    // Calls to us come over the connection, too: another one is opened.
    case Event::PathLost:
      return {State::Refreshing, Effect::Register};
    case Event::Begin:
      return {State::Resolving, Effect::Resolve};
    case Event::Leave:
      return {State::Unregistering, Effect::Unregister};
    case Event::Stop:
      return {State::Idle, Effect::Forget};
    case Event::Resolved:
    case Event::Unresolvable:
    case Event::Accepted:
    case Event::Challenged:
    case Event::TooBrief:
    case Event::Elsewhere:
    case Event::Refused:
    case Event::Rejected:
    case Event::Unreachable:
    case Event::Count:
      break;
  }
  return {State::Registered, Effect::Ignore};
}

// Waiting and Suspended: they differ in how long, and in what is said of it.
constexpr Step pausing(State state, Event event) {
  switch (event) {
    case Event::Due:
    case Event::Begin:
      return {State::Resolving, Effect::Resolve};
    case Event::Leave:
      return {State::Unregistering, Effect::Unregister};
    case Event::Stop:
      return {State::Idle, Effect::Forget};
    case Event::Resolved:
    case Event::Unresolvable:
    case Event::Accepted:
    case Event::Challenged:
    case Event::TooBrief:
    case Event::Elsewhere:
    case Event::Refused:
    case Event::Rejected:
    case Event::Unreachable:
    case Event::PathLost:
    case Event::Count:
      break;
  }
  return {state, Effect::Ignore};
}

constexpr Step unregistering(Event event) {
  switch (event) {
    case Event::Challenged:
      return {State::Unregistering, Effect::Answer};
    // It is gone, or goes by itself when its time is over: nobody waits longer for it.
    case Event::Accepted:
    case Event::TooBrief:
    case Event::Elsewhere:
    case Event::Refused:
    case Event::Rejected:
    case Event::Unreachable:
    case Event::Due:
    case Event::Stop:
      return {State::Idle, Effect::Forget};
    case Event::Leave:
    case Event::Begin:
    case Event::Resolved:
    case Event::Unresolvable:
    case Event::PathLost:
    case Event::Count:
      break;
  }
  return {State::Unregistering, Effect::Ignore};
}

}  // namespace

Step step(State state, Event event) {
  switch (state) {
    case State::Idle:
      return idle(event);
    case State::Resolving:
      return resolving(event);
    case State::Registering:
    case State::Refreshing:
      return asking(state, event);
    case State::Registered:
      return registered(event);
    case State::Waiting:
    case State::Suspended:
      return pausing(state, event);
    case State::Unregistering:
      return unregistering(event);
    case State::Count:
      break;
  }
  TANDEM_ASSERT(false, "a registration in no state");
  return {State::Idle, Effect::Ignore};
}

std::string_view to_text(State state) {
  switch (state) {
    case State::Idle:
      return "idle";
    case State::Resolving:
      return "resolving";
    case State::Registering:
      return "registering";
    case State::Registered:
      return "registered";
    case State::Refreshing:
      return "refreshing";
    case State::Waiting:
      return "waiting";
    case State::Suspended:
      return "suspended";
    case State::Unregistering:
      return "unregistering";
    case State::Count:
      break;
  }
  return "";
}

std::string_view to_text(Event event) {
  switch (event) {
    case Event::Leave:
      return "leave";
    case Event::Stop:
      return "stop";
    case Event::Begin:
      return "begin";
    case Event::Due:
      return "due";
    case Event::Resolved:
      return "resolved";
    case Event::Unresolvable:
      return "unresolvable";
    case Event::Accepted:
      return "accepted";
    case Event::Challenged:
      return "challenged";
    case Event::TooBrief:
      return "too_brief";
    case Event::Elsewhere:
      return "elsewhere";
    case Event::Refused:
      return "refused";
    case Event::Rejected:
      return "rejected";
    case Event::Unreachable:
      return "unreachable";
    case Event::PathLost:
      return "path_lost";
    case Event::Count:
      break;
  }
  return "";
}

std::string_view to_text(Effect effect) {
  switch (effect) {
    case Effect::Ignore:
      return "ignore";
    case Effect::Resolve:
      return "resolve";
    case Effect::Register:
      return "register";
    case Effect::Answer:
      return "answer";
    case Effect::Prolong:
      return "prolong";
    case Effect::Hold:
      return "hold";
    case Effect::Wait:
      return "wait";
    case Effect::Suspend:
      return "suspend";
    case Effect::Unregister:
      return "unregister";
    case Effect::Forget:
      return "forget";
    case Effect::Count:
      break;
  }
  return "";
}

}  // namespace tandem::registering
