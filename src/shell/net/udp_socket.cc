#include "shell/net/udp_socket.h"

#include <linux/errqueue.h>
#include <netinet/icmp6.h>
#include <netinet/ip_icmp.h>
#include <poll.h>

#include <cerrno>
#include <cstring>

namespace tandem::net {
namespace {

// Enough for the answers to a hundred thousand requests that leave in one second.
constexpr int kReceiveBuffer = 32 << 20;
constexpr int kSendBuffer = 8 << 20;
constexpr int kSendPatience = 2;  // ms, when the system's buffer is full; then datagrams are lost
constexpr int kErrorsAtOnce = 64;

void enlarge(const Descriptor& socket, int name, int forced_name, int size) {
  set_option(socket, SOL_SOCKET, name, size);         // as far as the machine allows
  set_option(socket, SOL_SOCKET, forced_name, size);  // as wished, for root alone
}

// The destination of what came in, or the source that goes with an error.
IpAddress our_address(const msghdr& header) {
  auto* walked = const_cast<msghdr*>(&header);
  for (cmsghdr* each = CMSG_FIRSTHDR(walked); each != nullptr; each = CMSG_NXTHDR(walked, each)) {
    if (each->cmsg_level == IPPROTO_IP && each->cmsg_type == IP_PKTINFO) {
      in_pktinfo info{};
      std::memcpy(&info, CMSG_DATA(each), sizeof info);
      return from_system(info.ipi_addr);
    }
    if (each->cmsg_level == IPPROTO_IPV6 && each->cmsg_type == IPV6_PKTINFO) {
      in6_pktinfo info{};
      std::memcpy(&info, CMSG_DATA(each), sizeof info);
      return from_system(info.ipi6_addr);
    }
  }
  return {};
}

// RFC 3261 §18.4: host, network, port or protocol unreachable; not "fragmentation needed".
bool says_unreachable(const msghdr& header) {
  auto* walked = const_cast<msghdr*>(&header);
  for (cmsghdr* each = CMSG_FIRSTHDR(walked); each != nullptr; each = CMSG_NXTHDR(walked, each)) {
    const bool v4 = each->cmsg_level == IPPROTO_IP && each->cmsg_type == IP_RECVERR;
    const bool v6 = each->cmsg_level == IPPROTO_IPV6 && each->cmsg_type == IPV6_RECVERR;
    if (!v4 && !v6) continue;
    sock_extended_err error{};
    std::memcpy(&error, CMSG_DATA(each), sizeof error);
    if (error.ee_errno == EMSGSIZE) return false;
    if (error.ee_origin == SO_EE_ORIGIN_ICMP) return error.ee_type == ICMP_DEST_UNREACH;
    if (error.ee_origin == SO_EE_ORIGIN_ICMP6) return error.ee_type == ICMP6_DST_UNREACH;
    return error.ee_origin == SO_EE_ORIGIN_LOCAL;
  }
  return false;
}

}  // namespace

ReceiveRoom::ReceiveRoom() : bytes_(std::make_unique_for_overwrite<char[]>(kStride * kBatch)) {
  for (std::size_t i = 0; i < kBatch; ++i) {
    pieces_[i] = {.iov_base = bytes_.get() + i * kStride, .iov_len = kSlot};
    headers_[i].msg_hdr.msg_iov = &pieces_[i];
    headers_[i].msg_hdr.msg_iovlen = 1;
    headers_[i].msg_hdr.msg_name = &peers_[i];
    headers_[i].msg_hdr.msg_control = controls_[i].data();
  }
}

Result<std::unique_ptr<UdpSocket>, int> UdpSocket::open(const Endpoint& address) {
  const bool v4 = address.ip.is_v4();
  Descriptor socket = open_socket(address.ip, Kind::Datagram);
  if (!socket) return Failure{errno};
  enlarge(socket, SO_RCVBUF, SO_RCVBUFFORCE, kReceiveBuffer);
  enlarge(socket, SO_SNDBUF, SO_SNDBUFFORCE, kSendBuffer);
  set_option(socket, v4 ? IPPROTO_IP : IPPROTO_IPV6, v4 ? IP_RECVERR : IPV6_RECVERR, 1);
  if (address.ip.is_any()) {
    set_option(socket, v4 ? IPPROTO_IP : IPPROTO_IPV6, v4 ? IP_PKTINFO : IPV6_RECVPKTINFO, 1);
  }
  const SocketAddress where(address);
  if (::bind(socket.get(), &where.generic, where.size()) != 0) return Failure{errno};
  const Endpoint bound = bound_address(socket);
  return std::unique_ptr<UdpSocket>(new UdpSocket(std::move(socket), bound));
}

UdpSocket::UdpSocket(Descriptor socket, const Endpoint& address)
    : socket_(std::move(socket)), address_(address) {
  for (std::size_t i = 0; i < kBatch; ++i) {
    headers_[i].msg_hdr.msg_iov = &pieces_[i];
    headers_[i].msg_hdr.msg_iovlen = 1;
    headers_[i].msg_hdr.msg_name = &peers_[i];
  }
}

std::uint16_t UdpSocket::local_of(const msghdr& header) const {
  if (!wildcard()) return locals_.front().local;
  const IpAddress to = our_address(header);
  for (const LocalIndex& each : locals_) {
    if (each.ip == to) return each.local;
  }
  // Another address of 127.0.0.0/8, or one the machine was given since we began.
  for (const LocalIndex& each : locals_) {
    if (each.ip.is_loopback() == to.is_loopback()) return each.local;
  }
  return locals_.front().local;
}

std::span<const Arrival> UdpSocket::receive(ReceiveRoom& room) {
  for (std::size_t i = 0; i < kBatch; ++i) {
    room.headers_[i].msg_hdr.msg_namelen = sizeof(SocketAddress);
    room.headers_[i].msg_hdr.msg_controllen = wildcard() ? ReceiveRoom::kControl : 0;
  }
  const int count = ::recvmmsg(socket_.get(), room.headers_.data(), kBatch, 0, nullptr);
  if (count <= 0) return {};
  std::size_t kept = 0;
  for (std::size_t i = 0; i < std::size_t(count); ++i) {
    const Endpoint peer = room.peers_[i].endpoint();
    if (peer.port == 0) continue;  // nobody could be answered
    room.arrivals_[kept++] = {
        .path = {.transport = sip::Transport::Udp,
                 .local = local_of(room.headers_[i].msg_hdr),
                 .connection = 0,
                 .peer = peer},
        .bytes = {static_cast<const char*>(room.pieces_[i].iov_base), room.headers_[i].msg_len}};
  }
  counters_.received += std::uint64_t(count);
  return {room.arrivals_.data(), kept};
}

// From a wildcard a datagram leaves with the address it was meant to leave from.
void UdpSocket::choose_source(std::size_t slot, std::uint16_t local) {
  msghdr& header = headers_[slot].msg_hdr;
  header.msg_control = nullptr;
  header.msg_controllen = 0;
  if (!wildcard()) return;
  const IpAddress* from = nullptr;
  for (const LocalIndex& each : locals_) {
    if (each.local == local) from = &each.ip;
  }
  if (from == nullptr || from->is_any()) return;
  header.msg_control = controls_[slot].data();
  auto* control = reinterpret_cast<cmsghdr*>(controls_[slot].data());
  if (from->is_v4()) {
    in_pktinfo info{};
    info.ipi_spec_dst = to_v4(*from);
    control->cmsg_level = IPPROTO_IP;
    control->cmsg_type = IP_PKTINFO;
    control->cmsg_len = CMSG_LEN(sizeof info);
    std::memcpy(CMSG_DATA(control), &info, sizeof info);
    header.msg_controllen = CMSG_SPACE(sizeof info);
  } else {
    in6_pktinfo info{};
    info.ipi6_addr = to_v6(*from);
    control->cmsg_level = IPPROTO_IPV6;
    control->cmsg_type = IPV6_PKTINFO;
    control->cmsg_len = CMSG_LEN(sizeof info);
    std::memcpy(CMSG_DATA(control), &info, sizeof info);
    header.msg_controllen = CMSG_SPACE(sizeof info);
  }
}

void UdpSocket::send(const sip::Outbox::Datagram& datagram, std::vector<sip::Path>& failed) {
  if (datagram.path.peer.ip.is_v4() != address_.ip.is_v4() || datagram.path.peer.port == 0) {
    ++counters_.not_sent;
    failed.push_back(datagram.path);
    return;
  }
  const std::size_t slot = queued_++;
  datagrams_[slot] = &datagram;
  peers_[slot] = SocketAddress(datagram.path.peer);
  headers_[slot].msg_hdr.msg_namelen = peers_[slot].size();
  pieces_[slot] = {.iov_base = const_cast<char*>(datagram.bytes.data()),
                   .iov_len = datagram.bytes.size()};
  choose_source(slot, datagram.path.local);
  if (queued_ == kBatch) flush(failed);
}

void UdpSocket::flush(std::vector<sip::Path>& failed) {
  std::size_t at = 0;
  bool again = false;  // the datagram at hand was refused once
  while (at < queued_) {
    const int sent = ::sendmmsg(socket_.get(), &headers_[at], unsigned(queued_ - at), 0);
    if (sent > 0) {
      counters_.sent += std::uint64_t(sent);
      at += std::size_t(sent);
      again = false;
      continue;
    }
    if (!again) {
      // Either the buffer is full, or an error of an earlier datagram was told in the place of this
      // one's: it gets a second try.
      again = true;
      pollfd room{.fd = socket_.get(), .events = POLLOUT, .revents = 0};
      if (errno == EAGAIN) ::poll(&room, 1, kSendPatience);
      continue;
    }
    if (errno == EAGAIN) {
      counters_.not_sent += queued_ - at;
      break;
    }
    if (errno != EMSGSIZE) failed.push_back(datagrams_[at]->path);
    ++counters_.not_sent;
    ++at;
    again = false;
  }
  queued_ = 0;
}

void UdpSocket::read_errors(std::vector<sip::Path>& failed) {
  for (int i = 0; i < kErrorsAtOnce; ++i) {
    SocketAddress peer;
    char quoted = 0;
    iovec piece{.iov_base = &quoted, .iov_len = sizeof quoted};
    alignas(cmsghdr) std::array<char, 512> control{};
    msghdr header{};
    header.msg_name = &peer;
    header.msg_namelen = sizeof peer;
    header.msg_iov = &piece;
    header.msg_iovlen = 1;
    header.msg_control = control.data();
    header.msg_controllen = control.size();
    if (::recvmsg(socket_.get(), &header, MSG_ERRQUEUE) < 0) return;
    const Endpoint to = peer.endpoint();
    if (to.none() || !says_unreachable(header)) continue;
    failed.push_back(
        {.transport = sip::Transport::Udp, .local = local_of(header), .connection = 0, .peer = to});
  }
}

}  // namespace tandem::net
