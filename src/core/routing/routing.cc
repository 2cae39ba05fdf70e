#include "core/routing/routing.h"

#include <algorithm>
#include <tuple>

namespace tandem::routing {
namespace {

using cause::EndReason;
using directory::EgressGateway;

// Load ratio current / capacity as an exact comparison (call-handling.md §8): cross products, no
// floating point. An unlimited gateway counts with SS_ROUTE_UNLIMITED_LOAD_BASE.
struct Load {
  std::int64_t calls;
  std::int64_t capacity;
  friend bool operator<(const Load& a, const Load& b) {
    return a.calls * b.capacity < b.calls * a.capacity;
  }
};

struct Candidate {
  const EgressGateway* gateway;
  std::uint16_t length;
  Load load;
  std::uint64_t history;
};

Load load_of(const EgressGateway& gateway, const facts::GatewayLive& live,
             const directory::Parameters& parameters) {
  using directory::LoadSort;
  switch (parameters.gateway_load_sort) {
    case LoadSort::Ratio:
      return {live.calls, gateway.capacity != 0 ? gateway.capacity
                                                : parameters.route_unlimited_load_base};
    case LoadSort::Absolute:
      return {live.calls, 1};
    case LoadSort::Off:
      break;
  }
  return {0, 1};
}

// The base chain inside one prefix group (call-handling.md §8).
bool before(const Candidate& a, const Candidate& b) {
  if (a.gateway->priority != b.gateway->priority) return a.gateway->priority < b.gateway->priority;
  if (a.load < b.load) return true;
  if (b.load < a.load) return false;
  return std::tie(a.history, a.gateway->id) < std::tie(b.history, b.gateway->id);
}

// What an operator should know of a candidate beside its rank: addresses that are down, and how long
// it still rests.
std::string health_of(const EgressGateway& gateway, const Question& question) {
  const facts::GatewayLive& live = question.live.egress.read(gateway.id);
  std::string text;
  if (!live.dead.empty()) {
    text += ", " + std::to_string(live.dead.size()) +
            (live.dead.size() == 1 ? " address down" : " addresses down");
  }
  if (live.banned_until > question.now.mono) {
    const milliseconds left = live.banned_until - question.now.mono;
    text += ", rests " + std::to_string(std::chrono::ceil<seconds>(left).count()) +
            " s more after " + std::to_string(live.banned_by);
  }
  return text;
}

// One group of equal prefix length: its usable gateways in order. True: shorter prefixes may follow
// (§6: none of the unlocked gateways is in terminate mode).
bool take_group(const Question& question, const directory::PrefixMatch& match,
                std::vector<Route>& routes, std::vector<EndReason>& removed) {
  const auto all = question.directory.egress_gateways();
  std::vector<Candidate> group;
  bool further = true;
  for (const std::uint32_t index : match.egress) {
    const EgressGateway& gateway = all[index];
    if (gateway.lock_type == directory::Lock::None &&
        gateway.prefix_style == directory::PrefixStyle::Terminate) {
      further = false;
    }
    const auto why = filter(gateway, question.live, question.now.mono);
    if (question.trace != nullptr) {
      facts::tell(question.trace, "candidate", gateway.name,
                  (why ? "rejected, matched " : "accepted, matched ") +
                      std::to_string(match.length) + " digits, priority " +
                      std::to_string(gateway.priority) + health_of(gateway, question),
                  why ? cause::code_of(*why, 0) : std::string());
    }
    if (why) {
      removed.push_back(*why);
      continue;
    }
    const facts::GatewayLive& live = question.live.egress.read(gateway.id);
    group.push_back({&gateway, match.length,
                     load_of(gateway, live, question.directory.parameters()), live.attempts});
  }
  std::sort(group.begin(), group.end(), before);
  for (const Candidate& candidate : group) {
    routes.push_back({candidate.gateway->id, candidate.length});
  }
  return further;
}

}  // namespace

std::optional<EndReason> filter(const EgressGateway& gateway, const facts::Live& live,
                                Instant now) {
  if (gateway.lock_type == directory::Lock::All) return EndReason::GatewayLocked;
  const facts::GatewayLive& its = live.egress.read(gateway.id);
  const bool outbound = gateway.register_type == directory::EgressRegister::Outbound;
  const facts::RegistrationLive& over = live.registrations.read(gateway.outbound_registration);
  if (outbound && !over.registered) return EndReason::GatewayOffline;
  if (its.offline) return EndReason::GatewayOffline;
  if (its.banned_until > now) return EndReason::RetryAfterBan;
  if (gateway.capacity != 0 && its.calls >= gateway.capacity) return EndReason::EgressCapacity;
  if (outbound && over.capacity != 0 && over.calls >= over.capacity) {
    return EndReason::EgressCapacity;
  }
  return std::nullopt;
}

std::optional<EndReason> filter(const directory::Phone& phone, const facts::Live& live) {
  using directory::PhoneLock;
  if (phone.lock_type == PhoneLock::Incoming || phone.lock_type == PhoneLock::Both) {
    return EndReason::PhoneLocked;
  }
  const facts::PhoneLive now = live.phones.read(phone.id);
  const bool full = (phone.capacity != 0 && now.in + now.out >= phone.capacity) ||
                    (phone.line_call_in != 0 && now.in >= phone.line_call_in);
  return full ? std::optional(EndReason::CalleeBusy) : std::nullopt;
}

namespace {

// Step 16 (call-handling.md 2.6): a number of this platform never goes to gateways. Its contacts are
// tried one after the other.
Routes phone_routes(const Question& question, const directory::Phone& phone) {
  Routes found;
  std::string outcome = "a phone of this switch";
  found.refused = filter(phone, question.live);
  if (phone.register_type == directory::RegisterType::Static) {
    found.routes.push_back({.phone = phone.id});
    outcome += ", static";
    if (phone.remote_ips.empty() && !found.refused) found.refused = EndReason::CalledNotOnline;
  } else {
    std::vector<registrar::BindingId> contacts;
    question.registrar.reachable({registrar::Subscriber::Kind::Phone, phone.id}, contacts);
    for (const registrar::BindingId id : contacts) {
      found.routes.push_back({.phone = phone.id, .contact = id});
    }
    outcome += ", " + std::to_string(contacts.size()) + " contacts";
    if (contacts.empty() && !found.refused) found.refused = EndReason::CalledNotOnline;
  }
  if (found.refused) found.routes.clear();
  facts::tell(question.trace, "callee", phone.name, std::move(outcome),
              found.refused ? cause::code_of(*found.refused, 0) : std::string());
  return found;
}

}  // namespace

Routes find_routes(const Question& question) {
  if (const auto* phone = question.directory.phone_by_number(question.call.callee.routed)) {
    return phone_routes(question, *phone);
  }
  std::vector<directory::PrefixMatch> matches;
  question.directory.egress_by_prefix(question.call.callee.routed, matches);
  Routes found;
  std::vector<EndReason> removed;
  for (const directory::PrefixMatch& match : matches) {
    if (!take_group(question, match, found.routes, removed)) break;
  }
  if (!found.routes.empty()) return found;
  if (removed.empty()) {
    found.refused = EndReason::CalleeNotFound;
  } else {
    const bool one = std::all_of(removed.begin(), removed.end(),
                                 [&](EndReason reason) { return reason == removed.front(); });
    found.refused = one ? removed.front() : EndReason::NoAvailableRouter;
  }
  facts::tell(question.trace, "routing", question.call.callee.routed, "rejected",
              cause::code_of(*found.refused, 0));
  return found;
}

}  // namespace tandem::routing
