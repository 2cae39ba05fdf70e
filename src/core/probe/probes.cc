#include "core/probe/probes.h"

#include <algorithm>

#include "base/limits.h"
#include "base/owner.h"
#include "core/leg/signal_transport.h"
#include "core/leg/tokens.h"
#include "core/probe/options_request.h"

namespace tandem::probe {
namespace {

using directory::CodeRange;
using directory::EgressGateway;

Target target_of(const EgressGateway& gateway, const directory::GatewayAddress& address) {
  const bool name = address.ip.none();
  Target target;
  target.gateway = gateway.id;
  target.host = address.host;
  target.ip = address.ip;
  target.port = name || address.port != 0 ? address.port : gateway.signal_port;
  target.transport = leg::transport_of(gateway.transport);
  target.local_ip = gateway.local_ip;
  target.local_port = gateway.local_port;
  return target;
}

bool counts_as_alive(const std::vector<CodeRange>& codes, int status) {
  return std::any_of(codes.begin(), codes.end(), [status](const CodeRange& range) {
    return range.first <= status && status <= range.second;
  });
}

}  // namespace

void Probes::adopt(Desk& desk, const directory::Directory& directory) {
  std::vector<Target> wanted;
  for (const EgressGateway& gateway : directory.egress_gateways()) {
    // One that registers is kept alive where it is registered.
    if (!gateway.options_check || gateway.registers()) continue;
    for (const auto& address : gateway.remote_ips) wanted.push_back(target_of(gateway, address));
  }
  std::sort(wanted.begin(), wanted.end());
  wanted.erase(std::unique(wanted.begin(), wanted.end()), wanted.end());
  std::vector<ProbeId> gone;
  for (const auto& [target, id] : by_target_) {
    if (!std::binary_search(wanted.begin(), wanted.end(), target)) gone.push_back(id);
  }
  for (const ProbeId id : gone) forget(desk, id);
  for (const Target& target : wanted) {
    if (by_target_.count(target) == 0) watch(desk, target);
  }
}

void Probes::watch(Desk& desk, const Target& target) {
  if (probes_.size() >= kMaxProbes) return;
  Probe probe;
  probe.target = target;
  probe.path.transport = target.transport;
  if (!target.ip.none()) probe.path.peer = {target.ip, target.port};
  const ProbeId id = probes_.insert(std::move(probe));
  by_target_[target] = id;
  by_gateway_[target.gateway].push_back(id);
  const auto period = milliseconds(desk.parameters.sip_options_check_period);
  follow(desk, id, milliseconds(desk.rng.below(std::uint64_t(period.count()))));
}

void Probes::forget(Desk& desk, ProbeId id) {
  Probe* probe = probes_.find(id);
  if (probe == nullptr) return;
  for (const ProbeId address : std::exchange(probe->addresses, {})) forget(desk, address);
  desk.wheel.cancel(probe->timer);
  const Target target = probe->target;
  if (!probe->name) by_target_.erase(target);
  std::erase(by_gateway_[target.gateway], id);
  probes_.erase(id);
  recount(desk, target.gateway);
  if (by_gateway_[target.gateway].empty()) by_gateway_.erase(target.gateway);
}

void Probes::follow(Desk& desk, ProbeId id, milliseconds wait) {
  Probe& probe = *probes_.find(id);
  desk.wheel.cancel(probe.timer);
  probe.timer = desk.wheel.arm(desk.now.mono + wait, owner_word(Owner::Kind::Probe, id));
}

// A period is over: what was not answered in it will not be waited for.
void Probes::on_timer(Desk& desk, ProbeId id) {
  Probe* probe = probes_.find(id);
  if (probe == nullptr) return;
  follow(desk, id, desk.parameters.sip_options_check_period);
  if (probe->is_name()) {
    desk.questions.push_back({question_of(owner_word(Owner::Kind::Probe, id)), probe->target.host,
                              probe->target.port, probe->target.transport});
    return;
  }
  if (probe->waiting) feed(desk, *probe, false);
  ask(desk, id, *probe);
}

void Probes::ask(Desk& desk, ProbeId id, Probe& probe) {
  const auto local =
      leg::local_for(desk.locals, probe.path, probe.target.local_ip, probe.target.local_port);
  if (!local) return feed(desk, probe, false);
  probe.path.local = *local;
  const transaction::ReservedClient reserved = desk.transactions.reserve_client();
  const std::string tag = leg::make_tag({desk.exchange, {}, std::uint32_t(desk.rng.next())});
  const std::string call_id = leg::make_call_id(desk.exchange, desk.rng.next(), desk.rng.next());
  const std::string peer = probe.path.peer.text();
  const std::string& host = probe.target.ip.none() ? probe.target.host : peer;
  const std::string_view request =
      write_options({probe.path, host, reserved.branch(), tag, call_id}, desk.parameters,
                    desk.locals[*local], desk.scratch);
  probe.running = reserved.id;
  probe.waiting = true;
  const bool begun = !request.empty() &&
                     desk.transactions.start_client(
                         desk.now.mono, reserved, transaction::ClientKind::NonInvite, probe.path,
                         request, {owner_word(Owner::Kind::Probe, id), 0}, desk.outbox);
  if (begun) return;
  // No room for it here says nothing of the address.
  desk.transactions.abandon_reserved(reserved);
  probe.waiting = false;
}

// Also a late answer to an earlier probe shows that the address lives.
void Probes::on_response(Desk& desk, ProbeId id, int status) {
  Probe* probe = probes_.find(id);
  if (probe == nullptr || status < 200) return;
  probe->status = std::uint16_t(status);
  probe->answered = desk.now.mono;
  probe->waiting = false;
  feed(desk, *probe, counts_as_alive(desk.parameters.sip_options_check_ok_codes, status));
}

// No answer came, or nothing could be sent.
void Probes::on_transaction_event(Desk& desk, ProbeId id, transaction::ClientId transaction) {
  Probe* probe = probes_.find(id);
  if (probe == nullptr || !probe->waiting || !(probe->running == transaction)) return;
  probe->waiting = false;
  feed(desk, *probe, false);
}

// What a name leads to is watched from now on, and nothing else of it. A name that leads nowhere
// for once keeps what it led to.
void Probes::on_resolved(Desk& desk, ProbeId id, const std::vector<sip::Path>& targets) {
  Probe* name = probes_.find(id);
  if (name == nullptr || targets.empty()) return;
  std::vector<ProbeId> kept;
  const std::size_t count = std::min(targets.size(), kMaxProbesOfName);
  const auto period = milliseconds(desk.parameters.sip_options_check_period);
  const std::vector<ProbeId> before = name->addresses;
  const auto leads_there = [&](const sip::Path& path) {
    return std::any_of(targets.begin(), targets.begin() + std::ptrdiff_t(count),
                       [&](const sip::Path& target) {
                         return target.peer == path.peer && target.transport == path.transport;
                       });
  };
  std::vector<sip::Path> known;
  for (const ProbeId address : before) {
    const Probe& probe = *probes_.find(address);
    if (leads_there(probe.path)) {
      kept.push_back(address);
      known.push_back(probe.path);
    }
  }
  for (const ProbeId address : before) {
    if (std::find(kept.begin(), kept.end(), address) == kept.end()) forget(desk, address);
  }
  for (std::size_t i = 0; i < count && probes_.size() < kMaxProbes; ++i) {
    const bool there = std::any_of(known.begin(), known.end(), [&](const sip::Path& path) {
      return path.peer == targets[i].peer && path.transport == targets[i].transport;
    });
    if (there) continue;
    Probe probe;
    probe.target = probes_.find(id)->target;
    probe.path = targets[i];
    probe.name = id;
    known.push_back(probe.path);
    const ProbeId added = probes_.insert(std::move(probe));
    by_gateway_[probes_.find(id)->target.gateway].push_back(added);
    kept.push_back(added);
    // The first of a name at once: its turn was drawn already.
    const bool first = before.empty() && i == 0;
    follow(desk, added,
           first ? milliseconds(0) : milliseconds(desk.rng.below(std::uint64_t(period.count()))));
  }
  Probe& after = *probes_.find(id);
  after.addresses = std::move(kept);
  recount(desk, after.target.gateway);
}

void Probes::feed(Desk& desk, Probe& probe, bool answered) {
  if (answered) {
    probe.missed = 0;
  } else if (probe.missed < UINT16_MAX) {
    ++probe.missed;
  }
  const Event event = answered ? Event::Answered
                      : probe.missed >= desk.parameters.sip_options_check_fail_count
                          ? Event::MissedOften
                          : Event::Missed;
  const Step taken = step(probe.state, event);
  probe.state = taken.next;
  switch (taken.effect) {
    case Effect::None:
    case Effect::Count:
      return;
    case Effect::TakeOut:
    case Effect::TakeIn:
      break;
  }
  recount(desk, probe.target.gateway);
  desk.news.push_back({probe.target.gateway, probe.path.peer, taken.effect == Effect::TakeIn});
}

void Probes::recount(Desk& desk, std::int64_t gateway) {
  std::vector<Endpoint> dead;
  bool all = true;
  for (const ProbeId id : by_gateway_[gateway]) {
    const Probe& probe = *probes_.find(id);
    const bool is_dead = probe.state == State::Dead;
    if (is_dead) dead.push_back(probe.path.peer);
    // A name that was never found out may still lead somewhere.
    all = all && (probe.is_name() ? !probe.addresses.empty() : is_dead);
  }
  facts::GatewayLive& live = desk.live.egress.at(gateway);
  live.offline = all && !dead.empty();
  live.dead = std::move(dead);
}

std::vector<const Probe*> Probes::of_gateway(std::int64_t gateway) const {
  std::vector<const Probe*> found;
  const auto known = by_gateway_.find(gateway);
  if (known == by_gateway_.end()) return found;
  for (const ProbeId id : known->second) found.push_back(probes_.find(id));
  return found;
}

bool Probes::consistent() const {
  std::size_t listed = 0;
  bool fine = true;
  for (const auto& [gateway, ids] : by_gateway_) {
    listed += ids.size();
    for (const ProbeId id : ids) {
      const Probe* probe = probes_.find(id);
      fine = fine && probe != nullptr && probe->target.gateway == gateway;
    }
  }
  return fine && listed == probes_.size();
}

}  // namespace tandem::probe
