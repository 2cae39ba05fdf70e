// Who of the others lives, and who is kept reachable: probes of gateways, keep-alives, pauses that
// gateways asked for.

#include <algorithm>

#include "base/limits.h"
#include "base/owner.h"
#include "core/exchange/state.h"
#include "core/facts/groups.h"
#include "core/leg/tokens.h"
#include "core/probe/options_request.h"
#include "core/registrar/subscribers.h"

namespace tandem::exchange {
namespace {

using directory::Parameters;
using stats::Counter;

// RFC 5626 §4.4.1: the ping of a connection.
constexpr std::string_view kPing = "\r\n\r\n";

keepalive::Method method_of(directory::KeepAliveMethod method) {
  switch (method) {
    case directory::KeepAliveMethod::Text:
      return keepalive::Method::Text;
    case directory::KeepAliveMethod::Crlf:
      return keepalive::Method::Crlf;
    case directory::KeepAliveMethod::Options:
      break;
  }
  return keepalive::Method::Options;
}

keepalive::Settings settings_of(const Parameters& parameters) {
  keepalive::Settings settings;
  settings.on = !parameters.sip_nat_keep_alive_message.empty();
  settings.rhythm.period = parameters.sip_nat_keep_alive_period;
  settings.rhythm.interval = parameters.sip_nat_keep_alive_send_interval;
  settings.rhythm.batch = std::uint64_t(parameters.sip_nat_keep_alive_send_one_time);
  settings.rhythm.spread = parameters.sip_nat_keep_alive_spread;
  settings.method = method_of(parameters.sip_nat_keep_alive_method);
  settings.scope = parameters.sip_nat_keep_alive_scope == directory::KeepAliveScope::All
                       ? keepalive::Scope::All
                       : keepalive::Scope::NatOnly;
  settings.time_to_live = parameters.endpoint_time_to_live;
  return settings;
}

// Places that devices which do not register say they are at.
std::vector<sip::Path> static_contacts(const directory::Directory& directory,
                                       std::span<const leg::LocalAddress> locals) {
  std::vector<sip::Path> found;
  const auto add = [&](const Endpoint& peer, const IpAddress& local_ip, std::uint16_t local_port) {
    sip::Path path;
    path.peer = peer;
    const auto local = leg::local_for(locals, path, local_ip, local_port);
    if (!local || found.size() >= kMaxStaticContacts) return;
    path.local = *local;
    found.push_back(path);
  };
  for (const auto& gateway : directory.ingress_gateways()) {
    if (!gateway.keep_alive) continue;
    for (const AddressRange& range : gateway.remote_ips) {
      if (range.first == range.last) add({range.first, 5060}, {}, 0);
    }
  }
  for (const auto& gateway : directory.egress_gateways()) {
    if (!gateway.keep_alive || gateway.transport != directory::SignalTransport::Udp) continue;
    if (gateway.registers()) continue;
    for (const auto& address : gateway.remote_ips) {
      if (address.ip.none()) continue;
      add({address.ip, address.port != 0 ? address.port : gateway.signal_port}, gateway.local_ip,
          gateway.local_port);
    }
  }
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  return found;
}

bool watches_anybody(const directory::Directory& directory) {
  for (const auto& gateway : directory.ingress_gateways()) {
    if (gateway.keep_alive) return true;
  }
  for (const auto& gateway : directory.egress_gateways()) {
    if (gateway.keep_alive || gateway.options_check) return true;
  }
  return false;
}

}  // namespace

probe::Desk Exchange::State::probe_desk() {
  return {.now = now,
          .parameters = settings->directory->parameters(),
          .transactions = transactions,
          .wheel = wheel,
          .rng = rng,
          .outbox = actions->outbox,
          .locals = locals,
          .scratch = scratch,
          .live = live,
          .questions = probe_questions,
          .news = probe_news,
          .exchange = identity.number};
}

// What is configured can only be watched when there is a clock: with the first Tick.
void Exchange::State::watch_later() {
  keep_alive.use(settings_of(settings->directory->parameters()), Instant{});
  if (!watches_anybody(*settings->directory)) return;
  wheel.arm(Instant{}, owner_word(Owner::Kind::Probe, probe::ProbeId{}));
}

void Exchange::State::watch_configured() {
  const directory::Directory& directory = *settings->directory;
  probe::Desk at = probe_desk();
  probes.adopt(at, directory);
  keep_alive.use(settings_of(directory.parameters()), now.mono);
  const std::vector<sip::Path> wanted = static_contacts(directory, locals);
  std::erase_if(fixed_contacts, [&](const auto& known) {
    if (std::binary_search(wanted.begin(), wanted.end(), known.first)) return false;
    keep_alive.remove(known.second);
    return true;
  });
  for (const sip::Path& path : wanted) {
    if (fixed_contacts.count(path) != 0) continue;
    fixed_contacts[path] = keep_alive.add(now.mono, {.path = path, .behind_nat = false}, rng);
  }
}

void Exchange::State::serve_keep_alive() {
  if (keep_alive.next_deadline() > now.mono) return;
  keep_alive_paths.clear();
  const keepalive::News news = keep_alive.serve(now.mono, keep_alive_paths);
  const keepalive::Pacing& pacing = keep_alive.figures().pacing;
  if (news == keepalive::News::OverrunBegan) {
    actions->tells.push_back(
        {Severity::Warning, "keep_alive_overrun", 0,
         "alarm 21004: " + std::to_string(pacing.contacts) + " contacts, but only " +
             std::to_string(pacing.capacity) +
             " fit into SS_SIP_NAT_KEEP_ALIVE_PERIOD; batches are made larger: " +
             std::to_string(pacing.batch)});
  } else if (news == keepalive::News::OverrunEnded) {
    actions->tells.push_back({Severity::Info, "keep_alive_fits", 0,
                              "alarm 21004 is over: " + std::to_string(pacing.contacts) +
                                  " contacts fit into the period again"});
  }
  if (!keep_alive_paths.empty()) send_keep_alives();
}

// Datagrams of one text share its bytes.
void Exchange::State::send_keep_alives() {
  const Parameters& parameters = settings->directory->parameters();
  const keepalive::Method method = keep_alive.settings().method;
  sip::Outbox& outbox = actions->outbox;
  std::string_view text;
  std::string_view ping;
  for (const sip::Path& path : keep_alive_paths) {
    if (path.local >= locals.size()) continue;
    if (path.reliable() || method == keepalive::Method::Crlf) {
      if (ping.empty()) ping = outbox.keep(kPing);
      outbox.send_kept(path, ping);
    } else if (method == keepalive::Method::Text) {
      if (text.empty()) {
        text = outbox.keep(keepalive::payload_of(parameters.sip_nat_keep_alive_message));
      }
      outbox.send_kept(path, text);
    } else {
      send_options(path);
    }
  }
}

// Without a transaction: it is not repeated, and whatever comes back from there is an answer.
void Exchange::State::send_options(const sip::Path& path) {
  const auto branch = transactions.stateless_branch(rng.next());
  const std::string tag = leg::make_tag({identity.number, {}, std::uint32_t(rng.next())});
  const std::string call_id = leg::make_call_id(identity.number, rng.next(), rng.next());
  const std::string peer = path.peer.text();
  const std::string_view request =
      probe::write_options({path, peer, branch, tag, call_id}, settings->directory->parameters(),
                           locals[path.local], scratch);
  if (!request.empty()) actions->outbox.send(path, request);
}

// Bytes that are no SIP, from where keep-alives go: a sign of life and nothing else.
bool Exchange::State::is_echo(const sip::Path& path, const sip::ParseError& error) const {
  const bool strange =
      error.kind == sip::ParseErrorKind::NotSip || error.kind == sip::ParseErrorKind::BadStartLine;
  return heard_contact && strange && !path.reliable();
}

// ---- what operators ask ----

template <class Gateway>
bool is_locked(const Gateway& gateway, const directory::Directory& directory) {
  return gateway.lock_type != directory::Lock::None ||
         facts::in_locked_group(gateway, directory);
}

template <class Gateway>
std::optional<facts::QualityFigures> Exchange::State::shown_quality(
    const Gateway& gateway, const facts::GatewayLive& its) const {
  const directory::Parameters& parameters = settings->directory->parameters();
  if (!directory::is_measured(gateway, parameters)) return std::nullopt;
  return its.quality.figures(now.wall, facts::QualityTerms::of(parameters));
}

GatewayOnline Exchange::State::view(const directory::EgressGateway& gateway) const {
  const facts::GatewayLive& its = live.egress.read(gateway.id);
  GatewayOnline shown;
  shown.kind = "egress";
  shown.name = gateway.name;
  shown.calls = std::uint64_t(its.calls);
  shown.capacity = std::uint64_t(gateway.capacity);
  shown.attempts = its.attempts;
  shown.answered = its.answered;
  shown.quality = shown_quality(gateway, its);
  shown.rests = its.bans;
  if (its.banned_until > now.mono) {
    shown.rests_for = its.banned_until - now.mono;
    shown.rests_after = its.banned_by;
  }
  const routing::Presence presence = this->presence();
  const bool away =
      gateway.registers()
          ? !routing::Registered{registrar, &presence}.can_be_called(
                registrar::subscriber_of(*settings->directory, gateway))
          : its.offline;
  shown.state = is_locked(gateway, *settings->directory)   ? "locked"
                : away                                     ? "offline"
                : shown.rests_for > milliseconds(0)        ? "resting"
                                                           : "up";
  for (const probe::Probe* probe : probes.of_gateway(gateway.id)) {
    if (probe->is_name() && !probe->addresses.empty()) continue;
    AddressView address;
    if (!probe->is_name()) address.address = probe->path.peer.text();
    if (probe->target.ip.none()) address.host = probe->target.host;
    address.state = probe::to_text(probe->state);
    address.status = probe->status;
    address.missed = probe->missed;
    if (probe->answered != Instant{}) {
      address.answered = now.wall - (now.mono - probe->answered);
    }
    shown.addresses.push_back(std::move(address));
  }
  return shown;
}

void Exchange::State::on(const ListOnline& list) {
  const directory::Directory& directory = *settings->directory;
  OnlineList online;
  const auto wanted = [&](const std::string& name) {
    return list.name.empty() || list.name == name;
  };
  for (const auto& gateway : directory.ingress_gateways()) {
    if (!wanted(gateway.name)) continue;
    const facts::GatewayLive& its = live.ingress.read(gateway.id);
    GatewayOnline& shown = online.gateways.emplace_back();
    shown.kind = "ingress";
    shown.name = gateway.name;
    shown.calls = std::uint64_t(its.calls);
    shown.capacity = std::uint64_t(gateway.capacity);
    shown.attempts = its.attempts;
    shown.answered = its.answered;
    shown.quality = shown_quality(gateway, its);
    shown.state = is_locked(gateway, directory) ? "locked" : "up";
  }
  for (const auto& gateway : directory.egress_gateways()) {
    if (!wanted(gateway.name)) continue;
    online.gateways.push_back(view(gateway));
    if (!list.name.empty()) show_destinations(gateway, online.gateways.back());
  }
  for (const auto& group : directory.gateway_groups()) {
    if (wanted(group.name)) online.groups.push_back(view(group));
  }
  add_reply(actions->replies, list.request, std::move(online));
}

void Exchange::State::on(const Unban& wish) {
  UnbanResult result;
  for (const auto& gateway : settings->directory->egress_gateways()) {
    if (gateway.name != wish.name) continue;
    facts::GatewayLive& its = live.egress.at(gateway.id);
    result.found = true;
    result.rested = its.banned_until > now.mono;
    its.banned_until = Instant{};
  }
  add_reply(actions->replies, wish.request, result);
}

void Exchange::State::on(const ShowKeepAlive& wish) {
  KeepAliveReport report;
  report.settings = keep_alive.settings();
  report.figures = keep_alive.figures();
  report.answers = counters.get(Counter::KeepAliveAnswers) + counters.get(Counter::KeepAlives);
  add_reply(actions->replies, wish.request, std::move(report));
}

// What was learned while the input was handled, for operators.
void Exchange::State::tell_of_watch() {
  for (const probe::Question& question : probe_questions) {
    actions->asks.push_back({question.question, question.host, question.port, question.transport});
  }
  probe_questions.clear();
  const auto name_of = [&](std::int64_t id) {
    const directory::EgressGateway* gateway = settings->directory->egress_gateway(id);
    return gateway == nullptr ? std::string() : gateway->name;
  };
  for (const probe::News& news : probe_news) {
    const bool offline = live.egress.read(news.gateway).offline;
    const std::string gateway = name_of(news.gateway);
    actions->tells.push_back(
        {news.alive ? Severity::Info : Severity::Warning,
         news.alive ? "gateway_address_up" : "gateway_address_down", 0,
         gateway + ": " + news.address.text() +
             (news.alive ? " answers OPTIONS again and gets calls"
                         : " does not answer OPTIONS and gets no calls") +
             (offline ? "; alarm 21002: no address of this gateway is left" : "")});
  }
  probe_news.clear();
  for (const call::Pause& pause : pauses) {
    actions->tells.push_back({Severity::Warning, "gateway_rests", 0,
                              "alarm 21002: " + name_of(pause.gateway) + " answered " +
                                  std::to_string(pause.status) + " and gets no calls for " +
                                  std::to_string(pause.length.count()) + " s (Retry-After)"});
  }
  pauses.clear();
  for (const sip::Path& path : silent) keep_alive.unanswered(path);
  silent.clear();
  for (const call::LearnedMethod& each : learned) {
    const bool update = each.how == facts::Refreshing::ByUpdate;
    actions->tells.push_back({Severity::Info, "refresh_method_learned", 0,
                              each.device + " answered " + std::to_string(each.status) + " to " +
                                  (update ? "re-INVITE" : "UPDATE") +
                                  ": its sessions are refreshed by " +
                                  std::string(to_text(each.how))});
  }
  learned.clear();
}

}  // namespace tandem::exchange
