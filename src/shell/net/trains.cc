#include "shell/net/trains.h"

#include <algorithm>

#include "base/assert.h"

namespace tandem::net {
namespace {

// All of a train with its headers must fit the length of one IP packet.
constexpr std::size_t kLongestTrain = 65'000;  // bytes

// Numbers of calls that follow each other fall into different ones of 64 places.
std::size_t place_of(std::uint64_t call) { return (call * 0x9e3779b97f4a7c15u) >> 58; }

}  // namespace

// The train that takes it, none before `earliest`; count_: a new one.
std::size_t Trains::train_for(const Datagram& datagram, std::size_t earliest,
                              std::size_t largest) const {
  const std::size_t size = datagram.bytes.size();
  if (size > largest || size == 0) return count_;
  for (std::size_t i = count_; i-- > earliest;) {
    const Datagram& head = *heads_[i];
    if (head.bytes.size() != size || head.path != datagram.path) continue;
    return (trains_[i].length + 1u) * size > kLongestTrain ? count_ : i;
  }
  return count_;
}

void Trains::make_up(std::span<const Datagram* const> datagrams, std::size_t largest) {
  TANDEM_ASSERT(datagrams.size() <= kBatch, "more datagrams than a batch holds");
  size_ = datagrams.size();
  count_ = 0;
  // By the place of a call: the last train that has something of it. Calls that share a place wait
  // for each other, no more.
  std::array<std::uint8_t, 64> latest{};
  std::array<std::uint8_t, kBatch> train_of;
  for (std::size_t i = 0; i < size_; ++i) {
    const Datagram& datagram = *datagrams[i];
    std::uint8_t unordered = 0;  // no call: it answers, or asks, for itself
    std::uint8_t& last = datagram.call == 0 ? unordered : latest[place_of(datagram.call)];
    const std::size_t train = train_for(datagram, last, largest);
    if (train == count_) {
      heads_[count_] = &datagram;
      trains_[count_++].length = 0;
    }
    ++trains_[train].length;
    train_of[i] = last = static_cast<std::uint8_t>(train);
  }

  std::array<std::uint8_t, kBatch> next;
  std::uint8_t first = 0;
  for (std::size_t i = 0; i < count_; ++i) {
    trains_[i].first = next[i] = first;
    first = static_cast<std::uint8_t>(first + trains_[i].length);
  }
  for (std::size_t i = 0; i < size_; ++i) order_[next[train_of[i]]++] = datagrams[i];
}

}  // namespace tandem::net
