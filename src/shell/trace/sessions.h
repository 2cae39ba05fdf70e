// What the messages of dialogs say about their session timers (RFC 4028) and about what their peers
// can do: read one after another, each leg by itself. It judges by what passed, so it knows as much
// as is in the trace.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/address.h"
#include "base/time.h"
#include "core/sip/headers.h"
#include "core/sip/message.h"
#include "shell/trace/entry.h"

namespace tandem::trace {

// What one INVITE, UPDATE or their 2xx says of the timer.
struct TimerWords {
  std::optional<std::uint32_t> interval;  // Session-Expires
  sip::Refresher refresher = sip::Refresher::None;
  std::optional<std::uint32_t> min_se;
  bool supported = false;   // lists `timer` in Supported
  bool required = false;    // or in Require
  bool unreadable = false;  // a Session-Expires that is none
};

// A re-INVITE or UPDATE inside the dialog, and what came of it.
struct Refresh {
  UtcTime time{};
  bool by_us = false;
  std::string method = {};
  bool refreshes = false;  // carries Session-Expires
  int status = 0;          // final answer; 0 = none
  milliseconds delay{-1};  // to the final answer
  // After a 491: how long until it was tried again; -1 = it was not.
  milliseconds again_after{-1};
};

// A 422: somebody found an interval too small.
struct TooSmall {
  UtcTime time{};
  bool by_us = false;  // we refused
  std::uint32_t asked = 0;
  std::uint32_t wanted = 0;  // Min-SE of the 422; 0 = it has none
};

// What a peer said it can do, newest.
struct Abilities {
  std::string supported = {};
  std::string allow = {};
  std::string product = {};  // User-Agent or Server
  UtcTime since{};      // it says so
};

struct Leg {
  std::int64_t flow_no = 0;
  std::string call_id = {};
  std::string peer = {};  // "ip:port"
  std::string peer_user = {};  // what it is called in From, or by us in To
  std::string peer_host = {};
  bool we_called = false;
  UtcTime invited{};
  UtcTime answered{};    // 2xx; UtcTime{} = not
  int final_status = 0;  // of the first INVITE that ended
  TimerWords offer = {};      // of the newest INVITE before the answer
  TimerWords answer = {};     // of the 2xx
  std::vector<Refresh> refreshes = {};
  std::vector<TooSmall> too_small = {};
  Abilities abilities = {};  // of the peer
  std::string contact = {};  // of the peer: where requests in the dialog go
  std::string routes = {};   // Record-Route, as the peer gave it
  std::string local_tag = {};
  std::string remote_tag = {};
  std::uint32_t local_cseq = 0;
  std::uint32_t remote_cseq = 0;
  UtcTime last_received{};  // the last proof of life
  UtcTime last_passed{};    // the last message of it either way

  // After the last 2xx that carried one, and by whom it is refreshed.
  std::optional<std::uint32_t> interval;
  bool we_refresh = false;
  UtcTime refreshed{};
};

// A message, parsed.
struct Passed {
  UtcTime time{};
  std::int64_t flow_no = 0;
  bool sent = false;
  std::string peer = {};
  const sip::Message& message;
};

class Sessions {
 public:
  void read(const Passed& passed);
  // Parses it first; what is no SIP is passed over.
  void read(const Entry& entry);
  // In the order they began.
  const std::vector<Leg>& legs() const { return legs_; }

 private:
  Leg* leg_of(const Passed& passed);
  void request(Leg& leg, const Passed& passed);
  void response(Leg& leg, const Passed& passed);
  void final_of_invite(Leg& leg, const Passed& passed);
  void final_in_dialog(Leg& leg, const Passed& passed);
  void learn(Leg& leg, const Passed& passed);
  void renew(Leg& leg, const Passed& passed, bool asked_by_us);

  std::vector<Leg> legs_;
  std::map<std::string, std::size_t, std::less<>> by_call_id_;
};

// Why a leg has a session timer or has none: a row of the tables of RFC 4028 negotiation.
struct TimerRule {
  std::string_view code = {};   // "A1" to "A14": the peer called; "B1" to "B8": we called
  std::string_view words = {};  // a sentence
};
// `min_se` is SS_SIP_SESSION_MIN_SE, `ceiling` SS_SIP_SESSION_TTL_CEILING. nullptr: there was no
// final answer yet.
const TimerRule* timer_rule(const Leg& leg, std::uint32_t min_se, std::uint32_t ceiling);
std::vector<TimerRule> all_timer_rules();

}  // namespace tandem::trace
