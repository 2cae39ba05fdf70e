#include "shell/process/loop.h"

#include <time.h>

#include <algorithm>
#include <utility>

namespace tandem::process {
namespace {

using exchange::Reply;

constexpr std::chrono::microseconds kSlow{5000};
constexpr milliseconds kLookAfter{1000};
constexpr milliseconds kOverloadOver{5000};  // nothing was refused for so long
constexpr milliseconds kTimersWait{20};  // for messages, at most
// After the last call of a drain: what peers repeat is answered a little longer.
constexpr milliseconds kLinger{500};
// Beyond the grace of a drain: the longest an ordered release takes (Timer F, RFC 3261 §17.1.2).
constexpr milliseconds kReleaseLimit{40'000};
// Among the numbers of calls, which are positive: the number of a registered contact.
constexpr std::uint64_t kContact = std::uint64_t{1} << 63;

void sleep_for(std::chrono::microseconds time) {
  timespec left{.tv_sec = time.count() / 1'000'000, .tv_nsec = time.count() % 1'000'000 * 1000};
  ::clock_nanosleep(CLOCK_MONOTONIC, 0, &left, nullptr);
}

// Puts the number into a command that has an answer.
void set_request(exchange::Input& input, std::uint64_t number) {
  std::visit(
      [number](auto& command) {
        if constexpr (requires { command.request; }) command.request = number;
      },
      input);
}

net::PeerPolicy policy_of(directory::VerifyPeer verify) {
  switch (verify) {
    case directory::VerifyPeer::Off:
      return net::PeerPolicy::Off;
    case directory::VerifyPeer::Optional:
      return net::PeerPolicy::Optional;
    case directory::VerifyPeer::Required:
      return net::PeerPolicy::Required;
  }
  return net::PeerPolicy::Required;
}

}  // namespace

Loop::Loop(const Parts& parts, exchange::Exchange exchange,
           std::shared_ptr<const directory::Directory> directory)
    : parts_(parts), exchange_(std::move(exchange)) {
  use(std::move(directory));
}

void Loop::run() {
  bool more = false;
  while (!stop_wanted_.load(std::memory_order_relaxed) && now_.mono < end_at_) {
    rest(more);
    more = round();
  }
  parts_.journal.write();
}

// Looks which sockets are ready, after a pause that suits the load.
void Loop::rest(bool more) {
  if (!more && pace_.wait() == Pace::Wait::Sleep) {
    if (pace_.sleep().count() > 0) sleep_for(pace_.sleep());
    more = true;
  }
  parts_.network.wait(more ? milliseconds(0) : until_deadline());
}

milliseconds Loop::until_deadline() const {
  const Instant next = std::min({exchange_.next_deadline(), end_at_, look_after_at_});
  return std::clamp(next - now_.mono, milliseconds(0), kLookAfter);
}

// True when there is more to do at once.
bool Loop::round() {
  const clock::Reading reading = clock_.read();
  now_ = reading.now;
  this_round_ = {};
  take_letters();
  bool more = parts_.network.receive(*this, now_.mono);
  take_news();
  more = serve_timers(more) || more;
  watch_load(reading.precise);
  finish_round();
  if (now_.mono >= look_after_at_) look_after();
  pace_.note(reading.precise, this_round_, directory_->parameters().loop_sleep);
  watch(reading.precise);
  return more || !failed_.empty();
}

void Loop::on_message(const sip::Path& path, std::string_view bytes) {
  actions_.received_call = 0;
  const std::size_t kept_before = actions_.keeps.size();
  handle(exchange::Received{path, bytes});
  if (path.reliable()) hold_for_contacts(path, kept_before);
  const std::uint64_t call = actions_.received_call;
  parts_.trace.add({now_.wall, call, false, path, bytes});
  if (call != 0) parts_.network.belongs_to(path, call);
  ++this_round_.messages;
  if (bytes.starts_with("REGISTER ")) ++this_round_.registers;
}

// A connection over which a contact was registered stays open for it, however long it is silent.
void Loop::hold_for_contacts(const sip::Path& path, std::size_t first) {
  for (std::size_t i = first; i < actions_.keeps.size(); ++i) {
    const exchange::Keep& each = actions_.keeps[i];
    if (each.kind != exchange::KeptKind::Binding || each.bytes.empty()) continue;
    parts_.network.call_ended(each.id | kContact);  // where it was before
    parts_.network.belongs_to(path, each.id | kContact);
  }
}

void Loop::take_letters() {
  std::shared_ptr<const directory::Directory> directory;
  if (drain_wanted_.load(std::memory_order_relaxed) && !drain_begun_) {
    begin_draining(directory_->parameters().stop_grace_time);
  }
  if (release_wanted_.load(std::memory_order_relaxed) && !release_begun_) {
    release_begun_ = true;
    begin_draining(milliseconds(0));
  }
  if (!mailbox_.take(letters_, directory)) return;
  if (directory != nullptr) {
    handle(exchange::Adopt{directory});
    use(std::move(directory));
  }
  for (Letter& letter : letters_) {
    const std::uint64_t number = ++last_request_;
    set_request(letter.command, number);
    if (letter.answer) questions_.emplace(number, std::move(letter.answer));
    handle(letter.command);
  }
  letters_.clear();
}

void Loop::begin_draining(milliseconds grace) {
  drain_begun_ = true;
  end_at_ = now_.mono + grace + kReleaseLimit;
  handle(exchange::Drain{.limit = grace});
}

void Loop::use(std::shared_ptr<const directory::Directory> directory) {
  directory_ = std::move(directory);
  const directory::Parameters& parameters = directory_->parameters();
  parts_.network.apply({.tcp = {.idle_timeout = parameters.sip_tcp_idle_timeout,
                                .close_with_reset = parameters.sip_tcp_close_reset,
                                .tls_peers = policy_of(parameters.sip_tls_verify_peer)},
                        .tos = parameters.qos_signal});
  parts_.trace.resize(std::size_t(parameters.trace_megabytes) << 20);
}

// What the network learned beside messages.
void Loop::take_news() {
  parts_.network.take_failed(failed_);
  for (const sip::Path& path : failed_) handle(exchange::PathFailed{path});
  failed_.clear();
  parts_.network.take_answers(now_.mono, names_);
  for (net::NameAnswer& name : names_) {
    handle(exchange::Resolved{name.question, std::move(name.targets), name.time_to_live});
  }
  names_.clear();
}

// One slice of what is due. Messages that wait go first: when many calls end at once a slice makes
// more of them than a round takes, and what comes in would wait for all the calls to end. True when
// more is due.
bool Loop::serve_timers(bool messages_wait) {
  if (exchange_.next_deadline() > now_.mono) return false;
  if (messages_wait && now_.mono < timers_served_at_ + kTimersWait) return true;
  timers_served_at_ = now_.mono;
  handle(exchange::Tick{});
  return exchange_.next_deadline() <= now_.mono;
}

// First the journal, then the wire: what a peer was told is never forgotten.
void Loop::finish_round() {
  record();
  watch_storage();
  send();
  answer();
  if (actions_.drained) {
    const bool settled = exchange_.live_transactions() == 0;
    end_at_ = std::min(end_at_, settled ? now_.mono : now_.mono + kLinger);
  }
  actions_.clear();
}

void Loop::record() {
  bool relied_on = false;
  for (const exchange::Keep& each : actions_.keeps) relied_on |= keep(each);
  for (std::size_t i = 0; i < actions_.cdrs.size(); ++i) {
    const cdr::RecordList::Entry each = actions_.cdrs[i];
    parts_.network.call_ended(static_cast<std::uint64_t>(each.flow_no));
    if (parts_.journal.append(journal::RecordType::Cdr, each.bytes)) continue;
    ++counters_.records_lost;
    parts_.log.write({Severity::Error, "record_lost",
                      "the journal takes no more records; this call is not recorded",
                      each.flow_no});
  }
  if (relied_on || !actions_.cdrs.empty()) parts_.journal.write();
}

// True when it must be written before anything is sent.
bool Loop::keep(const exchange::Keep& each) {
  if (each.kind == exchange::KeptKind::Binding && each.bytes.empty()) {
    parts_.network.call_ended(each.id | kContact);
  }
  record_.clear();
  journal::append_kept_head(record_, static_cast<std::uint8_t>(each.kind), each.id);
  // Who registered registers again; what a call is owed is known to nobody else.
  const auto sync =
      each.kind == exchange::KeptKind::Binding ? journal::Sync::Later : journal::Sync::Soon;
  const bool taken = parts_.journal.append(journal::RecordType::Keep, record_, each.bytes, sync);
  if (!taken) ++counters_.keeps_lost;
  return each.by == exchange::KeepBy::Sending;
}

void Loop::remember(const journal::KeptRecord& record) {
  now_ = clock_.read().now;
  handle(exchange::Kept{.kind = static_cast<exchange::KeptKind>(record.kind),
                        .id = record.id,
                        .bytes = record.bytes});
}

// The exchange refuses new calls while their records might not be kept.
void Loop::watch_storage() {
  const bool faulty = parts_.journal.faulty();
  if (faulty == storage_faulty_) return;
  storage_faulty_ = faulty;
  handle(exchange::StorageFault{faulty});
  const std::string text = faulty ? parts_.journal.fault_text() : std::string();
  if (faulty) {
    parts_.log.error("storage_fault", text);
  } else {
    parts_.log.info("storage_recovered", "call records are kept again; new calls are taken");
  }
  const std::lock_guard lock(alarm_mutex_);
  alarm_ = text;
}

void Loop::send() {
  this_round_.sent = actions_.outbox.datagrams().size();
  parts_.network.send(actions_.outbox, now_.mono);
  for (const sip::Outbox::Datagram& each : actions_.outbox.datagrams()) {
    parts_.trace.add({now_.wall, each.call, true, each.path, each.bytes});
  }
  parts_.trace.publish();
  // Told to the exchange in the next round, which begins at once.
  parts_.network.take_failed(failed_);
}

void Loop::answer() {
  for (const exchange::Ask& each : actions_.asks) {
    parts_.network.ask({each.question, each.host, each.port, each.transport, each.secure},
                       now_.mono);
  }
  for (exchange::LookUp& each : actions_.look_ups) look_ups_.ask(std::move(each), now_.mono);
  for (exchange::Reply& reply : actions_.replies) {
    const auto question = questions_.find(reply.request);
    if (question == questions_.end()) continue;
    if (auto* report = std::get_if<exchange::StatusReport>(&reply.value)) add_counters(*report);
    if (question->second) question->second(std::move(reply));
    questions_.erase(question);
  }
  for (const exchange::Tell& each : actions_.tells) {
    parts_.log.write({each.severity, each.event, each.text, each.flow_no});
  }
}

void Loop::look_after() {
  look_after_at_ = now_.mono + kLookAfter;
  parts_.network.look_after(now_.mono);
  parts_.journal.write();  // what a fault holds up, and what was kept without haste
  parts_.log.tell_left_out();
}

// New calls are thinned out while messages come faster than they are handled.
void Loop::watch_load(Watch precise) {
  if (precise < load_seen_at_ + Overload::kWindow) return;
  const Overload::Window window{.length = precise - std::exchange(load_seen_at_, precise),
                                .busy = std::exchange(busy_, Watch(0)),
                                .waiting = parts_.network.waiting()};
  const int share = Overload::share(window, directory_->parameters().overload_cpu_percent);
  if (share > 0) overload_seen_at_ = precise;
  tell_of_overload(precise);
  if (share != thinned_) handle(exchange::ThinOut{thinned_ = share});
}

// Once when it begins, and when it has been over for a while.
void Loop::tell_of_overload(Watch precise) {
  const bool overloaded = precise - overload_seen_at_ < kOverloadOver;
  if (overloaded == std::exchange(overloaded_, overloaded)) return;
  if (overloaded) {
    parts_.log.write({Severity::Warning, "overload",
                      "messages come faster than they are handled; new calls are thinned out"});
  } else {
    parts_.log.info("overload_over", "all new calls are taken again");
  }
}

void Loop::watch(Watch begun) {
  const Watch took = clock_.read().precise - begun;
  busy_ += took;
  ++counters_.rounds;
  counters_.longest = std::max(counters_.longest, took);
  if (took <= kSlow) return;
  ++counters_.slow_rounds;
  parts_.log.write(
      {Severity::Debug, "slow_round", "a round took " + std::to_string(took.count()) + " us"});
}

void Loop::add_counters(exchange::StatusReport& report) const {
  const net::NetworkCounters network = parts_.network.counters();
  auto& counters = report.counters;
  counters.emplace_back("datagrams_received", network.udp.received);
  counters.emplace_back("datagrams_sent", network.udp.sent);
  counters.emplace_back("datagram_trains_sent", network.udp.trains);
  counters.emplace_back("datagrams_not_sent", network.udp.not_sent);
  counters.emplace_back("stream_messages_received", network.tcp.received);
  counters.emplace_back("stream_messages_sent", network.tcp.sent);
  counters.emplace_back("connections", network.connections);
  counters.emplace_back("connections_accepted", network.tcp.accepted);
  counters.emplace_back("connections_opened", network.tcp.opened);
  counters.emplace_back("connections_refused", network.tcp.refused);
  counters.emplace_back("connections_failed", network.tcp.failed);
  counters.emplace_back("connections_idle", network.tcp.idle);
  counters.emplace_back("tls_sessions", network.tcp.tls_sessions);
  counters.emplace_back("tls_sessions_failed", network.tcp.tls_sessions_failed);
  counters.emplace_back("tls_peers_unverified", network.tcp.tls_peers_unverified);
  counters.emplace_back("websockets_refused", network.tcp.websockets_refused);
  counters.emplace_back("paths_failed", network.paths_failed);
  counters.emplace_back("names_asked", network.names_asked);
  counters.emplace_back("records_lost", counters_.records_lost);
  counters.emplace_back("keeps_lost", counters_.keeps_lost);
  counters.emplace_back("calls_thinned_per_thousand", std::uint64_t(thinned_));
  counters.emplace_back("loop_rounds", counters_.rounds);
  counters.emplace_back("loop_rounds_over_5_ms", counters_.slow_rounds);
  counters.emplace_back("loop_longest_us", static_cast<std::uint64_t>(counters_.longest.count()));
}

void Loop::post(exchange::Input command, std::function<void(exchange::Reply)> answer) {
  if (mailbox_.post({std::move(command), std::move(answer)})) parts_.network.wake();
}

void Loop::adopt(std::shared_ptr<const directory::Directory> directory) {
  mailbox_.adopt(std::move(directory));
  parts_.network.wake();
}

void Loop::drain() {
  drain_wanted_ = true;
  parts_.network.wake();
}

void Loop::release() {
  drain_wanted_ = true;
  release_wanted_ = true;
  parts_.network.wake();
}

void Loop::stop() {
  stop_wanted_ = true;
  parts_.network.wake();
}

std::string Loop::alarm() const {
  const std::lock_guard lock(alarm_mutex_);
  return alarm_;
}

}  // namespace tandem::process
