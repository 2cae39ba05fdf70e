#include "bench/load/callee.h"

#include <functional>

#include "bench/load/replies.h"

namespace tandem::bench {
namespace {

std::uint64_t dialog_of(const SipText& sip) {
  const std::hash<std::string_view> hash;
  return hash(sip.call_id) * 31 + hash(parameter(sip.from, "tag"));
}

}  // namespace

void Callee::receive(std::string_view bytes, const sockaddr_in& peer) {
  ++tally_.received;
  const auto sip = read_sip(bytes);
  if (!sip) return tally_.fault(Fault::Unreadable);
  if (sip->is_response()) return tally_.fault(Fault::UnexpectedAnswer);
  const auto index = plan_.call_of_called(sip->request_uri());
  if (!index || *index >= calls_.size()) return tally_.fault(Fault::UnknownCall);
  Call& call = calls_[*index];

  const std::string_view method = sip->method();
  const bool in_dialog = !parameter(sip->to, "tag").empty();
  if (method == "INVITE" && !in_dialog) return invited(*sip, *index, peer);
  check_dialog(*sip, *index);
  if (method == "ACK") {
    // A re-INVITE has an ACK of its own.
    if (call.callee_acked && !call.callee_refreshed) tally_.fault(Fault::RepeatedAck);
    call.callee_acked = true;
    call.callee_refreshed = false;
  } else if (method == "UPDATE" || method == "INVITE") {
    refreshed(*sip, *index, peer);
  } else if (method == "BYE") {
    reply(outbox_, *sip, peer, {.status = "200 OK"});
    if (call.callee_ended) return tally_.fault(Fault::RepeatedBye);
    call.callee_ended = true;
    ++tally_.callee_ended;
  } else {
    tally_.fault(Fault::UnexpectedRequest);
  }
}

void Callee::invited(const SipText& sip, std::uint32_t index, const sockaddr_in& peer) {
  Call& call = calls_[index];
  if (call.callee_invited) tally_.fault(Fault::RepeatedInvite);
  call.callee_invited = true;
  call.callee_dialog = dialog_of(sip);
  check_invite(sip, index);

  std::array<char, 32> tag_bytes;
  std::array<char, 64> contact_bytes;
  Draft tag(tag_bytes.data()), contact(contact_bytes.data());
  plan_.token(tag, 't', index);
  contact.text("sip:");
  plan_.called_number(contact, index);
  contact.text("@").text(plan_.callee);
  reply(outbox_, sip, peer, {.status = "100 Trying"});
  reply(outbox_, sip, peer,
        {.status = "180 Ringing", .to_tag = tag.view(), .contact = contact.view()});
  reply(outbox_, sip, peer,
        {.status = "200 OK",
         .to_tag = tag.view(),
         .contact = contact.view(),
         .session = plan_.callee_session});
}

void Callee::refreshed(const SipText& sip, std::uint32_t index, const sockaddr_in& peer) {
  Call& call = calls_[index];
  if (!call.callee_acked || call.callee_ended) tally_.fault(Fault::UnexpectedRequest);
  call.callee_refreshed = sip.method() == "INVITE";
  std::array<char, 64> contact_bytes;
  Draft contact(contact_bytes.data());
  contact.text("sip:");
  plan_.called_number(contact, index);
  contact.text("@").text(plan_.callee);
  reply_to_refresh(outbox_, sip, peer, contact.view(), plan_.callee_session);
  ++tally_.refreshes;
}

void Callee::check_invite(const SipText& sip, std::uint32_t index) {
  std::array<char, 16> number_bytes;
  Draft number(number_bytes.data());
  plan_.calling_number(number, index);
  if (address_of(sip.from).find(number.view()) != 4) tally_.fault(Fault::WrongNumber);
  const std::size_t hops = number_in(sip.max_forwards);
  if (hops == 0 || hops > 70) tally_.fault(Fault::WrongHops);
  if (!same_media(sip.body, plan_.caller_session)) tally_.fault(Fault::WrongMedia);
  if (!parameter(sip.to, "tag").empty()) tally_.fault(Fault::WrongTag);
  if (plan_.topology == Topology::Hidden) {
    // Nothing of the caller's own signalling is seen on the other leg.
    const bool shown = sip.vias.count != 1 || sip.record_routes.count != 0 ||
                       plan_.call_of_token(sip.call_id, 'c').has_value() ||
                       sip.contact.find(plan_.caller) != std::string_view::npos ||
                       sip.from.find(plan_.caller) != std::string_view::npos;
    if (shown) tally_.fault(Fault::Unhidden);
  }
}

// ACK and BYE belong to the dialog that the INVITE made (RFC 3261 §12.2.2).
void Callee::check_dialog(const SipText& sip, std::uint32_t index) {
  const Call& call = calls_[index];
  std::array<char, 32> tag_bytes;
  Draft tag(tag_bytes.data());
  plan_.token(tag, 't', index);
  if (!call.callee_invited || parameter(sip.to, "tag") != tag.view()) {
    tally_.fault(Fault::WrongTag);
  }
  if (call.callee_dialog != dialog_of(sip)) tally_.fault(Fault::WrongCallId);
}

}  // namespace tandem::bench
