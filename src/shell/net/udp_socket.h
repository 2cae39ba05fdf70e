// One UDP socket, IPv4 or IPv6: datagrams in and out in batches, and what ICMP says about those
// that did not arrive (RFC 3261 §18.4). Nothing is allocated once it runs.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "base/result.h"
#include "core/sip/outbox.h"
#include "core/sip/path.h"
#include "shell/net/socket_address.h"
#include "shell/net/trains.h"

namespace tandem::net {

// A message that came in; `bytes` until the next receive() into the same room.
struct Arrival {
  sip::Path path;
  std::string_view bytes;
};

// Datagrams per system call. More of a kind are handled together (kinds.h), and what is sent meanwhile waits
// half a millisecond at most.
inline constexpr std::size_t kReceiveBatch = 128;

// Which Path::local an address of ours is.
struct LocalIndex {
  IpAddress ip;
  std::uint16_t local;
};

// Where datagrams are received to; one serves all sockets of a thread, one after the other.
class ReceiveRoom {
 public:
  ReceiveRoom();

 private:
  friend class UdpSocket;
  static constexpr std::size_t kSlot = 65536;
  // From slot to slot: at distances of 64 KiB all datagrams would fight for the same lines of the
  // cache.
  static constexpr std::size_t kStride = kSlot + 2112;
  static constexpr std::size_t kControl = 64;

  std::unique_ptr<char[]> bytes_;
  std::array<mmsghdr, kReceiveBatch> headers_{};
  std::array<iovec, kReceiveBatch> pieces_{};
  std::array<SocketAddress, kReceiveBatch> peers_;
  alignas(cmsghdr) std::array<std::array<char, kControl>, kReceiveBatch> controls_{};
  std::array<Arrival, kReceiveBatch> arrivals_;
  // Headers in which the system may have written sizes, and what they said before of control data.
  std::size_t changed_ = kReceiveBatch;
  std::size_t control_ = 0;
};

struct UdpCounters {
  std::uint64_t received = 0;
  std::uint64_t sent = 0;
  std::uint64_t trains = 0;    // they left in so many
  std::uint64_t not_sent = 0;  // the system did not take them
};

class UdpSocket {
 public:
  // The failure is an errno.
  static Result<std::unique_ptr<UdpSocket>, int> open(const Endpoint& address);

  int descriptor() const { return socket_.get(); }
  const Endpoint& address() const { return address_; }  // as bound
  // The addresses it stands for: one, or of a wildcard all of this machine, the preferred one
  // first.
  void stands_for(std::vector<LocalIndex> locals) { locals_ = std::move(locals); }
  void mark(int tos) { net::mark(socket_, address_.ip.is_v4(), tos); }

  // At most kReceiveBatch datagrams; fewer: nothing more is there.
  std::span<const Arrival> receive(ReceiveRoom& room);
  // Queues; sends when kBatch are queued. The datagram must stay until flush(). Paths on which the
  // system refuses to send are appended to `failed`.
  void send(const sip::Outbox::Datagram& datagram, std::vector<sip::Path>& failed);
  void flush(std::vector<sip::Path>& failed);
  // Takes what ICMP reported: paths on which nothing arrives are appended to `failed`.
  void read_errors(std::vector<sip::Path>& failed);

  // How much of what the system stores for us is full with datagrams: from 1 on they are lost.
  double waiting() const;

  const UdpCounters& counters() const { return counters_; }

 private:
  UdpSocket(Descriptor socket, const Endpoint& address);

  std::uint16_t local_of(const msghdr& header) const;
  void load(std::size_t slot, const Train& train);
  void choose_source(std::size_t slot, std::uint16_t local);
  void send_singly(const Train& train, int error, std::vector<sip::Path>& failed);
  bool wildcard() const { return address_.ip.is_any(); }

  Descriptor socket_;
  Endpoint address_;
  std::vector<LocalIndex> locals_;
  UdpCounters counters_;

  std::size_t queued_ = 0;
  std::array<const sip::Outbox::Datagram*, kBatch> datagrams_{};
  std::size_t largest_in_train_;
  Trains trains_;
  // One a train, but pieces_ in Trains::order.
  std::array<mmsghdr, kBatch> headers_{};
  std::array<iovec, kBatch> pieces_{};
  std::array<SocketAddress, kBatch> peers_;
  alignas(cmsghdr) std::array<std::array<char, 64>, kBatch> controls_{};
};

}  // namespace tandem::net
