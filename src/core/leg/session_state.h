// What a leg remembers of its session timer (RFC 4028) and of the probes that stand in for one.
#pragma once

#include <cstdint>
#include <vector>

#include "base/time.h"
#include "core/leg/refresh_machine.h"
#include "core/leg/session_timer.h"
#include "core/transaction/layer.h"

namespace tandem::leg {

// One refresh or probe that was sent, for the call's page.
struct RefreshNote {
  UtcTime at{};
  RefreshBy by{};
  std::uint16_t status = 0;    // final answer; 0 = none came
  milliseconds delay{};        // until the answer, or until it was given up
  milliseconds pause{};        // drawn after glare; 0 = none

  template <class Archive>
  void fields(Archive& archive) {
    archive(at, by, status, delay, pause);
  }
};

// The newest are kept.
inline constexpr std::size_t kMaxRefreshNotes = 8;

struct SessionState {
  bool on = true;             // the device's sip_timer
  bool lists_timer = false;   // the peer named it in Supported or Require
  bool one_sided = false;     // we refresh a peer that knows nothing of it
  bool probing = false;       // what is open is a probe of a leg without timer
  bool reconnected = false;   // tried once more after the path broke
  bool glare_spent = false;   // no repetition is left
  bool failed = false;        // a refresh since the last agreement did
  bool overtime = false;      // the deadline was put off once: our refresh could not go out
  TimerRule rule{};
  RefreshState state{};
  RefreshBy by{};             // of the open one
  Learned learned;
  std::uint8_t glares = 0;    // in a row
  std::uint8_t raises = 0;    // 422 in a row
  std::uint32_t interval = 0; // seconds; 0 = no timer
  std::uint32_t asked = 0;    // Session-Expires of our INVITE, seconds
  std::uint32_t least = 0;    // Min-SE to send once a 422 raised it; 0 = the parameter
  Instant deadline = kNever;  // silence beyond it ends the call
  Instant due_at = kNever;    // our next refresh
  Instant give_up_at = kNever;  // of the open one
  Instant refreshed_at{};     // last success
  UtcTime sent_at{};          // of the open or the last failed one
  transaction::ClientId open{};  // UPDATE or OPTIONS; none = nothing is open, or a re-INVITE
  std::vector<RefreshNote> notes;

  template <class Archive>
  void fields(Archive& archive) {
    archive(on, lists_timer, one_sided, probing, reconnected, glare_spent, failed,
            overtime, rule, state, by, learned,
            glares, raises, interval, asked, least, deadline, due_at, give_up_at, refreshed_at,
            sent_at, open, notes);
  }
};

}  // namespace tandem::leg
