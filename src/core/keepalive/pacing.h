// How the keep-alives of one cycle are laid out in time (session-timer.md 8.1): in batches, one
// each interval, and the datagrams of a batch spread over its interval. Pure arithmetic in
// milliseconds.
#pragma once

#include <cstdint>

#include "base/time.h"

namespace tandem::keepalive {

// What is wanted.
struct Rhythm {
  milliseconds period{30'000};  // SS_SIP_NAT_KEEP_ALIVE_PERIOD: each contact once in it
  milliseconds interval{500};   // SS_SIP_NAT_KEEP_ALIVE_SEND_INTERVAL: between two batches
  std::uint64_t batch = 3000;   // SS_SIP_NAT_KEEP_ALIVE_SEND_ONE_TIME: datagrams of a batch
  bool spread = true;           // SS_SIP_NAT_KEEP_ALIVE_SPREAD

  template <class Archive>
  void fields(Archive& archive) {
    archive(period, interval, batch, spread);
  }
};

// What comes of it for so many contacts.
struct Pacing {
  std::uint64_t contacts = 0;  // N
  std::uint64_t batches = 0;   // k    = ceil(N / B)
  std::uint64_t slots = 0;     // floor(P / G): batches that fit into one period
  std::uint64_t capacity = 0;  // Nmax = slots * B: contacts that fit
  milliseconds last_batch{};   // (k - 1) * G: when the last batch would start
  std::uint64_t batch = 0;     // B_eff
  bool overrun = false;        // N > Nmax: the batches were made larger

  template <class Archive>
  void fields(Archive& archive) {
    archive(contacts, batches, slots, capacity, last_batch, batch, overrun);
  }
};

Pacing pace(const Rhythm& rhythm, std::uint64_t contacts);

// When datagram number `index` (from 0) of a cycle leaves, counted from the start of the cycle.
milliseconds due(const Rhythm& rhythm, const Pacing& pacing, std::uint64_t index);
// How many datagrams have left by then: those whose due() is at most `elapsed`.
std::uint64_t due_by(const Rhythm& rhythm, const Pacing& pacing, milliseconds elapsed);

}  // namespace tandem::keepalive
