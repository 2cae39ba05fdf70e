// Which datagrams leave together. The system takes a train, datagrams of one size to one peer, as
// one message, carries it through its layers once and cuts it at the end (UDP_SEGMENT, udp(7)):
// docs/adr/0017-trains.md has the figures. Pure, nothing is allocated.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "core/sip/outbox.h"

namespace tandem::net {

inline constexpr std::size_t kBatch = 64;  // datagrams per system call; also the longest train

struct Train {
  std::uint8_t first = 0;  // in Trains::order
  std::uint8_t length = 0;
};

class Trains {
 public:
  using Datagram = sip::Outbox::Datagram;

  // At most kBatch datagrams. Those larger than `largest` bytes travel alone.
  // What belongs to one call keeps its order; beyond that trains may overtake each other.
  void make_up(std::span<const Datagram* const> datagrams, std::size_t largest);

  std::span<const Train> trains() const { return {trains_.data(), count_}; }
  std::span<const Datagram* const> order() const { return {order_.data(), size_}; }

 private:
  std::size_t train_for(const Datagram& datagram, std::size_t earliest, std::size_t largest) const;

  std::size_t count_ = 0;
  std::size_t size_ = 0;
  std::array<Train, kBatch> trains_;
  std::array<const Datagram*, kBatch> heads_;  // by train
  std::array<const Datagram*, kBatch> order_;
};

}  // namespace tandem::net
