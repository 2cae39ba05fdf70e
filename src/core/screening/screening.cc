#include "core/screening/screening.h"

#include <array>

#include "base/text.h"
#include "core/facts/groups.h"
#include "core/number/cleaning.h"
#include "core/screening/screens.h"

namespace tandem::screening {
namespace {

using cause::EndReason;
using directory::CalleeSource;
using directory::CallerSource;

// Step 2: the state of the node.
Verdict node_state(Screening& s) {
  if (s.live.storage_faulty) return EndReason::DatabaseError;
  if (s.live.draining) return EndReason::Maintenance;
  const directory::Parameters& parameters = s.directory.parameters();
  if (parameters.call_capacity != 0 && s.live.calls >= parameters.call_capacity) {
    return EndReason::SystemCapacity;
  }
  if (!s.live.system_rate.take(s.now.mono, parameters.call_rate_limit, 1s)) {
    return EndReason::SystemCallRate;
  }
  return std::nullopt;
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

bool account_locked(const Screening& s) {
  const auto* account = s.directory.account(s.call.account);
  return account != nullptr && account->lock_type == directory::Lock::All;
}

Verdict phone_limits(const Screening& s, const directory::Phone& phone) {
  using directory::PhoneLock;
  if (phone.lock_type == PhoneLock::Outgoing || phone.lock_type == PhoneLock::Both) {
    return EndReason::PhoneLocked;
  }
  if (!s.directory.may_be_used(phone, s.now.wall)) return EndReason::CalendarDenied;
  if (account_locked(s)) return EndReason::AccountLocked;
  const facts::PhoneLive live = s.live.phones.read(phone.id);
  const bool full = (phone.capacity != 0 && live.in + live.out >= phone.capacity) ||
                    (phone.line_call_out != 0 && live.out >= phone.line_call_out);
  return full ? Verdict(EndReason::PhoneLineLimit) : std::nullopt;
}

// Step 6: lock, call rate and lines of the source.
Verdict source_limits(Screening& s) {
  if (const auto* phone = s.directory.phone(s.call.phone)) return phone_limits(s, *phone);
  const directory::IngressGateway& gateway = *s.directory.ingress_gateway(s.call.ingress);
  if (gateway.lock_type == directory::Lock::All ||
      facts::in_locked_group(gateway, s.directory)) {
    return EndReason::GatewayLocked;
  }
  if (!s.directory.may_be_used(gateway, s.now.wall)) return EndReason::CalendarDenied;
  if (account_locked(s)) return EndReason::AccountLocked;
  const facts::GatewayLive& live = s.live.ingress.read(gateway.id);
  if (gateway.capacity != 0 && live.calls >= gateway.capacity) return EndReason::IngressCapacity;
  if (facts::in_full_group(gateway, s.directory, s.live)) return EndReason::GroupCapacity;
  const milliseconds unit =
      gateway.max_call_rate_unit == directory::RateUnit::Minute ? milliseconds(60s) : 1s;
  if (gateway.max_call_rate != 0 &&
      !s.live.ingress.at(gateway.id).rate.take(s.now.mono, gateway.max_call_rate, unit)) {
    return EndReason::IngressCallRate;
  }
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

// Step 7: the numbers, from the places the gateway names (call-handling.md 2.2). A phone calls what
// stands in its Request-URI, and is its own number.
Verdict numbers(Screening& s) {
  const directory::Phone* phone = s.directory.phone(s.call.phone);
  const directory::IngressGateway* gateway = s.directory.ingress_gateway(s.call.ingress);
  const directory::Parameters& parameters = s.directory.parameters();
  const number::CleaningRules rules{
      parameters.number_strip_chars,
      parameters.number_plus,
      parameters.prefix_letters ? number::Letters::Allow : number::Letters::Refuse,
  };
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
};

}  // namespace

const directory::IngressGateway* identify(const directory::Directory& directory,
                                          const facts::Setup& setup, bool* listed) {
  if (const auto* over = directory.outbound_registration(setup.registration)) {
    if (const auto* gateway = directory.ingress_gateway(over->ingress_gateway)) return gateway;
  }
  std::vector<const directory::IngressGateway*> found;
  directory.ingress_by_address(setup.source_ip, found);
  if (listed != nullptr) *listed = !found.empty();
  for (const directory::IngressGateway* gateway : found) {
    if (fits(*gateway, setup)) return gateway;
  }
  return nullptr;
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
