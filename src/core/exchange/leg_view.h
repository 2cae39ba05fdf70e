// One half of a live call as a person asks for it: its dialog, and how it proves that it is alive.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"

namespace tandem::exchange {

// A refresh or probe of ours.
struct RefreshView {
  UtcTime at{};
  std::string_view method;  // "UPDATE", "INVITE", "OPTIONS"
  int status = 0;           // final answer; 0 = none came
  milliseconds delay{};     // until it came, or until it was given up
  milliseconds pause{};     // drawn after glare; 0 = none
};

// The session timer (RFC 4028).
struct TimerView {
  std::string_view rule;          // "A5": why there is one or none
  std::string_view reason;        // in words
  seconds interval{};             // 0 = no timer
  std::string_view refresher;     // "switch", "peer"; "" = no timer
  std::string_view method;        // a refresh of ours would be sent by; "" = no timer
  bool one_sided = false;         // we refresh a peer that knows nothing of it
  milliseconds next_refresh{-1};  // of ours, from now; -1 = none is planned
  milliseconds deadline{-1};      // a silent peer is given up then, from now
  bool peer_supports = false;     // its last Supported listed timer
  bool peer_updates = false;      // its last Allow listed UPDATE
  bool refused_update = false;    // learned in this call
  bool refused_reinvite = false;
};

struct LegView {
  bool there = false;  // answered, and not gone
  TimerView timer;
  UtcTime last_alive{};  // the last message of the peer
  // Only when one call is asked for:
  std::vector<RefreshView> refreshes = {};  // the newest, oldest first
  std::string local_tag = {};
  std::string remote_tag = {};
  std::string remote_target = {};
  std::string routes = {};
  std::uint32_t local_cseq = 0;
  std::uint32_t remote_cseq = 0;
};

}  // namespace tandem::exchange
