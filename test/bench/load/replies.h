// Answers to requests (RFC 3261 §8.2.6): what both halves of the generator send alike.
#pragma once

#include <string_view>

#include "bench/load/datagrams.h"
#include "bench/load/sip_text.h"

namespace tandem::bench {

struct Reply {
  std::string_view status;        // "180 Ringing"
  std::string_view to_tag = {};   // added where the request has none
  std::string_view contact = {};  // URI; with it the Record-Routes are copied, too
  std::string_view session = {};  // SDP
  std::string_view session_expires = {};
};

void reply(Outbox& outbox, const SipText& request, const sockaddr_in& peer, const Reply& what);
// The 200 to an UPDATE or re-INVITE that keeps the session alive: the same interval and refresher.
void reply_to_refresh(Outbox& outbox, const SipText& request, const sockaddr_in& peer,
                      std::string_view contact, std::string_view session);

}  // namespace tandem::bench
