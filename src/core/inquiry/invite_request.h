// The INVITE of a question: no session, and nobody who would take a call (RFC 3261 §13.2.1: the offer
// may come in the answer, which never is one).
#pragma once

#include <string_view>

#include "core/inquiry/inquiries.h"

namespace tandem::inquiry {

struct InviteRequest {
  const Order& order;
  const sip::Path& path;  // where it goes, and the local address it leaves from
  std::string_view host;  // of the Request-URI
  std::string_view branch;
  std::string_view tag;  // of From
  std::string_view call_id;
  std::string_view loop_token;
};

// Written into the scratch room of `at`; "" when it does not fit.
std::string_view write_invite(const InviteRequest& request, const leg::Context& at);

}  // namespace tandem::inquiry
