// What the doctor looks at: call records, messages that passed, parameters, counters. A value, so
// that every symptom can be shown with prepared data.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "base/time.h"
#include "shell/store/cdr_summary.h"
#include "shell/trace/sessions.h"

namespace tandem::doctor {

// Parameters the findings speak of, in whole seconds where nothing else is said.
struct Settings {
  std::int64_t session_ttl = 600;
  std::int64_t segment = 2;
  std::int64_t min_se = 90;
  std::int64_t ttl_ceiling = 7200;
  std::int64_t refresh_timeout = 30;
  std::int64_t no_timer_interval = 7200;  // 0 = legs without timer are not limited
  std::string refresh_method = "auto";
  bool keep_alive_built = false;  // the three below act
  std::string keep_alive_message = "HELLO";
  std::int64_t keep_alive_period = 30;
};

// One 422, as often as it came with the same values.
struct Refusal422 {
  bool by_us = false;
  std::uint32_t asked = 0;
  std::uint32_t wanted = 0;
  std::uint64_t count = 0;
};

// What is known of one gateway: from the counters of the switch, since its start, and from the
// messages of its legs in the trace.
struct Device {
  std::string name = {};
  bool called = false;                  // we call it; else it calls us
  std::uint64_t legs = 0;               // answered
  std::uint64_t without_timer = 0;      // of these
  std::uint64_t seen = 0;               // answered legs in the trace
  std::uint64_t ignorant = 0;           // of these; the peer does not list `timer`
  std::uint64_t refreshes = 0;          // sent by us and answered, or never answered
  std::uint64_t refreshed = 0;          // of these with 2xx
  int last_status = 0;                  // of the newest refresh that failed; 0 = no answer
  std::uint64_t glare = 0;              // 491, either way
  std::uint64_t glare_lost = 0;         // of these not tried again
  std::uint64_t reinvites_refused = 0;  // 405, 488, 501
  std::uint64_t updates_refused = 0;    // 405, 501
  std::uint64_t private_contacts = 0;   // a private Contact behind a public source
  std::vector<Refusal422> too_small = {};
  std::string refreshed_by = {};  // the method left when it refused the other; "" = none was refused
  trace::Abilities abilities = {};  // newest
};

struct Facts {
  UtcTime from{};
  UtcTime until{};
  std::string gateway = {};  // only this one; "" = all
  store::CdrSummary calls = {};
  Settings settings;
  std::vector<Device> devices = {};
  std::map<std::string, std::uint64_t> counters;  // of the switch, since its start
  std::uint64_t messages = 0;                     // looked at in the trace
  bool switch_runs = false;

  bool concerns(const std::string& name) const { return gateway.empty() || name == gateway; }
};

// The name of the gateway of a leg.
using NameOfLeg = std::function<std::string(const trace::Leg& leg)>;
std::vector<Device> devices_of(const std::vector<trace::Leg>& legs, const NameOfLeg& name_of);

}  // namespace tandem::doctor
