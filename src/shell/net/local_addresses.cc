#include "shell/net/local_addresses.h"

#include <ifaddrs.h>
#include <net/if.h>

#include <algorithm>

#include "shell/net/socket_address.h"

namespace tandem::net {
namespace {

// Asks the routing table; nothing is sent. The documentation addresses are nowhere near.
IpAddress address_of_default_route(const IpAddress& like) {
  const auto far = IpAddress::parse(like.is_v4() ? "192.0.2.1" : "2001:db8::1");
  const Descriptor socket = open_socket(like, Kind::Datagram);
  const SocketAddress target({*far, 9});
  if (!socket || ::connect(socket.get(), &target.generic, target.size()) != 0) return {};
  return bound_address(socket).ip;
}

bool is_link_local(const IpAddress& address) {
  return address.is_v6() && address.bytes()[0] == 0xfe && (address.bytes()[1] & 0xc0) == 0x80;
}

}  // namespace

std::vector<IpAddress> local_addresses(const IpAddress& like) {
  std::vector<IpAddress> found;
  ifaddrs* all = nullptr;
  if (::getifaddrs(&all) != 0) return found;
  for (const ifaddrs* each = all; each != nullptr; each = each->ifa_next) {
    if (each->ifa_addr == nullptr || (each->ifa_flags & IFF_UP) == 0) continue;
    if (each->ifa_addr->sa_family != (like.is_v4() ? AF_INET : AF_INET6)) continue;
    const IpAddress ip =
        like.is_v4()
            ? from_system(reinterpret_cast<const sockaddr_in*>(each->ifa_addr)->sin_addr)
            : from_system(reinterpret_cast<const sockaddr_in6*>(each->ifa_addr)->sin6_addr);
    if (is_link_local(ip) || std::find(found.begin(), found.end(), ip) != found.end()) continue;
    found.push_back(ip);
  }
  ::freeifaddrs(all);

  const IpAddress first = address_of_default_route(like);
  const auto rank = [&](const IpAddress& ip) { return ip == first ? 0 : ip.is_loopback() ? 2 : 1; };
  std::stable_sort(found.begin(), found.end(),
                   [&](const IpAddress& a, const IpAddress& b) { return rank(a) < rank(b); });
  if (found.size() > kMaxLocalAddresses) found.resize(kMaxLocalAddresses);
  return found;
}

}  // namespace tandem::net
