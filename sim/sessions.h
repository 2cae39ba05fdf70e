// Laws of the session timer (RFC 4028), from what passed between the switch and each peer:
//
// - No dead call outlives its interval: a leg whose peer vanished is ended at the latest one
//   transaction time-out (64 * T1) after the interval agreed last.
// - No live call is cut. The switch may take a peer for dead that is alive and keeps its session as
//   the standards say only when the network ate what would have shown it, and retransmission could
//   not repair that: to the refresh (or probe) of the switch, sent as often as RFC 3261 §17.1 wants
//   until then, no final answer came in the interval; or the peer had to refresh and since the
//   last agreement no request of it came that could have been one. Not probabilities but what really arrived: so
//   it holds for any network. Where the network loses nothing, there is no excuse at all.
// - The three end times of a record fit together and to what was seen.
//
// Written against the wire alone: it knows nothing of how the switch reckons.
#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>

#include "base/time.h"
#include "core/cdr/cdr.h"
#include "core/directory/parameters.h"
#include "sim/host.h"
#include "sim/wire.h"

namespace tandem::sim {

class Sessions {
 public:
  using Broken =
      std::function<void(std::string_view law, const std::string& detail, const std::string& call)>;
  // Whether the party of this host with this Call-ID still talks.
  using Talks = std::function<bool(int host, const std::string& call_id)>;

  Sessions(Broken broken, Talks talks) : broken_(std::move(broken)), talks_(std::move(talks)) {}
  void begin(const directory::Parameters& parameters, bool lossless);

  // A proper message reached the switch; before it is handled.
  void delivered(Instant now, const wire::Text& text, int host);
  void sent(Instant now, const wire::Text& text, int host);
  void recorded(Instant now, UtcTime wall, const cdr::Cdr& record);

  void vouch(const std::string& call_id) { vouched_.insert(call_id); }
  void died(Instant now, const std::string& call_id);
  void spoil(const std::string& call) { spoiled_.insert(call); }
  void path_broke(int host);
  // Memory is lost, but for the calls with these Call-IDs.
  void crashed(Instant now, const std::set<std::string>& kept_calls);
  // The faults stop: what should have been ended by now must be.
  void finish(Instant now);

 private:
  // A request that may agree on an interval, or show that somebody lives.
  struct Request {
    bool initial = false;
    bool timer = false;  // it lists the option
    int interval = 0;    // its Session-Expires; 0 = none
    bool settled = false;
    Instant came{};
  };
  // The newest request of the switch in the dialog that asks for a sign of life.
  struct Asked {
    std::string branch;
    bool invite = false;
    bool stream = false;  // sent once, by TCP
    bool provisional = false;
    int copies = 0;
    int status = 0;  // final answer that came
    Instant first{};
    Instant answered{};  // when `status` came
  };
  struct Leg {
    std::string call;
    int host = 0;
    bool up = false;
    std::string tag{};  // of the peer in the dialog that stands
    int interval = 0;   // seconds; 0 = no timer
    bool peer_refreshes = false;
    bool one_sided = false;
    bool excused = false;     // what came or went may have been lost without a trace
    bool peer_asked = false;  // it sent a request that was not granted since the last agreement
    Instant agreed{};
    Instant heard{};         // the last message of the peer that shows life
    Instant heard_before{};  // at the agreement
    Instant died = kNever;
    Instant over = kNever;
    Asked asked{};
    std::set<Instant> begun{};  // when each of these went out, since the agreement
    std::map<std::string, Request> requests{};  // by branch, both directions
  };

  Leg* leg(const std::string& call_id);
  void note_request(Leg& leg, Instant now, const wire::Text& text);
  void asked_by_switch(Leg& leg, Instant now, const wire::Text& text);
  void answered(Leg& leg, Instant now, const wire::Text& response, bool by_switch);
  static void agree(Leg& leg, Instant now, const Request& request, const wire::Text& response,
                    bool by_switch);
  void ended(Leg& leg, Instant now);
  void check_dead(const Leg& leg, Instant now, Instant end);
  bool may_be_cut(Leg& leg, const std::string& call_id, Instant now) const;
  int copies_until(milliseconds elapsed, bool invite) const;
  void check_cut(Instant now, const cdr::Cdr& record);
  void check_times(Instant now, UtcTime wall, const cdr::Cdr& record);

  milliseconds t1_{}, t2_{};
  directory::TimeoutEnd timeout_end_{};
  bool lossless_ = false;
  bool crashed_ = false;
  Broken broken_;
  Talks talks_;
  std::map<std::string, Leg> legs_;  // by Call-ID
  std::set<std::string> vouched_, spoiled_;
};

}  // namespace tandem::sim
