#include "core/routing/routing.h"

#include <algorithm>
#include <tuple>

#include "core/directory/number_rules.h"

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

// What a candidate is sorted by. Smaller is better in each.
struct Candidate {
  const EgressGateway* gateway;
  std::uint16_t length;
  Load load;
  std::uint64_t history;
  int failing;  // 100 - ASR in percent; 0 when it does not count
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

// The chain of call-handling.md §8: length of the prefix, priority, load, history, id, with the ASR
// at its place.
class Before {
 public:
  explicit Before(directory::SortPlace asr) : asr_(asr) {}

  bool operator()(const Candidate& a, const Candidate& b) const {
    using directory::SortPlace;
    if (differ(SortPlace::BeforePrefix, a, b)) return a.failing < b.failing;
    if (a.length != b.length) return a.length > b.length;
    if (differ(SortPlace::AfterPrefix, a, b)) return a.failing < b.failing;
    if (a.gateway->priority != b.gateway->priority) {
      return a.gateway->priority < b.gateway->priority;
    }
    if (differ(SortPlace::AfterPriority, a, b)) return a.failing < b.failing;
    if (a.load < b.load) return true;
    if (b.load < a.load) return false;
    if (differ(SortPlace::AfterLoad, a, b)) return a.failing < b.failing;
    if (a.history != b.history) return a.history < b.history;
    if (differ(SortPlace::Last, a, b)) return a.failing < b.failing;
    return a.gateway->id < b.gateway->id;
  }

 private:
  bool differ(directory::SortPlace here, const Candidate& a, const Candidate& b) const {
    return asr_ == here && a.failing != b.failing;
  }
  directory::SortPlace asr_;
};

// 0 when the system does not sort by it.
int failing_percent(const Question& question, const facts::GatewayLive& live) {
  const directory::Parameters& parameters = question.directory.parameters();
  if (parameters.gateway_asr_sort == directory::SortPlace::None) return 0;
  const auto figures =
      live.quality.figures(question.now.wall, facts::QualityTerms::of(parameters));
  return 100 - facts::asr_for_sorting(figures, parameters);
}

std::string asr_text(const directory::Parameters& parameters, int failing) {
  if (parameters.gateway_asr_sort == directory::SortPlace::None) return {};
  return ", ASR " + std::to_string(100 - failing) + " %";
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

// The filters in their order (§7): what its numbers may be, then how it stands.
std::optional<EndReason> refused(const EgressGateway& gateway, const Question& question) {
  const facts::CallFacts& call = question.call;
  const auto why = directory::refused_as_candidate(
      gateway, {call.caller.routed, call.callee.routed, call.forwarding});
  return why ? why : filter(gateway, question.live, question.now.mono);
}

// One group of equal prefix length: its usable gateways. True: shorter prefixes may follow (§6: none
// of the unlocked gateways is in terminate mode).
bool take_group(const Question& question, const directory::PrefixMatch& match,
                std::vector<Candidate>& usable, std::vector<EndReason>& removed) {
  const auto all = question.directory.egress_gateways();
  const directory::Parameters& parameters = question.directory.parameters();
  bool further = true;
  for (const std::uint32_t index : match.egress) {
    const EgressGateway& gateway = all[index];
    if (gateway.lock_type == directory::Lock::None &&
        gateway.prefix_style == directory::PrefixStyle::Terminate) {
      further = false;
    }
    const auto why = gateway.lock_type == directory::Lock::All
                         ? std::optional(EndReason::GatewayLocked)
                         : refused(gateway, question);
    const facts::GatewayLive& live = question.live.egress.read(gateway.id);
    const int failing = failing_percent(question, live);
    if (question.trace != nullptr) {
      facts::tell(question.trace, "candidate", gateway.name,
                  (why ? "rejected, matched " : "accepted, matched ") +
                      std::to_string(match.length) + " digits, priority " +
                      std::to_string(gateway.priority) + asr_text(parameters, failing) +
                      health_of(gateway, question),
                  why ? cause::code_of(*why, 0) : std::string());
    }
    if (why) {
      removed.push_back(*why);
      continue;
    }
    usable.push_back({&gateway, match.length, load_of(gateway, live, parameters),
                      live.history.read(question.now.wall, parameters.gateway_history_reset),
                      failing});
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
  std::vector<Candidate> usable;
  std::vector<EndReason> removed;
  for (const directory::PrefixMatch& match : matches) {
    if (!take_group(question, match, usable, removed)) break;
  }
  std::sort(usable.begin(), usable.end(),
            Before(question.directory.parameters().gateway_asr_sort));
  found.routes.reserve(usable.size());
  for (const Candidate& each : usable) found.routes.push_back({each.gateway->id, each.length});
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
