// The half of a leg that calls (UAC): the INVITE, its early dialogs, PRACK, ACK and CANCEL
// (RFC 3261 §13.2, RFC 3262 §4), and what forking proxies behind the peer do to it.

#include <utility>

#include "base/limits.h"
#include "core/leg/alternatives.h"
#include "core/leg/header_policy.h"
#include "core/leg/leg.h"
#include "core/leg/signal_transport.h"
#include "core/leg/tokens.h"
#include "core/leg/writing.h"
#include "core/sip/headers.h"

namespace tandem::leg {
namespace {

Reliability reliability_of(directory::ReliableProvisional wanted, bool possible) {
  using directory::ReliableProvisional;
  if (!possible || wanted == ReliableProvisional::Off) return Reliability::Off;
  return wanted == ReliableProvisional::Required ? Reliability::Required : Reliability::Supported;
}

// Where the call was forwarded at (RFC 5806, RFC 7044 §5): the second entry of the history is who is
// called now, as another was before.
void write_forwarding(sip::Writer& writer, const SetupOrder& order, std::string_view host,
                      std::string_view target) {
  using directory::ForwardSignal;
  if (order.forwarding.empty()) return;
  const std::string uri = address_uri(order.forwarding, host, false);
  const ForwardSignal how = order.forward_signal;
  if (how == ForwardSignal::Diversion || how == ForwardSignal::Both) {
    writer.header(sip::HeaderId::Diversion, {"<", uri, ">"});
  }
  if (how == ForwardSignal::HistoryInfo || how == ForwardSignal::Both) {
    writer.header(sip::HeaderId::HistoryInfo,
                  {"<", uri, ">;index=1, <", target, ">;index=1.1;mp=1"});
  }
}

}  // namespace

void Leg::setup(Context& context, LegId self, const SetupOrder& order) {
  self_ = self;
  side_ = Side::Egress;
  path_ = order.path;
  last_heard_ = context.now.wall;
  const std::string host = own_host(context);
  const directory::Device* device = lists(context);
  const bool own_domain = device != nullptr && !device->local_domain.empty();
  const bool other_host = !own_domain && !order.from_host.empty();
  Identity identity(rules_, order.caller, other_host ? order.from_host : std::string_view(host));
  call_id_ = make_call_id(context.exchange, context.rng.next(), context.rng.next());
  local_tag_ = make_tag({context.exchange, self, std::uint32_t(context.rng.next())});
  local_ = identity.from();
  if (order.target.empty()) {
    target_ = address_uri(order.callee, order.peer_host_port, rules_.user_phone);
    target_ += sip::uri_parameter(path_.transport);
    // RFC 4694 §6: they stand in the user part.
    target_.insert(target_.find('@'), order.user_parameters);
  } else {
    target_ = order.target;
  }
  const std::string_view remote_host = own_domain ? host : order.peer_host_port;
  const std::string_view remote_user = order.to_user.empty() ? order.callee : order.to_user;
  remote_.reserve(kUriMargin + remote_user.size() + remote_host.size());
  remote_ = '<';
  append_address_uri(remote_, remote_user, remote_host, rules_.user_phone);
  remote_ += '>';
  local_user_.clear();
  if (order.contact_user.empty()) {
    local_user_ = identity.contact_user();
  } else {
    sip::append_escaped_user(local_user_, order.contact_user);
  }
  reliability_ = reliability_of(rules_.reliable, order.reliable);
  challenger_ = order.challenger;
  local_cseq_ = 1;
  const auto offer = said_session(context, order.offer, sdp::Turn::Offer);
  if (!offer) return fail_setup(context, cause::EndReason::CodecMismatch);

  const auto reserved = context.transactions.reserve_client();
  sip::Writer writer = request(context, sip::Method::Invite, reserved.branch(), local_cseq_,
                               {local_tag_, {}, target_, order.routes}, order.max_forwards);
  write_contact(context, writer);
  if (!context.live.sip_user_agent.empty()) {
    writer.header(sip::HeaderId::UserAgent, context.live.sip_user_agent);
  }
  writer.header(sip::HeaderId::Allow, kAllowed);
  write_supported(writer, reliability_ != Reliability::Off);
  if (reliability_ == Reliability::Required) writer.header(sip::HeaderId::Require, "100rel");
  propose_timer(context, writer, order.session_interval);
  write_forwarding(writer, order, host, target_);
  identity.write(writer);
  write_passed(context, writer, order.annex, &identity);
  write_extra(writer);
  writer.header(sip::HeaderId::Loop, order.loop_token);
  finish_with_body(writer, *offer);
  session_ = offer->bytes;
  invite_client_.offered = !order.offer.empty();
  if (!start_initial_invite(context, reserved, writer)) {
    fail_setup(context, cause::EndReason::InternalError);
  }
}

// False: there is no room for it.
bool Leg::start_initial_invite(Context& context, const transaction::ReservedClient& reserved,
                               const sip::Writer& writer) {
  invite_client_.transaction = reserved.id;
  invite_client_.cseq = local_cseq_;
  invite_client_.active = true;
  invite_client_.initial = true;
  invite_client_.cancelled = false;
  const bool sent = !writer.overflowed() &&
                    context.transactions.start_client(
                        context.now.mono, reserved, transaction::ClientKind::InitialInvite, path_,
                        writer.view(), user(context), context.outbox);
  if (sent) return true;
  context.transactions.abandon_reserved(reserved);
  invite_client_.active = false;
  return false;
}

// Nothing went out: there is nobody to release.
void Leg::fail_setup(Context& context, cause::EndReason reason) {
  const cause::EndReasonRow& row = cause::row(reason);
  stage_ = Stage::Ended;
  Event failed = event(Primitive::Release);
  failed.release.reason = reason;
  failed.release.sip_status = row.sip_status;
  failed.release.q850_cause = row.q850_cause;
  context.events.push_back(failed);
  context.events.push_back(event(Primitive::Gone));
}

// A description we did not ask for in vain: an offer of which nothing would be left passes whole,
// the caller's answer decides.
Body Leg::heard_answer(Context& context, const sip::Message& response) {
  const sdp::Turn turn = invite_client_.offered ? sdp::Turn::Answer : sdp::Turn::Offer;
  return heard_session(context, response, turn).value_or(session_body(response));
}

const EarlyDialog* Leg::early_dialog(std::uint8_t branch) const {
  if (side_ == Side::Ingress || stage_ != Stage::Calling) return nullptr;
  const std::vector<EarlyDialog>& early = work().early;
  return branch < early.size() ? &early[branch] : nullptr;
}

EarlyDialog* Leg::early_dialog(const sip::Message& response) {
  const std::string_view tag = response.to().tag;
  for (EarlyDialog& dialog : work().early) {
    if (dialog.tag == tag) return &dialog;
  }
  if (work().early.size() >= kMaxEarlyDialogs) return nullptr;
  EarlyDialog& made = work().early.emplace_back();
  made.tag = tag;
  made.branch = std::uint8_t(work().early.size() - 1);
  made.cseq = invite_client_.cseq;
  return &made;
}

void Leg::on_invite_response(Context& context, const sip::Message& response,
                             const sip::Path& path) {
  const int status = response.status();
  if (invite_client_.initial) {
    last_heard_ = context.now.wall;
  } else {
    hear(context, status);
  }
  if (status < 200) return on_provisional(context, response, path);
  if (status < 300) return on_accepted(context, response, path);

  const bool initial = invite_client_.initial;
  invite_client_.active = false;
  if (answer_challenged_invite(context, response)) return;
  if (initial && repeat_invite(context, response)) return;
  if (invite_client_.refresh) {
    if (parting()) return finish_if_idle(context);
    return on_refresh_answer(context, status, &response);
  }
  if (!initial && work_) work_->proposed.clear();
  Event event_out = event(initial ? Primitive::Release : Primitive::ModifyReply);
  std::string annex;
  gather_annex(annex, response);
  event_out.status = status;
  event_out.product = response.value(sip::HeaderId::Server);
  Release& release = event_out.release;
  release.reason = cause::EndReason::PeerSip;
  release.detail = status;
  release.sip_status = status;
  release.phrase = response.reason();
  note_reason(release, response, 0);
  if (const auto wait = sip::parse_retry_after(response.value(sip::HeaderId::RetryAfter))) {
    release.retry_after = wait->delay;
  }
  if (!initial) {
    if (parting()) return finish_if_idle(context);
    context.keep(event_out, annex);
    return;
  }
  if (status < 400) {
    context.kept.push_back(alternatives_of(response));
    release.alternatives = context.kept.back();
  }
  const bool told = stage_ == Stage::Calling;
  stage_ = Stage::Ended;
  work().early.clear();
  if (told) context.keep(event_out, annex);
  finish_if_idle(context);
}

void Leg::on_provisional(Context& context, const sip::Message& response, const sip::Path&) {
  if (!invite_client_.initial) return;  // a re-INVITE's provisionals are of no interest
  if (stage_ != Stage::Calling) return;
  const int status = response.status();
  Event news = event(Primitive::Proceeding);
  news.status = status;
  news.product = response.value(sip::HeaderId::Server);
  if (status == 100 || response.to().tag.empty()) {
    context.events.push_back(news);
    return;
  }
  EarlyDialog* dialog = early_dialog(response);
  if (dialog == nullptr) return;
  if (const std::string_view target = contact_uri(response); !target.empty()) dialog->target = target;
  dialog->routes = route_set(response, true);
  if (response.has(sip::HeaderId::Allow)) {
    dialog->allows_update = sip::lists_token(response, sip::HeaderId::Allow, "UPDATE");
  }
  news.branch = dialog->branch;
  news.body = heard_answer(context, response);
  note_session(session_body(response));

  const auto rseq = sip::parse_rseq(response.value(sip::HeaderId::RSeq));
  const bool reliable = rseq && reliability_ != Reliability::Off && !dialog->target.empty() &&
                        sip::lists_token(response, sip::HeaderId::Require, "100rel");
  if (reliable) {
    // RFC 3262 §4: only the next one in order is acknowledged and understood.
    if (dialog->rseq != 0 && *rseq != dialog->rseq + 1) return;
    dialog->rseq = *rseq;
    const bool offers = !invite_client_.offered && !news.body.empty();
    if (offers) {
      dialog->unanswered_rseq = *rseq;
      news.reliable = true;
    } else {
      send_prack(context, *dialog, *rseq, {});
    }
  }
  std::string annex;
  gather_annex(annex, response);
  news.primitive = status == 180 ? Primitive::Alerting : Primitive::Progress;
  context.keep(news, annex);
}

void Leg::send_prack(Context& context, EarlyDialog& dialog, std::uint32_t rseq, const Body& body) {
  const auto reserved = context.transactions.reserve_client();
  sip::Writer writer = request(context, sip::Method::Prack, reserved.branch(), ++dialog.cseq,
                               {local_tag_, dialog.tag, dialog.target, dialog.routes});
  writer.begin_header(sip::HeaderId::RAck);
  writer.number(rseq);
  writer.text(" ");
  writer.number(invite_client_.cseq);
  writer.text(" INVITE");
  writer.end_header();
  finish_with_body(writer, body);
  if (!body.empty()) session_ = body.bytes;
  start_client(context, {.purpose = Purpose::Prack}, reserved, writer,
               path_of_dialog(dialog.routes, dialog.target, path_, context.locals));
}

// The first 2xx makes the dialog; one with another tag is another branch of a fork and is let go
// with ACK and BYE (RFC 3261 §13.2.2.4).
void Leg::on_accepted(Context& context, const sip::Message& response, const sip::Path& path) {
  const bool initial = invite_client_.initial;
  if (!initial && response.to().tag != remote_tag_) return;
  ack_transaction_ = invite_client_.transaction;
  ack_cseq_ = invite_client_.cseq;
  work().ack.clear();
  // RFC 3261 §13.2.2.4: the ACK bears the credentials of the INVITE.
  if (challenger_) {
    work().credentials = credential_lines(context.transactions.answered_request());
  }
  const bool cancelled = invite_client_.cancelled || parting();
  const bool offered = invite_client_.offered;
  invite_client_.active = false;

  std::uint8_t branch = 0;
  if (initial) {
    if (EarlyDialog* dialog = early_dialog(response)) {
      branch = dialog->branch;
      local_cseq_ = std::max(local_cseq_, dialog->cseq);
      if (!dialog->target.empty()) target_ = dialog->target;
    }
    remote_tag_ = response.to().tag;
    routes_ = route_set(response, true);
    work().early.clear();
    work().early.shrink_to_fit();
  }
  learn_peer(context, response, path);
  if (!initial) note_change(context);
  const Body body = heard_answer(context, response);
  const bool changed = note_session(session_body(response));
  if (cancelled) {
    // It answered before our CANCEL reached it (RFC 3261 §9.1).
    send_ack(context, {});
    // A re-INVITE that was open when the leg was let go: its BYE is on its way already.
    return initial ? send_bye(context, read_work().goodbye) : finish_if_idle(context);
  }
  ack_waits_ = !offered && !body.empty();
  if (!ack_waits_) send_ack(context, {});
  if (invite_client_.refresh) {
    on_refresh_answer(context, response.status(), &response);
    if (changed) propose_changed_session(context, body);
    return;
  }
  if (!initial && !read_work().proposed.empty()) session_ = std::exchange(work().proposed, {});
  take_timer_reply(context, response, initial);
  stage_ = ack_waits_ ? Stage::Accepted : Stage::Confirmed;

  Event answered = event(initial ? Primitive::Connect : Primitive::ModifyReply);
  answered.status = response.status();
  answered.branch = branch;
  answered.body = body;
  answered.product = response.value(sip::HeaderId::Server);
  if (answered.product.empty()) answered.product = response.value(sip::HeaderId::UserAgent);
  std::string annex;
  gather_annex(annex, response);
  context.keep(answered, annex);
}

// The peer answered our unchanged description with a changed one: to the other half that is an offer
// like any other, which is made again after glare (RFC 3261 §14.1).
void Leg::propose_changed_session(Context& context, const Body& body) {
  work().untold = {std::string(body.bytes)};
  tell_untold(context);
}

void Leg::tell_untold(Context& context) {
  work().untold.at = kNever;
  Event wish = event(Primitive::Modify);
  wish.modify = ModifyKind::Update;
  wish.body = {"application/sdp", work().untold.session};
  context.events.push_back(wish);
}

void Leg::on_untold_answer(Context& context, int status) {
  Untold& untold = work().untold;
  if (status != 491 || untold.tries >= context.parameters.sip_session_glare_max_retry) {
    untold = {};
  } else {
    ++untold.tries;
    // It goes over the other half, whose Call-ID is ours when this one's is not.
    untold.at = context.now.mono + glare_pause(side_ == Side::Ingress, context.rng.next());
  }
  arm(context);
}

void Leg::send_ack(Context& context, const Body& body) {
  // The ACK of a 2xx is a transaction of its own with a branch of its own (RFC 3261 §17.1.1.3).
  const auto branch = context.transactions.stateless_branch(context.rng.next());
  sip::Writer writer = request(context, sip::Method::Ack, branch, ack_cseq_);
  if (work_) writer.raw(std::exchange(work_->credentials, {}));
  finish_with_body(writer, body);
  if (!body.empty()) session_ = body.bytes;
  work().ack = writer.view();
  work().ack_path = path_;
  ack_waits_ = false;
  context.outbox.send(work().ack_path, work().ack, context.flow_no);
}

void Leg::confirm(Context& context, const Body& heard) {
  const Body body = said_session(context, heard, sdp::Turn::Answer).value_or(heard);
  if (ack_waits_) {
    send_ack(context, body);
    if (stage_ == Stage::Accepted) stage_ = Stage::Confirmed;
    return;
  }
  for (EarlyDialog& dialog : work().early) {
    if (dialog.unanswered_rseq == 0) continue;
    const std::uint32_t rseq = dialog.unanswered_rseq;
    dialog.unanswered_rseq = 0;
    invite_client_.offered = true;  // the offer/answer of the INVITE is complete
    send_prack(context, dialog, rseq, body);
    return;
  }
}

// A 2xx after the dialog stands: the same one again (our ACK was lost), or another branch.
void Leg::on_extra_accepted(Context& context, transaction::ClientId invite,
                            const sip::Message& response, const sip::Path& path) {
  if (response.to().tag != remote_tag_) {
    if (context.transactions.is_initial(invite)) drop_branch(context, invite, response, path);
  } else if (invite == ack_transaction_) {
    if (!work().ack.empty()) context.outbox.send(work().ack_path, work().ack, context.flow_no);
  } else {
    // Of an INVITE before the last one; its ACK is not kept any more.
    const auto branch = context.transactions.stateless_branch(context.rng.next());
    sip::Writer ack = request(context, sip::Method::Ack, branch, response.cseq().number);
    ack.finish({});
    context.outbox.send(path_, ack.view(), context.flow_no);
  }
}

void Leg::drop_branch(Context& context, transaction::ClientId invite,
                      const sip::Message& response, const sip::Path& path) {
  // Above the CSeq of whatever was asked in its early dialog (PRACK, UPDATE): gaps are allowed.
  constexpr std::uint32_t kBeyondEarlyRequests = 1000;
  const std::string_view target = contact_uri(response);
  if (target.empty()) return;
  const std::string routes = route_set(response, true);
  const std::string tag(response.to().tag);
  const sip::Path to = path_of_dialog(routes, target, path, context.locals);
  const auto branch = context.transactions.stateless_branch(context.rng.next());
  const Dialog dialog{local_tag_, tag, target, routes};
  sip::Writer ack =
      request(context, sip::Method::Ack, branch, response.cseq().number, dialog);
  ack.finish({});
  context.outbox.send(to, ack.view(), context.flow_no);
  if (!context.transactions.first_let_go(invite, tag)) return;
  const auto reserved = context.transactions.reserve_client();
  sip::Writer bye = request(context, sip::Method::Bye, reserved.branch(),
                            response.cseq().number + kBeyondEarlyRequests, dialog);
  bye.finish({});
  start_client(context, {.purpose = Purpose::StrayBye}, reserved, bye, to);
}

void Leg::drop_stray(Context& context, transaction::ClientId invite, const sip::Message& response,
                     const sip::Path& path) {
  Leg stray(Side::Egress);
  stray.path_ = path;
  stray.call_id_ = response.call_id();
  stray.local_ = without_tag(response.value(sip::HeaderId::From));
  stray.local_tag_ = response.from().tag;
  stray.remote_ = without_tag(response.value(sip::HeaderId::To));
  stray.drop_branch(context, invite, response, path);
}

}  // namespace tandem::leg
