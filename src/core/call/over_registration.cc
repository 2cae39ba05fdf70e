// Attempts over an outbound registration: sent where it registered, as whom it registered
// (entities.md 14).

#include "core/call/call.h"
#include "core/sip/uri.h"

namespace tandem::call {
namespace {

using directory::EgressGateway;
using directory::OutboundPrivacy;
using directory::OutboundRegistration;

}  // namespace

void Call::count_registration(Desk& desk, const EgressGateway& gateway) {
  const OutboundRegistration* over = directory().registration_of(gateway);
  if (over == nullptr) return;
  ++desk.live.registrations.at(over->id).calls;
  counted_.registration = over->id;
}

void Call::give_back_attempt(Desk& desk) {
  if (counted_.egress != 0) desk.live.count_egress(counted_.egress, -1);
  if (counted_.registration != 0) --desk.live.registrations.at(counted_.registration).calls;
  if (counted_.phone != 0) desk.live.phones.count(counted_.phone, -1, 0);
  counted_.egress = counted_.registration = counted_.phone = 0;
  give_back_pooled(desk);
}

// For a gateway without addresses of its own.
bool Call::start_over_registration(Desk& desk, const EgressGateway& gateway) {
  const OutboundRegistration& over = *directory().registration_of(gateway);
  const sip::Path path = desk.live.registrations.read(over.id).path;
  start_attempt(desk, gateway, path, sip::host_in_uri(over.domain()));
  return true;
}

// Says in the order as whom the call is sent; `words` holds what it points to.
void Call::go_over_registration(const EgressGateway& gateway, leg::SetupOrder& order,
                                RegisteredAs& words) const {
  const OutboundRegistration* over = directory().registration_of(gateway);
  if (over == nullptr) return;
  words.host = sip::host_in_uri(over->domain());
  words.contact_user = over->own_contact_user();
  order.caller.account = over->user;
  order.from_host = words.host;
  order.contact_user = words.contact_user;
  // The platform knows its own user; the caller is told as a name.
  const bool shown = order.caller.wish == facts::PrivacyWish::None;
  if (order.caller.display.empty() && shown) order.caller.display = order.caller.number;
}

// The sip_privacy of the gateway, or what SS_SIP_USER_AGENT_PRIVACY makes of it.
directory::PrivacyHeader Call::privacy_towards(const EgressGateway& gateway) const {
  using directory::PrivacyHeader;
  if (directory().registration_of(gateway) == nullptr) return gateway.rules.privacy;
  switch (parameters().sip_user_agent_privacy) {
    case OutboundPrivacy::None:
      return PrivacyHeader::None;
    case OutboundPrivacy::PassThrough:
      return gateway.rules.privacy;
    case OutboundPrivacy::Id:
      return PrivacyHeader::Id;
  }
  return gateway.rules.privacy;
}

}  // namespace tandem::call
