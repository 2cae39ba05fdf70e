// The laws as the world asks for them: after every input, and at the end.

#include <algorithm>

#include "base/limits.h"
#include "sim/laws.h"
#include "sim/world.h"

namespace tandem::sim {
namespace {

// Most datagrams one input may cause: a message touches one call, a Tick serves many timers.
constexpr std::size_t kMostForMessage = 64;
constexpr std::size_t kMostForTick = 64 * 16;

constexpr seconds kLongestLeast{900};  // Min-SE of a party
constexpr std::string_view kOutsiders = "198.18.0.";  // who never was a peer

}  // namespace

// A peer we know may send us to others: by Contact, Record-Route, Via.
void World::learn_named(const std::string& bytes) {
  for (std::size_t at = bytes.find(kOutsiders); at != std::string::npos;
       at = bytes.find(kOutsiders, at + 1)) {
    const auto ip = IpAddress::parse(bytes.substr(at, kOutsiders.size() + 1));
    if (ip) named_.insert(*ip);
  }
}

void World::judge_output(const Input& input, Nature nature) {
  const auto& datagrams = actions_.outbox.datagrams();
  const auto* received = std::get_if<exchange::Received>(&input);
  const std::size_t most = received != nullptr ? kMostForMessage : kMostForTick;
  if (datagrams.size() > most && !std::holds_alternative<exchange::Adopt>(input)) {
    broken("one input causes a bounded output", std::to_string(datagrams.size()) + " messages", "");
  }
  for (const sip::Outbox::Datagram& datagram : datagrams) judge_message(datagram, nature);
  // Who is not known gets at most one answer to what he sent, not much larger, and nothing else.
  const bool stranger = received != nullptr && !known(received->path.peer.ip);
  std::size_t answers = 0;
  for (const sip::Outbox::Datagram& datagram : datagrams) {
    const IpAddress& to = datagram.path.peer.ip;
    if (known(to) || named_.contains(to)) continue;
    if (!stranger || to != received->path.peer.ip) {
      broken("nothing is sent to who was never a peer", datagram.path.peer.text(), "");
    } else if (++answers > 1) {
      broken("a stranger gets one answer", std::string(datagram.bytes.substr(0, 40)), "");
    } else if (datagram.bytes.size() > 2 * received->bytes.size()) {
      broken("no amplification for strangers",
             std::to_string(datagram.bytes.size()) + " for " +
                 std::to_string(received->bytes.size()) + "\n" + std::string(received->bytes),
             "");
    }
  }
  if (exchange_->live_calls() > kMaxCalls || exchange_->live_transactions() > kMaxTransactions) {
    broken("no table exceeds its maximum", "", "");
  }
  if (actions_.drained && exchange_->live_calls() != 0) {
    broken("drained means that no call is left", "", "");
  }
  judge_replies(input);
}

void World::judge_message(const sip::Outbox::Datagram& datagram, Nature cause) {
  const auto text = wire::take_apart(datagram.bytes);
  const auto host = by_address_.find(datagram.path.peer);
  int number = host == by_address_.end() ? -1 : host->second;
  if (datagram.path.connection != 0) {
    const auto stream = streams_.find(datagram.path.connection);
    if (stream != streams_.end()) number = stream->second.host;
  }
  if (!text) return broken("nothing malformed is sent", std::string(datagram.bytes), "");
  const bool whole =
      text->is_request() || (cause != Nature::Improper && ledger_.answers_proper(*text));
  const std::string wrong = message_law(datagram.bytes, whole ? Demand::Whole : Demand::Form);
  ledger_.sent(now_, *text, datagram.bytes, number);
  sessions_.sent(now_, *text, number);
  dispatch_.sent(now_, *text, number);
  const std::string call = ledger_.call_of(*text);
  if (!wrong.empty()) {
    broken("nothing malformed is sent", wrong + "\n" + std::string(datagram.bytes), call);
  }
  if (number < 0) return;
  const Host& to = population_.hosts[std::size_t(number)];
  std::string own = to.address.ip.text();
  own = own.substr(own.find_last_of(".:") + 1);
  // A server that is asked about a call is told which one it is (call-handling.md 17.3).
  std::string_view shown = datagram.bytes;
  if (std::ranges::count(population_.servers, number) != 0) {
    shown = shown.substr(0, shown.find("X-Tandem-Ingress:"));
  }
  const std::string named = hiding_law(shown, own, to.domain());
  if (!named.empty() && whole) {
    broken("no leg learns of the other one's network", named + "\n" + std::string(datagram.bytes),
           call);
  }
  if (text->method() == "INVITE" && text->status() >= 200) ++outcome_.statuses[text->status()];
}

void World::judge_replies(const Input& input) {
  const bool question = std::holds_alternative<exchange::ListCalls>(input) ||
                        std::holds_alternative<exchange::HangUp>(input) ||
                        std::holds_alternative<exchange::Explain>(input) ||
                        std::holds_alternative<exchange::Status>(input);
  if (actions_.replies.size() != (question ? 1u : 0u)) {
    return broken("a command has one reply", std::to_string(actions_.replies.size()), "");
  }
  if (!question) return;
  const exchange::Reply& reply = actions_.replies.front();
  if (reply.request != last_request_) return broken("a reply names its request", "", "");
  if (const auto* list = std::get_if<exchange::CallList>(&reply.value)) {
    std::int64_t before = 0;
    for (const exchange::CallView& call : list->calls) {
      if (call.flow_no <= before) broken("calls are listed by their flow number", "", "");
      before = call.flow_no;
      listed_.push_back(call.flow_no);
    }
    if (list->total != exchange_->live_calls()) broken("the total counts every live call", "", "");
  }
  if (const auto* status = std::get_if<exchange::StatusReport>(&reply.value)) {
    for (const exchange::GatewayView& gateway : status->gateways) {
      if (climate_.edits != 0) break;  // a capacity may be lowered under what it carries
      for (const auto& egress : current_.egress_gateways) {
        if (egress.name == gateway.name && gateway.kind == "egress" && egress.capacity != 0 &&
            gateway.calls > std::uint64_t(egress.capacity)) {
          broken("no gateway carries more than its capacity", gateway.name, "");
        }
      }
    }
  }
}

void World::judge_end() {
  if (exchange_->live_calls() != 0 || exchange_->live_transactions() != 0) {
    exchange::Actions actions;
    exchange_->handle({now_, wall()}, exchange::Status{0}, actions);
    std::string left;
    const auto* report = std::get_if<exchange::StatusReport>(&actions.replies.front().value);
    for (const char* gauge : {"calls", "legs", "transactions", "timers"}) {
      for (const auto& [name, value] : report->counters) {
        if (name == gauge) left += std::to_string(value) + " " + name + " ";
      }
    }
    exchange::ListCalls list{};
    list.limit = 10;
    exchange_->handle({now_, wall()}, list, actions);
    for (const auto& call : std::get<exchange::CallList>(actions.replies.back().value).calls) {
      left += call.caller_call_id + " ";
    }
    return broken("nothing is left when all is quiet", left, "");
  }
  const directory::Parameters& parameters = population_.source.parameters;
  ledger_.settle(parameters.billing_record_illegal_call &&
                 parameters.billing_record_server_hang_up &&
                 parameters.billing_record_zero_hold_time);
  for (const std::int64_t flow_no : promised_) {
    if (!ledger_.has_record(flow_no)) {
      broken("every answered call has a record, crash or not", std::to_string(flow_no), "");
    }
  }
  write_keeps();
  if (kept_count() != 0) broken("nothing is kept of a call that is over", "", "");
  if (climate_.calm) judge_polite();
}

// Who is polite, calls who is polite, and nothing is wrong with the network: it must succeed.
void World::judge_polite() {
  for (const Caller* caller : callers_) {
    const std::string& number = caller->number();
    const std::string& call_id = caller->call_id();
    const bool polite = call_id.find("@h0.sim") != std::string::npos;  // the first customer
    if (!polite || number.compare(0, 2, "44") != 0 || deaths_.contains(number)) continue;
    const cdr::Cdr* record = ledger_.record_of(call_id);
    if (record == nullptr) {
      broken("polite calls have a record", call_id, number);
      continue;
    }
    if (!caller->answered()) {
      // The callee wants a longer interval than the operator of the switch allows.
      const bool too_long = caller->final_status() == 422 &&
                            population_.source.parameters.sip_session_ttl_ceiling < kLongestLeast;
      if (!caller->gave_up() && !too_long) {
        broken("polite calls succeed",
               cause::code_of(record->end_reason, record->end_detail) + " " +
                   std::to_string(caller->final_status()),
               number);
      }
      continue;
    }
    const Instant answered = ledger_.answered_at(record->callee_call_id);
    const Instant bye = std::min(ledger_.bye_at(call_id), ledger_.bye_at(record->callee_call_id));
    if (record->answer_time == UtcTime{} || answered == kNever || bye == kNever ||
        record->hold_time_ms != (bye - answered).count()) {
      broken("polite calls have the right talk time", std::to_string(record->hold_time_ms) + " ms",
             number);
    }
  }
}

}  // namespace tandem::sim
