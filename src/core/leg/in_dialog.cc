// Requests inside the dialog, from and to the peer: BYE, INFO, MESSAGE, OPTIONS, and what ends and
// times out (RFC 3261 §12.2, §15).

#include <algorithm>
#include <utility>

#include "base/owner.h"
#include "core/leg/header_policy.h"
#include "core/leg/leg.h"
#include "core/leg/tokens.h"
#include "core/leg/writing.h"
#include "core/sip/headers.h"

namespace tandem::leg {
namespace {

using sip::Method;

// Requests of the peer that may wait for the other half's answer at one time.
constexpr std::size_t kMaxPending = 4;

}  // namespace

Event Leg::event(Primitive primitive) const {
  Event made;
  made.primitive = primitive;
  made.leg = self_;
  return made;
}

bool Leg::matches(const sip::Message& request) const {
  if (request.call_id() != call_id_) return false;
  const std::string_view theirs = request.from().tag;
  const std::string_view ours = request.to().tag;
  if (side_ == Side::Ingress) {
    const bool same = stage_ == Stage::Calling
                          ? tag_of_branch(ours, 0) == tag_of_branch(local_tag_, 0)
                          : ours == local_tag_;
    return same && theirs == remote_tag_;
  }
  if (ours != local_tag_) return false;
  if (!remote_tag_.empty()) return theirs == remote_tag_;
  for (const EarlyDialog& dialog : work().early) {
    if (dialog.tag == theirs) return true;
  }
  return false;
}

void Leg::learn_peer(const Context& context, const sip::Message& message, const sip::Path& path) {
  // Target refresh (RFC 3261 §12.2): INVITE and UPDATE and their 2xx carry a new Contact.
  const Method method = message.cseq().method;
  const bool refreshes = method == Method::Invite || method == Method::Update;
  if (refreshes && message.has(sip::HeaderId::Contact)) {
    if (const std::string_view target = contact_uri(message); !target.empty()) target_ = target;
  }
  if (message.has(sip::HeaderId::Allow)) {
    peer_updates_ = sip::lists_token(message, sip::HeaderId::Allow, "UPDATE");
  }
  path_ = next_hop(context, path);
}

void Leg::on_request(Context& context, const sip::Message& request, const sip::Path& path,
                     transaction::ServerId transaction) {
  last_heard_ = context.now.wall;
  if (stage_ == Stage::Ended) return answer_at_once(context, request, path, transaction, 481);
  // RFC 3261 §12.2.2: the peer's requests come in order.
  if (remote_cseq_known_ && request.cseq().number <= remote_cseq_) {
    return answer_at_once(context, request, path, transaction, 500);
  }
  remote_cseq_ = request.cseq().number;
  remote_cseq_known_ = true;
  if (side_ == Side::Ingress) {
    const sip::Path hop = next_hop(context, path);
    if (hop != path_) note_change(context);
    path_ = hop;
  }

  std::string refused = unsupported_options(request, rules_.reliable);
  if (!timer_.on && sip::lists_token(request, sip::HeaderId::Require, "timer")) {
    refused += refused.empty() ? "timer" : ", timer";
  }
  if (!refused.empty() && request.method() != Method::Bye) {
    // RFC 3261 §8.2.2.3; a BYE ends the call whatever it asks for.
    return answer_at_once(context, request, path, transaction, 420,
                          "Unsupported: " + refused + "\r\n");
  }
  switch (request.method()) {
    case Method::Bye:
      return on_bye(context, request, path, transaction);
    case Method::Prack:
      return on_prack(context, request, path, transaction);
    case Method::Invite:
    case Method::Update:
      return on_session_request(context, request, path, transaction);
    case Method::Info:
    case Method::Message:
      return on_info(context, request, path, transaction);
    case Method::Options:
      return answer_at_once(context, request, path, transaction, 200);
    case Method::Notify:
      // RFC 6665 §4.1.3: no subscription of ours is in this dialog.
      return answer_at_once(context, request, path, transaction, 481);
    case Method::Ack:
    case Method::Cancel:
      return;
    case Method::Register:
    case Method::Refer:
    case Method::Subscribe:
    case Method::Publish:
      return answer_at_once(context, request, path, transaction, 405);
    case Method::Unknown:
      return answer_at_once(context, request, path, transaction, 501);
  }
}

void Leg::on_bye(Context& context, const sip::Message& bye, const sip::Path& path,
                 transaction::ServerId transaction) {
  answer_at_once(context, bye, path, transaction, 200);
  const bool unanswered = read_work().invite_server.active && read_work().invite_server.initial;
  if (read_work().invite_server.active && !unanswered) {
    refuse(context, Release{.reason = cause::EndReason::CallerHangup, .sip_status = 487});
  }
  end_pending_requests(context);
  const bool wanted = stage_ != Stage::Leaving;
  Event over = event(Primitive::Release);
  over.release.reason =
      side_ == Side::Ingress ? (unanswered ? cause::EndReason::CallerCancel
                                           : cause::EndReason::CallerHangup)
                             : cause::EndReason::CalleeHangup;
  note_reason(over.release, bye, 16);
  if (unanswered) {
    over.release.sip_status = 487;  // the INVITE is still to be answered: the call refuses it
  } else if (stage_ != Stage::Calling) {
    if (ack_waits_) send_ack(context, {});  // the 2xx is acknowledged whatever follows
    if (invite_client_.active) cancel_invite(context, over.release);
    if (work_) work_->answer = Answer{};
    stage_ = Stage::Ended;
    arm(context);
  }
  if (wanted) context.events.push_back(over);
  finish_if_idle(context);
}

void Leg::on_info(Context& context, const sip::Message& request, const sip::Path& path,
                  transaction::ServerId transaction) {
  if (stage_ == Stage::Leaving) return answer_at_once(context, request, path, transaction, 481);
  if (work().servers.size() >= kMaxPending) {
    return answer_at_once(context, request, path, transaction, 503, "Retry-After: 2\r\n");
  }
  const bool info = request.method() == Method::Info;
  PendingServer& pending = work().servers.emplace_back();
  pending.transaction = transaction;
  pending.purpose = info ? Purpose::Info : Purpose::Message;
  append_response_head(pending.head, request, path);
  pending.to = without_tag(request.value(sip::HeaderId::To));
  pending.branch = branch_of_tag(request.to().tag);

  Event news = event(Primitive::Info);
  news.info = info ? InfoKind::Info : InfoKind::Message;
  news.ticket = transaction.packed();
  news.branch = early_branch_of(request);
  news.body = {request.value(sip::HeaderId::ContentType), request.body()};
  std::string annex;
  gather_annex(annex, request);
  context.keep(news, annex);
}

void Leg::info(Context& context, const Event& news) {
  const bool possible = stage_ == Stage::Confirmed || stage_ == Stage::Accepted ||
                        (stage_ == Stage::Calling && side_ == Side::Ingress && early_told_) ||
                        (stage_ == Stage::Calling && !work().early.empty());
  if (!possible || clients_.size() >= kMaxPending) {
    Event reply = event(Primitive::InfoReply);
    reply.info = news.info;
    reply.ticket = news.ticket;
    reply.status = possible ? 503 : 480;
    reply.release.sip_status = reply.status;
    context.events.push_back(reply);
    return;
  }
  const auto reserved = context.transactions.reserve_client();
  const bool info = news.info == InfoKind::Info;
  sip::Writer writer =
      in_dialog_request(context, info ? Method::Info : Method::Message, reserved.branch(),
                        news.branch);
  write_passed(context, writer, news.annex);
  write_extra(writer);
  finish_with_body(writer, news.body);
  const Purpose purpose = info ? Purpose::Info : Purpose::Message;
  start_client(context, {.purpose = purpose, .ticket = news.ticket}, reserved, writer,
               dialog_path(context, news.branch));
}

void Leg::answer_info(Context& context, const Event& reply) {
  std::vector<PendingServer>& servers = work().servers;
  for (std::size_t i = 0; i < servers.size(); ++i) {
    if (servers[i].transaction.packed() != reply.ticket) continue;
    const PendingServer pending = std::move(servers[i]);
    servers.erase(servers.begin() + std::ptrdiff_t(i));
    return answer_pending(context, pending, reply.status, reply.body, reply.release, Session::No);
  }
}

void Leg::answer_pending(Context& context, const PendingServer& pending, int status,
                         const Body& body, const Release& release, Session session) {
  TimerAnswer granted;
  sip::Writer writer =
      response(context, status, release.phrase, pending.head, pending.to, pending.branch);
  if (session == Session::Yes && status < 300) {
    write_contact(context, writer);
    write_abilities(writer);
    granted = std::exchange(work().granted, {});
    write_grant(writer, granted);
    if (!body.empty()) session_ = body.bytes;
  }
  if (release.retry_after != 0) writer.header(sip::HeaderId::RetryAfter, release.retry_after);
  write_passed(context, writer, release.annex);
  finish_with_body(writer, body);
  context.transactions.respond(context.now.mono, pending.transaction, status, writer.view(),
                               context.outbox);
  if (session == Session::Yes && status < 300 && stage_ != Stage::Calling) {
    take_grant(context, granted);
  }
}

// A request in the dialog as it stands, or before the answer in one of the early ones.
sip::Writer Leg::in_dialog_request(Context& context, sip::Method method,
                                   std::string_view transaction_branch,
                                   std::uint8_t early_branch) {
  if (early_dialog(early_branch) != nullptr) {
    EarlyDialog& dialog = work().early[early_branch];
    return request(context, method, transaction_branch, ++dialog.cseq,
                   {local_tag_, dialog.tag, dialog.target, dialog.routes});
  }
  if (side_ == Side::Ingress && stage_ == Stage::Calling) {
    const std::string tag = tag_of_branch(local_tag_, early_branch);
    return request(context, method, transaction_branch, ++local_cseq_,
                   {tag, remote_tag_, target_, routes_});
  }
  return request(context, method, transaction_branch, ++local_cseq_);
}

std::uint8_t Leg::early_branch_of(const sip::Message& request) const {
  if (side_ == Side::Ingress) return branch_of_tag(request.to().tag);
  if (stage_ != Stage::Calling) return 0;
  for (const EarlyDialog& dialog : work().early) {
    if (dialog.tag == request.from().tag) return dialog.branch;
  }
  return 0;
}

void Leg::start_client(Context& context, PendingClient pending,
                       const transaction::ReservedClient& reserved, const sip::Writer& writer,
                       const sip::Path& path) {
  pending.transaction = reserved.id;
  const bool sent = !writer.overflowed() &&
                    context.transactions.start_client(
                        context.now.mono, reserved, transaction::ClientKind::NonInvite, path,
                        writer.view(), user(context), context.outbox);
  if (sent) {
    clients_.push_back(pending);
  } else {
    context.transactions.abandon_reserved(reserved);
    fail_pending(context, pending, 503);
  }
}

void Leg::on_response(Context& context, transaction::ClientId transaction,
                      const sip::Message& response, const sip::Path& path) {
  if (invite_client_.active && transaction == invite_client_.transaction) {
    return on_invite_response(context, response, path);
  }
  if (response.cseq().method == Method::Invite) {
    if (response.status() >= 200 && response.status() < 300) {
      on_extra_accepted(context, transaction, response, path);
    }
    return;
  }
  for (std::size_t i = 0; i < clients_.size(); ++i) {
    if (!(clients_[i].transaction == transaction)) continue;
    if (response.status() < 200) return;
    const PendingClient pending = clients_[i];
    clients_.erase(clients_.begin() + std::ptrdiff_t(i));
    hear(context, response.status());
    if (answer_challenged(context, pending, response)) return;
    return on_pending_response(context, pending, response);
  }
}

// An answer in the dialog shows that the peer lives. Not so a 100, which the next hop says, nor 408
// and 481, which say that nobody is there.
void Leg::hear(const Context& context, int status) {
  if (status != 100 && status != 408 && status != 481) last_heard_ = context.now.wall;
}

void Leg::on_pending_response(Context& context, const PendingClient& pending,
                              const sip::Message& response) {
  const int status = response.status();
  std::string annex;
  gather_annex(annex, response);
  Event reply = event(Primitive::InfoReply);
  reply.status = status;
  reply.release.reason = cause::EndReason::PeerSip;
  reply.release.detail = status;
  reply.release.sip_status = status;
  reply.release.phrase = response.reason();
  if (const auto wait = sip::parse_retry_after(response.value(sip::HeaderId::RetryAfter))) {
    reply.release.retry_after = wait->delay;
  }
  switch (pending.purpose) {
    case Purpose::Refresh:
      if (parting()) break;
      if (status < 300) learn_peer(context, response, path_);
      if (pending.transaction == timer_.open || status < 300) {
        return on_refresh_answer(context, status, &response);
      }
      break;
    case Purpose::Update:
      if (status < 300) {
        learn_peer(context, response, path_);
        if (stage_ == Stage::Confirmed) take_timer_reply(context, response, false);
        note_session(session_body(response));
        if (!read_work().proposed.empty()) session_ = std::exchange(work().proposed, {});
      } else if (work_) {
        work_->proposed.clear();
      }
      note_change(context);
      reply.primitive = Primitive::ModifyReply;
      reply.modify = ModifyKind::Update;
      reply.body = heard_session(context, response, sdp::Turn::Answer).value_or(Body{});
      context.keep(reply, annex);
      break;
    case Purpose::Info:
    case Purpose::Message:
      reply.info = pending.purpose == Purpose::Info ? InfoKind::Info : InfoKind::Message;
      reply.ticket = pending.ticket;
      reply.body = {response.value(sip::HeaderId::ContentType), response.body()};
      context.keep(reply, annex);
      break;
    case Purpose::Prack:
    case Purpose::StrayBye:
      break;
    case Purpose::Bye:
      stage_ = Stage::Ended;
      break;
  }
  finish_if_idle(context);
}

// What the other half is told when a request of its own could not be carried.
void Leg::fail_pending(Context& context, const PendingClient& pending, int status) {
  Event reply = event(Primitive::InfoReply);
  reply.status = status;
  reply.release.sip_status = status;
  switch (pending.purpose) {
    case Purpose::Refresh:
      if (pending.transaction == timer_.open) on_refresh_answer(context, status, nullptr);
      break;
    case Purpose::Update:
      if (work_) work_->proposed.clear();
      reply.primitive = Primitive::ModifyReply;
      reply.modify = ModifyKind::Update;
      context.events.push_back(reply);
      break;
    case Purpose::Info:
    case Purpose::Message:
      reply.info = pending.purpose == Purpose::Info ? InfoKind::Info : InfoKind::Message;
      reply.ticket = pending.ticket;
      context.events.push_back(reply);
      break;
    case Purpose::Prack:
    case Purpose::StrayBye:
      break;
    case Purpose::Bye:
      stage_ = Stage::Ended;
      break;
  }
}

}  // namespace tandem::leg
