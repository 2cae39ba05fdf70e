#include "shell/net/trains.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "base/rng.h"

namespace tandem::net {
namespace {

using Datagram = Trains::Datagram;

// Datagrams in the order they were queued.
struct Queue {
  std::string bytes = std::string(70'000, 'x');
  std::vector<Datagram> datagrams;
  std::vector<const Datagram*> pointers;

  void add(std::uint64_t call, std::size_t size, std::uint8_t peer = 1) {
    sip::Path path;
    path.peer = {IpAddress::v4(0x7f000000u + peer), 5060};
    datagrams.push_back({path, call, std::string_view(bytes).substr(0, size)});
  }
  const std::vector<const Datagram*>& all() {
    pointers.clear();
    for (const Datagram& each : datagrams) pointers.push_back(&each);
    return pointers;
  }
  // "0 2 | 1": the places in the queue, by train.
  std::string trains(std::size_t largest = 1400) {
    Trains trains;
    trains.make_up(all(), largest);
    std::string text;
    for (const Train& each : trains.trains()) {
      if (!text.empty()) text += " | ";
      for (std::size_t i = 0; i < each.length; ++i) {
        if (i > 0) text += ' ';
        text += std::to_string(trains.order()[each.first + i] - datagrams.data());
      }
    }
    return text;
  }
};

TEST(Trains, are_of_one_size_and_peer) {
  Queue queue;
  queue.add(1, 500);
  queue.add(2, 300);
  queue.add(3, 500);
  queue.add(4, 500, 2);
  queue.add(5, 300);

  EXPECT_EQ(queue.trains(), "0 2 | 1 4 | 3");
}

TEST(Trains, keep_the_order_of_what_belongs_to_one_call) {
  Queue queue;
  queue.add(1, 500);
  queue.add(2, 300);  // this, and then that of 500, in this order
  queue.add(2, 500);
  queue.add(3, 500);

  EXPECT_EQ(queue.trains(), "0 | 1 | 2 3");
}

TEST(Trains, let_what_belongs_to_no_call_overtake) {
  Queue queue;
  queue.add(0, 500);
  queue.add(0, 300);
  queue.add(0, 500);

  EXPECT_EQ(queue.trains(), "0 2 | 1");
}

TEST(Trains, leave_large_and_empty_datagrams_alone) {
  Queue queue;
  for (const std::size_t size : {1401u, 1401u, 0u, 0u, 1400u, 1400u}) queue.add(0, size);

  EXPECT_EQ(queue.trains(), "0 | 1 | 2 | 3 | 4 5");
  EXPECT_EQ(queue.trains(0), "0 | 1 | 2 | 3 | 4 | 5");
}

TEST(Trains, are_no_longer_than_a_packet) {
  Queue queue;
  for (int i = 0; i < 64; ++i) queue.add(0, 1400);
  Trains trains;
  trains.make_up(queue.all(), 1400);

  ASSERT_EQ(trains.trains().size(), 2u);
  EXPECT_EQ(trains.trains()[0].length, 46);  // 64,400 bytes
  EXPECT_EQ(trains.trains()[1].length, 18);
}

// Every datagram leaves once; a train is of one path and size; the datagrams of a call leave in
// their order.
TEST(Trains, hold_their_laws_whatever_is_queued) {
  Rng rng;
  for (int round = 0; round < 20'000; ++round) {
    Queue queue;
    const std::uint64_t calls = 1 + rng.below(100);
    const std::uint64_t sizes = 1 + rng.below(6);
    const std::size_t count = rng.below(kBatch + 1);
    for (std::size_t i = 0; i < count; ++i) {
      queue.add(rng.below(calls), 200 * rng.below(sizes), std::uint8_t(1 + rng.below(2)));
    }
    Trains trains;
    trains.make_up(queue.all(), 900);

    std::vector<const Datagram*> left(trains.order().begin(), trains.order().end());
    std::sort(left.begin(), left.end());
    ASSERT_EQ(left, queue.pointers);
    std::size_t at = 0;
    for (const Train& each : trains.trains()) {
      ASSERT_EQ(each.first, at);
      ASSERT_GT(each.length, 0);
      for (std::size_t i = 0; i < each.length; ++i, ++at) {
        ASSERT_EQ(trains.order()[at]->path, trains.order()[each.first]->path);
        ASSERT_EQ(trains.order()[at]->bytes.size(), trains.order()[each.first]->bytes.size());
      }
    }
    ASSERT_EQ(at, count);
    std::map<std::uint64_t, const Datagram*> last;
    for (const Datagram* each : trains.order()) {
      if (each->call == 0) continue;
      const Datagram*& before = last[each->call];
      ASSERT_LT(before, each) << "call " << each->call;
      before = each;
    }
  }
}

}  // namespace
}  // namespace tandem::net
