// The half of a leg that was called (UAS): the INVITE until its final answer is acknowledged
// (RFC 3261 §13.3), and reliable provisional answers (RFC 3262 §3).

#include <utility>

#include "base/text.h"
#include "core/leg/header_policy.h"
#include "core/leg/leg.h"
#include "core/leg/tokens.h"
#include "core/leg/writing.h"
#include "core/sip/headers.h"

namespace tandem::leg {
namespace {

using directory::ReliableProvisional;

// The most provisionals that may wait for one another; later ones are news nobody will miss.
constexpr std::size_t kMaxQueuedProvisionals = 8;

Reliability reliability_of(const sip::Message& message, ReliableProvisional policy) {
  if (policy == ReliableProvisional::Off) return Reliability::Off;
  if (sip::lists_token(message, sip::HeaderId::Require, "100rel")) return Reliability::Required;
  if (!sip::lists_token(message, sip::HeaderId::Supported, "100rel")) return Reliability::Off;
  return policy == ReliableProvisional::Required ? Reliability::Required : Reliability::Supported;
}

}  // namespace

std::optional<Release> Leg::open(Context& context, LegId self, const sip::Message& invite,
                                 const sip::Path& path, transaction::ServerId transaction) {
  self_ = self;
  side_ = Side::Ingress;
  path_ = path;
  last_heard_ = context.now.wall;
  call_id_ = invite.call_id();
  local_ = without_tag(invite.value(sip::HeaderId::To));
  remote_ = without_tag(invite.value(sip::HeaderId::From));
  remote_tag_ = invite.from().tag;
  local_tag_ = make_tag({context.exchange, self, std::uint32_t(context.rng.next())});
  routes_ = route_set(invite, false);
  local_user_ = invite.request_uri().user_number();
  remote_cseq_ = invite.cseq().number;
  remote_cseq_known_ = true;
  local_cseq_ = 0;
  learn_peer(context, invite, path);
  reliability_ = reliability_of(invite, rules_.reliable);

  work().invite_server.transaction = transaction;
  work().invite_server.path = context.transactions.answer_path(transaction);
  append_response_head(work().invite_server.head, invite, path, true);
  work().invite_server.to = local_;
  work().invite_server.cseq = remote_cseq_;
  work().invite_server.active = true;
  work().invite_server.initial = true;
  const Body offer = session_body(invite);
  work().invite_server.offered = !offer.empty();
  note_session(offer);

  trying(context);
  return check_invite(invite);
}

void Leg::trying(Context& context) {
  if (!context.parameters.sip_send_trying || !work().invite_server.active) return;
  sip::Writer writer =
      response(context, 100, {}, work().invite_server.head, work().invite_server.to, 0);
  writer.finish({});
  context.transactions.respond(context.now.mono, work().invite_server.transaction, 100,
                               writer.view(), context.outbox);
}

std::optional<Release> Leg::check_invite(const sip::Message& invite) {
  using cause::EndReason;
  const auto policy = rules_.reliable;
  const std::string refused = unsupported_options(invite, policy);
  if (!refused.empty()) {
    work().goodbye = "Unsupported: " + refused + "\r\n";
    return Release{.reason = EndReason::UnsupportedExtension, .sip_status = 420,
                   .own_lines = work().goodbye};
  }
  if (policy == ReliableProvisional::Required && reliability_ == Reliability::Off) {
    work().goodbye = "Require: 100rel\r\n";  // RFC 3261 §21.4.14
    return Release{.reason = EndReason::UnsupportedExtension, .sip_status = 421,
                   .own_lines = work().goodbye};
  }
  if (target_.empty()) {
    return Release{.reason = EndReason::BadRequest, .sip_status = 400,
                   .phrase = "Contact missing or not a SIP URI"};
  }
  const std::string_view encoding = invite.value(sip::HeaderId::ContentEncoding);
  const bool encoded = !encoding.empty() && !equal_ignoring_case(encoding, "identity");
  if (!invite.body().empty() && (encoded || !work().invite_server.offered)) {
    const auto disposition = invite.value(sip::HeaderId::ContentDisposition);
    if (!encoded && disposition.find("handling=optional") != std::string_view::npos) {
      return std::nullopt;
    }
    work().goodbye = "Accept: application/sdp\r\nAccept-Encoding: identity\r\n";
    return Release{.reason = EndReason::MediaTypeUnsupported, .sip_status = 415,
                   .own_lines = work().goodbye};
  }
  return std::nullopt;
}

void Leg::progress(Context& context, int status, const Body& heard, std::uint8_t branch,
                   std::string_view annex) {
  if (stage_ != Stage::Calling || !work().invite_server.active) return;
  const Body body = said_session(context, heard, turn_of_answer()).value_or(heard);
  const bool reliable = reliability_ == Reliability::Required ||
                        (reliability_ == Reliability::Supported && !body.empty());
  branch_ = branch;
  if (!reliable) {
    // An offer must not go out unreliably (RFC 3261 §13.2.1): the caller hears it in the 2xx.
    const Body shown = work().invite_server.offered ? body : Body{};
    send_provisional(context, status, shown, branch, annex);
    return;
  }
  if (work().provisionals.queue.size() >= kMaxQueuedProvisionals) return;
  Provisional& queued = work().provisionals.queue.emplace_back();
  queued.status = status;
  queued.branch = branch;
  queued.type = body.type;
  queued.body = body.bytes;
  queued.annex = annex;
  queued.offers = !body.empty() && !work().invite_server.offered;
  pump_provisionals(context);
  arm(context);
}

void Leg::send_provisional(Context& context, int status, const Body& body, std::uint8_t branch,
                           std::string_view annex) {
  sip::Writer writer =
      response(context, status, {}, work().invite_server.head, work().invite_server.to, branch);
  write_contact(context, writer);
  write_abilities(writer);
  write_passed(context, writer, annex);
  finish_with_body(writer, body);
  early_told_ = true;
  context.transactions.respond(context.now.mono, work().invite_server.transaction, status, writer.view(),
                               context.outbox);
}

// Sends the first waiting provisional when none is unacknowledged (RFC 3262 §3).
void Leg::pump_provisionals(Context& context) {
  if (work().provisionals.queue.empty() || work().provisionals.queue.front().rseq != 0) return;
  Provisional& next = work().provisionals.queue.front();
  if (work().provisionals.last_rseq == 0) {
    work().provisionals.last_rseq = std::uint32_t(context.rng.next()) & 0x7fff;
  }
  next.rseq = ++work().provisionals.last_rseq;
  sip::Writer writer =
      response(context, next.status, {}, work().invite_server.head, work().invite_server.to, next.branch);
  write_contact(context, writer);
  writer.header(sip::HeaderId::Require, "100rel");
  writer.header(sip::HeaderId::RSeq, next.rseq);
  write_abilities(writer);
  write_passed(context, writer, next.annex);
  finish_with_body(writer, {next.type, next.body});
  if (!next.body.empty()) session_ = next.body;
  next.bytes = writer.view();
  early_told_ = true;
  work().provisionals.wait = context.timers.t1;
  work().provisionals.resend_at = context.now.mono + work().provisionals.wait;
  work().provisionals.give_up_at = context.now.mono + 64 * context.timers.t1;
  context.transactions.respond(context.now.mono, work().invite_server.transaction, next.status,
                               writer.view(), context.outbox);
}

void Leg::on_prack(Context& context, const sip::Message& prack, const sip::Path& path,
                   transaction::ServerId transaction) {
  const auto rack = sip::parse_rack(prack.value(sip::HeaderId::RAck));
  if (!rack) return answer_at_once(context, prack, path, transaction, 400);
  const bool known = !work().provisionals.queue.empty() && work().provisionals.queue.front().rseq != 0 &&
                     work().provisionals.queue.front().rseq == rack->rseq &&
                     rack->cseq == work().invite_server.cseq && rack->method == sip::Method::Invite;
  if (!known) return answer_at_once(context, prack, path, transaction, 481);

  const Provisional done = std::move(work().provisionals.queue.front());
  work().provisionals.queue.erase(work().provisionals.queue.begin());
  work().provisionals.resend_at = work().provisionals.give_up_at = kNever;
  const sdp::Turn turn = done.offers ? sdp::Turn::Answer : sdp::Turn::Offer;
  const Body body = heard_session(context, prack, turn).value_or(session_body(prack));
  if (!done.body.empty() && !done.offers) {
    work().provisionals.answered = true;
    work().provisionals.answered_branch = done.branch;
  }
  if (done.offers) {
    work().provisionals.answered = true;
    work().provisionals.answered_branch = done.branch;
    answer_at_once(context, prack, path, transaction, 200);
    Event confirm = event(Primitive::Confirm);
    confirm.branch = done.branch;
    confirm.reliable = true;
    confirm.body = body;
    note_session(session_body(prack));
    context.events.push_back(confirm);
  } else if (!body.empty()) {
    // A new offer in the PRACK (RFC 3262 §5): its answer belongs into our 200.
    on_session_request(context, prack, path, transaction);
  } else {
    answer_at_once(context, prack, path, transaction, 200);
  }
  pump_provisionals(context);
  if (work().provisionals.connect_waiting && work().provisionals.queue.empty()) {
    work().provisionals.connect_waiting = false;
    const Body answer{work().provisionals.connect_type, work().provisionals.connect_body};
    send_answer(context, answer, work().provisionals.connect_branch, work().provisionals.connect_annex);
  }
  arm(context);
}

void Leg::connect(Context& context, const Body& heard, std::uint8_t branch,
                  std::string_view annex) {
  if (stage_ != Stage::Calling || !work().invite_server.active) return;
  const Body body = said_session(context, heard, turn_of_answer()).value_or(heard);
  // Provisionals that were never sent are old news now; one on its way with a session description
  // must be acknowledged before the 2xx (RFC 3262 §3).
  std::erase_if(work().provisionals.queue, [](const Provisional& p) { return p.rseq == 0; });
  const bool wait = !work().provisionals.queue.empty() && !work().provisionals.queue.front().body.empty();
  if (!wait) return send_answer(context, body, branch, annex);
  work().provisionals.connect_waiting = true;
  work().provisionals.connect_branch = branch;
  work().provisionals.connect_type = body.type;
  work().provisionals.connect_body = body.bytes;
  work().provisionals.connect_annex = annex;
}

void Leg::send_answer(Context& context, const Body& body, std::uint8_t branch,
                      std::string_view annex) {
  const bool told = work().provisionals.answered && work().provisionals.answered_branch == branch;
  const Body said = told ? Body{} : body;
  if (branch != 0) local_tag_ = tag_of_branch(local_tag_, branch);
  accept_invite(context, 200, said, annex);
  work().provisionals = Provisionals{};  // `body` and `annex` may have stood there
  stage_ = Stage::Accepted;
  arm(context);
}

// The 2xx to an INVITE, the first or one in the dialog: sent again until its ACK comes
// (RFC 3261 §13.3.1.4).
void Leg::accept_invite(Context& context, int status, const Body& body, std::string_view annex) {
  InviteServer& invite = work().invite_server;
  sip::Writer writer = response(context, status, {}, invite.head, invite.to, 0);
  write_contact(context, writer);
  write_abilities(writer);
  const TimerAnswer granted = std::exchange(work().granted, {});
  write_grant(writer, granted);
  write_passed(context, writer, annex);
  finish_with_body(writer, body);
  if (!body.empty()) session_ = body.bytes;

  Answer& answer = work().answer;
  answer.bytes = writer.view();
  answer.path = invite.path;
  answer.cseq = invite.cseq;
  answer.wait = context.timers.t1;
  answer.resend_at = context.now.mono + answer.wait;
  answer.give_up_at = context.now.mono + context.timers.ack_timeout;
  answer.offered = !invite.offered && !body.empty();
  context.transactions.respond(context.now.mono, invite.transaction, status, writer.view(),
                               context.outbox);
  invite = InviteServer{};
  take_grant(context, granted);
}

void Leg::refuse(Context& context, const Release& release) {
  const int status = release.sip_status >= 300 ? release.sip_status : 480;
  sip::Writer writer = response(context, status, release.phrase, work().invite_server.head,
                                work().invite_server.to, branch_);
  if (release.retry_after != 0) writer.header(sip::HeaderId::RetryAfter, release.retry_after);
  if (status == 405) write_abilities(writer);
  if (rules_.sends_reason) write_reason(writer, release, ReasonOf::Response);
  writer.raw(release.own_lines);
  write_passed(context, writer, release.annex);
  writer.finish({});
  context.transactions.respond(context.now.mono, work().invite_server.transaction, status, writer.view(),
                               context.outbox);
  work().invite_server = InviteServer{};
  work().provisionals = Provisionals{};
  work().granted = TimerAnswer{};
}

void Leg::on_cancel(Context& context, transaction::ServerId transaction,
                    const sip::Message& cancel) {
  if (!work().invite_server.active || !(work().invite_server.transaction == transaction)) return;
  if (!work().invite_server.initial) {
    context.events.push_back(event(Primitive::Withdraw));
    return;
  }
  Event gone = event(Primitive::Release);
  gone.release.reason = cause::EndReason::CallerCancel;
  gone.release.sip_status = 487;
  note_reason(gone.release, cancel, 16);
  context.events.push_back(gone);
}

void Leg::on_ack(Context& context, const sip::Message& ack, const sip::Path& path) {
  if (work().answer.bytes.empty() || ack.cseq().number != work().answer.cseq) return;
  learn_peer(context, ack, path);
  last_heard_ = context.now.wall;
  const bool offered = work().answer.offered;
  // Usually nothing else changes with it, in no half of the call.
  if (stage_ == Stage::Accepted && !offered && !bye_after_ack_) {
    context.confirmed.push_back({call_, work().answer.cseq});
  } else {
    note_change(context);
  }
  work().answer = Answer{};
  if (bye_after_ack_) {
    bye_after_ack_ = false;
    send_bye(context, work().goodbye);
  } else {
    if (stage_ == Stage::Accepted) stage_ = Stage::Confirmed;
    Event confirm = event(Primitive::Confirm);
    if (offered) {
      confirm.body = heard_session(context, ack, sdp::Turn::Answer).value_or(Body{});
      note_session(session_body(ack));
    }
    context.events.push_back(confirm);
  }
  arm(context);
}

}  // namespace tandem::leg
