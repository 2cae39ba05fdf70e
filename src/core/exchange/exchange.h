// The exchange: given what happened and when, says what is to be done. It touches nothing: no clock,
// socket, disk or thread (architecture.md §2). One exchange is single-threaded; a process may run
// several, told apart by `Identity::number`, which is part of every tag, branch and Call-ID.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/reused_list.h"
#include "base/time.h"
#include "core/cdr/cdr_record.h"
#include "core/directory/directory.h"
#include "core/exchange/leg_view.h"
#include "core/facts/decision.h"
#include "core/facts/live.h"
#include "core/keepalive/keepalive.h"
#include "core/lrn/answer.h"
#include "core/registering/registrations.h"
#include "core/routing/warnings.h"
#include "core/sip/outbox.h"
#include "core/sip/path.h"

namespace tandem::exchange {

// ---- what outlives the process ----

// What is kept under an id. The values are stored.
enum class KeptKind : std::uint8_t {
  Call = 1,       // id = flow number: a call that is answered (core/exchange/keeping.cc)
  Binding = 2,    // id = number of the binding
  Confirmed = 3,  // id = flow number: the caller has acknowledged the answer since the call was kept
  Quality = 4,    // id = twice the id of a gateway, and one when it is an egress gateway
  Destination = 5,  // id = number of the entry: quality of a gateway to one destination
};

// How soon the bytes must be in the journal.
enum class KeepBy : std::uint8_t {
  Sending,    // before anything of this round is sent: a peer relies on it
  NextWrite,  // with the next write, at most a second later: losing it costs little
};

// To be kept for the next start of the switch: the newest bytes under (kind, id) replace the older
// ones; empty bytes = forgotten.
struct Keep {
  KeptKind kind{};
  std::uint64_t id = 0;
  std::string bytes;
  KeepBy by = KeepBy::Sending;
};

// ---- what happens: inputs. Views are valid for the length of the call to handle(). ----

// A whole SIP message (or what claims to be one) came in.
struct Received {
  sip::Path path;  // peer = its source; local, connection = where it came in
  std::string_view bytes;
};
// What an earlier run kept: given at the start for each (kind, id), before any other input.
struct Kept {
  KeptKind kind{};
  std::uint64_t id = 0;
  std::string_view bytes;
};
// The clock reached next_deadline(). Handles a bounded number of due timers; the shell looks at
// next_deadline() again.
struct Tick {};
// A new configuration; used from the next input on.
struct Adopt {
  std::shared_ptr<const directory::Directory> directory;
};
// Nothing can be sent on this path: ICMP unreachable, refused or broken connection.
struct PathFailed {
  sip::Path path;
};
// Where a name can be reached (RFC 3263), best first; empty = it cannot. Answers actions.asks.
struct Resolved {
  std::uint64_t question;
  std::vector<sip::Path> targets;  // transport and peer are set, the rest is 0
  seconds time_to_live;
};

// What the LRN server says of a number. Answers actions.look_ups.
struct LookedUp {
  std::uint64_t question;
  lrn::Answer answer;
};

enum class CallState : std::uint8_t { Offered, Attempting, Alerting, Answered, Releasing };
std::string_view to_text(CallState state);

// ---- commands of operators; each is answered by one entry of actions.replies ----

struct ListCalls {
  std::uint64_t request;           // echoed in the reply
  std::int64_t after_flow_no = 0;  // page: only calls with a larger flow number
  std::uint32_t limit = 100;       // at most 1,000
  std::string number;              // part of caller or callee; "" = all
  std::string gateway;             // name of ingress or egress gateway; "" = all
  std::int64_t flow_no = 0;        // exactly this call, with all details; 0 = all
  bool without_timer = false;      // only answered calls with a leg without session timer
};
struct HangUp {
  std::uint64_t request;
  std::int64_t flow_no;
};
// What would happen to a call, and why; nothing is sent.
struct Explain {
  std::uint64_t request;
  std::string caller;
  std::string callee;
  std::string source_ip;  // address the call would come from, or
  std::string ingress;    // name of the ingress gateway, or
  std::string phone = {}; // number of the phone that calls
  // Under this configuration and as if no call were up; none = under the one in force, beside the
  // calls of the moment.
  std::shared_ptr<const directory::Directory> directory = {};
  // When the call would come; UtcTime{} = now. At another time no call is up, and every gateway is taken
  // to be reachable.
  UtcTime at{};
};
// How the gateways and their groups stand at the moment; "" = all.
struct ListOnline {
  std::uint64_t request;
  std::string name;
};
// How the number pools stand; with a name also which of its numbers carry calls. "" = all.
struct ListPools {
  std::uint64_t request;
  std::string name;
};
// Ends the pause an egress gateway asked for by Retry-After.
struct Unban {
  std::uint64_t request;
  std::string name;
};
struct ShowKeepAlive {
  std::uint64_t request;
};
// How the outbound registrations stand.
struct ListOutbound {
  std::uint64_t request;
};
// Registers at once, whatever is waited for.
struct RetryOutbound {
  std::uint64_t request;
  std::int64_t id;  // of the outbound registration
};
struct Status {
  std::uint64_t request;
};
struct ListRegistrations {
  std::uint64_t request;
  std::uint64_t after = 0;    // page: only entries with a larger number
  std::uint32_t limit = 100;  // at most 1,000
  std::string user;           // name of one phone or gateway; "" = all
};
// Forgets every contact of a phone or gateway, as if it had taken them back itself.
struct Unregister {
  std::uint64_t request;
  std::string user;
};
// Stop: no new calls (maintenance); after `limit` the rest is released as server_shutdown.
struct Drain {
  milliseconds limit;
};
// The journal cannot be written (true) or can again (false): new calls are refused meanwhile.
struct StorageFault {
  bool faulty;
};

// More comes in than can be handled: so many of a thousand new calls are refused as overload; 0 = none.
struct ThinOut {
  int share;
};

using Input = std::variant<Received, Tick, Adopt, PathFailed, Resolved, LookedUp, ListCalls, HangUp, Explain,
                           ListOnline, ListPools, Unban, ShowKeepAlive, ListRegistrations, Unregister,
                           ListOutbound, RetryOutbound, Status, Drain, StorageFault, ThinOut,
                           Kept>;

// ---- what is to be done: actions ----

struct CallView {
  std::int64_t flow_no;
  CallState state;
  std::string caller, callee, caller_gateway, callee_gateway, caller_ip, callee_ip, caller_call_id,
      callee_call_id;
  UtcTime start{}, ring_time{}, answer_time{};
  int attempt = 0;  // number of the running attempt, from 1
  LegView caller_leg{}, callee_leg{};
};
struct CallList {
  std::vector<CallView> calls;
  std::uint64_t total = 0;  // live calls of the exchange
};
struct HangUpResult {
  bool found = false;
};
using OutboundView = registering::View;
struct OutboundList {
  std::vector<OutboundView> registrations;
};
struct RetriedOutbound {
  bool found = false;  // false also for one that is not enabled
};
struct GatewayView {
  std::string kind;  // "ingress", "egress"
  std::string name;
  std::uint64_t calls = 0;     // now
  std::uint64_t attempts = 0;  // since start
  std::uint64_t answered = 0;
  facts::TimerLive timer;  // its session timers
};
// The whole decision in the order it was made: each line is a step with its outcome.
using ExplainLine = facts::DecisionLine;
struct Explanation {
  std::string end_reason;  // code; "" = the call would be sent
  std::vector<ExplainLine> lines;
  std::vector<std::string> egress;  // gateways in the order they would be tried
  std::vector<routing::Warning> warnings;  // what an operator should know beside
};
// One address of an egress gateway under OPTIONS check.
struct AddressView {
  std::string address;      // "" for a name that is not resolved yet
  std::string host;         // the name it was learned from; "" = it is configured as it is
  std::string state;        // "unknown", "alive", "suspect", "dead"
  int status = 0;           // the last answer to OPTIONS; 0 = none yet
  UtcTime answered{};       // when it came
  int missed = 0;           // probes in a row without a good answer
};
// Quality of an egress gateway to one destination (facts/destinations.h).
struct DestinationOnline {
  std::string prefix;
  facts::QualityFigures quality;
  bool sorts = false;  // enough for it to be sorted by
};
struct GatewayOnline {
  std::string kind;  // "ingress", "egress"
  std::string name;
  std::uint64_t calls = 0;
  std::uint64_t capacity = 0;  // 0 = no limit
  std::uint64_t attempts = 0;  // since start
  std::uint64_t answered = 0;
  std::string state;  // "up", "locked", "offline", "resting"
  std::vector<AddressView> addresses;
  milliseconds rests_for{};  // what is left of its Retry-After
  std::optional<facts::QualityFigures> quality;  // of the window; nothing = it is not counted
  int rests_after = 0;       // the status that asked for it
  std::uint64_t rests = 0;   // since start
  std::vector<DestinationOnline> destinations;  // of one that was asked for by name; latest first
};
struct GroupOnline {
  std::string name;
  std::string state;           // "up", "full", "locked"
  std::uint64_t calls = 0;     // of all members
  std::uint64_t capacity = 0;  // 0 = no limit
  std::uint64_t members = 0;
};
struct PooledNumber {
  std::string number;
  std::uint64_t calls = 0;
};
struct PoolOnline {
  std::string name;                    // of the number group
  std::vector<std::string> used_by;    // "south (callers, 1 call each)"
  std::uint64_t numbers = 0;           // of the pool
  std::uint64_t busy = 0;              // of them those that carry calls
  std::uint64_t calls = 0;             // of all of them
  std::uint64_t exhausted = 0;         // so often none was free, since start
  std::vector<PooledNumber> in_use;    // most calls first
};
struct PoolList {
  std::vector<PoolOnline> pools;
};
struct OnlineList {
  std::vector<GatewayOnline> gateways;
  std::vector<GroupOnline> groups;
};
struct UnbanResult {
  bool found = false;   // an egress gateway of this name
  bool rested = false;  // and it did rest
};
struct KeepAliveReport {
  keepalive::Settings settings;
  keepalive::Figures figures;
  std::uint64_t answers = 0;  // to keep-alives: what was not SIP, and answers to OPTIONS
};
// Counters since start, by name ("requests_dropped_malformed", ...), and gauges ("calls").
struct StatusReport {
  std::vector<std::pair<std::string, std::uint64_t>> counters;
  std::vector<GatewayView> gateways;
};

// One contact of a terminal that is registered.
struct RegistrationView {
  std::uint64_t number = 0;  // of the entry, for paging
  std::string kind;          // "phone", "ingress", "egress"
  std::string user;          // its name
  std::string contact;
  std::string route;         // Path of its REGISTER
  std::string source;        // "udp:192.0.2.1:5060": where its REGISTER came from
  std::string user_agent;
  UtcTime since{}, updated{}, expires{};
  std::uint32_t updates = 0;
  std::uint16_t q = 1000;    // thousandths
  std::string state;         // "online"; "offline": it is silent; "unreachable": a call found nobody
  bool nat = false;          // its Contact names another address than it came from
  UtcTime heard{};           // the last that came from it
  UtcTime kept_alive{};      // the last keep-alive to it; UtcTime{} = none yet
};
struct RegistrationList {
  std::vector<RegistrationView> registrations;
  std::uint64_t total = 0;  // contacts of the exchange
  std::uint64_t next = 0;   // 0 = there are no more
};
struct UnregisterResult {
  std::uint64_t removed = 0;
};

struct Reply {
  std::uint64_t request;
  std::variant<CallList, HangUpResult, Explanation, OnlineList, PoolList, UnbanResult, KeepAliveReport,
               RegistrationList, UnregisterResult, OutboundList, RetriedOutbound, StatusReport>
      value;
};

// A question for the shell; answered by Resolved.
struct Ask {
  std::uint64_t question;
  std::string host;
  std::uint16_t port;        // 0 = not given: SRV and NAPTR apply
  sip::Transport transport;  // Unknown = not given
  bool secure = false;       // sips
};

// A number to be looked up at an LRN server over HTTP; answered by LookedUp (call-handling.md 17.5).
struct LookUp {
  std::uint64_t question;
  std::string host;
  std::uint16_t port;
  std::string number;
  milliseconds limit;  // later the answer is of no use
};

// Something an operator may want to read; the shell prints it.
enum class Severity : std::uint8_t { Debug, Info, Warning, Error };
struct Tell {
  Severity severity;
  std::string_view event;  // short stable name, "call_refused"
  std::int64_t flow_no = 0;
  std::string text;
};

struct Actions {
  sip::Outbox outbox;           // to be sent after `keeps` and `cdrs` are in the journal
  ReusedList<Keep> keeps;       // to be appended to the journal, before `cdrs`
  cdr::RecordList cdrs;         // to be appended to the journal, before anything is sent
  std::vector<Ask> asks;
  std::vector<LookUp> look_ups;
  std::vector<Reply> replies;
  std::vector<Tell> tells;
  std::uint64_t received_call = 0;  // flow number of the call the last Received belonged to
  bool drained = false;             // after Drain: no call is left

