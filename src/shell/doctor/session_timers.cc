// What the negotiation of session timers and its refreshes tell (RFC 4028).
#include <fmt/format.h>

#include <algorithm>

#include "shell/doctor/looks.h"

namespace tandem::doctor {
namespace {

constexpr std::uint64_t kFewLegs = 5;
constexpr std::int64_t kLeastMinSe = 90;  // RFC 4028 §5

std::int64_t percent(std::uint64_t part, std::uint64_t whole) {
  return whole == 0 ? 0 : static_cast<std::int64_t>(part * 100 / whole);
}

Finding about(const Device& device, Weight weight) {
  Finding finding;
  finding.weight = weight;
  finding.gateway = device.name;
  return finding;
}

// "1 call", "2 calls"
std::string counted(std::uint64_t count, std::string_view what) {
  return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

std::string when(UtcTime since, UtcTime now) {
  const auto minutes = std::chrono::duration_cast<std::chrono::minutes>(now - since).count();
  return minutes < 1 ? std::string("just now") : "for " + counted(std::uint64_t(minutes), "minute");
}

Finding refused_by_us(const Facts& facts, const Device& device, const Refusal422& refused) {
  Finding finding = about(device, Weight::Problem);
  finding.found = fmt::format(
      "We refused {} of {} with 422: it asked for {} s and SS_SIP_SESSION_MIN_SE is {} s.",
      counted(refused.count, "call"), device.name, refused.asked, refused.wanted);
  finding.advice = fmt::format("Let {} ask for at least {} s and repeat the call after a 422",
                               device.name, refused.wanted);
  finding.advice += facts.settings.min_se > kLeastMinSe
                        ? fmt::format(", or lower SS_SIP_SESSION_MIN_SE ({} now, {} at least).",
                                      facts.settings.min_se, kLeastMinSe)
                        : std::string("; less than that nobody may be asked to grant (RFC 4028).");
  return finding;
}

Finding refused_by_peer(const Facts& facts, const Device& device, const Refusal422& refused) {
  Finding finding = about(device, Weight::Problem);
  finding.found =
      fmt::format("{} refused {} of our calls with 422: we asked for {} s and it wants {}.",
                  device.name, refused.count, refused.asked,
                  refused.wanted == 0 ? std::string("something it does not tell (no Min-SE)")
                                      : fmt::format("{} s", refused.wanted));
  if (std::int64_t(refused.wanted) > facts.settings.ttl_ceiling) {
    finding.advice =
        fmt::format("That is above SS_SIP_SESSION_TTL_CEILING ({} s): raise it, or the calls fail.",
                    facts.settings.ttl_ceiling);
  } else {
    finding.advice = fmt::format(
        "Each such call takes a second INVITE. Raise SS_SIP_SESSION_TTL ({} s now) to {} s.",
        facts.settings.session_ttl,
        std::max<std::int64_t>(refused.wanted, facts.settings.session_ttl + 1));
  }
  return finding;
}

}  // namespace

void look_for_small_intervals(const Facts& facts, std::vector<Finding>& findings) {
  bool told = false;
  for (const Device& device : facts.devices) {
    if (!facts.concerns(device.name)) continue;
    for (const Refusal422& refused : device.too_small) {
      Finding finding = refused.by_us ? refused_by_us(facts, device, refused)
                                      : refused_by_peer(facts, device, refused);
      finding.figures = {{"count", std::int64_t(refused.count)},
                         {"asked", refused.asked},
                         {"wanted", refused.wanted}};
      findings.push_back(std::move(finding));
      told = true;
    }
  }
  if (told) return;
  // Without the messages the records still tell that it happened.
  for (const store::CallGroup& group : facts.calls.groups) {
    if (group.end_reason != "session_interval_too_small") continue;
    if (!facts.concerns(group.caller_gateway)) continue;
    findings.push_back(
        {.weight = Weight::Problem,
         .gateway = group.caller_gateway,
         .found = fmt::format("{} of {} ended as session_interval_too_small: it asked for "
                              "less than SS_SIP_SESSION_MIN_SE ({} s) and did not call again.",
                              counted(group.calls, "call"), group.caller_gateway, facts.settings.min_se),
         .advice = "Let it ask for more, or lower SS_SIP_SESSION_MIN_SE. `tandem trace start "
                   "--status 422 --whole-calls` shows the values.",
         .figures = {{"count", std::int64_t(group.calls)}}});
  }
  for (const store::RefusedAttempts& refused : facts.calls.refused) {
    if (refused.status != 422 || !facts.concerns(refused.callee_gateway)) continue;
    findings.push_back(
        {.weight = Weight::Problem,
         .gateway = refused.callee_gateway,
         .found = fmt::format("{} to {} failed with 422: our interval is below its Min-SE.",
                              counted(refused.calls, "call"), refused.callee_gateway),
         .advice =
             fmt::format("Raise SS_SIP_SESSION_TTL ({} s now), and SS_SIP_SESSION_TTL_CEILING "
                         "({} s) if its Min-SE is above.",
                         facts.settings.session_ttl, facts.settings.ttl_ceiling),
         .figures = {{"count", std::int64_t(refused.calls)}}});
  }
}

// Both sides at once is nothing bad as long as it is tried again.
void look_for_glare(const Facts& facts, std::vector<Finding>& findings) {
  for (const Device& device : facts.devices) {
    if (device.glare == 0 || !facts.concerns(device.name)) continue;
    const bool lost = device.glare_lost > 0;
    Finding finding = about(device, lost ? Weight::Problem : Weight::Note);
    finding.found = fmt::format(
        "{} times both sides of a dialog with {} asked at once (491); {} were tried again.",
        device.glare, device.name, device.glare - device.glare_lost);
    finding.advice =
        lost ? "Whoever got the 491 must ask again after the waiting time of RFC 3261 14.1. "
               "`tandem call show` tells the waiting time of each; let one side alone refresh: "
               "SS_SIP_SESSION_REFRESHER."
             : "Nothing needs to be done: the calls go on. It is rarer when one side alone "
               "refreshes: SS_SIP_SESSION_REFRESHER.";
    finding.figures = {{"glare", std::int64_t(device.glare)},
                       {"not_tried_again", std::int64_t(device.glare_lost)}};
    findings.push_back(std::move(finding));
  }
}

void look_for_calls_without_timer(const Facts& facts, std::vector<Finding>& findings) {
  for (const Device& device : facts.devices) {
    if (device.without_timer == 0 || !facts.concerns(device.name)) continue;
    const bool unlimited = facts.settings.no_timer_interval == 0;
    Finding finding = about(device, unlimited ? Weight::Problem : Weight::Note);
    finding.found = fmt::format(
        "{} of {} answered calls {} {} have no session timer ({} %): nothing notices "
        "when the peer dies.",
        device.without_timer, device.legs, device.called ? "to" : "of", device.name,
        percent(device.without_timer, device.legs));
    finding.advice =
        unlimited ? "SS_SIP_NO_TIMER_REINVITE_INTERVAL is 0, so such a call can stay for ever: set "
                    "it, with SS_SIP_NO_TIMER_ACTION = probe if long calls are usual."
                  : fmt::format(
                        "They end or are asked after {} s "
                        "(SS_SIP_NO_TIMER_REINVITE_INTERVAL). `tandem call show` tells of "
                        "each why it has none.",
                        facts.settings.no_timer_interval);
    finding.figures = {{"without_timer", std::int64_t(device.without_timer)},
                       {"answered", std::int64_t(device.legs)},
                       {"percent", percent(device.without_timer, device.legs)}};
    findings.push_back(std::move(finding));
  }
}

void look_for_ignorant_peers(const Facts& facts, std::vector<Finding>& findings) {
  for (const Device& device : facts.devices) {
    if (device.ignorant < kFewLegs || device.ignorant != device.seen) continue;
    if (!facts.concerns(device.name)) continue;
    Finding finding = about(device, Weight::Note);
    const trace::Abilities& can = device.abilities;
    finding.found = fmt::format(
        "{} does not know session timers (RFC 4028): none of {} answered calls lists `timer`. {} "
        "it "
        "says Supported: {}; Allow: {}.",
        device.name, device.seen, when(can.since, facts.until),
        can.supported.empty() ? "nothing" : can.supported,
        can.allow.empty() ? "nothing" : can.allow);
    finding.advice =
        "We refresh alone where its Allow lists UPDATE; else SS_SIP_NO_TIMER_REINVITE_INTERVAL "
        "limits its calls. If it stumbles over the headers, switch its sip_timer off.";
    finding.figures = {{"answered", std::int64_t(device.seen)}};
    findings.push_back(std::move(finding));
  }
}

void look_for_refused_reinvites(const Facts& facts, std::vector<Finding>& findings) {
  for (const Device& device : facts.devices) {
    const std::uint64_t refused = device.reinvites_refused + device.updates_refused;
    if (refused == 0 || !facts.concerns(device.name)) continue;
    const bool both = device.reinvites_refused > 0 && device.updates_refused > 0;
    const bool reinvites = device.reinvites_refused > 0;
    Finding finding = about(device, both ? Weight::Problem : Weight::Note);
    finding.found =
        fmt::format("{} refuses {}: {} times 405, 488 or 501. Its Allow is {}.", device.name,
                    both        ? "both re-INVITE and UPDATE"
                    : reinvites ? "re-INVITE"
                                : "UPDATE",
                    refused, device.abilities.allow.empty() ? "not known" : device.abilities.allow);
    finding.advice =
        both ? "Nothing can refresh its sessions: switch its sip_timer off, and let "
               "SS_SIP_NO_TIMER_REINVITE_INTERVAL limit its calls."
             : fmt::format(
                   "The other method is used by itself when SS_SIP_SESSION_REFRESH_METHOD "
                   "is auto (it is {}).",
                   facts.settings.refresh_method);
    finding.figures = {{"reinvites_refused", std::int64_t(device.reinvites_refused)},
                       {"updates_refused", std::int64_t(device.updates_refused)}};
    findings.push_back(std::move(finding));
  }
}

}  // namespace tandem::doctor
