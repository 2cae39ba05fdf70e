// The addresses this machine has, to say in Via and Contact where a wildcard can be reached.
#pragma once

#include <vector>

#include "base/address.h"

namespace tandem::net {

// Those of the family of `like` that are up, at most kMaxLocalAddresses: first the one that packets
// to far away leave from, loopback last. Link-local IPv6 is left out: it needs a zone.
inline constexpr std::size_t kMaxLocalAddresses = 64;
std::vector<IpAddress> local_addresses(const IpAddress& like);

}  // namespace tandem::net
