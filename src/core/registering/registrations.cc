#include "core/registering/registrations.h"

#include <algorithm>
#include <utility>

#include "base/limits.h"
#include "base/owner.h"
#include "core/leg/signal_transport.h"
#include "core/leg/tokens.h"

namespace tandem::registering {
namespace {

using directory::OutboundRegistration;

constexpr seconds kUsualExpire{3'600};   // SS_SIP_USER_AGENT_EXPIRE Auto
constexpr seconds kShortestHold{5};      // between two refreshes, whatever is granted
constexpr seconds kLongestAnswer{30};    // of the DNS
constexpr seconds kLeaveWait{4};         // for the answer to an un-registration
constexpr milliseconds kSpread{10};      // between the beginnings of many
constexpr int kSlowFactor = 10;          // of the retry delay: most, and after a rejection

bool is_waiting_for_answer(State state) {
  return state == State::Registering || state == State::Refreshing ||
         state == State::Unregistering;
}

// What the registrar knows us by: with another one it is another registration.
bool is_same_binding(const OutboundRegistration& a, const OutboundRegistration& b) {
  return a.server == b.server && a.user == b.user && a.domain() == b.domain() &&
         a.transport == b.transport && a.local_ip == b.local_ip && a.local_port == b.local_port &&
         a.own_contact_user() == b.own_contact_user();
}

bool is_asked_the_same_way(const OutboundRegistration& a, const OutboundRegistration& b) {
  return a.sip_proxy.host == b.sip_proxy.host && a.sip_proxy.port == b.sip_proxy.port &&
         a.signal_port == b.signal_port && a.digest_user() == b.digest_user() &&
         a.password == b.password && a.expire == b.expire && a.keep_alive == b.keep_alive;
}

std::string where(const Registration& one) {
  return one.path() == nullptr ? one.row.server : one.path()->peer.text();
}

std::string what_happened(const Registration& one) {
  return one.answer == 0 ? one.phrase : std::to_string(one.answer) + ' ' + one.phrase;
}

}  // namespace

// ---- what is wanted

void Registrations::adopt(Desk& desk, const directory::Directory& directory) {
  if (stopping_) return;
  const auto present = by_entity_;
  for (const auto& [entity, id] : present) {
    Registration& one = *all_.find(id);
    const OutboundRegistration* after = directory.outbound_registration(entity);
    if (after == nullptr || !after->enabled || !is_same_binding(one.row, *after)) {
      leave(desk, id, true);
      continue;
    }
    const bool again = !is_asked_the_same_way(one.row, *after);
    one.row = *after;
    if (again) take(desk, id, Event::Begin);
  }
  Instant begin = desk.now.mono;
  for (const OutboundRegistration& row : directory.outbound_registrations()) {
    desk.live.registrations.at(row.id).capacity = row.capacity;
    if (!row.enabled || by_entity_.contains(row.id)) continue;
    const RegistrationId id = all_.insert();
    Registration& one = *all_.find(id);
    one.row = row;
    one.since = desk.now.wall;
    one.call_id = leg::make_call_id(desk.exchange, desk.rng.next(), desk.rng.next());
    one.tag = leg::make_tag({desk.exchange, {}, std::uint32_t(desk.rng.next())});
    one.due = begin;
    begin += kSpread;
    by_entity_[row.id] = id;
    arm(desk, id, one);
  }
}

void Registrations::stop(Desk& desk) {
  stopping_ = true;
  const bool sending = desk.parameters.sip_user_agent_send_unregister;
  for (const auto& [entity, id] : std::exchange(by_entity_, {})) leave(desk, id, sending);
}

bool Registrations::retry(Desk& desk, std::int64_t entity) {
  const auto found = by_entity_.find(entity);
  if (found == by_entity_.end()) return false;
  take(desk, found->second, Event::Begin);
  return true;
}

// Lets it go with a word when something is or may be bound.
void Registrations::leave(Desk& desk, RegistrationId id, bool sending) {
  Registration& one = *all_.find(id);
  show_calls(desk, one, false);
  one.current = false;
  by_entity_.erase(one.row.id);
  const bool bound = one.bound_until != kNever || is_waiting_for_answer(one.state);
  take(desk, id, sending && bound && one.path() != nullptr ? Event::Leave : Event::Stop);
}

// ---- what happens

void Registrations::on_response(Desk& desk, RegistrationId id, transaction::ClientId transaction,
                                const sip::Message& response) {
  Registration* one = all_.find(id);
  if (one == nullptr || !(one->transaction == transaction) || response.status() < 200) return;
  one->transaction = {};
  take(desk, id, judge(desk, *one, response));
}

void Registrations::on_transaction_event(Desk& desk, RegistrationId id,
                                         const transaction::TransactionEvent& event) {
  Registration* one = all_.find(id);
  if (one == nullptr || !(one->transaction == event.client)) return;
  one->transaction = {};
  one->answer = 0;
  one->retry_after = seconds(0);
  one->phrase = event.kind == transaction::TransactionEventKind::Timeout
                    ? "no answer from " + where(*one)
                    : "nothing can be sent to " + where(*one);
  take(desk, id, judge_silence(*one));
}

void Registrations::on_timer(Desk& desk, RegistrationId id) {
  Registration* one = all_.find(id);
  if (one == nullptr) return;
  one->timer = {};
  const Instant now = desk.now.mono;
  if (now >= one->keep_alive_at) {
    one->keep_alive_at = now + desk.parameters.sip_nat_keep_alive_period;
    // RFC 5626 §3.5.1.
    if (const sip::Path* path = one->path()) desk.outbox.send(*path, "\r\n\r\n");
  }
  if (now >= one->bound_until) lapse(desk, *one);
  if (now < one->due) return arm(desk, id, *one);
  one->due = kNever;
  if (one->state == State::Resolving) one->phrase = "no address of " + one->row.server;
  take(desk, id, Event::Due);
}

void Registrations::on_resolved(Desk& desk, RegistrationId id,
                                const std::vector<sip::Path>& targets) {
  Registration* one = all_.find(id);
  if (one == nullptr || one->state != State::Resolving) return;
  take(desk, id, aim(desk, *one, targets));
}

void Registrations::on_path_failed(Desk& desk, const sip::Path& path) {
  if (!path.reliable()) return;  // an ICMP message proves nothing about what is bound
  for (const auto& [entity, id] : std::map(by_entity_)) {
    const sip::Path* used = all_.find(id)->path();
    if (used == nullptr || used->peer != path.peer || used->transport != path.transport) continue;
    take(desk, id, Event::PathLost);
  }
}

// ---- what follows

void Registrations::take(Desk& desk, RegistrationId id, Event event) {
  while (event != Event::Count) {
    Registration* one = all_.find(id);
    if (one == nullptr) return;
    const Step taken = step(one->state, event);
    if (taken.effect == Effect::Ignore) break;
    if (taken.next != one->state) one->since = desk.now.wall;
    one->state = taken.next;
    event = carry_out(desk, id, *one, taken.effect);
  }
  if (Registration* one = all_.find(id)) arm(desk, id, *one);
}

Event Registrations::carry_out(Desk& desk, RegistrationId id, Registration& one, Effect effect) {
  one.due = kNever;
  switch (effect) {
    case Effect::Resolve:
      return resolve(desk, id, one);
    case Effect::Register: {
      const OutboundRegistration& row = one.row;
      const seconds wanted =
          row.expire != 0 ? seconds(row.expire) : desk.parameters.sip_user_agent_expire;
      const seconds last = one.granted > seconds(0) ? one.granted : kUsualExpire;
      one.asked = wanted > seconds(0) ? wanted : last;
      one.answered = one.prolonged = 0;
      return send(desk, id, one);
    }
    case Effect::Answer:
    case Effect::Prolong:
      if (one.state == State::Unregistering) one.due = desk.now.mono + kLeaveWait;
      return send(desk, id, one);
    case Effect::Hold:
      hold(desk, one);
      break;
    case Effect::Wait:
      wait(desk, one);
      break;
    case Effect::Suspend:
      suspend(desk, one);
      break;
    case Effect::Unregister:
      one.asked = seconds(0);
      one.answered = one.prolonged = 0;
      one.due = desk.now.mono + kLeaveWait;
      one.bound_until = one.keep_alive_at = kNever;
      return send(desk, id, one);
    case Effect::Forget:
      forget(desk, id, one);
      break;
    case Effect::Ignore:
    case Effect::Count:
      break;
  }
  return Event::Count;
}

Event Registrations::resolve(Desk& desk, RegistrationId id, Registration& one) {
  const OutboundRegistration& row = one.row;
  give_up(desk, one);
  const bool proxied = !row.sip_proxy.host.empty();
  const std::string& host = proxied ? row.sip_proxy.host : row.server;
  const std::uint16_t port =
      proxied && row.sip_proxy.port != 0 ? row.sip_proxy.port : row.signal_port;
  const sip::Transport transport = leg::transport_of(row.transport);
  if (const auto ip = IpAddress::parse(host)) {
    sip::Path path;
    path.transport = transport;
    path.peer = {*ip, sip::port_at(transport, port)};
    return aim(desk, one, {path});
  }
  const std::uint64_t question = question_of(owner_word(Owner::Kind::Registration, id));
  desk.questions.push_back({question, host, port, transport});
  one.due = desk.now.mono + kLongestAnswer;
  return Event::Count;
}

// Takes the addresses we can send to from where the row says.
Event Registrations::aim(Desk& desk, Registration& one, const std::vector<sip::Path>& targets) {
  const OutboundRegistration& row = one.row;
  std::vector<sip::Path> usable;
  for (sip::Path path : targets) {
    const auto local = leg::local_for(desk.locals, path, row.local_ip, row.local_port);
    if (!local || usable.size() >= kMaxRegistrarTargets) continue;
    path.local = *local;
    usable.push_back(path);
  }
  one.answer = 0;
  if (usable.empty()) {
    one.phrase = targets.empty() ? "no address of " + row.server
                                 : "no address of ours to reach " + row.server + " from";
    return Event::Unresolvable;
  }
  one.targets = std::move(usable);
  one.target = 0;
  return Event::Resolved;
}

// The answer to an earlier REGISTER is of no interest any more.
void Registrations::give_up(Desk& desk, Registration& one) {
  desk.transactions.give_up(one.transaction);
  one.transaction = {};
}

Event Registrations::send(Desk& desk, RegistrationId id, Registration& one) {
  give_up(desk, one);
  const auto reserved = desk.transactions.reserve_client();
  const std::string_view request =
      write_register(desk, {hasher_, reserved.branch()}, one);
  const transaction::User user{owner_word(Owner::Kind::Registration, id), 0};
  const bool sent = !request.empty() &&
                    desk.transactions.start_client(desk.now.mono, reserved,
                                                   transaction::ClientKind::NonInvite, *one.path(),
                                                   request, user, desk.outbox);
  if (sent) {
    one.transaction = reserved.id;
    return Event::Count;
  }
  desk.transactions.abandon_reserved(reserved);
  one.answer = 0;
  one.phrase = "no room for another request";
  return Event::Unreachable;
}

void Registrations::hold(Desk& desk, Registration& one) {
  const Instant now = desk.now.mono;
  const OutboundRegistration& row = one.row;
  if (one.bound_until == kNever || one.failures > 0) {
    desk.news.push_back({Weight::Info, "registered",
                         row.name + ": registered as " + row.user + '@' + row.domain() + " at " +
                             where(one) + " for " + std::to_string(one.granted.count()) + " s"});
  }
  one.failures = 0;
  one.bound_until = now + one.granted;
  one.registered_until = desk.now.wall + one.granted;
  // 70 to 85 % of it: soon enough to be tried again, and not all at one moment.
  const std::int64_t share = 70 + std::int64_t(desk.rng.below(16));
  one.due = now + std::max<milliseconds>(milliseconds(one.granted) * share / 100, kShortestHold);
  if (!row.keep_alive) {
    one.keep_alive_at = kNever;
  } else if (one.keep_alive_at == kNever) {
    one.keep_alive_at = now + desk.parameters.sip_nat_keep_alive_period;
  }
  show_calls(desk, one, true);
}

// Twice as long after each failure, up to kSlowFactor times the delay.
void Registrations::wait(Desk& desk, Registration& one) {
  const OutboundRegistration& row = one.row;
  const seconds delay = row.retry_delay != 0 ? seconds(row.retry_delay)
                                             : desk.parameters.sip_user_agent_retry_delay;
  const int factor = std::min(kSlowFactor, 1 << std::min(one.failures, 4u));
  const seconds pause = std::max<seconds>(delay * factor, one.retry_after);
  ++one.failures;
  const std::uint64_t tenth = std::uint64_t(milliseconds(pause).count()) / 10;
  one.due = desk.now.mono + pause + milliseconds(std::int64_t(desk.rng.below(tenth + 1)));
  desk.news.push_back({Weight::Warning, "registration_failed",
                       row.name + ": " + what_happened(one) + "; tried again in " +
                           std::to_string(pause.count()) + " s"});
}

void Registrations::suspend(Desk& desk, Registration& one) {
  const OutboundRegistration& row = one.row;
  const seconds delay = row.retry_delay != 0 ? seconds(row.retry_delay)
                                             : desk.parameters.sip_user_agent_retry_delay;
  const seconds pause = std::max<seconds>(delay * kSlowFactor, one.retry_after);
  ++one.failures;
  one.due = desk.now.mono + pause;
  one.bound_until = one.keep_alive_at = kNever;
  show_calls(desk, one, false);
  const bool unproved = one.answer == 401 || one.answer == 407;
  std::string why = what_happened(one);
  if (unproved) why += row.password.empty() ? ", and no password is set" : ": wrong password";
  desk.news.push_back({Weight::Error, "registration_refused",
                       row.name + ": " + where(one) + " refuses " + row.user + '@' + row.domain() +
                           ": " + why + "; tried again in " + std::to_string(pause.count()) +
                           " s, or as soon as it is changed"});
}

void Registrations::lapse(Desk& desk, Registration& one) {
  one.bound_until = one.keep_alive_at = kNever;
  show_calls(desk, one, false);
  desk.news.push_back({Weight::Error, "registration_lapsed",
                       one.row.name + ": expired before it could be prolonged: " +
                           (one.state == State::Refreshing ? "no answer yet" : what_happened(one))});
}

void Registrations::forget(Desk& desk, RegistrationId id, Registration& one) {
  show_calls(desk, one, false);
  give_up(desk, one);
  desk.wheel.cancel(one.timer);
  if (one.current) by_entity_.erase(one.row.id);
  all_.erase(id);
}

// One that has been replaced says nothing more about calls.
void Registrations::show_calls(Desk& desk, const Registration& one, bool registered) {
  if (!one.current) return;
  facts::RegistrationLive& live = desk.live.registrations.at(one.row.id);
  live.registered = registered;
  if (const sip::Path* path = one.path()) live.path = *path;
}

void Registrations::arm(Desk& desk, RegistrationId id, Registration& one) {
  const Instant due = std::min({one.due, one.bound_until, one.keep_alive_at});
  if (due == kNever) {
    desk.wheel.cancel(one.timer);
    one.timer = {};
  } else if (!desk.wheel.rearm(one.timer, due)) {
    one.timer = desk.wheel.arm(due, owner_word(Owner::Kind::Registration, id));
  }
}

// ---- what others may know

std::vector<View> Registrations::views(const directory::Directory& directory,
                                       const facts::Live& live) const {
  std::vector<View> views;
  for (const OutboundRegistration& row : directory.outbound_registrations()) {
    View& view = views.emplace_back();
    view.id = row.id;
    view.name = row.name;
    view.enabled = row.enabled;
    const facts::RegistrationLive& shown = live.registrations.read(row.id);
    view.registered = shown.registered;
    view.calls = shown.calls;
    const auto found = by_entity_.find(row.id);
    const Registration* one = found == by_entity_.end() ? nullptr : all_.find(found->second);
    if (one == nullptr) continue;
    view.state = one->state;
    view.since = one->since;
    if (one->bound_until != kNever) view.registered_until = one->registered_until;
    view.answer_time = one->answer_time;
    view.answer = one->answer;
    view.phrase = one->phrase;
    view.failures = one->failures;
    if (const sip::Path* path = one->path()) {
      view.address = std::string(sip::name_of(path->transport)) + ':' + path->peer.text();
    }
  }
  return views;
}

bool Registrations::consistent() const {
  bool fine = true;
  std::size_t current = 0;
  all_.for_each([&](RegistrationId id, const Registration& one) {
    if (one.current) {
      const auto found = by_entity_.find(one.row.id);
      fine = fine && found != by_entity_.end() && found->second == id;
      ++current;
    }
    // Somebody has to lead it on: a timer, or the transaction of its request.
    const bool waits = one.due != kNever || one.transaction;
    fine = fine && waits && bool(one.timer) == (std::min({one.due, one.bound_until,
                                                          one.keep_alive_at}) != kNever);
  });
  return fine && current == by_entity_.size();
}

}  // namespace tandem::registering
