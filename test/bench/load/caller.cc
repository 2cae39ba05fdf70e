#include "bench/load/caller.h"

#include "bench/load/replies.h"

namespace tandem::bench {
namespace {

constexpr std::string_view kAllow =
    "Allow: INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, UPDATE, PRACK\r\n";

bool is(const Draft& expected, std::string_view text) { return expected.view() == text; }

}  // namespace

// Request line to CSeq of a request of the caller. The digit `sequence` tells the transactions of a
// call apart: 1 = INVITE, 2 = its ACK, 3 = BYE.
void Caller::start_request(Draft& draft, std::string_view method, std::string_view target,
                           std::uint32_t call, char sequence) {
  draft.text(method).text(" ").text(target).text(" SIP/2.0\r\nVia: SIP/2.0/UDP ");
  draft.text(plan_.caller).text(";branch=z9hG4bK");
  plan_.token(draft, sequence, call);
  draft.text(";rport\r\nMax-Forwards: 70\r\nFrom: \"Caller ").number(call).text("\" <sip:");
  plan_.calling_number(draft, call);
  draft.text("@").text(plan_.caller).text(">;tag=");
  plan_.token(draft, 'f', call);
  draft.text("\r\nCall-ID: ");
  plan_.token(draft, 'c', call);
  draft.text("@").text(plan_.caller).text(sequence == '3' ? "\r\nCSeq: 2 " : "\r\nCSeq: 1 ");
  draft.text(method).text("\r\n");
}

void Caller::called_uri(Draft& uri, std::uint32_t call) {
  uri.text("sip:");
  plan_.called_number(uri, call);
  uri.text("@").text(plan_.server);
}

void Caller::invite(std::uint32_t call) {
  std::array<char, 64> uri_bytes;
  Draft uri(uri_bytes.data());
  called_uri(uri, call);

  Draft draft = outbox_.draft();
  start_request(draft, "INVITE", uri.view(), call, '1');
  draft.text("To: <").text(uri.view()).text(">\r\nContact: <sip:");
  plan_.calling_number(draft, call);
  draft.text("@").text(plan_.caller).text(">\r\nUser-Agent: bench-caller\r\n").text(kAllow);
  draft.text("Supported: timer, 100rel\r\nContent-Type: application/sdp\r\nContent-Length: ");
  draft.number(plan_.caller_session.size()).text("\r\n\r\n").text(plan_.caller_session);
  outbox_.put(draft, plan_.server_address);

  calls_[call].caller = CallerState::Inviting;
  calls_[call].since = now();
  ++tally_.offered;
}

void Caller::in_dialog(Draft& draft, std::string_view method, const SipText& answer,
                       std::uint32_t call, char sequence) {
  start_request(draft, method, address_of(answer.contact), call, sequence);
  for (std::size_t i = answer.record_routes.count; i > 0; --i) {
    draft.text("Route: ").text(answer.record_routes.values[i - 1]).text("\r\n");
  }
  draft.text("To: ").text(answer.to).text("\r\nContent-Length: 0\r\n\r\n");
}

void Caller::hang_up(std::uint32_t index) {
  Call& call = calls_[index];
  if (call.caller != CallerState::Answered) return;
  Draft draft = outbox_.draft();
  draft.text(call.bye);
  outbox_.put(draft, plan_.server_address);
  call.caller = CallerState::HangingUp;
  call.since = now();
}

void Caller::receive(std::string_view bytes, const sockaddr_in& peer) {
  ++tally_.received;
  const auto sip = read_sip(bytes);
  if (!sip) return tally_.fault(Fault::Unreadable);
  if (sip->is_response()) {
    response(*sip);
  } else {
    request(*sip, peer);
  }
}

// Everything that ties an answer to the request with `sequence` (RFC 3261 §8.2.6.2, §17.1.3).
bool Caller::belongs(const SipText& sip, std::uint32_t call, char sequence) {
  std::array<char, 32> branch_bytes, tag_bytes;
  Draft branch(branch_bytes.data()), tag(tag_bytes.data());
  branch.text("z9hG4bK");
  plan_.token(branch, sequence, call);
  plan_.token(tag, 'f', call);
  if (sip.vias.count != 1 || !is(branch, parameter(sip.vias.values[0], "branch"))) {
    tally_.fault(Fault::WrongBranch);
  } else if (!is(tag, parameter(sip.from, "tag"))) {
    tally_.fault(Fault::WrongTag);
  } else if (sip.cseq != (sequence == '3' ? "2 BYE" : "1 INVITE")) {
    tally_.fault(Fault::WrongSequence);
  } else {
    return true;
  }
  return false;
}

void Caller::response(const SipText& sip) {
  const auto index = plan_.call_of_token(sip.call_id, 'c');
  if (!index || *index >= calls_.size()) return tally_.fault(Fault::UnknownCall);
  Call& call = calls_[*index];
  const bool to_bye = sip.cseq.ends_with("BYE");
  if (!belongs(sip, *index, to_bye ? '3' : '1')) return;
  const int status = sip.status();
  if (status == 100) return;
  const std::string_view tag = parameter(sip.to, "tag");
  if (status >= 300) return refused(sip, *index, to_bye);
  if (tag.empty() || (!call.remote_tag.empty() && tag != call.remote_tag)) {
    return tally_.fault(Fault::WrongTag);
  }
  if (to_bye) {
    if (call.caller != CallerState::HangingUp) return tally_.fault(Fault::RepeatedAnswer);
    tally_.goodbye.add(now() - call.since);
    call.caller = CallerState::Over;
    ++tally_.completed;
  } else if (status < 200) {
    ringing(sip, call);
  } else {
    answered(sip, *index);
  }
}

void Caller::ringing(const SipText& sip, Call& call) {
  if (sip.status() != 180) return tally_.fault(Fault::UnexpectedAnswer);
  if (call.rang) return tally_.fault(Fault::RepeatedAnswer);
  call.rang = true;
  if (call.caller == CallerState::Inviting) tally_.ringing.add(now() - call.since);
}

void Caller::answered(const SipText& sip, std::uint32_t index) {
  Call& call = calls_[index];
  const bool first = call.caller == CallerState::Inviting;
  if (!first) tally_.fault(Fault::RepeatedAnswer);
  if (!same_media(sip.body, plan_.callee_session)) tally_.fault(Fault::WrongMedia);
  Draft ack = outbox_.draft();
  in_dialog(ack, "ACK", sip, index, '2');
  outbox_.put(ack, plan_.server_address);
  if (!first) return;

  tally_.answer.add(now() - call.since);
  ++tally_.answered;
  call.caller = CallerState::Answered;
  call.remote_tag = parameter(sip.to, "tag");
  std::array<char, kDatagram> bytes;
  Draft bye(bytes.data());
  in_dialog(bye, "BYE", sip, index, '3');
  call.bye = bye.view();
  if (plan_.ending == Ending::AtOnce) hang_up(index);
}

void Caller::refused(const SipText& sip, std::uint32_t index, bool to_bye) {
  const int status = sip.status();
  Call& call = calls_[index];
  tally_.fault(Fault::Refused);
  if (!to_bye) {  // RFC 3261 §17.1.1.3
    std::array<char, 64> uri_bytes;
    Draft uri(uri_bytes.data());
    called_uri(uri, index);
    Draft ack = outbox_.draft();
    start_request(ack, "ACK", uri.view(), index, '1');
    ack.text("To: ").text(sip.to).text("\r\nContent-Length: 0\r\n\r\n");
    outbox_.put(ack, plan_.server_address);
  }
  if (status < 700) ++tally_.refusals[static_cast<std::size_t>(status)];
  if (call.caller != CallerState::Over && call.caller != CallerState::Failed) {
    call.caller = CallerState::Failed;
    ++tally_.failed;
  }
}

void Caller::refreshed(const SipText& sip, std::uint32_t index, const sockaddr_in& peer) {
  const Call& call = calls_[index];
  if (call.caller != CallerState::Answered) tally_.fault(Fault::UnexpectedRequest);
  if (parameter(sip.from, "tag") != call.remote_tag) tally_.fault(Fault::WrongTag);
  std::array<char, 64> contact_bytes;
  Draft contact(contact_bytes.data());
  contact.text("sip:");
  plan_.calling_number(contact, index);
  contact.text("@").text(plan_.caller);
  reply_to_refresh(outbox_, sip, peer, contact.view(), plan_.caller_session);
  ++tally_.refreshes;
}

// The server may end a call that is held: BYE, tied to the dialog by Call-ID and both tags.
void Caller::request(const SipText& sip, const sockaddr_in& peer) {
  const auto index = plan_.call_of_token(sip.call_id, 'c');
  if (!index || *index >= calls_.size()) return tally_.fault(Fault::UnknownCall);
  const std::string_view method = sip.method();
  if (method == "ACK") return;  // of a re-INVITE
  if (method == "UPDATE" || method == "INVITE") return refreshed(sip, *index, peer);
  if (method != "BYE") return tally_.fault(Fault::UnexpectedRequest);
  Call& call = calls_[*index];
  std::array<char, 32> tag_bytes;
  Draft tag(tag_bytes.data());
  plan_.token(tag, 'f', *index);
  if (!is(tag, parameter(sip.to, "tag")) || parameter(sip.from, "tag") != call.remote_tag) {
    tally_.fault(Fault::WrongTag);
  }
  reply(outbox_, sip, peer, {.status = "200 OK"});
  if (call.caller == CallerState::Over) return tally_.fault(Fault::RepeatedBye);
  if (call.caller != CallerState::Answered) tally_.fault(Fault::UnexpectedRequest);
  call.caller = CallerState::Over;
  tally_.last_end = now();
  if (tally_.ended_by_switch == 0) tally_.first_end = tally_.last_end;
  ++tally_.ended_by_switch;
  ++tally_.completed;
}

}  // namespace tandem::bench
