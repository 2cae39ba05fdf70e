// A phone that is called, as the hunting for somebody who answers sees it: an egress gateway with the
// time-outs and switches of the system.
#pragma once

#include "core/directory/entities.h"

namespace tandem::directory {

EgressGateway as_egress(const Phone& phone);

}  // namespace tandem::directory
