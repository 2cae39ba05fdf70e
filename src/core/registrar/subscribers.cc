#include "core/registrar/subscribers.h"

namespace tandem::registrar {

Subscriber subscriber_of(const directory::Directory& directory,
                         const directory::EgressGateway& gateway) {
  if (!gateway.registers()) return {};
  const directory::IngressGateway* same = directory.ingress_by_name(gateway.name);
  if (same != nullptr && same->register_type == directory::RegisterType::Dynamic)
    return {Subscriber::Kind::IngressGateway, same->id};
  return {Subscriber::Kind::EgressGateway, gateway.id};
}

}  // namespace tandem::registrar
