// Peers that cannot be reached, and what keeps them reachable.
#include <fmt/format.h>

#include <map>

#include "shell/doctor/looks.h"

namespace tandem::doctor {
namespace {

constexpr std::uint64_t kFewCalls = 3;
// NATs forget a UDP binding after as little (RFC 4787 asks for two minutes, many do not).
constexpr std::int64_t kShortBinding = 60;

bool says_nothing(const std::string& reason) {
  return reason == "connection_timeout" || reason == "invite_timeout" || reason == "trying_timeout";
}

std::uint64_t counter(const Facts& facts, const std::string& name) {
  const auto found = facts.counters.find(name);
  return found == facts.counters.end() ? 0 : found->second;
}

void note(std::vector<Finding>& findings, std::string found, std::string advice) {
  findings.push_back({.weight = Weight::Problem,
                      .gateway = {},
                      .found = std::move(found),
                      .advice = std::move(advice),
                      .figures = {}});
}

// Silent ones among those that are kept reachable.
void look_for_silent_contacts(const Facts& facts, std::vector<Finding>& findings) {
  const std::uint64_t offline = counter(facts, "keep_alive_offline");
  if (offline == 0 || !facts.gateway.empty()) return;
  findings.push_back(
      {.weight = Weight::Note,
       .gateway = {},
       .found = fmt::format("{} of {} contacts that get keep-alives are offline: nothing came from "
                            "them for long.",
                            offline, counter(facts, "keep_alive_contacts")),
       .advice = "`tandem phone online` tells which, and when each was last heard. A call to such a "
                 "phone may ring nowhere until it registers again: shorten SS_ENDPOINT_EXPIRE.",
       .figures = {{"offline", std::int64_t(offline)},
                   {"contacts", std::int64_t(counter(facts, "keep_alive_contacts"))}}});
}

}  // namespace

void look_for_unreachable(const Facts& facts, std::vector<Finding>& findings) {
  struct Tally {
    std::uint64_t silent = 0;
    std::uint64_t calls = 0;
  };
  std::map<std::string, Tally> callees;
  for (const store::CallGroup& group : facts.calls.groups) {
    if (group.callee_gateway.empty() || !facts.concerns(group.callee_gateway)) continue;
    Tally& tally = callees[group.callee_gateway];
    tally.calls += group.calls;
    if (says_nothing(group.end_reason)) tally.silent += group.calls;
  }
  for (const auto& [name, tally] : callees) {
    if (tally.silent < kFewCalls) continue;
    findings.push_back(
        {.weight = Weight::Problem,
         .gateway = name,
         .found = fmt::format("{} of {} calls to {} were not answered by a single message.",
                              tally.silent, tally.calls, name),
         .advice = "Its address is wrong, it is down, or a NAT has forgotten the way to it: a "
                   "keep-alive must be shorter than the time its NAT keeps a binding "
                   "(SS_SIP_NAT_KEEP_ALIVE_PERIOD).",
         .figures = {{"not_answered", std::int64_t(tally.silent)},
                     {"calls", std::int64_t(tally.calls)}}});
  }
  look_for_silent_contacts(facts, findings);
}

void look_at_keep_alive(const Facts& facts, std::vector<Finding>& findings) {
  const Settings& settings = facts.settings;
  if (!settings.keep_alive_built) return;
  if (settings.keep_alive_message.empty()) {
    note(findings, "SS_SIP_NAT_KEEP_ALIVE_MESSAGE is empty: no keep-alive is sent.",
         "Set it, HELLO say. `tandem trace start --keep-alive` shows what is sent and what comes "
         "back.");
  } else if (settings.keep_alive_period > kShortBinding) {
    note(findings,
         fmt::format("The keep-alive is sent each {} s; many NATs forget after {} s.",
                     settings.keep_alive_period, kShortBinding),
         "Lower SS_SIP_NAT_KEEP_ALIVE_PERIOD to 30 s.");
  }
  if (const std::uint64_t overruns = counter(facts, "keep_alive_overruns"); overruns > 0) {
    note(findings,
         fmt::format("{} cycles of the keep-alive did not fit into their period: there are more "
                     "contacts than SS_SIP_NAT_KEEP_ALIVE_SEND_ONE_TIME and _SEND_INTERVAL allow.",
                     overruns),
         "Raise SS_SIP_NAT_KEEP_ALIVE_SEND_ONE_TIME or lower SS_SIP_NAT_KEEP_ALIVE_SEND_INTERVAL.");
  }
}

}  // namespace tandem::doctor
