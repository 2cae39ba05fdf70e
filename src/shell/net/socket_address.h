// Our endpoints as the system's socket addresses, and options every socket of ours has.
#pragma once

#include <netinet/in.h>
#include <sys/socket.h>

#include <string>
#include <utility>

#include "base/address.h"

namespace tandem::net {

// Large enough for both families; what recvmsg() and getsockname() fill.
union SocketAddress {
  sockaddr generic;
  sockaddr_in v4;
  sockaddr_in6 v6;

  SocketAddress() : v6{} {}
  explicit SocketAddress(const Endpoint& endpoint);

  socklen_t size() const {
    return generic.sa_family == AF_INET ? sizeof(sockaddr_in) : sizeof(sockaddr_in6);
  }
  Endpoint endpoint() const;  // none() when the family is neither
};

IpAddress from_system(const in_addr& address);
IpAddress from_system(const in6_addr& address);
in_addr to_v4(const IpAddress& address);
in6_addr to_v6(const IpAddress& address);

// An open file of the system, closed when it ends.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  ~Descriptor();

  int get() const { return number_; }
  explicit operator bool() const { return number_ >= 0; }

 private:
  int number_ = -1;
};

enum class Kind { Datagram, Stream };
// A socket that does not block, IPv6 alone where it is IPv6; empty with errno when there is none.
Descriptor open_socket(const IpAddress& family, Kind kind);
void set_option(const Descriptor& socket, int level, int name, int value);
// TOS byte of IPv4, traffic class of IPv6 (RFC 2474).
void mark(const Descriptor& socket, bool v4, int tos);
Endpoint bound_address(const Descriptor& socket);

// "cannot listen on udp:127.0.0.1:5060: another program uses this port"
std::string cannot_listen(const std::string& where, int error);

}  // namespace tandem::net
