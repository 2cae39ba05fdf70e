// Changing the session in mid-call: re-INVITE and UPDATE from the peer and to it (RFC 3261 §14,
// RFC 3311, RFC 6141), and glare.

#include <utility>

#include "core/leg/header_policy.h"
#include "core/leg/leg.h"
#include "core/leg/tokens.h"
#include "core/leg/writing.h"
#include "core/sip/headers.h"

namespace tandem::leg {
namespace {

using sip::Method;

std::string random_retry_after(Rng& rng) {
  // RFC 3261 §14.2: 0 to 10 seconds.
  return "Retry-After: " + std::to_string(rng.next() % 11) + "\r\n";
}

}  // namespace

bool Leg::modify_open() const {
  if (invite_client_.active || work().invite_server.active || !work().answer.bytes.empty() || ack_waits_) {
    return true;
  }
  for (const PendingServer& pending : work().servers) {
    if (pending.purpose == Purpose::Update) return true;
  }
  for (const PendingClient& pending : clients_) {
    if (pending.purpose == Purpose::Update) return true;
  }
  return false;
}

// True when an offer of ours is unanswered: the peer's offer now would collide.
bool Leg::our_offer_open() const {
  if (invite_client_.active && !invite_client_.initial) return true;
  if (ack_waits_) return true;
  for (const PendingClient& pending : clients_) {
    if (pending.purpose == Purpose::Update) return true;
  }
  return false;
}

bool Leg::their_offer_open() const {
  if (work().invite_server.active && !work().invite_server.initial) return true;
  if (!work().answer.bytes.empty()) return true;
  for (const PendingServer& pending : work().servers) {
    if (pending.purpose == Purpose::Update) return true;
  }
  return false;
}

// An offer in an early dialog is possible only when the INVITE's own exchange is complete
// (RFC 3311 §5.1): the answer went out, or came, reliably.
bool Leg::can_update_early(std::uint8_t branch) const {
  if (stage_ != Stage::Calling) return false;
  if (side_ == Side::Ingress) {
    const Provisionals& sent = work().provisionals;
    return sent.answered && sent.answered_branch == branch && peer_updates_;
  }
  const EarlyDialog* dialog = early_dialog(branch);
  return dialog != nullptr && dialog->rseq != 0 && dialog->unanswered_rseq == 0 &&
         dialog->allows_update;
}

void Leg::on_session_request(Context& context, const sip::Message& request, const sip::Path& path,
                             transaction::ServerId transaction) {
  const Method method = request.method();
  const bool reinvite = method == Method::Invite;
  if (stage_ == Stage::Leaving) return answer_at_once(context, request, path, transaction, 481);
  if (reinvite && stage_ == Stage::Calling) {
    return answer_at_once(context, request, path, transaction, 500,
                          random_retry_after(context.rng));
  }
  const Body body = session_body(request);
  if (!request.body().empty() && body.empty()) {
    return answer_at_once(context, request, path, transaction, 415,
                          "Accept: application/sdp\r\n");
  }
  if (method == Method::Update && body.empty()) {
    return on_bare_update(context, request, path, transaction);
  }
  if (our_offer_open()) return answer_at_once(context, request, path, transaction, 491);
  if (their_offer_open()) {
    return answer_at_once(context, request, path, transaction, 500,
                          random_retry_after(context.rng));
  }
  TimerAsk ask;
  if (stage_ != Stage::Calling) {
    ask = timer_ask(request);
    if (const auto refused = consider_timer(context, ask)) {
      return answer_at_once(context, request, path, transaction, refused->sip_status,
                            refused->own_lines);
    }
  }
  const auto heard = heard_session(context, request, sdp::Turn::Offer);
  if (!heard) return answer_at_once(context, request, path, transaction, 488);
  learn_peer(context, request, path);
  note_change(context);
  const bool changed = note_session(body);
  if (changed) work().untold = {};

  Event wish = event(Primitive::Modify);
  wish.branch = early_branch_of(request);
  wish.modify = reinvite ? ModifyKind::ReInvite : ModifyKind::Update;
  wish.body = *heard;
  if (reinvite) {
    work().invite_server.transaction = transaction;
    work().invite_server.path = context.transactions.answer_path(transaction);
    work().invite_server.head.clear();
    append_response_head(work().invite_server.head, request, path);
    work().invite_server.to = without_tag(request.value(sip::HeaderId::To));
    work().invite_server.cseq = request.cseq().number;
    work().invite_server.active = true;
    work().invite_server.initial = false;
    work().invite_server.offered = !body.empty();
    sip::Writer writer = response(context, 100, {}, work().invite_server.head, work().invite_server.to, 0);
    writer.finish({});
    context.transactions.respond(context.now.mono, transaction, 100, writer.view(),
                                 context.outbox);
  } else {
    PendingServer& pending = work().servers.emplace_back();
    pending.transaction = transaction;
    pending.purpose = Purpose::Update;
    append_response_head(pending.head, request, path);
    pending.to = without_tag(request.value(sip::HeaderId::To));
    pending.branch = branch_of_tag(request.to().tag);
  }
  // A refresh: the session stays as it is, the other half need not hear of it (RFC 4028 §7.4).
  if (ask.expires && !changed && !body.empty() && !session_.empty()) {
    return answer_modify(context, 200, {"application/sdp", std::string(session_)}, {});
  }
  std::string annex;
  gather_annex(annex, request);
  context.keep(wish, annex);
}

// An UPDATE that changes nothing but the dialog and its timer (RFC 3311 §5.2, RFC 4028 §9).
void Leg::on_bare_update(Context& context, const sip::Message& request, const sip::Path& path,
                         transaction::ServerId transaction) {
  if (stage_ == Stage::Calling) {
    learn_peer(context, request, path);
    return answer_at_once(context, request, path, transaction, 200);
  }
  const TimerAnswer open = read_work().granted;  // of a re-INVITE that waits for its answer
  const auto refused = consider_timer(context, timer_ask(request));
  const TimerAnswer granted = std::exchange(work().granted, open);
  if (refused) {
    answer_at_once(context, request, path, transaction, refused->sip_status, refused->own_lines);
    return compact();
  }
  learn_peer(context, request, path);
  sip::Writer lines(context.scratch.data(), context.scratch.size());
  write_grant(lines, granted);
  answer_at_once(context, request, path, transaction, 200, std::string(lines.view()));
  take_grant(context, granted);
}

void Leg::modify(Context& context, const Event& wish) {
  Event refused = event(Primitive::ModifyReply);
  refused.modify = wish.modify;
  const bool early = stage_ == Stage::Calling;
  if (early ? !can_update_early(wish.branch) : stage_ != Stage::Confirmed) {
    refused.status = early ? 488 : 491;
    refused.release.sip_status = refused.status;
    context.events.push_back(refused);
    return;
  }
  if (!early && modify_open()) {
    refused.status = 491;
    refused.release.sip_status = 491;
    context.events.push_back(refused);
    return;
  }
  const auto said = said_session(context, wish.body, sdp::Turn::Offer);
  if (!said) {
    refused.status = 488;
    refused.release.sip_status = 488;
    context.events.push_back(refused);
    return;
  }
  const auto reserved = context.transactions.reserve_client();
  const bool update = early || (wish.modify == ModifyKind::Update && peer_updates_);
  sip::Writer writer =
      in_dialog_request(context, update ? Method::Update : Method::Invite, reserved.branch(),
                        wish.branch);
  write_contact(context, writer);
  write_abilities(writer);
  if (!early) write_timer(context, writer);
  write_passed(context, writer, wish.annex);
  write_extra(writer);
  finish_with_body(writer, *said);
  if (!said->empty()) work().proposed = said->bytes;
  if (update) {
    return start_client(context, {.purpose = Purpose::Update}, reserved, writer, dialog_path(context, wish.branch));
  }

  invite_client_.offered = !wish.body.empty();
  if (start_reinvite(context, reserved, writer, false)) return;
  work().proposed.clear();
  refused.status = 503;
  refused.release.sip_status = 503;
  context.events.push_back(refused);
}

// False: there is no room for it.
bool Leg::start_reinvite(Context& context, const transaction::ReservedClient& reserved,
                         const sip::Writer& writer, bool refresh) {
  invite_client_.transaction = reserved.id;
  invite_client_.cseq = local_cseq_;
  invite_client_.active = true;
  invite_client_.initial = false;
  invite_client_.challenges = 0;
  invite_client_.cancelled = false;
  invite_client_.refresh = refresh;
  if (refresh) invite_client_.offered = true;
  const bool sent = !writer.overflowed() &&
                    context.transactions.start_client(
                        context.now.mono, reserved, transaction::ClientKind::ReInvite, path_,
                        writer.view(), user(context), context.outbox);
  if (sent) return true;
  context.transactions.abandon_reserved(reserved);
  invite_client_.active = false;
  return false;
}

void Leg::answer_modify(Context& context, int status, const Body& heard, const Release& release) {
  const bool invited = work().invite_server.active && !work().invite_server.initial;
  const sdp::Turn turn = invited ? turn_of_answer() : sdp::Turn::Answer;
  const Body body = said_session(context, heard, turn).value_or(heard);
  if (work().invite_server.active && !work().invite_server.initial) {
    if (status < 300) {
      accept_invite(context, status, body, release.annex);
      return arm(context);
    }
    Release refusal = release;
    refusal.sip_status = status;
    return refuse(context, refusal);
  }
  for (std::size_t i = 0; i < work().servers.size(); ++i) {
    if (work().servers[i].purpose != Purpose::Update) continue;
    const PendingServer pending = std::move(work().servers[i]);
    work().servers.erase(work().servers.begin() + std::ptrdiff_t(i));
    return answer_pending(context, pending, status, body, release, Session::Yes);
  }
  if (!read_work().untold.session.empty()) on_untold_answer(context, status);
}

// The peer cancelled its re-INVITE: ours to the other side is cancelled too; its final answer
// decides (RFC 3261 §9.2).
void Leg::withdraw_modify(Context& context) {
  if (!invite_client_.active || invite_client_.initial) return;
  context.transactions.cancel(context.now.mono, invite_client_.transaction, {}, context.outbox);
}

}  // namespace tandem::leg
