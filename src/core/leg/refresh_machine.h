// Who refreshes the session of a leg, and how far that is, as a table machine (RFC 4028 §7, §10).
// It knows neither messages nor seconds: the leg turns answers and deadlines into events and effects
// into requests and timers. Every (state, event) pair is printed in refresh_machine.transitions.txt.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/assert.h"

namespace tandem::leg {

enum class RefreshState : std::uint8_t {
  Off,      // the leg has no timer
  Ours,     // we refresh; the next one waits for its time
  Pending,  // our refresh has no final answer yet
  Backoff,  // it met glare and waits for its repetition
  Theirs,   // the peer refreshes, we watch the deadline
};

enum class RefreshEvent : std::uint8_t {
  GrantUs,     // a 2xx, sent or received, made us the refresher
  GrantPeer,   // it made the peer the refresher
  GrantNone,   // it had no interval
  Due,         // the time of our next refresh, or of the repetition, has come
  Glare,       // 491, and we may repeat
  Repeat,      // to be sent again at once, changed: 422, 405, 401, a broken connection
  Fail,        // failed, but the call goes on until the deadline
  Dead,        // failed, and that is the end
  Expire,      // the deadline passed
};

enum class RefreshEffect : std::uint8_t {
  Nothing,
  Schedule,   // draw the time of our next refresh, and the deadline
  Watch,      // only the deadline counts
  Stop,       // no timer any more
  Send,       // send a refresh
  PauseGlare, // draw a random pause
  PauseRetry, // a part of the refresh interval
  HangUp,
};

struct RefreshStep {
  RefreshState next;
  RefreshEffect effect;
  friend bool operator==(const RefreshStep&, const RefreshStep&) = default;
};

namespace refresh {

constexpr RefreshStep granted(RefreshEvent event) {
  switch (event) {
    case RefreshEvent::GrantUs:
      return {RefreshState::Ours, RefreshEffect::Schedule};
    case RefreshEvent::GrantPeer:
      return {RefreshState::Theirs, RefreshEffect::Watch};
    case RefreshEvent::GrantNone:
      return {RefreshState::Off, RefreshEffect::Stop};
    case RefreshEvent::Due:
    case RefreshEvent::Glare:
    case RefreshEvent::Repeat:
    case RefreshEvent::Fail:
    case RefreshEvent::Dead:
    case RefreshEvent::Expire:
      break;
  }
  TANDEM_ASSERT(false, "not a grant");
  return {};
}

constexpr RefreshStep in_off(RefreshEvent event) {
  switch (event) {
    case RefreshEvent::GrantUs:
    case RefreshEvent::GrantPeer:
    case RefreshEvent::GrantNone:
      return granted(event);
    // Answers to what was sent before the timer was turned off.
    case RefreshEvent::Due:
    case RefreshEvent::Glare:
    case RefreshEvent::Repeat:
    case RefreshEvent::Fail:
    case RefreshEvent::Dead:
    case RefreshEvent::Expire:
      return {RefreshState::Off, RefreshEffect::Nothing};
  }
  TANDEM_ASSERT(false, "an event of no name");
  return {};
}

constexpr RefreshStep in_ours(RefreshEvent event) {
  switch (event) {
    case RefreshEvent::GrantUs:
    case RefreshEvent::GrantPeer:
    case RefreshEvent::GrantNone:
      return granted(event);
    case RefreshEvent::Due:
      return {RefreshState::Pending, RefreshEffect::Send};
    // Late answers to a refresh that another one overtook.
    case RefreshEvent::Glare:
    case RefreshEvent::Repeat:
    case RefreshEvent::Fail:
    case RefreshEvent::Dead:
      return {RefreshState::Ours, RefreshEffect::Nothing};
    case RefreshEvent::Expire:
      return {RefreshState::Ours, RefreshEffect::HangUp};
  }
  TANDEM_ASSERT(false, "an event of no name");
  return {};
}

constexpr RefreshStep in_pending(RefreshEvent event) {
  switch (event) {
    case RefreshEvent::GrantUs:
    case RefreshEvent::GrantPeer:
    case RefreshEvent::GrantNone:
      return granted(event);
    case RefreshEvent::Due:
      return {RefreshState::Pending, RefreshEffect::Nothing};
    case RefreshEvent::Glare:
      return {RefreshState::Backoff, RefreshEffect::PauseGlare};
    case RefreshEvent::Repeat:
      return {RefreshState::Pending, RefreshEffect::Send};
    case RefreshEvent::Fail:
      return {RefreshState::Ours, RefreshEffect::PauseRetry};
    case RefreshEvent::Dead:
      return {RefreshState::Pending, RefreshEffect::HangUp};
    // Its answer may be on its way: the time of the request decides, which is short.
    case RefreshEvent::Expire:
      return {RefreshState::Pending, RefreshEffect::Nothing};
  }
  TANDEM_ASSERT(false, "an event of no name");
  return {};
}

constexpr RefreshStep in_backoff(RefreshEvent event) {
  switch (event) {
    // The peer refreshed in the meantime: nothing is to be repeated.
    case RefreshEvent::GrantUs:
    case RefreshEvent::GrantPeer:
    case RefreshEvent::GrantNone:
      return granted(event);
    case RefreshEvent::Due:
      return {RefreshState::Pending, RefreshEffect::Send};
    case RefreshEvent::Glare:
    case RefreshEvent::Repeat:
    case RefreshEvent::Fail:
    case RefreshEvent::Dead:
      return {RefreshState::Backoff, RefreshEffect::Nothing};
    case RefreshEvent::Expire:
      return {RefreshState::Backoff, RefreshEffect::HangUp};
  }
  TANDEM_ASSERT(false, "an event of no name");
  return {};
}

constexpr RefreshStep in_theirs(RefreshEvent event) {
  switch (event) {
    case RefreshEvent::GrantUs:
    case RefreshEvent::GrantPeer:
    case RefreshEvent::GrantNone:
      return granted(event);
    case RefreshEvent::Due:
    case RefreshEvent::Glare:
    case RefreshEvent::Repeat:
    case RefreshEvent::Fail:
    case RefreshEvent::Dead:
      return {RefreshState::Theirs, RefreshEffect::Nothing};
    case RefreshEvent::Expire:
      return {RefreshState::Theirs, RefreshEffect::HangUp};
  }
  TANDEM_ASSERT(false, "an event of no name");
  return {};
}

}  // namespace refresh

constexpr RefreshStep step(RefreshState state, RefreshEvent event) {
  switch (state) {
    case RefreshState::Off:
      return refresh::in_off(event);
    case RefreshState::Ours:
      return refresh::in_ours(event);
    case RefreshState::Pending:
      return refresh::in_pending(event);
    case RefreshState::Backoff:
      return refresh::in_backoff(event);
    case RefreshState::Theirs:
      return refresh::in_theirs(event);
  }
  TANDEM_ASSERT(false, "a state of no name");
  return {};
}

std::string_view to_text(RefreshState state);
std::string_view to_text(RefreshEvent event);
std::string_view to_text(RefreshEffect effect);

}  // namespace tandem::leg
