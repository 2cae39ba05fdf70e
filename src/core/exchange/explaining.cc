// What would happen to a call: the functions that decide are asked, and tell what they do
// (architecture: one function decides and explains).

#include <optional>

#include "core/directory/phone_terms.h"
#include "core/exchange/state.h"
#include "core/routing/pool_numbers.h"
#include "core/routing/routing.h"
#include "core/routing/sending.h"
#include "core/routing/turns.h"
#include "core/screening/screening.h"

namespace tandem::exchange {
namespace {

// Where a call of this gateway would come from, and to what: it is known by that.
void come_from(const directory::IngressGateway& gateway, facts::Setup& setup) {
  if (gateway.remote_ips.empty()) {
    setup.ingress = gateway.id;  // it registers from anywhere
    return;
  }
  setup.source_ip = gateway.remote_ips.front().first;
  if (!gateway.local_port_match.empty()) setup.local_port = gateway.local_port_match.front();
  if (!gateway.local_domain_match.empty()) setup.request_host = gateway.local_domain_match.front();
}

std::string_view on_3xx(directory::Redirection mode) {
  switch (mode) {
    case directory::Redirection::Reject:
      return "its 3xx ends the call";
    case directory::Redirection::Follow:
      return "its 3xx is followed";
    case directory::Redirection::Failover:
      break;
  }
  return "after its 3xx the next gateway is tried";
}

struct Draws {
  facts::NumberPools& pools;
  Rng& rng;
  UtcTime at;
};

// What would be sent there; a gateway whose plan refuses the number is passed over.
std::optional<cause::EndReason> explain_route(const directory::Directory& directory,
                                              const routing::Route& route,
                                              const facts::CallFacts& call, const Draws& draws,
                                              Explanation& told) {
  const auto* phone = directory.phone(route.phone);
  const directory::EgressGateway device =
      phone != nullptr ? directory::as_egress(*phone) : *directory.egress_gateway(route.gateway);
  routing::SentNumbers sent;
  routing::PoolNumbers pooled;
  auto refused = routing::take_pool_numbers(
      {call, directory, device, draws.pools, draws.rng, &told.lines}, pooled);
  if (!refused) {
    refused = routing::numbers_to_send(
        {call, directory, device, pooled, draws.rng, draws.at, &told.lines}, sent);
  }
  std::string outcome =
      refused ? "passed over" : "is sent " + sent.callee;
  if (!refused && !sent.caller.empty()) outcome += " from " + sent.caller;
  if (!refused && phone == nullptr) {
    outcome.append("; ").append(
        on_3xx(directory::redirection_of(device, directory.parameters())));
  }
  facts::tell(&told.lines, "route", device.name, std::move(outcome),
              refused ? cause::code_of(*refused, 0) : std::string());
  if (!refused) told.egress.push_back(device.name);
  return refused;
}

// The same switch with no call up; of another time, also with nothing known of who is reachable.
facts::Live idle(const facts::Live& live, const directory::Directory& directory, bool now) {
  facts::Live copy;
  const auto take = [&](const facts::GatewayTable& from, facts::GatewayTable& to, std::int64_t id) {
    const facts::GatewayLive& its = from.read(id);
    facts::GatewayLive& entry = to.at(id);
    entry.history = its.history;
    entry.quality = its.quality;
    if (!now) return;
    entry.dead = its.dead;
    entry.offline = its.offline;
    entry.banned_until = its.banned_until;
    entry.banned_by = its.banned_by;
  };
  for (const auto& each : directory.ingress_gateways()) take(live.ingress, copy.ingress, each.id);
  for (const auto& each : directory.egress_gateways()) take(live.egress, copy.egress, each.id);
  for (const auto& each : directory.outbound_registrations()) {
    facts::RegistrationLive& entry = copy.registrations.at(each.id);
    entry = live.registrations.read(each.id);
    entry.calls = 0;
    if (!now) entry.registered = true;
  }
  return copy;
}

}  // namespace

void Exchange::State::on(const Explain& wish) {
  Explanation told;
  facts::Setup setup;
  const directory::Directory& directory =
      wish.directory != nullptr ? *wish.directory : *settings->directory;
  Now when = now;
  if (wish.at != UtcTime{}) when.wall = wish.at;
  setup.request_user = setup.to_user = wish.callee;
  setup.from_user = wish.caller;
  setup.local_port = locals.empty() ? std::uint16_t(0) : locals.front().address.port;
  if (const auto source = IpAddress::parse(wish.source_ip)) setup.source_ip = *source;
  const auto* gateway = directory.ingress_by_name(wish.ingress);
  if (gateway != nullptr) come_from(*gateway, setup);
  // A phone that is named, or whose registration comes from there.
  Terminal from = terminal_named(directory, wish.phone.empty() ? wish.caller : wish.phone);
  sip::Path there;
  there.peer.ip = setup.source_ip;
  if (from.authentication == directory::SipAuthentication::IpPort) {
    from.authentication = directory::SipAuthentication::Ip;  // the port is not asked for
  }
  if (from.phone != nullptr && (!wish.phone.empty() || vouched_for(from, there))) {
    setup.phone = from.phone->id;
    setup.from_user = from.phone->name;
  }
  // A question takes no token and no line. What may be large and is only read is lent, not copied.
  facts::DestinationQuality lent = std::move(live.destinations);
  live.destinations = {};
  facts::Live copy =
      wish.directory == nullptr && wish.at == UtcTime{}
          ? live
          : idle(live, directory, wish.at == UtcTime{});
  copy.destinations = std::move(lent);
  facts::CallFacts call;
  Rng draws = rng;
  screening::Screening screening{setup, directory, copy, when, draws, call, &told.lines};
  auto refused = screening::screen(screening);
  if (!refused) refused = explain_questions(directory, call, told);
  if (!refused) {
    const routing::Presence presence = this->presence();
    const routing::Question question{.call = call, .directory = directory, .live = copy,
                                     .registrar = registrar, .now = when, .trace = &told.lines,
                                     .presence = &presence};
    routing::Routes routes = routing::find_routes(question);
    routing::take_turns(question, routes, copy);
    refused = routes.refused;
    told.warnings = routing::find_warnings(question, routes);
    std::optional<cause::EndReason> passed_over;
    for (const routing::Route& route : routes.routes) {
      if (const auto why = explain_route(directory, route, call, {copy.pools, draws, when.wall}, told))
        passed_over = why;
    }
    if (told.egress.empty() && !refused) refused = passed_over;
  }
  if (refused) told.end_reason = cause::code_of(*refused, 0);
  live.destinations = std::move(copy.destinations);
  add_reply(actions->replies, wish.request, std::move(told));
}

}  // namespace tandem::exchange
