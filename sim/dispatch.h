// Laws of where calls are sent, counted from outside:
//
// - No call goes to a gateway that asked for rest with Retry-After, that was locked before the call
// came,
//   whose lines are taken, whose group has none left for it, or that had its calls of this second.
// - A server that is asked about a call costs it one question and one wait, whatever it answers.
// - However calls are sent about, they end.
// - Who is well again gets calls again: judged by what the switch says of each candidate.
//
// A call is known to hold a line from its INVITE until anything says that it may not: so these
// counts are never above those of the switch.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "base/time.h"
#include "core/cdr/cdr.h"
#include "core/facts/decision.h"
#include "sim/climate.h"
#include "sim/wire.h"

namespace tandem::sim {

class Dispatch {
 public:
  using Broken =
      std::function<void(std::string_view law, const std::string& detail, const std::string& call)>;
  explicit Dispatch(Broken broken) : broken_(std::move(broken)) {}
  void begin(const Population& people);

  void adopt(Instant now, const directory::Directory::Source& source);
  // A proper message reached the switch; before it is handled.
  void delivered(Instant now, const wire::Text& text, int host);
  void sent(Instant now, const wire::Text& text, int host);
  void recorded(Instant now, const cdr::Cdr& record);
  // Memory is lost, but for the calls with these Call-IDs.
  void crashed(const std::set<std::string>& kept_calls);

  // Long after everybody is well: what was decided about a call that any of them could take.
  void judge_recovery(Instant now, const facts::DecisionTrace& trace);

 private:
  struct Held {  // a line of a gateway
    std::int64_t gateway = 0;
    std::string number;
    Instant since{};
  };
  struct Gateway {
    const directory::EgressGateway* configured = nullptr;
    Instant locked = kNever;   // since when; kNever = it is not
    Instant rests_until{};     // surely
    Instant may_rest_until{};  // at most
    std::int64_t filled = 0;   // thousandths of a call it may get at once
    Instant filled_at{};
  };
  struct Inquired {
    Instant at{};
    milliseconds limit{};
  };

  void invite_sent(Instant now, const wire::Text& text, int host);
  void check(Instant now, const Gateway& gateway, const std::string& number);
  void check_lines(const Gateway& gateway, const std::string& number);
  void take_token(Instant now, Gateway& gateway, const std::string& number);
  void asked(Instant now, const std::string& number, int host);
  void goes_on(Instant now, const std::string& number);
  void let_go(const std::string& number);
  void refused(Instant now, const wire::Text& response, std::int64_t gateway, bool counts);
  std::int64_t calls_of_group(std::int64_t group) const;
  std::int64_t calls_of(std::int64_t gateway) const;

  Broken broken_;
  directory::Directory::Source source_;     // it began with
  std::map<int, std::int64_t> gateway_of_;  // by host
  std::map<int, milliseconds> servers_;     // and how long each may be waited for
  std::map<std::int64_t, Gateway> gateways_;
  std::map<std::string, Held> held_;     // by Call-ID
  std::set<std::string> seen_;           // Call-IDs the switch made
  std::map<std::string, Instant> came_;  // numbers, when the call of each came first
  std::map<std::string, int> attempts_;  // of each number since it came last
  std::map<std::string, std::map<int, int>> questions_;  // of each, by server
  std::map<std::string, std::string> call_of_;           // the number of each, by Call-ID
  std::map<std::string, int> offers_;                    // how often each was called
  std::map<std::string, Inquired> waiting_;
  milliseconds soonest_{};  // no attempt is given up before
};

}  // namespace tandem::sim
