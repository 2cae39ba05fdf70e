// Attempts, one after the other, until one answers (call-handling.md §9, §10).

#include <algorithm>

#include "base/limits.h"
#include "core/call/call.h"
#include "core/directory/phone_terms.h"
#include "core/leg/extra_headers.h"
#include "core/leg/header_policy.h"
#include "core/leg/signal_transport.h"

namespace tandem::call {

using cause::EndReason;
using directory::EgressGateway;

const EgressGateway* Call::running_gateway() const {
  if (counted_.phone != 0) return callee_phone_.get();
  return counted_.egress == 0 ? nullptr : directory().egress_gateway(counted_.egress);
}

void Call::next_attempt(Desk& desk) {
  while (hunt().next_route < hunt().routes.size()) {
    const int limit = parameters().gateway_switch_limit;
    if (attempts_ >= kMaxAttempts || (limit != 0 && attempts_ >= std::uint32_t(limit))) {
      return give_up(desk, true);
    }
    const routing::Route route = hunt().routes[hunt().next_route];
    if (wait_for_reserve(desk, route)) return;
    const EgressGateway* gateway = directory().egress_gateway(route.gateway);
    if (route.phone != 0 ? open_phone(desk, route)
                         : gateway != nullptr && open_route(desk, *gateway)) {
      return;
    }
    ++hunt().next_route;
    hunt().next_address = 0;
  }
  give_up(desk, false);
}

// Takes the gateway's line and starts the attempt, or asks for its address. False: not possible now.
bool Call::open_route(Desk& desk, const EgressGateway& gateway) {
  const bool redirected = this->redirected().as_it_stands;
  const bool registers = !redirected && gateway.registers();
  const bool where_registered =
      gateway.remote_ips.empty() && directory().registration_of(gateway) != nullptr;
  const bool listed = hunt().next_address < gateway.remote_ips.size();
  if (!where_registered && !redirected && !registers && !listed) return false;
  if (const auto full = routing::filter(question(desk), gateway)) {
    hunt().passed_over = *full;
    return false;
  }
  facts::GatewayLive& live = desk.live.egress.at(gateway.id);
  const registrar::Binding* contact = registers ? contact_in_turn(desk, gateway) : nullptr;
  const bool alive = registers    ? contact != nullptr
                     : redirected ? !live.is_dead(way_to_target(gateway).peer)
                                  : pass_dead_addresses(gateway, live);
  if (!alive) {
    hunt().passed_over = EndReason::GatewayOffline;
    return false;
  }
  if (!prepare_numbers(desk, gateway)) return false;
  const milliseconds unit = directory::rate_period(gateway.max_call_rate_unit, parameters());
  if (!live.rate.take(desk.leg.now.mono, gateway.max_call_rate, unit)) {
    hunt().passed_over = EndReason::EgressCallRate;
    give_back_pooled(desk);
    return false;
  }
  desk.live.count_egress(gateway.id, 1);
  ++live.attempts;
  live.history.count(desk.leg.now.wall, desk.leg.live.gateway_history_reset);
  counted_.egress = gateway.id;
  counted_.destination = destination_called(desk);
  count_registration(desk, gateway);
  if (contact != nullptr) {
    start_attempt(desk, gateway, contact->path, contact->path.peer.text(), contact);
    return true;
  }
  if (where_registered) return start_over_registration(desk, gateway);
  if (redirected) return go_to_target(desk, gateway);
  return go_to_address(desk, gateway);
}

routing::Question Call::question(const Desk& desk) const {
  return {.call = hunt().facts, .directory = directory(), .live = desk.live,
          .registrar = desk.registrar, .now = desk.leg.now, .presence = &desk.presence};
}

// The numbers as this device gets them: from its pools, then rewritten. False: the call cannot go
// there, and no number of a pool is held.
bool Call::prepare_numbers(Desk& desk, const EgressGateway& device) {
  const facts::CallFacts& facts = hunt().facts;
  auto refused = routing::take_pool_numbers(
      {facts, directory(), device, desk.live.pools, desk.leg.rng}, counted_.pooled);
  if (!refused) {
    refused = routing::numbers_to_send(
        {facts, directory(), device, counted_.pooled, desk.leg.rng, desk.leg.now.wall, nullptr,
         redirected()},
        hunt().sent);
  }
  if (!refused) return true;
  hunt().passed_over = *refused;
  give_back_pooled(desk);
  return false;
}

void Call::give_back_pooled(Desk& desk) {
  if (counted_.pooled.group != 0) {
    desk.live.pools.give_back(counted_.pooled.group, counted_.pooled.caller);
  }
  counted_.pooled = {};
}

// The same for a phone of this switch: one of its contacts, or its address when it is static.
bool Call::open_phone(Desk& desk, const routing::Route& route) {
  const directory::Phone* phone = directory().phone(route.phone);
  if (phone == nullptr) return false;
  if (const auto full = routing::filter(*phone, desk.live)) {
    hunt().passed_over = *full;
    return false;
  }
  const registrar::Binding* contact = desk.registrar.find(route.contact);
  if (contact == nullptr && hunt().next_address >= phone->remote_ips.size()) {
    hunt().passed_over = EndReason::CalledNotOnline;  // it has gone since
    return false;
  }
  callee_phone_ = std::make_unique<const EgressGateway>(directory::as_egress(*phone));
  if (!prepare_numbers(desk, *callee_phone_)) return false;
  counted_.phone = phone->id;
  desk.live.phones.count(phone->id, 1, 0);
  if (contact == nullptr) return go_to_address(desk, *callee_phone_);
  const std::string& own = desk.leg.locals[contact->path.local].host_port;
  start_attempt(desk, *callee_phone_, contact->path, own, contact);
  return true;
}

// Starts the attempt at the next address, or asks where a name is.
bool Call::go_to_address(Desk& desk, const EgressGateway& gateway) {
  const directory::GatewayAddress& address = gateway.remote_ips[hunt().next_address];
  const sip::Transport transport = leg::transport_of(gateway.transport);
  if (address.ip.none() && hunt().next_target < hunt().targets.size()) {
    start_attempt(desk, gateway, hunt().targets[hunt().next_target], address.host);
    return true;
  }
  if (address.ip.none()) {
    ask_address(desk, gateway, {address.host, address.port, transport});
    return true;
  }
  sip::Path path;
  path.transport = transport;
  path.peer = {address.ip, address.port != 0 ? address.port : gateway.signal_port};
  start_attempt(desk, gateway, path, path.peer.text());
  return true;
}

void Call::ask_address(Desk& desk, const EgressGateway& gateway, Named name) {
  question_ = AddressQuestion::of(self_, attempts_);
  desk.questions.push_back({question_, std::move(name.host), name.port, name.transport});
  set_attempt_deadline(desk, gateway.timeout_invite, parameters().sip_timeout_invite,
                       EndReason::ConnectionTimeout);
}

std::string Call::host_asked(const EgressGateway& gateway) const {
  if (redirected().as_it_stands) return target_host();
  return gateway.remote_ips[hunt().next_address].host;
}

// Goes on to the first address, from the one whose turn it is, that is not known to be dead
// (call-handling.md 10: calls use live addresses only). False: there is none.
bool Call::pass_dead_addresses(const EgressGateway& gateway, const facts::GatewayLive& live) {
  if (live.dead.empty()) return true;
  do {
    const directory::GatewayAddress& address = gateway.remote_ips[hunt().next_address];
    const bool found_out = hunt().next_target < hunt().targets.size();
    if (address.ip.none() && !found_out) return true;
    const std::uint16_t port = address.port != 0 ? address.port : gateway.signal_port;
    const Endpoint peer = address.ip.none() ? hunt().targets[hunt().next_target].peer
                                            : Endpoint{address.ip, port};
    if (!live.is_dead(peer)) return true;
  } while (to_next_address(gateway));
  return false;
}

void Call::on_resolved(Desk& desk, std::uint64_t question, const std::vector<sip::Path>& targets) {
  if (question_ == 0 || question_ != question) return;
  question_ = 0;
  const EgressGateway* gateway = running_gateway();
  if (gateway == nullptr) return;
  if (targets.empty()) {
    cdr::Attempt& failed = record_.attempts.emplace_back();
    failed.gateway = gateway->name;
    failed.gateway_id = gateway->id;
    failed.address = host_asked(*gateway);
    failed.start = desk.leg.now.wall;
    ++attempts_;
    return fail_attempt(desk, leg::Release{.reason = EndReason::ConnectionTimeout,
                                           .sip_status = 503, .q850_cause = 41});
  }
  hunt().targets = targets;
  hunt().next_target = 0;
  if (redirected().as_it_stands) {
    return start_attempt(desk, *gateway, hunt().targets.front(), host_asked(*gateway));
  }
  const std::size_t asked = hunt().next_address;
  if (!pass_dead_addresses(*gateway, desk.live.egress.read(gateway->id))) {
    hunt().passed_over = EndReason::GatewayOffline;
    return try_elsewhere(desk);
  }
  if (hunt().next_address != asked) return try_elsewhere(desk);
  start_attempt(desk, *gateway, hunt().targets[hunt().next_target],
                gateway->remote_ips[hunt().next_address].host);
}

// The name led to dead addresses only: the line is given back, and the next place has its turn.
void Call::try_elsewhere(Desk& desk) {
  attempt_deadline_ = kNever;
  give_back_attempt(desk);
  next_attempt(desk);
}

// The next place the same gateway can be reached at (RFC 3263 §4.3); false = there is none.
bool Call::to_next_address(const EgressGateway& gateway) {
  if (hunt().next_target + 1 < hunt().targets.size()) {
    ++hunt().next_target;
    return true;
  }
  hunt().targets.clear();
  hunt().next_target = 0;
  if (redirected().as_it_stands) return false;
  const std::size_t places =
      gateway.registers() ? hunt().contacts.size() : gateway.remote_ips.size();
  return ++hunt().next_address < places;
}

void Call::start_attempt(Desk& desk, const EgressGateway& gateway, const sip::Path& target,
                         std::string_view host_port, const registrar::Binding* contact) {
  sip::Path path = target;
  // What registered is reached by the socket its REGISTER came in at: a NAT lets nothing else through.
  // Where we registered, with what we registered from.
  const bool given =
      contact != nullptr || (gateway.remote_ips.empty() && !redirected().as_it_stands);
  const auto local = given ? std::optional(target.local)
                           : leg::local_for(desk.leg.locals, path, gateway.local_ip,
                                            gateway.local_port);
  ++attempts_;
  record_.callee = billed_callee();
  cdr::Attempt& attempt = record_.attempts.emplace_back();
  attempt.gateway = gateway.name;
  attempt.gateway_id = gateway.id;
  attempt.address = path.peer.text();
  attempt.caller = hunt().sent.caller;
  attempt.callee = hunt().sent.callee;
  attempt.start = desk.leg.now.wall;
  if (!local) {
    return fail_attempt(desk, leg::Release{.reason = EndReason::ConfigurationError,
                                           .sip_status = 500, .q850_cause = 38});
  }
  path.local = *local;

  const leg::Leg* ingress = leg(desk, ingress_);
  leg::SetupOrder order;
  order.path = path;
  order.peer_host_port = host_port;
  order.callee = attempt.callee;
  order.caller = caller_of(attempt.caller, *ingress);
  std::string name;
  if (counted_.phone != 0) order.caller.display = name = name_for_phone(order.caller);
  if (redirected().as_it_stands) order.target = detour()->target;
  order.forwarding = hunt().sent.forwarding;
  order.forward_signal = gateway.forward_signal;
  const std::string ported = gateway.send_rn ? ported_parameters() : std::string();
  order.user_parameters = ported;
  std::string at_contact;
  if (contact != nullptr) go_to_contact(*contact, order, at_contact);
  order.annex = hunt().annex;
  order.offer = {"application/sdp", hunt().offer};
  order.session_interval = proposed_interval(*ingress);
  order.challenger = credentials::Peer::of(directory(), gateway);
  RegisteredAs words;
  go_over_registration(gateway, order, words);
  order.max_forwards = hunt().max_forwards - 1;
  order.loop_token = desk.loop_token;
  // With a late offer a reliable answer must be confirmed by the caller: only if it can.
  order.reliable = !hunt().late_offer || ingress->peer_supports_reliable();

  egress_ = desk.legs.insert(leg::Side::Egress);
  leg::Leg* egress = leg(desk, egress_);
  egress->belong_to(self_.packed());
  directory::DeviceRules rules = gateway.rules;
  rules.privacy = privacy_towards(gateway);
  egress->speak_to(counted_.phone != 0
                       ? directory::DeviceRef{directory::DeviceKind::Phone, counted_.phone}
                       : directory::DeviceRef{directory::DeviceKind::Egress, gateway.id},
                   rules);
  add_extra_headers(*egress, gateway, attempt.caller, attempt.callee);
  set_attempt_deadline(desk, gateway.timeout_invite, parameters().sip_timeout_invite,
                       EndReason::InviteTimeout);
  egress->setup(desk.leg, egress_, order);
  record_.attempts.back().call_id = egress->call_id();
}

// What is known of the called number beside itself (RFC 4694); of another number nothing is.
std::string Call::ported_parameters() const {
  const facts::CallFacts& facts = hunt().facts;
  std::string text;
  if (!redirected().callee.empty()) return text;
  if (!facts.routing_number.empty()) text += ";rn=" + facts.routing_number;
  if (facts.ported_checked) text += ";npdi";
  return text;
}

// What the called side is asked for: our own interval, or the caller's when that is shorter.
seconds Call::proposed_interval(const leg::Leg& ingress) const {
  const leg::TimerTerms terms = leg::TimerTerms::of(parameters());
  const seconds granted = ingress.granted_interval();
  if (granted == 0s || !parameters().sip_session_pass_caller_ttl) return terms.proposal();
  return std::clamp(granted, std::max(terms.min_se, leg::kLeastMinSe), terms.proposal());
}

// Who calls, as far as the caller's gateway lets it hide.
leg::Caller Call::caller_of(std::string_view number, const leg::Leg& ingress) const {
  const facts::CallFacts& facts = hunt().facts;
  const routing::SentNumbers& sent = hunt().sent;
  leg::Caller caller{number, facts.display, sent.asserted, sent.preferred, {}, facts.privacy};
  caller.own_identity = sent.own_identity;
  if (ingress.rules().obeys_privacy) {
    caller.privacy = leg::annex_value(hunt().annex, sip::HeaderId::Privacy);
  }
  return caller;
}

// SS_SIP_DISPLAY_FROM, as it stands between quotes.
std::string Call::name_for_phone(const leg::Caller& caller) const {
  using directory::DisplayFrom;
  std::string name;
  switch (parameters().sip_display_from) {
    case DisplayFrom::None:
      break;
    case DisplayFrom::Passthrough:
      name = caller.display;
      break;
    case DisplayFrom::CallerNumber:
      leg::append_quotable(name, caller.number);
      break;
    case DisplayFrom::AccountName:
      leg::append_quotable(name, record_.account_name);
      break;
  }
  return name;
}

void Call::add_extra_headers(leg::Leg& to, const directory::Device& device, std::string_view caller,
                             std::string_view callee) const {
  if (device.extra_headers.empty()) return;
  to.add_to_requests(leg::extra_lines(
      device.extra_headers, {caller, callee, record_.caller_call_id, record_.account_name,
                             record_.caller_gateway}));
}

void Call::set_attempt_deadline(Desk& desk, int gateway_seconds, seconds system,
                                EndReason reason) {
  attempt_reason_ = reason;
  attempt_deadline_ =
      desk.leg.now.mono + (gateway_seconds > 0 ? seconds(gateway_seconds) : system);
  arm(desk);
}

void Call::on_proceeding(Desk& desk, const leg::Event& event) {
  if (event.leg != egress_ || state_ == State::Answered) return;
  if (attempt_reason_ != EndReason::InviteTimeout) return;
  const EgressGateway* gateway = running_gateway();
  set_attempt_deadline(desk, gateway == nullptr ? 0 : gateway->timeout_trying,
                       parameters().sip_timeout_trying, EndReason::TryingTimeout);
}

void Call::on_ringing(Desk& desk, const leg::Event& event) {
  if (event.leg != egress_ || state_ == State::Answered || state_ == State::Offered) return;
  const EgressGateway* gateway = running_gateway();
  cdr::Attempt& attempt = record_.attempts.back();
  const bool rings = event.primitive == leg::Primitive::Alerting;
  const bool session = !event.body.empty();
  const UtcTime now = desk.leg.now.wall;
  if (attempt.pdd < 0 && (rings || session)) attempt.pdd = (now - attempt.start).count();
  if (record_.caller_pdd < 0) record_.caller_pdd = (now - record_.start).count();
  if (rings) {
    if (record_.ring_time == UtcTime{}) record_.ring_time = now;
    proceeding_deadline_ = kNever;
    set_attempt_deadline(desk, gateway == nullptr ? 0 : gateway->timeout_ringing,
                         parameters().sip_timeout_ringing, EndReason::RingingTimeout);
    if (state_ == State::Attempting) enter(desk, State::Alerting);
  } else {
    if (record_.progress_time == UtcTime{}) record_.progress_time = now;
    if (state_ == State::Attempting && session) {
      set_attempt_deadline(desk, gateway == nullptr ? 0 : gateway->timeout_session_progress_sdp,
                           parameters().sip_timeout_session_progress_sdp,
                           EndReason::ProgressSdpTimeout);
    } else if (state_ == State::Attempting) {
      set_attempt_deadline(desk, gateway == nullptr ? 0 : gateway->timeout_session_progress,
                           parameters().sip_timeout_session_progress, EndReason::ProgressTimeout);
    }
  }
  if (!event.product.empty()) record_.callee_product = event.product.substr(0, 255);
  const std::uint8_t variant = variant_of(event.branch, session);
  if (session) hunt().answer_sent = true;
  Hunt::EarlySource* source = session ? early_source(event.branch) : nullptr;
  if (source != nullptr) source->session = event.body.bytes;
  leg::Leg& ingress = *leg(desk, ingress_);
  leg::Body shown = event.body;
  const int status = ring_as(ingress, event, shown);
  ingress.progress(desk.leg, status, shown, variant, event.annex);
}

// The remote_ring of the caller's device: ringing and early media told in one way. Ringing without
// any media stays what it is: the caller's side makes the tone. What went before reliably is not
// said again (RFC 3262 §5).
int Call::ring_as(const leg::Leg& ingress, const leg::Event& event, leg::Body& body) {
  using directory::RemoteRing;
  const RemoteRing wanted = ingress.rules().ring;
  if (wanted == RemoteRing::Pass || (event.status != 180 && event.status != 183)) {
    return event.status;
  }
  const Hunt::EarlySource* source = early_source(event.branch);
  if (body.empty() && source != nullptr && !ingress.peer_supports_reliable()) {
    body = {"application/sdp", source->session};
  }
  if (body.empty()) return event.status;
  return wanted == RemoteRing::Progress ? 183 : 180;
}

Hunt::EarlySource* Call::early_source(std::uint8_t branch) {
  for (Hunt::EarlySource& source : hunt().early_sources) {
    if (source.attempt == attempts_ && source.branch == branch) return &source;
  }
  return nullptr;
}

// Which early dialog the caller is shown for this branch of the running attempt: the same one until
// a second called party brings a session of its own (call-handling.md §10).
std::uint8_t Call::variant_of(std::uint8_t branch, bool with_session) {
  std::vector<Hunt::EarlySource>& sources = hunt().early_sources;
  if (const Hunt::EarlySource* known = early_source(branch)) {
    return std::uint8_t(known - sources.data());
  }
  if (!with_session) return sources.empty() ? std::uint8_t(0) : std::uint8_t(sources.size() - 1);
  if (sources.size() < kMaxEarlySources) sources.push_back({std::uint16_t(attempts_), branch, {}});
  return std::uint8_t(sources.size() - 1);
}

}  // namespace tandem::call
