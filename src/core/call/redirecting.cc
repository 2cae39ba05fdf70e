// Where a gateway's 3xx says the call should go (RFC 3261 §8.1.3.4, call-handling.md §10): each
// address becomes routes of this hunt, tried before those that are left.

#include <algorithm>

#include "base/limits.h"
#include "base/text.h"
#include "core/call/call.h"
#include "core/leg/alternatives.h"
#include "core/leg/signal_transport.h"
#include "core/sip/uri.h"

namespace tandem::call {

using directory::EgressGateway;
using routing::RedirectTarget;

// False: nobody we know is named, or this call was sent about often enough.
bool Call::follow(Desk& desk, const EgressGateway& gateway, std::string_view alternatives) {
  if (hunt().redirects >= kMaxRedirects) return false;
  routing::Redirecting by{.directory = directory(), .ours = {}, .gateway = gateway.id};
  for (const leg::LocalAddress& local : desk.leg.locals) by.ours.push_back(local.address);
  if (const leg::Leg* egress = leg(desk, egress_)) by.called = egress->path().peer;
  std::vector<routing::Route> added;
  int left = parameters().gateway_switch_3xx_max;
  while (left > 0 && !alternatives.empty()) {
    const RedirectTarget target = target_of(leg::take_line(alternatives), by);
    if (target.kind == RedirectTarget::Kind::Refused || !first_time_at(target)) continue;
    add_routes_to(desk, target, added);
    --left;
  }
  if (added.empty()) return false;
  if (added.size() > kMaxAttempts) added.resize(kMaxAttempts);
  ++hunt().redirects;
  std::vector<routing::Route>& routes = hunt().routes;
  routes.insert(routes.begin() + std::ptrdiff_t(hunt().next_route) + 1, added.begin(),
                added.end());
  return true;
}

// Of the places this call was at, or is going to be sent to.
bool Call::first_time_at(const RedirectTarget& target) {
  const facts::CallFacts& facts = hunt().facts;
  std::string way = target.number + '@' + target.place;
  bool known = target.place.empty() && target.number == facts.callee.routed;
  for (const cdr::Attempt& attempt : record_.attempts) {
    known = known || way == attempt.callee + '@' + attempt.address;
  }
  known = known || std::ranges::find(hunt().followed, way) != hunt().followed.end();
  if (!known) hunt().followed.push_back(std::move(way));
  return !known;
}

void Call::add_routes_to(Desk& desk, const RedirectTarget& target,
                         std::vector<routing::Route>& added) {
  if (target.kind == RedirectTarget::Kind::Place) {
    const EgressGateway* gateway = directory().egress_gateway(target.gateway);
    if (gateway == nullptr || gateway->lock_type == directory::Lock::All) return;
    routing::Route& route = added.emplace_back();
    route.gateway = target.gateway;
    route.detour = add_detour({target.number, target.uri, target.rated});
    return;
  }
  facts::CallFacts facts = hunt().facts;
  // The number that was called already is what it was: with what is known of it.
  const bool another = target.number != facts.callee.routed;
  if (another) {
    facts.callee.routed = target.number;
    facts.searched.clear();
  }
  routing::Routes found = routing::find_routes(
      {.call = facts, .directory = directory(), .live = desk.live, .registrar = desk.registrar,
       .now = desk.leg.now, .only = {target.gateway, target.group}, .presence = &desk.presence});
  const bool detours = another || target.rated;
  if (found.routes.empty()) return;
  const std::uint32_t detour =
      detours ? add_detour({another ? target.number : std::string(), {}, target.rated}) : 0;
  for (routing::Route& route : found.routes) {
    route.detour = detour;
    added.push_back(route);
  }
}

std::uint32_t Call::add_detour(routing::Detour detour) {
  hunt().detours.push_back(std::move(detour));
  return std::uint32_t(hunt().detours.size());
}

// Of the route in hand; nullptr = it has none.
const routing::Detour* Call::detour() const {
  const std::uint32_t place = hunt().routes[hunt().next_route].detour;
  return place == 0 ? nullptr : &hunt().detours[place - 1];
}

// What a call to the route in hand is billed by: the number that was called, unless a redirection says
// it is the one it names (call-handling.md §17.3).
const std::string& Call::billed_callee() const {
  const routing::Detour* detour = this->detour();
  if (detour == nullptr || !detour->rated) return hunt().facts.callee.billed;
  return detour->callee.empty() ? hunt().facts.callee.routed : detour->callee;
}

routing::Redirected Call::redirected() const {
  const routing::Detour* detour = this->detour();
  if (detour == nullptr) return {};
  return {.callee = detour->callee, .as_it_stands = !detour->target.empty()};
}

// The way to the address the route in hand was redirected to; its peer is none() for a name.
sip::Path Call::way_to_target(const EgressGateway& gateway) const {
  const auto uri = sip::parse_uri(detour()->target);
  TANDEM_ASSERT(uri.has_value(), "an address was followed that cannot be read");
  const auto transport = uri->parameter("transport");
  sip::Path path;
  path.transport =
      transport ? sip::transport_named(*transport) : leg::transport_of(gateway.transport);
  path.peer.port = uri->port;
  if (const auto ip = IpAddress::parse(routing::host_of(*uri))) {
    path.peer.ip = *ip;
    path.peer.port = sip::port_at(path.transport, path.peer.port);
  }
  return path;
}

std::string Call::target_host() const {
  const auto uri = sip::parse_uri(detour()->target);
  return uri ? std::string(routing::host_of(*uri)) : std::string();
}

// Starts the attempt there, or asks where that is.
bool Call::go_to_target(Desk& desk, const EgressGateway& gateway) {
  const sip::Path path = way_to_target(gateway);
  if (!path.peer.none()) {
    start_attempt(desk, gateway, path, path.peer.text());
  } else if (hunt().next_target < hunt().targets.size()) {
    start_attempt(desk, gateway, hunt().targets[hunt().next_target], target_host());
  } else {
    ask_address(desk, gateway, {target_host(), path.peer.port, path.transport});
  }
  return true;
}

}  // namespace tandem::call
