// Attempts at what registered here: a phone, or an egress gateway of register_type dynamic
// (entities.md 1).

#include "core/call/call.h"
#include "core/registrar/subscribers.h"
#include "core/sip/uri.h"

namespace tandem::call {

// The contact of a gateway whose turn it is; those that have gone since are passed. nullptr = none.
const registrar::Binding* Call::contact_in_turn(Desk& desk,
                                                const directory::EgressGateway& gateway) {
  std::vector<registrar::BindingId>& contacts = hunt().contacts;
  if (hunt().next_address == 0) {
    contacts.clear();
    question(desk).registered().contacts_of(registrar::subscriber_of(directory(), gateway),
                                            contacts);
  }
  for (; hunt().next_address < contacts.size(); ++hunt().next_address) {
    const registrar::Binding* contact = desk.registrar.find(contacts[hunt().next_address]);
    if (contact != nullptr) return contact;
  }
  return nullptr;
}

// A phone is called by its Contact, a gateway by the number at its address: or, with
// SS_SIP_ROUTING_GATEWAY_INVITE_USE_CONTACT, at its Contact. `target` holds what the order points
// to.
void Call::go_to_contact(const registrar::Binding& contact, leg::SetupOrder& order,
                         std::string& target) const {
  order.routes = contact.route();
  if (counted_.phone != 0) {
    order.target = contact.contact();
  } else if (parameters().sip_routing_gateway_invite_use_contact) {
    target = sip::with_user(contact.contact(), order.callee, order.user_parameters);
    order.target = target;
    order.to_user = hunt().facts.callee.received;
  }
}

}  // namespace tandem::call
