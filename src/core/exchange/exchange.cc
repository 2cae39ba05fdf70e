#include "core/exchange/exchange.h"

#include <algorithm>

#include "base/archive.h"
#include "base/owner.h"
#include "base/siphash.h"
#include "core/exchange/state.h"
#include "core/leg/tokens.h"

namespace tandem::exchange {
namespace {

using stats::Counter;

// Due timers handled by one Tick: a storm of equal deadlines is served in slices, so that messages
// in between are never late.
constexpr int kTimersPerTick = 64;

// First word of a save; changes whenever what follows does.
constexpr std::uint32_t kSaveVersion = 22;

std::shared_ptr<const call::Settings> settings_of(
    std::shared_ptr<const directory::Directory> directory) {
  const directory::Parameters& parameters = directory->parameters();
  call::Settings settings;
  settings.timers.t1 = parameters.sip_t1;
  settings.timers.t2 = parameters.sip_t2;
  settings.timers.t4 = parameters.sip_t4;
  settings.timers.non_invite_timeout = parameters.sip_timeout_non_invite;
  settings.timers.ack_timeout = parameters.sip_timeout_ack;
  settings.timers.cancel_wait = parameters.sip_cancel_wait;
  settings.timers.invite_resend = parameters.sip_resend_interval;
  for (const directory::IngressGateway& gateway : directory->ingress_gateways()) {
    settings.answers_by_via |= gateway.response_address != directory::ResponseAddress::SourceSocket;
  }
  for (const directory::Phone& phone : directory->phones()) {
    settings.answers_by_via |= phone.response_address != directory::ResponseAddress::SourceSocket;
  }
  settings.directory = std::move(directory);
  return std::make_shared<const call::Settings>(std::move(settings));
}

Severity severity_of(registering::Weight weight) {
  switch (weight) {
    case registering::Weight::Info:
      return Severity::Info;
    case registering::Weight::Warning:
      return Severity::Warning;
    case registering::Weight::Error:
      break;
  }
  return Severity::Error;
}

}  // namespace

std::string_view to_text(CallState state) {
  switch (state) {
    case CallState::Offered:
      return "offered";
    case CallState::Attempting:
      return "attempting";
    case CallState::Alerting:
      return "alerting";
    case CallState::Answered:
      return "answered";
    case CallState::Releasing:
      return "releasing";
  }
  return "";
}

void Actions::clear() {
  outbox.clear();
  keeps.clear();
  cdrs.clear();
  asks.clear();
  look_ups.clear();
  replies.clear();
  tells.clear();
  received_call = 0;
  drained = false;
}

Exchange::State::State(const Identity& who,
                       std::shared_ptr<const directory::Directory> configuration)
    : identity(who),
      settings(settings_of(std::move(configuration))),
      rng(who.seed),
      transactions(who.number, {who.seed[2] ^ 0x7461, who.seed[3] ^ 0x6e64}, wheel),
      registrar(wheel),
      gate(who.seed),
      keep_alive({who.seed[1] ^ 0x6b65, who.seed[2] ^ 0x6570}),
      scratch(sip::kMaxMessage) {
  transactions.use(settings->timers);
  live.regroup(*settings->directory);
  name_locals();
  char token[17];
  std::snprintf(token, sizeof token, "%016llx",
                static_cast<unsigned long long>(who.seed[0] * 0x9e3779b97f4a7c15u));
  loop_token = token;
  watch_later();
  credentials.use(settings->directory);
  // What registers can only begin when there is a clock: with the first Tick.
  if (!settings->directory->outbound_registrations().empty()) {
    wheel.arm(Instant{}, owner_word(Owner::Kind::Registration, registering::RegistrationId{}));
  }
}

Exchange::Exchange(const Identity& identity,
                   std::shared_ptr<const directory::Directory> directory)
    : state_(std::make_unique<State>(identity, std::move(directory))) {}
Exchange::~Exchange() = default;
Exchange::Exchange(Exchange&&) noexcept = default;

void Exchange::handle(Now now, const Input& input, Actions& actions) {
  State& state = *state_;
  state.now = now;
  state.actions = &actions;
  state.records_before = actions.cdrs.size();
  if (state.adopting && !std::holds_alternative<Kept>(input)) state.end_adoption();
  std::visit([&](const auto& happened) { state.on(happened); }, input);
  state.finish_input();
}

Instant Exchange::next_deadline() const {
  return std::min({state_->wheel.next_deadline(), state_->drain_deadline,
                   state_->keep_alive.next_deadline()});
}

leg::Context Exchange::State::context(const call::Call* of) {
  const call::Settings& used = of != nullptr ? of->settings() : *settings;
  leg::Context made{.now = now,
                    .directory = *used.directory,
                    .parameters = used.directory->parameters(),
                    .live = settings->directory->parameters(),
                    .timers = used.timers,
                    .transactions = transactions,
                    .credentials = credentials,
                    .wheel = wheel,
                    .rng = rng,
                    .outbox = actions->outbox,
                    .events = events,
                    .kept = kept,
                    .changed = changed,
                    .confirmed = confirmed,
                    .locals = locals,
                    .scratch = scratch,
                    .head = head,
                    .session = session,
                    .exchange = identity.number,
                    .jitter = identity.jitter,
                    .flow_no = 0};
  transactions.act_for(of != nullptr ? &used.timers : nullptr);
  if (of != nullptr) {
    made.flow_no = std::uint64_t(of->flow_no());
    actions->received_call = made.flow_no;
  }
  return made;
}

registering::Desk Exchange::State::registering_desk() {
  return {.now = now,
          .parameters = settings->directory->parameters(),
          .transactions = transactions,
          .wheel = wheel,
          .rng = rng,
          .outbox = actions->outbox,
          .locals = locals,
          .scratch = scratch,
          .live = live,
          .questions = registrar_questions,
          .news = registration_news,
          .exchange = identity.number};
}

call::Desk Exchange::State::desk(leg::Context& at) {
  return {at, legs, live, registrar, presence(), actions->cdrs, questions, pauses, silent, learned,
          inquiries, inquiry_desk(at), ported, loop_token};
}

// Events travel leg -> call -> other leg -> ... until nobody has anything to say.
void Exchange::State::settle() {
  for (std::size_t i = 0;;) {
    on_transaction_events();
    if (tell_inquiry_news()) continue;
    if (i >= events.size()) break;
    const leg::Event event = events[i++];
    const leg::Leg* leg = legs.find(event.leg);
    if (leg == nullptr) continue;
    const call::CallId id = call::CallId::unpack(leg->call());
    call::Call* call = calls.find(id);
    if (call == nullptr) continue;
    leg::Context at = context(call);
    call::Desk with = desk(at);
    call->on_event(with, event);
    touched.push_back(id);
  }
  events.clear();
  kept.clear();
}

void Exchange::State::on_transaction_events() {
  while (!transaction_events.empty()) {
    const std::vector<transaction::TransactionEvent> batch = std::exchange(transaction_events, {});
    for (const transaction::TransactionEvent& event : batch) {
      const Owner owner = Owner::unpack(event.user);
      if (owner.kind == Owner::Kind::Probe) {
        probe::Desk at = probe_desk();
        probes.on_transaction_event(at, {owner.slot, owner.generation}, event.client);
        continue;
      }
      if (owner.kind == Owner::Kind::Registration) {
        registering::Desk at = registering_desk();
        registrations.on_transaction_event(at, registration_of(owner), event);
        continue;
      }
      if (owner.kind == Owner::Kind::Inquiry) {
        on_inquiry_event(event);
        continue;
      }
      leg::Leg* leg = leg_of(event.user);
      if (leg == nullptr) continue;
      leg::Context at = context(calls.find(call::CallId::unpack(leg->call())));
      leg->on_transaction_event(at, event);
    }
  }
}

void Exchange::State::drop_ended() {
  if (!changed.empty() || !confirmed.empty()) keep_changed();
  for (const call::CallId id : touched) {
    const call::Call* call = calls.find(id);
    if (call == nullptr || !call->over()) continue;
    counters.add(Counter::CallsEnded);
    counters.add(Counter::AttemptsMade, call->record().attempts.size());
    if (call->record().answer_time != UtcTime{}) counters.add(Counter::CallsAnswered);
    if (call->record().attempts.empty()) counters.add(Counter::CallsRefused);
    if (!awaited.empty()) {
      const auto waits = awaited.find(call->record().caller_call_id);
      if (waits != awaited.end() && waits->second == id.packed()) awaited.erase(waits);
    }
    calls.erase(id);
  }
  touched.clear();
  transactions.act_for(nullptr);  // the calls may be gone with their timers
}

void Exchange::State::finish_input() {
  settle();
  drop_ended();
  keep_bindings();
  counters.add(Counter::RecordsWritten, actions->cdrs.size() - records_before);
  for (const call::AddressQuestion& question : questions) {
    actions->asks.push_back({question.question, question.host, question.port, question.transport});
  }
  questions.clear();
  ask_for_inquiries();
  for (const registering::Question& question : registrar_questions) {
    actions->asks.push_back({question.question, question.host, question.port, question.transport});
  }
  registrar_questions.clear();
  for (registering::News& each : registration_news) {
    actions->tells.push_back({severity_of(each.weight), each.event, 0, std::move(each.text)});
  }
  registration_news.clear();
  for (const std::string& name : credentials.take_refused()) {
    actions->tells.push_back({Severity::Warning, "credentials_refused", 0,
                              name + " refuses our user name or password for calls"});
  }
  tell_of_watch();
  if (!live.measured.empty()) keep_quality(false);
  if (!live.destinations.changed.empty() || !live.destinations.gone.empty()) {
    keep_destinations(false);
  }
  if (live.draining && !drain_told && calls.size() == 0 && registrations.empty()) {
    drain_told = true;
    drain_deadline = kNever;
    actions->drained = true;
    keep_quality(true);
    keep_destinations(true);
  }
}

void Exchange::State::on(const Tick&) {
  if (now.mono >= drain_deadline) {
    drain_deadline = kNever;
    hang_up_all(cause::EndReason::ServerShutdown);
    settle();
  }
  TimerWheel::Fired fired;
  for (int served = 0; served < kTimersPerTick && wheel.pop_due(now.mono, fired); ++served) {
    serve_timer(fired);
    settle();
    drop_ended();
  }
  serve_keep_alive();
}

// Those of the call that sent the request.
const transaction::Timers* Exchange::State::timers_of_user(const transaction::User* user) {
  const leg::Leg* leg = user == nullptr ? nullptr : leg_of(user->owner);
  const call::Call* call = leg == nullptr ? nullptr : calls.find(call::CallId::unpack(leg->call()));
  return call == nullptr ? nullptr : &call->settings().timers;
}

void Exchange::State::serve_timer(const TimerWheel::Fired& fired) {
  const Owner owner = Owner::unpack(fired.owner);
  switch (owner.kind) {
    case Owner::Kind::ServerTransaction:
    case Owner::Kind::ClientTransaction:
      transactions.act_for(timers_of_user(transactions.user_of(owner)));
      transactions.on_timer(now.mono, owner, actions->outbox, transaction_events);
      break;
    case Owner::Kind::Leg:
      if (leg::Leg* leg = legs.find({owner.slot, owner.generation})) {
        leg::Context at = context(calls.find(call::CallId::unpack(leg->call())));
        leg->on_timer(at);
      }
      break;
    case Owner::Kind::Probe: {
      if (owner.generation == 0) return watch_configured();  // armed when the exchange was made
      probe::Desk at = probe_desk();
      probes.on_timer(at, {owner.slot, owner.generation});
      break;
    }
    case Owner::Kind::Binding:
      registrar.on_timer({owner.slot, owner.generation});
      break;
    case Owner::Kind::Registration: {
      registering::Desk at = registering_desk();
      if (owner.generation == 0) {
        registrations.adopt(at, *settings->directory);  // armed when the exchange was made
      } else {
        registrations.on_timer(at, registration_of(owner));
      }
      break;
    }
    case Owner::Kind::Inquiry:
      on_inquiry_timer({owner.slot, owner.generation});
      break;
    case Owner::Kind::Call:
      if (call::Call* call = calls.find({owner.slot, owner.generation})) {
        leg::Context at = context(call);
        call::Desk with = desk(at);
        call->on_timer(with);
        touched.push_back({owner.slot, owner.generation});
      }
      break;
  }
}

namespace {

bool ask_one_lrn_server(const directory::Parameters& a, const directory::Parameters& b) {
  return a.lrn_server_ip == b.lrn_server_ip && a.lrn_server_port == b.lrn_server_port &&
         a.lrn_server_protocol == b.lrn_server_protocol;
}

}  // namespace

void Exchange::State::on(const Adopt& adopt) {
  if (!ask_one_lrn_server(settings->directory->parameters(), adopt.directory->parameters()))
    ported.clear();
  settings = settings_of(adopt.directory);
  live.regroup(*settings->directory);
  if (settings->directory->parameters().gateway_quality_prefix_min_calls == 0) {
    live.destinations.clear();
  }
  transactions.use(settings->timers);
  name_locals();
  watch_configured();
  credentials.use(settings->directory);
  registering::Desk at = registering_desk();
  registrations.adopt(at, *settings->directory);
}

// What is written into Via and Contact: behind a static NAT not the address we are bound to.
void Exchange::State::name_locals() {
  const IpAddress& outside = settings->directory->parameters().sip_public_ip;
  locals.clear();
  own_addresses.clear();
  for (const Identity::Listener& listener : identity.listeners) {
    const IpAddress& ip = listener.address.ip;
    const bool behind_nat =
        !outside.none() && !ip.is_loopback() && ip.is_v4() == outside.is_v4();
    const Endpoint named = behind_nat ? Endpoint{outside, listener.address.port} : listener.address;
    locals.push_back({listener.transport, listener.address, named.text()});
    own_addresses.push_back({listener.transport, listener.address});
  }
}

void Exchange::State::on(const PathFailed& failed) {
  transactions.on_path_failed(now.mono, failed.path, transaction_events);
  keep_alive.lost(failed.path);
  registering::Desk at = registering_desk();
  registrations.on_path_failed(at, failed.path);
}

void Exchange::State::on(const Resolved& resolved) {
  if (is_owners_question(resolved.question)) {
    const Owner owner = Owner::unpack(owner_of_question(resolved.question));
    if (owner.kind == Owner::Kind::Probe) {
      probe::Desk at = probe_desk();
      return probes.on_resolved(at, {owner.slot, owner.generation}, resolved.targets);
    }
    if (owner.kind == Owner::Kind::Inquiry) {
      return on_inquiry_address({owner.slot, owner.generation}, resolved.targets);
    }
    if (owner.kind != Owner::Kind::Registration) return;
    registering::Desk at = registering_desk();
    return registrations.on_resolved(at, registration_of(owner), resolved.targets);
  }
  const call::CallId id = call::AddressQuestion::call_of(resolved.question);
  call::Call* call = calls.find(id);
  if (call == nullptr) return;
  leg::Context at = context(call);
  call::Desk with = desk(at);
  call->on_resolved(with, resolved.question, resolved.targets);
  touched.push_back(id);
}

bool Exchange::consistent() const {
  const State& state = *state_;
  bool fine = state.transactions.consistent() && state.probes.consistent() &&
              state.registrar.consistent() && state.registrations.consistent();
  std::int64_t admitted = 0;
  facts::Live recount;
  recount.regroup(*state.settings->directory);
  state.calls.for_each([&](call::CallId, const call::Call& call) {
    fine = fine && call.consistent(state.legs);
    if (call.state() != call::State::Offered && call.state() != call::State::Releasing) ++admitted;
    call.count(recount);
  });
  return fine && admitted == state.live.calls && recount.counts_like(state.live);
}

std::size_t Exchange::live_calls() const { return state_->calls.size(); }

std::size_t Exchange::live_transactions() const {
  return state_->transactions.size() + state_->legs.size() + state_->wheel.size();
}

std::string Exchange::save() const {
  Saver saver;
  saver(kSaveVersion, state_->identity.number);
  state_->fields(saver);
  return std::move(saver).take();
}

std::unique_ptr<Exchange> Exchange::restore(
    const Identity& identity, std::shared_ptr<const directory::Directory> directory,
    std::string_view saved) {
  auto exchange = std::make_unique<Exchange>(identity, std::move(directory));
  Loader loader(saved);
  std::uint32_t version = 0;
  std::uint8_t number = 0;
  loader(version, number);
  if (loader.failed() || version != kSaveVersion || number != identity.number) return nullptr;
  State& state = *exchange->state_;
  state.fields(loader);
  if (loader.failed() || !loader.at_end()) return nullptr;
  state.calls.for_each([&](call::CallId, call::Call& call) { call.use(state.settings); });
  state.live.regroup(*state.settings->directory);
  return exchange;
}

}  // namespace tandem::exchange
