// Over loopback.
#include "shell/net/udp_socket.h"

#include <gtest/gtest.h>
#include <poll.h>

#include <algorithm>

#include "shell/net/local_addresses.h"

namespace tandem::net {
namespace {

std::unique_ptr<UdpSocket> open(const char* address, std::uint16_t local = 0) {
  auto socket = UdpSocket::open(*Endpoint::parse(address, 0));
  EXPECT_TRUE(socket.ok()) << address;
  (*socket)->stands_for({{(*socket)->address().ip, local}});
  return std::move(socket).value();
}

void await(const UdpSocket& socket, short events = POLLIN) {
  pollfd waiting{.fd = socket.descriptor(), .events = events, .revents = 0};
  ASSERT_EQ(::poll(&waiting, 1, 10'000), 1);
}

void send(UdpSocket& from, const Endpoint& to, std::string_view bytes,
          std::vector<sip::Path>& failed, std::uint16_t local = 0) {
  sip::Outbox outbox;
  outbox.send({.transport = sip::Transport::Udp, .local = local, .connection = 0, .peer = to},
              bytes);
  from.send(outbox.datagrams()[0], failed);
  from.flush(failed);
}

void send_all(UdpSocket& from, const sip::Outbox& outbox, std::vector<sip::Path>& failed) {
  for (const auto& each : outbox.datagrams()) from.send(each, failed);
  from.flush(failed);
}

TEST(UdpSocket, carries_datagrams_in_batches_and_says_where_they_came_from) {
  const auto a = open("127.0.0.1:0");
  const auto b = open("127.0.0.1:0", 3);
  ReceiveRoom room;
  sip::Outbox outbox;
  std::vector<sip::Path> failed;
  for (int i = 0; i < 40; ++i) {
    outbox.send(
        {.transport = sip::Transport::Udp, .local = 0, .connection = 0, .peer = b->address()},
        "message " + std::to_string(i));
  }

  send_all(*a, outbox, failed);

  int count = 0;
  while (count < 40) {
    await(*b);
    for (const Arrival& each : b->receive(room)) {
      EXPECT_EQ(each.bytes, "message " + std::to_string(count++));
      EXPECT_EQ(each.path.peer, a->address());
      EXPECT_EQ(each.path.local, 3);
    }
  }
  EXPECT_TRUE(failed.empty());
  EXPECT_EQ(a->counters().sent, 40u);
  EXPECT_EQ(b->counters().received, 40u);
}

// Of two sizes, from a wildcard too, which says more beside the bytes.
TEST(UdpSocket, what_leaves_together_arrives_one_by_one) {
  for (const char* from : {"127.0.0.1:0", "0.0.0.0:0"}) {
    const auto a = open(from);
    a->stands_for({{*IpAddress::parse("127.0.0.1"), 0}});
    const auto b = open("127.0.0.1:0");
    ReceiveRoom room;
    sip::Outbox outbox;
    std::vector<sip::Path> failed;
    std::vector<std::string> sent;
    for (std::size_t i = 0; i < 60; ++i) {
      sent.push_back(std::string(i % 2 == 0 ? 900 : 300, char('0' + i)));
      outbox.send(
          {.transport = sip::Transport::Udp, .local = 0, .connection = 0, .peer = b->address()},
          sent.back(), i + 1);
    }

    send_all(*a, outbox, failed);

    std::vector<std::string> arrived;
    while (arrived.size() < sent.size()) {
      await(*b);
      for (const Arrival& each : b->receive(room)) {
        arrived.emplace_back(each.bytes);
        EXPECT_EQ(each.path.peer.port, a->address().port);
        EXPECT_EQ(each.path.peer.ip, *IpAddress::parse("127.0.0.1"));
      }
    }
    std::sort(arrived.begin(), arrived.end());
    std::sort(sent.begin(), sent.end());
    EXPECT_EQ(arrived, sent);
    EXPECT_TRUE(failed.empty());
    EXPECT_EQ(a->counters().sent, 60u);
    EXPECT_EQ(a->counters().trains, 2u);
  }
}

TEST(UdpSocket, a_train_the_system_refuses_fails_as_a_whole_and_only_that) {
  const auto a = open("127.0.0.1:0");
  const auto b = open("127.0.0.1:0");
  ReceiveRoom room;
  sip::Outbox outbox;
  std::vector<sip::Path> failed;
  const Endpoint broadcast = *Endpoint::parse("255.255.255.255:5060", 0);  // no leave for that
  for (const Endpoint& to : {broadcast, b->address(), broadcast, b->address()}) {
    outbox.send({.transport = sip::Transport::Udp, .local = 0, .connection = 0, .peer = to},
                std::string(400, 'x'));
  }

  send_all(*a, outbox, failed);

  await(*b);
  std::size_t arrived = 0;
  while (arrived < 2) arrived += b->receive(room).size();
  ASSERT_EQ(failed.size(), 2u);
  EXPECT_EQ(failed[0].peer, broadcast);
  EXPECT_EQ(failed[1].peer, broadcast);
  EXPECT_EQ(a->counters().sent, 2u);
  EXPECT_EQ(a->counters().not_sent, 2u);
}

TEST(UdpSocket, tells_how_much_waits_to_be_received) {
  const auto a = open("127.0.0.1:0");
  const auto b = open("127.0.0.1:0");
  ReceiveRoom room;
  std::vector<sip::Path> failed;
  EXPECT_EQ(b->waiting(), 0);

  send(*a, b->address(), std::string(1000, 'x'), failed);
  await(*b);
  const double one = b->waiting();
  ASSERT_EQ(b->receive(room).size(), 1u);

  EXPECT_GT(one, 0);
  EXPECT_LT(one, 0.25);
  EXPECT_EQ(b->waiting(), 0);
}

TEST(UdpSocket, the_largest_datagram_arrives_whole) {
  const auto a = open("127.0.0.1:0");
  const auto b = open("127.0.0.1:0");
  ReceiveRoom room;
  std::vector<sip::Path> failed;

  send(*a, b->address(), std::string(65507, 'x'), failed);
  await(*b);

  EXPECT_EQ(b->receive(room)[0].bytes.size(), 65507u);
}

TEST(UdpSocket, a_peer_that_does_not_listen_is_told_by_icmp) {
  const auto a = open("127.0.0.1:0");
  Endpoint nobody;
  {
    const auto b = open("127.0.0.1:0");
    nobody = b->address();
  }
  std::vector<sip::Path> failed;

  send(*a, nobody, "hello", failed);
  await(*a, 0);  // POLLERR
  a->read_errors(failed);

  ASSERT_EQ(failed.size(), 1u);
  EXPECT_EQ(failed[0].peer, nobody);
  EXPECT_EQ(failed[0].transport, sip::Transport::Udp);
}

TEST(UdpSocket, an_error_of_one_peer_does_not_lose_what_goes_to_others) {
  const auto a = open("127.0.0.1:0");
  const auto b = open("127.0.0.1:0");
  Endpoint nobody;
  {
    const auto c = open("127.0.0.1:0");
    nobody = c->address();
  }
  std::vector<sip::Path> failed;
  ReceiveRoom room;

  send(*a, nobody, "hello", failed);
  await(*a, 0);
  send(*a, b->address(), "still there", failed);
  await(*b);

  EXPECT_EQ(b->receive(room)[0].bytes, "still there");
  for (const sip::Path& each : failed) EXPECT_EQ(each.peer, nobody);
}

TEST(UdpSocket, what_the_system_refuses_to_send_fails_at_once) {
  const auto a = open("127.0.0.1:0");
  std::vector<sip::Path> failed;

  send(*a, *Endpoint::parse("[2001:db8::1]:5060", 0), "another family", failed);
  send(*a, {*IpAddress::parse("127.0.0.1"), 0}, "no port", failed);

  EXPECT_EQ(failed.size(), 2u);
  EXPECT_EQ(a->counters().not_sent, 2u);
}

TEST(UdpSocket, a_wildcard_tells_which_of_its_addresses_was_meant_and_answers_from_it) {
  auto opened = UdpSocket::open(*Endpoint::parse("0.0.0.0:0", 0));
  ASSERT_TRUE(opened.ok());
  UdpSocket& wildcard = **opened;
  wildcard.stands_for({{*IpAddress::parse("192.0.2.1"), 4}, {*IpAddress::parse("127.0.0.1"), 5}});
  const auto peer = open("127.0.0.1:0");
  std::vector<sip::Path> failed;
  ReceiveRoom room;

  const Endpoint ours{*IpAddress::parse("127.0.0.1"), wildcard.address().port};
  send(*peer, ours, "to you", failed);
  await(wildcard);
  const Arrival arrival = wildcard.receive(room)[0];
  send(wildcard, arrival.path.peer, "to you too", failed, arrival.path.local);
  await(*peer);

  EXPECT_EQ(arrival.path.local, 5);
  EXPECT_EQ(peer->receive(room)[0].path.peer, ours);
  EXPECT_TRUE(failed.empty());
}

TEST(UdpSocket, a_port_in_use_is_an_error) {
  const auto a = open("127.0.0.1:0");

  const auto second = UdpSocket::open(a->address());

  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.error(), EADDRINUSE);
  EXPECT_EQ(cannot_listen("udp:127.0.0.1:5060", EADDRINUSE),
            "cannot listen on udp:127.0.0.1:5060: another program uses this port");
}

TEST(UdpSocket, ipv6_works_where_the_machine_has_it) {
  auto a = UdpSocket::open(*Endpoint::parse("[::1]:0", 0));
  if (!a.ok()) {
    EXPECT_TRUE(a.error() == EAFNOSUPPORT || a.error() == EADDRNOTAVAIL);
    return;
  }
  (*a)->stands_for({{(*a)->address().ip, 0}});
  std::vector<sip::Path> failed;
  ReceiveRoom room;

  send(**a, (*a)->address(), "to myself", failed);
  await(**a);

  EXPECT_EQ((*a)->receive(room)[0].path.peer.text(), (*a)->address().text());
}

TEST(LocalAddresses, name_loopback_last) {
  const auto addresses = local_addresses(IpAddress::v4(0));

  ASSERT_FALSE(addresses.empty());
  EXPECT_TRUE(addresses.back().is_loopback());
  for (const IpAddress& each : addresses) EXPECT_TRUE(each.is_v4());
}

}  // namespace
}  // namespace tandem::net
