#include "bench/load/replies.h"

namespace tandem::bench {

void reply(Outbox& outbox, const SipText& request, const sockaddr_in& peer, const Reply& what) {
  Draft draft = outbox.draft();
  draft.text("SIP/2.0 ").text(what.status).text("\r\n");
  for (const std::string_view via : request.vias) draft.text("Via: ").text(via).text("\r\n");
  if (!what.contact.empty()) {
    for (const std::string_view route : request.record_routes) {
      draft.text("Record-Route: ").text(route).text("\r\n");
    }
  }
  draft.text("From: ").text(request.from).text("\r\nTo: ").text(request.to);
  if (!what.to_tag.empty()) draft.text(";tag=").text(what.to_tag);
  draft.text("\r\nCall-ID: ").text(request.call_id);
  draft.text("\r\nCSeq: ").text(request.cseq).text("\r\n");
  if (!what.contact.empty()) draft.text("Contact: <").text(what.contact).text(">\r\n");
  if (!what.session_expires.empty()) {
    draft.text("Require: timer\r\nSession-Expires: ").text(what.session_expires).text("\r\n");
  }
  if (what.session.empty()) {
    draft.text("Content-Length: 0\r\n\r\n");
  } else {
    draft.text("Allow: INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, UPDATE, PRACK\r\n");
    draft.text("Supported: timer\r\nContent-Type: application/sdp\r\nContent-Length: ");
    draft.number(what.session.size()).text("\r\n\r\n").text(what.session);
  }
  outbox.put(draft, peer);
}

void reply_to_refresh(Outbox& outbox, const SipText& request, const sockaddr_in& peer,
                      std::string_view contact, std::string_view session) {
  reply(outbox, request, peer,
        {.status = "200 OK",
         .contact = contact,
         .session = request.body.empty() ? std::string_view() : session,
         .session_expires = request.session_expires});
}

}  // namespace tandem::bench
