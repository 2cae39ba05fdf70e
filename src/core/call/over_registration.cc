// Attempts over an outbound registration: sent where it registered, as whom it registered
// (entities.md 14).

#include "base/text.h"
#include "core/call/call.h"
#include "core/sip/header_id.h"
#include "core/sip/uri.h"

namespace tandem::call {
namespace {

using directory::EgressGateway;
using directory::OutboundPrivacy;
using directory::OutboundRegistration;

// The header lines with the Privacy that SS_SIP_USER_AGENT_PRIVACY wants.
std::string with_privacy(std::string_view annex, OutboundPrivacy policy) {
  std::string lines;
  for (std::size_t end = annex.find("\r\n"); end != annex.npos; end = annex.find("\r\n")) {
    const std::string_view line = annex.substr(0, end + 2);
    const std::string_view name = line.substr(0, line.find(':'));
    if (sip::header_id(name) != sip::HeaderId::Privacy) lines += line;
    annex.remove_prefix(end + 2);
  }
  if (policy == OutboundPrivacy::Id) lines += "Privacy: id\r\n";
  return lines;
}

}  // namespace

void Call::count_registration(Desk& desk, const EgressGateway& gateway) {
  const OutboundRegistration* over = directory().registration_of(gateway);
  if (over == nullptr) return;
  ++desk.live.registrations.at(over->id).calls;
  counted_.registration = over->id;
}

void Call::give_back_attempt(Desk& desk) {
  if (counted_.egress != 0) --desk.live.egress.at(counted_.egress).calls;
  if (counted_.registration != 0) --desk.live.registrations.at(counted_.registration).calls;
  if (counted_.phone != 0) desk.live.phones.count(counted_.phone, -1, 0);
  counted_.egress = counted_.registration = counted_.phone = 0;
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
  order.from_user = over->user;
  order.from_host = words.host;
  order.contact_user = words.contact_user;
  // The platform knows its own user; the caller is told as a name.
  if (order.display.empty() && !hunt().facts.anonymous) order.display = order.caller;
  const OutboundPrivacy policy = parameters().sip_user_agent_privacy;
  if (policy == OutboundPrivacy::PassThrough) return;
  words.annex = with_privacy(order.annex, policy);
  order.annex = words.annex;
}

}  // namespace tandem::call