  void clear();  // keeps the memory
};

// ---- the exchange itself ----

struct Identity {
  std::uint8_t number = 0;              // which exchange of this process
  std::array<std::uint64_t, 4> seed{};  // entropy for tags, branches, nonces, hash keys
  // Session refreshes are moved a little, at random, so that many calls do not refresh in step; off
  // where a test wants exact times.
  bool jitter = true;
  // Our listening addresses, in the order of Path::local. They are written into Via and Contact,
  // but for private ones when SS_SIP_PUBLIC_IP says what they are known as outside.
  struct Listener {
    sip::Transport transport;
    Endpoint address;  // no wildcard
  };
  std::vector<Listener> listeners;
};

class Exchange {
 public:
  Exchange(const Identity& identity, std::shared_ptr<const directory::Directory> directory);
  ~Exchange();
  Exchange(Exchange&&) noexcept;

  // The only way in. Appends to `actions`. Time never runs backwards from call to call.
  void handle(Now now, const Input& input, Actions& actions);
  // When a Tick is due; kNever when nothing is waited for. May be in the past: tick at once.
  Instant next_deadline() const;

  // The whole state but the Directory and the listeners, between any two inputs.
  std::string save() const;
  // A new exchange in the saved state; nullptr when the bytes are not a save of this version.
  static std::unique_ptr<Exchange> restore(const Identity& identity,
                                           std::shared_ptr<const directory::Directory> directory,
                                           std::string_view saved);

  // True when everything fits together; asserted by tests and simulation after every input.
  bool consistent() const;
  std::size_t live_calls() const;
  // Live calls, transactions and timers: all must be 0 when everything has settled.
  std::size_t live_transactions() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace tandem::exchange
