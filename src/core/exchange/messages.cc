// What comes in from peers: which transaction, which leg, or which answer at once.

#include "base/limits.h"
#include "base/owner.h"
#include "base/text.h"
#include "core/exchange/state.h"
#include "core/leg/header_policy.h"
#include "core/leg/tokens.h"
#include "core/leg/writing.h"
#include "core/screening/screening.h"
#include "core/sip/headers.h"

namespace tandem::exchange {

using sip::HeaderId;
using sip::Method;
using stats::Counter;
using transaction::Verdict;

namespace {

// RFC 3261 §8.1.3.3: more than our own Via says that an answer was meant for somebody else. Asked
// before any transaction hears of it: one that took the answer for its own would end unheard.
bool went_astray(const sip::Message& response) {
  sip::ValueWalker vias(response, HeaderId::Via);
  return vias.next() && vias.next();
}

// A stream is cut by Content-Length: what does not fit its own was not read to the end, because it
// is larger than any message may be. The connection closes after the answer.
bool announced_too_large(const Received& received, const sip::ParseError& error) {
  if (!received.path.reliable() || error.status == 0) return false;
  return error.kind == sip::ParseErrorKind::ShortBody ||
         received.bytes.size() >= sip::kMaxMessage;
}

}  // namespace

void Exchange::State::on(const Received& received) {
  counters.add(Counter::MessagesReceived);
  if (scanner.banned(received.path.peer.ip, now.mono)) {
    return counters.add(Counter::MessagesBanned);
  }
  heard_contact = keep_alive.heard(now.mono, received.path);
  sip::ParseError error = sip::parse(received.bytes, message);
  if (error.kind == sip::ParseErrorKind::KeepAlive) return counters.add(Counter::KeepAlives);
  if (is_echo(received.path, error)) return counters.add(Counter::KeepAliveAnswers);
  if (announced_too_large(received, error)) error = {sip::ParseErrorKind::TooLarge, 0, {}, 513};
  if (error.kind != sip::ParseErrorKind::None) return on_malformed(error, received.path);
  const int limit = settings->directory->parameters().sip_max_message_size;
  if (message.is_request() && received.bytes.size() > std::size_t(limit)) {
    if (message.method() != Method::Ack) answer_stateless(received.path, 513);
    return;
  }
  if (message.is_response() && went_astray(message)) return counters.add(Counter::ResponsesStray);
  const bool registers = message.is_request() && message.method() == Method::Register;
  if (registers) foresee_registration();
  if (registers && !message.has(HeaderId::Authorization) && message.to().tag.empty()) {
    return on_register(received.path, {});
  }
  const auto keys = transactions.keys_of(message);
  const Verdict verdict = transactions.classify(now.mono, message, keys, received.path,
                                                actions->outbox);
  if (!(verdict.server == transaction::ServerId{}) && verdict.kind != Verdict::Kind::Repeated) {
    transactions.answer_to(verdict.server, usual_answer_path(received.path));
  }
  switch (verdict.kind) {
    case Verdict::Kind::Absorbed:
      if (message.is_request() && message.method() != Method::Ack) {
        counters.add(Counter::Retransmissions);
      }
      break;
    case Verdict::Kind::Repeated:
      counters.add(Counter::Retransmissions);
      confirm_again(received.path, verdict.server);
      break;
    case Verdict::Kind::NewRequest:
      on_request(received.path, verdict);
      break;
    case Verdict::Kind::Merged:
      counters.add(Counter::RequestsMerged);
      answer(received.path, verdict.server, 482);
      break;
    case Verdict::Kind::Cancel:
      // RFC 3261 §9.2: the CANCEL itself is answered whatever becomes of the INVITE.
      answer(received.path, verdict.server, 200);
      if (leg::Leg* leg = leg_of(verdict.user)) {
        leg::Context at = context(calls.find(call::CallId::unpack(leg->call())));
        leg->on_cancel(at, verdict.cancelled, message);
      }
      break;
    case Verdict::Kind::CancelUnknown:
      answer(received.path, verdict.server, 481);
      break;
    case Verdict::Kind::AckToUser:
      on_request(received.path, verdict);
      break;
    case Verdict::Kind::Response:
      on_response(received.path, verdict);
      break;
    case Verdict::Kind::StrayResponse:
      on_stray_response();
      break;
    case Verdict::Kind::Refused:
      counters.add(Counter::TransactionsRefused);
      if (message.method() != Method::Ack) answer_stateless(received.path, 503, "Retry-After: 5\r\n");
      break;
  }
}

void Exchange::State::on_stray_response() {
  // The OPTIONS of the keep-alive has no transaction.
  if (heard_contact && message.cseq().method == Method::Options) {
    return counters.add(Counter::KeepAliveAnswers);
  }
  counters.add(Counter::ResponsesStray);
  if (message.status() / 100 != 2 || message.cseq().method != Method::Invite) return;
  const auto token = leg::parse_tag(message.from().tag);
  if (!token || token->exchange != identity.number) return;
  leg::Leg* leg = legs.find(token->leg);
  if (leg == nullptr) return;
  leg::Context at = context(calls.find(call::CallId::unpack(leg->call())));
  leg->on_stray_accepted(at, message);
}

// The leg among the users of transactions; nullptr when it is gone, or another kind of user.
leg::Leg* Exchange::State::leg_of(std::uint64_t user) {
  const Owner owner = Owner::unpack(user);
  return owner.kind == Owner::Kind::Leg ? legs.find({owner.slot, owner.generation}) : nullptr;
}

registering::RegistrationId Exchange::State::registration_of(const Owner& owner) {
  return {owner.slot, owner.generation};
}

void Exchange::State::on_response(const sip::Path& path, const Verdict& verdict) {
  const Owner owner = Owner::unpack(verdict.user);
  if (owner.kind == Owner::Kind::Probe) {
    probe::Desk at = probe_desk();
    return probes.on_response(at, {owner.slot, owner.generation}, message.status());
  }
  if (owner.kind == Owner::Kind::Registration) {
    registering::Desk at = registering_desk();
    return registrations.on_response(at, registration_of(owner), verdict.client, message);
  }
  if (owner.kind == Owner::Kind::Inquiry) return on_inquiry_response(path, verdict);
  if (leg::Leg* leg = leg_of(verdict.user)) {
    leg::Context at = context(calls.find(call::CallId::unpack(leg->call())));
    return leg->on_response(at, verdict.client, message, path);
  }
  counters.add(Counter::ResponsesStray);
  if (message.status() / 100 == 2 && transactions.is_initial(verdict.client)) {
    leg::Context at = context(nullptr);
    leg::Leg::drop_stray(at, verdict.client, message, path);
  }
}

// Answers to an ingress gateway or phone go where its response_address says: by default back to where
// it spoke from, with or without rport.
sip::Path Exchange::State::usual_answer_path(const sip::Path& path) {
  const sip::Path back = transaction::response_path(message, path);
  if (path.reliable()) return back;
  const sip::Via& via = message.via();
  const std::uint16_t via_port = via.port != 0 ? via.port : std::uint16_t(5060);
  const bool usual = via.has_rport || via_port == path.peer.port;
  if (usual && !settings->answers_by_via) return back;
  found_gateways.clear();
  settings->directory->ingress_by_address(path.peer.ip, found_gateways);
  std::optional<directory::ResponseAddress> how;
  if (!found_gateways.empty()) {
    how = found_gateways.front()->response_address;
  } else if (const Terminal terminal = terminal_at(path); terminal.who) {
    how = terminal.answers;
  }
  return how ? answer_path(path, *how) : back;
}

// RFC 3261 §18.3, §21.4: a request that can be answered is told what is wrong with it.
void Exchange::State::on_malformed(const sip::ParseError& error, const sip::Path& path) {
  counters.add(Counter::MessagesMalformed);
  if (error.status == 0 || !message.is_request() || message.method() == Method::Ack) return;
  if (message.via().branch.empty() && message.via().host.empty()) return;
  answer_stateless(path, error.status,
                   "Warning: 399 tandem \"" + std::string(to_text(error.kind)) + "\"\r\n");
}

void Exchange::State::answer_stateless(const sip::Path& path, int status,
                                       std::string_view own_lines) {
  send_stateless(path, transaction::response_path(message, path), status, own_lines);
}

void Exchange::State::send_stateless(const sip::Path& path, const sip::Path& back, int status,
                                     std::string_view own_lines) {
  head.clear();
  leg::append_response_head(head, message, path);
  sip::Writer writer(scratch.data(), scratch.size());
  writer.status_line(status, sip::reason_phrase(status));
  writer.raw(head);
  // A stateless answer needs a To tag that is the same for each retransmission.
  const std::string_view to = message.value(HeaderId::To);
  if (message.to().tag.empty() && !to.empty()) {
    untagged.clear();
    leg::append_without_tag(untagged, to);
    writer.header(HeaderId::To, {untagged, ";tag=", loop_token});
  } else if (!to.empty()) {
    writer.header(HeaderId::To, to);
  }
  writer.raw(own_lines);
  writer.finish({});
  if (writer.overflowed()) return;
  actions->outbox.send(back, writer.view());
}

void Exchange::State::answer(const sip::Path& path, transaction::ServerId transaction, int status,
                             std::string_view own_lines) {
  head.clear();
  leg::append_response_head(head, message, path);
  sip::Writer writer(scratch.data(), scratch.size());
  writer.status_line(status, sip::reason_phrase(status));
  writer.raw(head);
  if (message.to().tag.empty()) {
    writer.header(HeaderId::To, {leg::without_tag(message.value(HeaderId::To)), ";tag=",
                                 leg::make_tag({identity.number, {}, std::uint32_t(rng.next())})});
  } else {
    writer.header(HeaderId::To, message.value(HeaderId::To));
  }
  const std::string& product = settings->directory->parameters().sip_user_agent;
  if (!product.empty()) writer.header(HeaderId::Server, product);
  writer.raw(own_lines);
  writer.finish({});
  if (message.method() == Method::Invite && is_stranger(path)) {
    transactions.respond_once(now.mono, transaction, status, writer.view(), actions->outbox);
  } else {
    transactions.respond(now.mono, transaction, status, writer.view(), actions->outbox);
  }
}

void Exchange::State::on_request(const sip::Path& path, const Verdict& verdict) {
  const bool ack = message.method() == Method::Ack;
  if (message.to().tag.empty()) {
    if (ack) return counters.add(Counter::AcksStray);
    return on_initial_request(path, verdict.server);
  }
  const auto token = leg::parse_tag(message.to().tag);
  leg::Leg* leg =
      token && token->exchange == identity.number ? legs.find(token->leg) : nullptr;
  if (leg == nullptr || !leg->matches(message)) {
    if (ack) return counters.add(Counter::AcksStray);
    counters.add(Counter::RequestsOutOfDialog);
    return answer(path, verdict.server, 481);
  }
  leg::Context at = context(calls.find(call::CallId::unpack(leg->call())));
  if (ack) return leg->on_ack(at, message, path);
  transactions.set_user(verdict.server, {owner_word(Owner::Kind::Leg, token->leg), at.flow_no});
  leg->on_request(at, message, path, verdict.server);
}

// An address nobody configured: neither a gateway calls from there nor is one called there.
bool Exchange::State::is_stranger(const sip::Path& path) {
  const directory::Directory& directory = *settings->directory;
  found_gateways.clear();
  directory.ingress_by_address(path.peer.ip, found_gateways);
  return found_gateways.empty() && directory.egress_by_address(path.peer.ip) == nullptr &&
         !registrar.serves(path.peer.ip) && registration_called(path) == nullptr &&
         !terminal_at(path).who;
}

// The outbound registration whose Contact the request in `message` is for, when it comes from where
// that registered; nullptr when there is none.
const directory::OutboundRegistration* Exchange::State::registration_called(
    const sip::Path& path) const {
  if (settings->directory->outbound_registrations().empty()) return nullptr;
  std::vector<const directory::OutboundRegistration*> found;
  std::string user;
  sip::append_unescaped(user, message.request_uri().user_number());
  settings->directory->registrations_by_contact(user, found);
  for (const directory::OutboundRegistration* each : found) {
    const facts::RegistrationLive& at = live.registrations.read(each->id);
    if (at.registered && at.path.peer.ip == path.peer.ip) return each;
  }
  return nullptr;
}

// Step 3 of a call for strangers (call-handling.md 2.1 rule 4): told off, or left without an answer
// to learn from; after too many tries not even heard. Costs no leg and no call.
void Exchange::State::refuse_stranger(const sip::Path& path, transaction::ServerId transaction) {
  counters.add(Counter::RequestsUnknownSource);
  note_stranger(path);
  if (message.method() == Method::Invite) record_refusal(path, cause::EndReason::Unregistered);
  if (!settings->directory->parameters().reply_unauthorized) return transactions.drop(transaction);
  answer(path, transaction, 403);
}

void Exchange::State::note_stranger(const sip::Path& path) {
  const directory::Parameters& parameters = settings->directory->parameters();
  if (scanner.refused(path.peer.ip, now.mono, parameters)) {
    counters.add(Counter::SourcesBanned);
    actions->tells.push_back({Severity::Warning, "source_banned", 0,
                              "ignoring " + path.peer.ip.text() + " for " +
                                  std::to_string(parameters.scanner_ban_time.count()) +
                                  " s: too many refused requests"});
  }
}

// The record of the INVITE in `message`, which never became a call.
void Exchange::State::record_refusal(const sip::Path& path, cause::EndReason reason) {
  call::Call call;
  call.begin(call::CallId{}, next_flow_no(), settings, leg::LegId{});
  leg::Release why;
  why.reason = reason;
  why.q850_cause = cause::row(reason).q850_cause;
  offer_call(call, path, {}, leg::Body{}, &why);
}

void Exchange::State::on_initial_request(const sip::Path& path,
                                         transaction::ServerId transaction) {
  const bool answers_all = settings->directory->parameters().reply_unauthorized;
  const bool probe = message.method() == Method::Options && answers_all;
  if (message.method() == Method::Register) return on_register(path, transaction);
  Terminal from;
  if (message.method() == Method::Invite) {
    if (!identify(path, transaction, from)) return;
  } else if (!probe && is_stranger(path)) {
    return refuse_stranger(path, transaction);
  }
  if (message.max_forwards() == 0 && message.method() != Method::Options) {
    if (message.method() != Method::Invite) return answer(path, transaction, 483);
  }
  const std::string refused =
      leg::unsupported_options(message, settings->directory->parameters().sip_100rel);
  if (!refused.empty() && message.method() != Method::Invite) {  // a call is refused with a record
    return answer(path, transaction, 420, "Unsupported: " + refused + "\r\n");
  }
  if (message.method() == Method::Invite) return on_invite(path, transaction, from);
  // RFC 3261 §8.2.2.1
  if (!is_for_us(message.request_uri().host)) return answer(path, transaction, 404);
  const std::string allow = "Allow: " + std::string(leg::kAllowed) + "\r\n";
  switch (message.method()) {
    case Method::Options:
      return answer(path, transaction, 200,
                    allow + "Accept: application/sdp\r\nSupported: 100rel, timer\r\n");
    case Method::Bye:
    case Method::Prack:
    case Method::Update:
    case Method::Info:
    case Method::Notify:
      counters.add(Counter::RequestsOutOfDialog);
      return answer(path, transaction, 481);
    case Method::Message:
    case Method::Refer:
    case Method::Subscribe:
      return answer(path, transaction, 405, allow);
    case Method::Publish:
      return on_publish(path, transaction, allow);
    case Method::Unknown:
      return answer(path, transaction, 501, allow);
    case Method::Invite:
    case Method::Register:
    case Method::Ack:
    case Method::Cancel:
      return;
  }
}

// The domain is one of ours: named by SS_SIP_LOCAL_DOMAIN, when that names any, or an
// address we listen on or are known by.
bool Exchange::State::is_for_us(std::string_view host) const {
  const directory::Parameters& parameters = settings->directory->parameters();
  if (parameters.sip_local_domain.empty()) return true;
  for (const std::string& domain : parameters.sip_local_domain) {
    if (equal_ignoring_case(domain, host)) return true;
  }
  const auto ip = IpAddress::parse(host);
  if (!ip) return false;
  for (const leg::LocalAddress& local : locals) {
    if (local.address.ip == *ip || *ip == parameters.sip_public_ip) return true;
  }
  return false;
}

// The call came through us more often than SS_SIP_LOOP_MAX allows.
bool Exchange::State::loops() const {
  const directory::Parameters& parameters = settings->directory->parameters();
  if (!parameters.sip_loop_check) return false;
  int passes = 0;
  for (const sip::HeaderField& field : message.headers()) {
    if (field.id == HeaderId::Loop && field.value == loop_token) ++passes;
  }
  return passes > parameters.sip_loop_max;
}

}  // namespace tandem::exchange
