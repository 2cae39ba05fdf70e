#include "shell/net/udp_socket.h"

#include <linux/errqueue.h>
#include <linux/sock_diag.h>
#include <netinet/icmp6.h>
#include <netinet/ip_icmp.h>
#include <netinet/udp.h>
#include <poll.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

namespace tandem::net {
namespace {

// Enough for the answers to a hundred thousand requests that leave in one second.
constexpr int kReceiveBuffer = 32 << 20;
constexpr int kSendBuffer = 8 << 20;
constexpr int kSendPatience = 2;  // ms, when the system's buffer is full; then datagrams are lost
constexpr int kErrorsAtOnce = 64;
// What an Ethernet of 1500 bytes carries beside the headers of IPv6 and UDP. Larger ones are cut by
// IP, which trains cannot be.
constexpr std::size_t kLargestInTrain = 1452;

void enlarge(const Descriptor& socket, int name, int forced_name, int size) {
  set_option(socket, SOL_SOCKET, name, size);         // as far as the machine allows
  set_option(socket, SOL_SOCKET, forced_name, size);  // as wished, for root alone
}

std::size_t largest_in_train(const Descriptor& socket) {
  int value = 0;
  socklen_t size = sizeof value;
  const bool known = ::getsockopt(socket.get(), SOL_UDP, UDP_SEGMENT, &value, &size) == 0;
  return known ? kLargestInTrain : 0;
}

// Appends an item to the control data of a message.
template <class Value>
void control(msghdr& header, int level, int type, const Value& value) {
  auto* item = reinterpret_cast<cmsghdr*>(static_cast<char*>(header.msg_control) +
                                          header.msg_controllen);
  item->cmsg_level = level;
  item->cmsg_type = type;
  item->cmsg_len = CMSG_LEN(sizeof value);
  std::memcpy(CMSG_DATA(item), &value, sizeof value);
  header.msg_controllen += CMSG_SPACE(sizeof value);
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

ReceiveRoom::ReceiveRoom() : bytes_(std::make_unique_for_overwrite<char[]>(kStride * kReceiveBatch)) {
  for (std::size_t i = 0; i < kReceiveBatch; ++i) {
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
    : socket_(std::move(socket)),
      address_(address),
      largest_in_train_(largest_in_train(socket_)) {
  for (std::size_t i = 0; i < kBatch; ++i) {
    headers_[i].msg_hdr.msg_name = &peers_[i];
    headers_[i].msg_hdr.msg_control = controls_[i].data();
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
  const std::size_t control = wildcard() ? ReceiveRoom::kControl : 0;
  if (std::exchange(room.control_, control) != control) room.changed_ = kReceiveBatch;
  for (std::size_t i = 0; i < room.changed_; ++i) {
    room.headers_[i].msg_hdr.msg_namelen = sizeof(SocketAddress);
    room.headers_[i].msg_hdr.msg_controllen = control;
  }
  const int count = ::recvmmsg(socket_.get(), room.headers_.data(), kReceiveBatch, 0, nullptr);
  room.changed_ = std::min(std::size_t(std::max(count, 0)) + 1, kReceiveBatch);
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

void UdpSocket::send(const sip::Outbox::Datagram& datagram, std::vector<sip::Path>& failed) {
  if (datagram.path.peer.ip.is_v4() != address_.ip.is_v4() || datagram.path.peer.port == 0) {
    ++counters_.not_sent;
    failed.push_back(datagram.path);
    return;
  }
  datagrams_[queued_++] = &datagram;
  if (queued_ == kBatch) flush(failed);
}

void UdpSocket::load(std::size_t slot, const Train& train) {
  for (std::size_t i = train.first; i < std::size_t{train.first} + train.length; ++i) {
    const std::string_view bytes = trains_.order()[i]->bytes;
    pieces_[i] = {.iov_base = const_cast<char*>(bytes.data()), .iov_len = bytes.size()};
  }
  const sip::Outbox::Datagram& head = *trains_.order()[train.first];
  peers_[slot] = SocketAddress(head.path.peer);
  msghdr& header = headers_[slot].msg_hdr;
  header.msg_namelen = peers_[slot].size();
  header.msg_iov = &pieces_[train.first];
  header.msg_iovlen = train.length;
  header.msg_controllen = 0;
  if (wildcard()) choose_source(slot, head.path.local);
  if (train.length > 1) {
    control(header, SOL_UDP, UDP_SEGMENT, static_cast<std::uint16_t>(head.bytes.size()));
  }
}

// From a wildcard a datagram leaves with the address it was meant to leave from.
void UdpSocket::choose_source(std::size_t slot, std::uint16_t local) {
  const IpAddress* from = nullptr;
  for (const LocalIndex& each : locals_) {
    if (each.local == local) from = &each.ip;
  }
  if (from == nullptr || from->is_any()) return;
  if (from->is_v4()) {
    in_pktinfo info{};
    info.ipi_spec_dst = to_v4(*from);
    control(headers_[slot].msg_hdr, IPPROTO_IP, IP_PKTINFO, info);
  } else {
    in6_pktinfo info{};
    info.ipi6_addr = to_v6(*from);
    control(headers_[slot].msg_hdr, IPPROTO_IPV6, IPV6_PKTINFO, info);
  }
}

void UdpSocket::flush(std::vector<sip::Path>& failed) {
  if (queued_ == 0) return;
  trains_.make_up({datagrams_.data(), std::exchange(queued_, 0)}, largest_in_train_);
  const std::span<const Train> trains = trains_.trains();
  for (std::size_t i = 0; i < trains.size(); ++i) load(i, trains[i]);

  std::size_t at = 0;
  bool again = false;  // the train at hand was refused once
  while (at < trains.size()) {
    const int taken = ::sendmmsg(socket_.get(), &headers_[at], unsigned(trains.size() - at), 0);
    if (taken > 0) {
      counters_.trains += std::uint64_t(taken);
      for (int i = 0; i < taken; ++i) counters_.sent += trains[at++].length;
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
      for (; at < trains.size(); ++at) counters_.not_sent += trains[at].length;
      break;
    }
    const Train& refused = trains[at++];
    again = false;
    if (refused.length > 1) {
      send_singly(refused, errno, failed);
      continue;
    }
    if (errno != EMSGSIZE) failed.push_back(trains_.order()[refused.first]->path);
    ++counters_.not_sent;
  }
}

// The system did not take these as a train: because it cannot, or the way there is narrow, which is
// learned for the next ones, or because it takes nothing to this peer.
void UdpSocket::send_singly(const Train& train, int error, std::vector<sip::Path>& failed) {
  const sip::Outbox::Datagram& head = *trains_.order()[train.first];
  if (error == EIO) largest_in_train_ = 0;  // a device without checksums
  if (error == EINVAL || error == EMSGSIZE) {
    largest_in_train_ = std::min(largest_in_train_, head.bytes.size() - 1);
  }
  const std::size_t slot = std::size_t(&train - trains_.trains().data());
  for (std::uint8_t i = 0; i < train.length; ++i) {
    load(slot, {.first = std::uint8_t(train.first + i), .length = 1});
    if (::sendmsg(socket_.get(), &headers_[slot].msg_hdr, 0) >= 0) {
      ++counters_.sent;
      ++counters_.trains;
      continue;
    }
    if (errno != EMSGSIZE) failed.push_back(head.path);
    ++counters_.not_sent;
  }
}

double UdpSocket::waiting() const {
  std::array<std::uint32_t, SK_MEMINFO_VARS> memory{};
  socklen_t size = sizeof memory;
  if (::getsockopt(socket_.get(), SOL_SOCKET, SO_MEMINFO, &memory, &size) != 0) return 0;
  return double(memory[SK_MEMINFO_RMEM_ALLOC]) / double(std::max(memory[SK_MEMINFO_RCVBUF], 1u));
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
