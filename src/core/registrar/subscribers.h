// Whose registrations are those of an egress gateway.
#pragma once

#include "core/directory/directory.h"
#include "core/registrar/binding.h"

namespace tandem::registrar {

// A REGISTER names a user, and no direction: an ingress gateway of the same name that registers is the
// same device, and its registrations serve both. Nobody, when this gateway does not register.
Subscriber subscriber_of(const directory::Directory& directory,
                         const directory::EgressGateway& gateway);

}  // namespace tandem::registrar
