// Carriers that die, recover, ban and throttle, behind gateways with lines, rates, groups and
// shares; and the servers that are asked before a call is routed. They serve the numbers that begin
// with 77.
//
// Each alternates between good times, in which it takes calls as anybody does, and bad ones.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/time.h"
#include "sim/draw.h"

namespace tandem::sim {

struct Population;

// What a vendor does in its bad times.
enum class Habit : std::uint8_t {
  None,        // it is none
  Dying,       // neither hears nor speaks
  Banning,     // 503 with Retry-After
  Refusing,    // an answer of its own
  Throttling,  // 503 above a rate
  Sending,     // 3xx elsewhere: to others, to itself, in a circle, to nobody
};

struct Vendor {
  Habit habit = Habit::None;
  milliseconds good{};  // how long each lasts; bad 0 = always good
  milliseconds bad{};
  int status = 0;
  int retry_after = 0;                // seconds; 0 = none is said
  int rate = 0;                       // calls a second
  std::vector<std::string> contacts;  // of a 3xx; NUMBER stands for the number that is called
  Instant second{};                   // for the rate: which one, and calls in it
  int calls = 0;

  bool is_bad(Instant now) const;
  bool is_silent(Instant now) const { return habit == Habit::Dying && is_bad(now); }
  // What it answers to a new call: 0 = as anybody does. Counts the call.
  int refuses(Instant now);
};

inline constexpr std::int64_t kFirstVendor = 500;  // ids of their gateways are from here on
inline constexpr std::string_view kVendorPrefix = "77";

void add_vendors(Population& people, Draw& draw);

}  // namespace tandem::sim
