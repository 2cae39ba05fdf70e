#include "core/screening/screening.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "core/directory/number_rules.h"
#include "core/facts/groups.h"
#include "core/number/cleaning.h"
#include "core/screening/screens.h"

namespace tandem::screening {
namespace {

using cause::EndReason;
using directory::CalleeSource;
using directory::CallerSource;

std::string_view caller_text(const facts::Setup& setup, CallerSource from);
number::CleaningRules cleaning_rules(const directory::Parameters& parameters);

// Step 2: the state of the node. An emergency call is not held to rates, nor thinned out.
Verdict node_state(Screening& s) {
  if (s.live.storage_faulty) return EndReason::DatabaseError;
  if (s.live.draining) return EndReason::Maintenance;
  const directory::Parameters& parameters = s.directory.parameters();
  if (parameters.call_capacity != 0 && s.live.calls >= parameters.call_capacity) {
    return EndReason::SystemCapacity;
  }
  const bool too_fast = !s.live.system_rate.take(s.now.mono, parameters.call_rate_limit, 1s);
  if (too_fast && !is_emergency(s)) return EndReason::SystemCallRate;
  const bool thinned_out = !is_emergency(s) && s.live.thinning.takes_next();
  return thinned_out ? Verdict(EndReason::Overload) : std::nullopt;
}

bool fits(const directory::IngressGateway& gateway, const facts::Setup& setup) {
  bool port = gateway.local_port_match.empty();
  for (const std::uint16_t wanted : gateway.local_port_match) port |= wanted == setup.local_port;
  bool domain = gateway.local_domain_match.empty();
  for (const std::string& wanted : gateway.local_domain_match) {
    domain |= equal_ignoring_case(wanted, setup.request_host);
  }
  return port && domain;
}

// Nothing but the caller, or the order they were made in, tells them apart (call-handling.md 2.1).
bool are_alike(const directory::IngressGateway& a, const directory::IngressGateway& b,
               const IpAddress& source) {
  const auto bits = [&](const directory::IngressGateway& gateway) {
    int most = -1;
    for (const AddressRange& range : gateway.remote_ips)
      if (range.contains(source)) most = std::max(most, int(range.common_prefix_bits()));
    return most;
  };
  return a.priority == b.priority && bits(a) == bits(b);
}

int fit_of_caller(const directory::IngressGateway& gateway, const facts::Setup& setup,
                  const directory::Directory& directory, const CallerOf& by) {
  if (gateway.caller_prefixes.empty()) return 0;
  const std::string text = by.text != nullptr
                               ? by.text(by.of, gateway.caller_source)
                               : std::string(caller_text(setup, gateway.caller_source));
  const auto caller = number::clean(text, cleaning_rules(directory.parameters()));
  return caller.ok() ? directory::caller_fit(gateway, *caller) : 0;
}

// Step 3: who calls.
Verdict source(Screening& s) {
  if (const directory::Phone* phone = s.directory.phone(s.setup.phone)) {
    s.call.phone = phone->id;
    s.call.account = phone->account;
    facts::tell(s.trace, "source", phone->name, "a phone, known by its registration or password");
    return std::nullopt;
  }
  bool listed = false;
  const directory::IngressGateway* gateway = s.setup.ingress != 0
                                                 ? s.directory.ingress_gateway(s.setup.ingress)
                                                 : identify(s.directory, s.setup, &listed);
  if (gateway == nullptr) return listed ? EndReason::SourceMismatch : EndReason::Unregistered;
  s.call.ingress = gateway->id;
  s.call.account = gateway->account;
  const auto* over = s.directory.outbound_registration(s.setup.registration);
  facts::tell(s.trace, "source", gateway->name,
              over != nullptr && over->ingress_gateway == gateway->id
                  ? "calls over registration " + over->name
                  : "identified by address");
  return std::nullopt;
}

Verdict phone_limits(const Screening& s, const directory::Phone& phone) {
  using directory::PhoneLock;
  if (phone.lock_type == PhoneLock::Outgoing || phone.lock_type == PhoneLock::Both) {
    return EndReason::PhoneLocked;
  }
  if (!s.directory.may_be_used(phone, s.now.wall)) return EndReason::CalendarDenied;
  const facts::PhoneLive live = s.live.phones.read(phone.id);
  const bool full = (phone.capacity != 0 && live.in + live.out >= phone.capacity) ||
                    (phone.line_call_out != 0 && live.out >= phone.line_call_out);
  return full && !is_emergency(s) ? Verdict(EndReason::PhoneLineLimit) : std::nullopt;
}

// How many calls of the gateway there may be, and how fast they may come.
Verdict gateway_limits(Screening& s, const directory::IngressGateway& gateway) {
  const facts::GatewayLive& live = s.live.ingress.read(gateway.id);
  if (gateway.capacity != 0 && live.calls >= gateway.capacity) return EndReason::IngressCapacity;
  if (facts::in_full_group(gateway, s.directory, s.live)) return EndReason::GroupCapacity;
  const milliseconds unit =
      directory::rate_period(gateway.max_call_rate_unit, s.directory.parameters());
  if (gateway.max_call_rate != 0 &&
      !s.live.ingress.at(gateway.id).rate.take(s.now.mono, gateway.max_call_rate, unit)) {
    return EndReason::IngressCallRate;
  }
  return std::nullopt;
}

// Step 6: lock, call rate and lines of the source. Limits are not for emergency calls.
Verdict source_limits(Screening& s) {
  if (const auto* phone = s.directory.phone(s.call.phone)) return phone_limits(s, *phone);
  const directory::IngressGateway& gateway = *s.directory.ingress_gateway(s.call.ingress);
  if (gateway.lock_type == directory::Lock::All ||
      facts::in_locked_group(gateway, s.directory)) {
    return EndReason::GatewayLocked;
  }
  if (!s.directory.may_be_used(gateway, s.now.wall)) return EndReason::CalendarDenied;
  const Verdict refused = gateway_limits(s, gateway);
  return refused && is_emergency(s) ? std::nullopt : refused;
}

// Step 14: the account that pays. An emergency call is sent whatever it says.
Verdict account(Screening& s) {
  const auto* account = s.directory.account(s.call.account);
  if (account == nullptr || is_emergency(s)) return std::nullopt;
  if (account->lock_type == directory::Lock::All) return EndReason::AccountLocked;
  if (account->capacity == 0 && account->max_call_rate == 0) return std::nullopt;
  facts::AccountLive& live = s.live.accounts[account->id];
  if (account->capacity != 0 && live.calls >= account->capacity) return EndReason::AccountCapacity;
  if (!live.rate.take(s.now.mono, account->max_call_rate, 1s)) return EndReason::AccountCapacity;
  return std::nullopt;
}

std::string_view callee_text(const facts::Setup& setup, CalleeSource from) {
  switch (from) {
    case CalleeSource::To:
      return setup.to_user;
    case CalleeSource::RequestUri:
      return setup.request_user;
    case CalleeSource::Diversion:
      return setup.diversion_user.empty() ? setup.to_user : setup.diversion_user;
  }
  return {};
}

std::string_view caller_text(const facts::Setup& setup, CallerSource from) {
  std::string_view text;
  switch (from) {
    case CallerSource::From:
      break;
    case CallerSource::RemotePartyId:
      text = setup.remote_party_user;
      break;
    case CallerSource::Display:
      text = setup.from_display;
      break;
    case CallerSource::PAssertedIdentity:
      text = setup.asserted_user;
      break;
    case CallerSource::PPreferredIdentity:
      text = setup.preferred_user;
      break;
  }
  return text.empty() ? setup.from_user : text;
}

number::CleaningRules cleaning_rules(const directory::Parameters& parameters) {
  return {parameters.number_strip_chars, parameters.number_plus,
          parameters.prefix_letters ? number::Letters::Allow : number::Letters::Refuse};
}

// Step 7: the numbers, from the places the gateway names (call-handling.md 2.2). A phone calls what
// stands in its Request-URI, and is its own number.
Verdict numbers(Screening& s) {
  const directory::Phone* phone = s.directory.phone(s.call.phone);
  const directory::IngressGateway* gateway = s.directory.ingress_gateway(s.call.ingress);
  const directory::Parameters& parameters = s.directory.parameters();
  const number::CleaningRules rules = cleaning_rules(parameters);
  const std::string_view to = callee_text(
      s.setup, gateway == nullptr ? CalleeSource::RequestUri : gateway->callee_source);
  s.call.callee.received = to.substr(0, number::kMaxNumberLength);
  const auto callee = number::clean(to, rules);
  if (!callee.ok()) return EndReason::NumberInvalid;
  if (callee->empty()) return EndReason::CalleeEmpty;

  std::string_view from = caller_text(
      s.setup, gateway == nullptr ? CallerSource::From : gateway->caller_source);
  const bool nobody = equal_ignoring_case(s.setup.from_user, "anonymous");
  const bool obeys = phone != nullptr     ? phone->sip_privacy_support
                     : gateway != nullptr ? gateway->sip_privacy_support
                                          : true;
  if (obeys) {
    s.call.privacy = nobody ? facts::PrivacyWish::Everything : s.setup.privacy;
  }
  if (equal_ignoring_case(from, "anonymous")) from = {};
  s.call.caller.received = from.substr(0, number::kMaxNumberLength);
  const auto caller = number::clean(from, rules);
  if (!caller.ok()) return EndReason::NumberInvalid;
  s.call.callee.routed = s.call.callee.billed = *callee;
  s.call.caller.routed = s.call.caller.billed = *caller;
  if (phone != nullptr) {
    s.call.caller.billed = phone->name;
    s.call.caller.routed = phone->display_number.empty() ? phone->name : phone->display_number;
  }
  // A forwarding number that is none is left out; the call is none the worse for it.
  const auto forwarding = number::clean(s.setup.diversion_user, rules);
  if (forwarding.ok()) s.call.forwarding = *forwarding;
  // Of a number in Request-URI alone, and only when there is nothing odd about it.
  const auto rn = number::clean(s.setup.routing_number, rules);
  if (to == s.setup.request_user && rn.ok()) s.call.routing_number = *rn;
  s.call.ported_checked = to == s.setup.request_user && s.setup.ported_checked;
  s.call.display = nobody ? std::string_view() : s.setup.from_display;
  s.call.asserted = s.setup.asserted_user;
  s.call.preferred = s.setup.preferred_user;
  if (phone != nullptr) {
    // Whom a phone says it is nobody vouches for but this switch (RFC 3325 §5).
    if (!s.call.asserted.empty()) s.call.asserted = s.call.caller.routed;
    if (!s.call.preferred.empty()) s.call.preferred = s.call.caller.routed;
  }
  facts::tell(s.trace, "caller", s.call.caller.routed, "taken");
  facts::tell(s.trace, "callee", s.call.callee.routed, "taken");
  return std::nullopt;
}

struct Screen {
  std::string_view name;
  Verdict (*ask)(Screening&);
};

// In the order a call meets them (call-handling.md §1).
constexpr std::array kScreens{
    Screen{"node", node_state},
    Screen{"source", source},
    Screen{"source limits", source_limits},
    Screen{"numbers", numbers},
    Screen{"number checks", number_checks},
    Screen{"dial plans", dial_plans},
    Screen{"account", account},
};

}  // namespace

const directory::IngressGateway* identify(const directory::Directory& directory,
                                          const facts::Setup& setup, bool* listed,
                                          const CallerOf& caller) {
  if (const auto* over = directory.outbound_registration(setup.registration)) {
    if (const auto* gateway = directory.ingress_gateway(over->ingress_gateway)) return gateway;
  }
  std::vector<const directory::IngressGateway*> found;
  directory.ingress_by_address(setup.source_ip, found);
  if (listed != nullptr) *listed = !found.empty();
  // By priority, then by how specific the address is; of those alike the caller decides.
  const directory::IngressGateway* best = nullptr;
  for (const directory::IngressGateway* gateway : found) {
    if (!fits(*gateway, setup)) continue;
    if (best == nullptr) {
      best = gateway;
    } else if (!are_alike(*best, *gateway, setup.source_ip)) {
      break;
    } else if (fit_of_caller(*gateway, setup, directory, caller) >
               fit_of_caller(*best, setup, directory, caller)) {
      best = gateway;
    }
  }
  return best;
}

// Wanted before the steps that find out: where the callee stands is up to who calls.
bool is_emergency(const Screening& s) {
  const directory::Parameters& parameters = s.directory.parameters();
  if (parameters.emergency_numbers.empty()) return false;
  const directory::IngressGateway* gateway = s.directory.ingress_gateway(s.call.ingress);
  if (gateway == nullptr && s.setup.phone == 0) {
    gateway = s.setup.ingress != 0 ? s.directory.ingress_gateway(s.setup.ingress)
                                   : identify(s.directory, s.setup);
  }
  const auto callee = number::clean(
      callee_text(s.setup, gateway == nullptr ? CalleeSource::RequestUri : gateway->callee_source),
      cleaning_rules(parameters));
  return callee.ok() && std::ranges::find(parameters.emergency_numbers, *callee) !=
                            parameters.emergency_numbers.end();
}

std::optional<cause::EndReason> screen(Screening& screening) {
  for (const Screen& screen : kScreens) {
    const Verdict refused = screen.ask(screening);
    facts::tell(screening.trace, screen.name, "", refused ? "rejected" : "passed",
                refused ? cause::code_of(*refused, 0) : std::string());
    if (refused) return refused;
  }
  return std::nullopt;
}

}  // namespace tandem::screening
