// Calls that end at a telling moment.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "shell/doctor/looks.h"

namespace tandem::doctor {
namespace {

struct Ends {
  Histogram lengths;
  std::uint64_t unacknowledged = 0;
  std::uint64_t timed_out = 0;  // session_timeout, refused refreshes, glare without end
};

bool ends_by_timer(const std::string& reason) {
  return reason == "session_timeout" || reason == "glare_retries_exhausted" ||
         reason == "call_does_not_exist";
}

// Whether a call was ended by the timer of this half. Where the record does not tell which half it
// was, both are looked at.
bool timed_out(const store::CallGroup& group, std::string_view half) {
  return ends_by_timer(group.end_reason) && (group.dead_side.empty() || group.dead_side == half);
}

// By gateway, each call under both of its sides.
std::map<std::string, Ends> ends_by_gateway(const Facts& facts) {
  std::map<std::string, Ends> all;
  for (const store::CallGroup& group : facts.calls.groups) {
    if (group.hold < 0) continue;
    for (const std::string* side : {&group.caller_gateway, &group.callee_gateway}) {
      if (side->empty() || !facts.concerns(*side)) continue;
      if (side == &group.callee_gateway && *side == group.caller_gateway) continue;
      Ends& ends = all[*side];
      ends.lengths.add(group.hold, group.calls);
      // The ACK is owed by whoever called us.
      if (group.end_reason == "ack_timeout" && side == &group.caller_gateway) {
        ends.unacknowledged += group.calls;
      }
      const std::string_view half = side == &group.caller_gateway ? "caller" : "callee";
      const bool one_gateway = group.caller_gateway == group.callee_gateway;
      if (timed_out(group, half) || (one_gateway && timed_out(group, "callee"))) {
        ends.timed_out += group.calls;
      }
    }
  }
  return all;
}

bool private_behind_public(const std::string& signalling, const std::string& media) {
  const auto source = Endpoint::parse(signalling, 0);
  const auto session = Endpoint::parse(media, 0);
  return source && session && !source->ip.is_private() && !source->ip.is_loopback() &&
         session->ip.is_private();
}

std::int64_t natted_calls(const Facts& facts, const std::string& gateway) {
  return std::count_if(facts.calls.unacknowledged.begin(), facts.calls.unacknowledged.end(),
                       [&](const store::CallAddresses& each) {
                         return each.caller_gateway == gateway &&
                                private_behind_public(each.caller_ip, each.caller_rtp_ip);
                       });
}

std::int64_t private_contacts(const Facts& facts, const std::string& gateway) {
  std::uint64_t count = 0;
  for (const Device& device : facts.devices) {
    if (device.name == gateway) count += device.private_contacts;
  }
  return static_cast<std::int64_t>(count);
}

constexpr std::string_view kNat = "NAT or ALG: private Contact behind public source. ";

Finding unacknowledged(const Facts& facts, const std::string& gateway, const Ends& ends) {
  const std::int64_t natted = natted_calls(facts, gateway) + private_contacts(facts, gateway);
  Finding finding;
  finding.gateway = gateway;
  finding.found = fmt::format(
      "{} of {} answered calls of {} ended as ack_timeout: the ACK of our answer never came. This "
      "is not the session timer.",
      ends.unacknowledged, ends.lengths.total(), gateway);
  finding.advice = fmt::format(
      "{}Switch off the SIP ALG of the router before it, and let the answer go back to where the "
      "call came from: response_address and request_address = source_socket.",
      natted > 0 ? kNat : std::string_view{});
  finding.figures = {{"ack_timeout", std::int64_t(ends.unacknowledged)},
                     {"answered", std::int64_t(ends.lengths.total())},
                     {"private_behind_public", natted}};
  return finding;
}

Finding early_peak(const Facts& facts, const std::string& gateway, const Ends& ends) {
  const std::uint64_t calls = ends.lengths.count(kEarlyDrops);
  const std::int64_t natted = private_contacts(facts, gateway);
  Finding finding;
  finding.gateway = gateway;
  finding.found = fmt::format(
      "{} of {} answered calls of {} lasted 30 to 35 seconds, far more than around it: one side "
      "gives up because it gets no ACK. This is not the session timer.",
      calls, ends.lengths.total(), gateway);
  finding.advice = fmt::format(
      "{}Look at one of them with `tandem call show`: does our ACK, or its answer, reach the "
      "peer? A NAT, a SIP ALG or a wrong Contact swallows it.",
      natted > 0 ? kNat : std::string_view{});
  finding.figures = {{"calls_30_35_s", std::int64_t(calls)},
                     {"answered", std::int64_t(ends.lengths.total())},
                     {"private_behind_public", natted}};
  return finding;
}

const Device* device_of(const Facts& facts, const std::string& gateway) {
  const auto found = std::find_if(
      facts.devices.begin(), facts.devices.end(),
      [&](const Device& each) { return each.name == gateway && each.refreshes > each.refreshed; });
  return found == facts.devices.end() ? nullptr : &*found;
}

std::string refresh_words(const Device* device) {
  if (device == nullptr) return {};
  return fmt::format(" Of {} refreshes {} succeeded; the last that failed was {}.",
                     device->refreshes, device->refreshed,
                     device->last_status == 0 ? std::string("not answered")
                                              : "answered " + std::to_string(device->last_status));
}

std::int64_t interval_of(const Settings& settings) {
  return std::max<std::int64_t>(1,
                                settings.session_ttl / std::max<std::int64_t>(1, settings.segment));
}

Finding regular_drop(const Facts& facts, const std::string& gateway, const Ends& ends,
                     const std::string& when) {
  const Device* device = device_of(facts, gateway);
  Finding finding;
  finding.gateway = gateway;
  if (ends.timed_out > 0) {
    finding.found =
        fmt::format("{} of {} answered calls of {} ended by their session timer{}.{}",
                    ends.timed_out, ends.lengths.total(), gateway, when, refresh_words(device));
  } else {
    finding.weight = Weight::Note;
    finding.found = fmt::format(
        "None of {} answered calls of {} ended by a session timer of ours{}: a peer may end them "
        "by its own.{}",
        ends.lengths.total(), gateway, when, refresh_words(device));
  }
  finding.advice = fmt::format(
      "The refresh each {} s fails. `tandem call show` tells of one call which side did not "
      "answer. "
      "If the peer cannot answer UPDATE or re-INVITE, set SS_SIP_SESSION_REFRESH_METHOD; if its "
      "NAT forgets us, shorten SS_SIP_SESSION_TTL; if it cannot do either, switch its sip_timer "
      "off.",
      interval_of(facts.settings));
  finding.figures = {{"timed_out", std::int64_t(ends.timed_out)},
                     {"answered", std::int64_t(ends.lengths.total())},
                     {"refresh_interval_s", interval_of(facts.settings)}};
  if (device != nullptr) {
    finding.figures.emplace_back("refreshes", device->refreshes);
    finding.figures.emplace_back("refreshes_succeeded", device->refreshed);
    finding.figures.emplace_back("last_status", device->last_status);
  }
  return finding;
}

}  // namespace

// A refresh leaves up to 2 % of its interval earlier.
Span regular_drop_at_once(const Settings& settings, std::int64_t k) {
  const std::int64_t at = k * interval_of(settings);
  return {at - k * interval_of(settings) / 50 - 1, at + 2};
}

Span regular_drop_after_silence(const Settings& settings, std::int64_t k) {
  const Span at_once = regular_drop_at_once(settings, k);
  return {at_once.first + settings.refresh_timeout, at_once.last + settings.refresh_timeout};
}

void look_for_early_drops(const Facts& facts, std::vector<Finding>& findings) {
  for (const auto& [gateway, ends] : ends_by_gateway(facts)) {
    if (ends.unacknowledged > 0) {
      findings.push_back(unacknowledged(facts, gateway, ends));
    } else if (ends.lengths.has_peak(kEarlyDrops)) {
      findings.push_back(early_peak(facts, gateway, ends));
    }
  }
}

void look_for_regular_drops(const Facts& facts, std::vector<Finding>& findings) {
  for (const auto& [gateway, ends] : ends_by_gateway(facts)) {
    std::string peaks;
    for (std::int64_t k = 1; k * interval_of(facts.settings) < Histogram::kSeconds && k <= 12;
         ++k) {
      const bool at_once = ends.lengths.has_peak(regular_drop_at_once(facts.settings, k));
      const bool silent = ends.lengths.has_peak(regular_drop_after_silence(facts.settings, k));
      if (!at_once && !silent) continue;
      peaks += fmt::format("{}{} s{}", peaks.empty() ? "" : ", ", k * interval_of(facts.settings),
                           at_once ? "" : fmt::format(" and {} s", facts.settings.refresh_timeout));
    }
    if (ends.timed_out == 0 && peaks.empty()) continue;
    const std::string when =
        peaks.empty() ? std::string()
                      : fmt::format("; many last {}, multiples of the refresh interval", peaks);
    findings.push_back(regular_drop(facts, gateway, ends, when));
  }
}

}  // namespace tandem::doctor
