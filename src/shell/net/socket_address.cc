#include "shell/net/socket_address.h"

#include <arpa/inet.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace tandem::net {

in_addr to_v4(const IpAddress& address) { return {.s_addr = htonl(address.v4_host_order())}; }

in6_addr to_v6(const IpAddress& address) {
  in6_addr system{};
  std::memcpy(&system, address.bytes().data(), sizeof system);
  return system;
}

IpAddress from_system(const in_addr& address) { return IpAddress::v4(ntohl(address.s_addr)); }

IpAddress from_system(const in6_addr& address) {
  std::array<std::uint8_t, 16> bytes{};
  std::memcpy(bytes.data(), &address, bytes.size());
  return IpAddress::v6(bytes);
}

SocketAddress::SocketAddress(const Endpoint& endpoint) : v6{} {
  if (endpoint.ip.is_v4()) {
    v4.sin_family = AF_INET;
    v4.sin_port = htons(endpoint.port);
    v4.sin_addr = to_v4(endpoint.ip);
  } else {
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(endpoint.port);
    v6.sin6_addr = to_v6(endpoint.ip);
  }
}

Endpoint SocketAddress::endpoint() const {
  if (generic.sa_family == AF_INET) return {from_system(v4.sin_addr), ntohs(v4.sin_port)};
  if (generic.sa_family == AF_INET6) return {from_system(v6.sin6_addr), ntohs(v6.sin6_port)};
  return {};
}

Descriptor::~Descriptor() {
  if (number_ >= 0) ::close(number_);
}

Descriptor open_socket(const IpAddress& family, Kind kind) {
  const int type = kind == Kind::Datagram ? SOCK_DGRAM : SOCK_STREAM;
  Descriptor socket(
      ::socket(family.is_v4() ? AF_INET : AF_INET6, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (socket && !family.is_v4()) set_option(socket, IPPROTO_IPV6, IPV6_V6ONLY, 1);
  return socket;
}

void set_option(const Descriptor& socket, int level, int name, int value) {
  ::setsockopt(socket.get(), level, name, &value, sizeof value);
}

void mark(const Descriptor& socket, bool v4, int tos) {
  if (v4) {
    set_option(socket, IPPROTO_IP, IP_TOS, tos);
  } else {
    set_option(socket, IPPROTO_IPV6, IPV6_TCLASS, tos);
  }
}

Endpoint bound_address(const Descriptor& socket) {
  SocketAddress address;
  socklen_t size = sizeof address;
  if (::getsockname(socket.get(), &address.generic, &size) != 0) return {};
  return address.endpoint();
}

std::string cannot_listen(const std::string& where, int error) {
  std::string reason = std::strerror(error);
  if (error == EADDRINUSE) reason = "another program uses this port";
  if (error == EACCES) reason = "ports below 1024 are reserved for root";
  if (error == EADDRNOTAVAIL) reason = "this machine does not have the address";
  if (error == EAFNOSUPPORT) reason = "this machine does not have this kind of address";
  return "cannot listen on " + where + ": " + reason;
}

}  // namespace tandem::net
