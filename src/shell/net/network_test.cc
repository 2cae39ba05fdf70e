// Connections and datagrams over loopback, as the loop sees them.
#include "shell/net/network.h"

#include <gtest/gtest.h>

#include <functional>

#include "base/limits.h"
#include "shell/net/network_fixture.h"

namespace tandem::net {
namespace {

constexpr std::string_view kOptions =
    "OPTIONS sip:127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/TCP 127.0.0.1;branch=z9hG4bK1\r\n"
    "From: <sip:a@127.0.0.1>;tag=1\r\nTo: <sip:127.0.0.1>\r\nCall-ID: c1\r\nCSeq: 1 OPTIONS\r\n"
    "Content-Length: 0\r\n\r\n";

std::vector<ListenAddress> on_loopback() {
  return {*parse_listen_address("udp:127.0.0.1:0"), *parse_listen_address("tcp:127.0.0.1:0")};
}

struct Node : NetworkNode {
  explicit Node(const std::vector<ListenAddress>& listen = on_loopback()) : NetworkNode(listen) {}
  sip::Path to_tcp(const Node& other) const { return to(other, 1); }
};

// Turns all of them until `done`; false when that does not come about.
bool until(const std::vector<Node*>& nodes, const std::function<bool()>& done) {
  for (int i = 0; i < 2000 && !done(); ++i) {
    for (Node* each : nodes) each->turn();
  }
  return done();
}

TEST(Network, lists_a_listener_for_each_address_with_the_port_the_system_chose) {
  Node node;

  const auto& listeners = node.network->listeners();

  ASSERT_EQ(listeners.size(), 2u);
  EXPECT_EQ(listeners[0].transport, sip::Transport::Udp);
  EXPECT_NE(listeners[0].address.port, 0);
  EXPECT_EQ(to_text(node.network->bound()[1]), "tcp:" + listeners[1].address.text());
}

TEST(Network, stands_with_each_address_of_this_machine_behind_a_wildcard) {
  const auto opened = Network::open({*parse_listen_address("udp:0.0.0.0:0")}, Rng());
  ASSERT_TRUE(opened.ok());

  for (const Listener& each : (*opened)->listeners()) {
    EXPECT_FALSE(each.address.ip.is_any());
  }
}

TEST(Network, says_in_a_sentence_which_port_is_busy) {
  Node node;
  const std::string busy = to_text(node.network->bound()[0]);

  const auto second = Network::open({*parse_listen_address(busy)}, Rng());

  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.error(), "cannot listen on " + busy + ": another program uses this port");
}

TEST(Network, a_connection_is_opened_when_needed_and_used_both_ways) {
  Node a;
  Node b;

  a.send(a.to_tcp(b), kOptions);
  ASSERT_TRUE(until({&a, &b}, [&] { return b.messages.size() == 1; }));
  EXPECT_EQ(b.messages[0], kOptions);
  EXPECT_NE(b.paths[0].connection, 0u);
  EXPECT_EQ(b.paths[0].local, 1);

  b.send(b.paths[0], kOptions);
  a.send(a.to_tcp(b), kOptions);
  ASSERT_TRUE(until({&a, &b}, [&] { return a.messages.size() == 1 && b.messages.size() == 2; }));
  EXPECT_EQ(b.paths[1].connection, b.paths[0].connection);
  EXPECT_EQ(a.network->counters().connections, 1u);
  EXPECT_EQ(b.network->counters().connections, 1u);
}

TEST(Network, several_messages_in_one_piece_are_told_apart) {
  Node a;
  Node b;

  a.send(a.to_tcp(b), std::string(kOptions) + "\r\n" + std::string(kOptions));

  ASSERT_TRUE(until({&a, &b}, [&] { return b.messages.size() == 2; }));
  EXPECT_EQ(b.messages[1], kOptions);
}

TEST(Network, a_refused_connection_fails_the_path_it_was_asked_for) {
  Node a;
  sip::Path nowhere;
  {
    Node b;
    nowhere = a.to_tcp(b);
  }

  a.send(nowhere, kOptions);

  ASSERT_TRUE(until({&a}, [&] { return !a.failed.empty(); }));
  EXPECT_NE(std::find(a.failed.begin(), a.failed.end(), nowhere), a.failed.end());
  EXPECT_EQ(a.network->counters().connections, 0u);
}

TEST(Network, a_connection_that_breaks_fails_its_path_and_is_opened_again) {
  Node a;
  auto b = std::make_unique<Node>();
  const auto where = b->network->bound();
  a.send(a.to_tcp(*b), kOptions);
  ASSERT_TRUE(until({&a, b.get()}, [&] { return b->messages.size() == 1; }));
  const sip::Path path = a.to_tcp(*b);

  b.reset();
  ASSERT_TRUE(until({&a}, [&] { return !a.failed.empty(); }));
  Node again(where);
  a.send(path, kOptions);

  EXPECT_NE(std::find(a.failed.begin(), a.failed.end(), path), a.failed.end());
  EXPECT_TRUE(until({&a, &again}, [&] { return again.messages.size() == 1; }));
}

TEST(Network, a_ping_and_its_answer_are_signs_of_life_and_no_messages) {
  Node a;
  Node b;
  a.send(a.to_tcp(b), kOptions);
  ASSERT_TRUE(until({&a, &b}, [&] { return b.messages.size() == 1; }));

  a.send(a.to_tcp(b), "\r\n\r\n");

  ASSERT_TRUE(until({&a, &b}, [&] { return !a.messages.empty() && b.messages.size() == 2; }));
  EXPECT_EQ(b.messages[1], "\r\n");
  EXPECT_EQ(b.paths[1], b.paths[0]);
  EXPECT_EQ(a.messages, std::vector<std::string>{"\r\n"});
  EXPECT_EQ(b.network->counters().tcp.received, 1u);

  a.send(a.to_tcp(b), kOptions);

  ASSERT_TRUE(until({&a, &b}, [&] { return b.network->counters().tcp.received == 2; }));
  EXPECT_EQ(b.messages.back(), kOptions);
}

TEST(Network, a_peer_that_does_not_speak_sip_is_cut_off) {
  Node a;
  Node b;

  a.send(a.to_tcp(b), "GET / HTTP/1.1\r\nHost: x\r\n\r\n");

  EXPECT_TRUE(until({&a, &b}, [&] {
    return b.network->counters().tcp.accepted == 1 && b.network->counters().connections == 0;
  }));
  EXPECT_TRUE(until({&a}, [&] { return a.network->counters().connections == 0; }));
}

TEST(Network, a_message_larger_than_any_allowed_is_the_last_of_its_connection) {
  Node a;
  Node b;
  std::string large(kOptions);
  large.replace(large.find("Length: 0"), 9, "Length: 9000000");

  a.send(a.to_tcp(b), large);

  EXPECT_TRUE(until({&a, &b}, [&] {
    return b.network->counters().tcp.accepted == 1 && b.network->counters().connections == 0;
  }));
}

TEST(Network, a_peer_that_takes_nothing_is_cut_off_at_the_limit) {
  Node a;
  Node b;
  a.send(a.to_tcp(b), kOptions);
  ASSERT_TRUE(until({&a, &b}, [&] { return b.messages.size() == 1; }));

  // b does not read: its kernel fills, then our queue.
  const std::string piece(60'000, 'x');
  for (int i = 0; i < 1000 && a.failed.empty(); ++i) {
    a.send(a.to_tcp(b), piece);
    a.network->take_failed(a.failed);
  }

  EXPECT_FALSE(a.failed.empty());
  EXPECT_EQ(a.network->counters().connections, 0u);
}

TEST(Network, silence_closes_a_connection_but_not_while_a_call_uses_it) {
  Node a;
  Node b;
  a.send(a.to_tcp(b), kOptions);
  ASSERT_TRUE(until({&a, &b}, [&] { return b.messages.size() == 1; }));
  b.network->apply({.tcp = {.idle_timeout = 120s}, .tos = 0});
  b.network->belongs_to(b.paths[0], 77);

  b.network->look_after(b.now + 121s);
  EXPECT_EQ(b.network->counters().connections, 1u);
  b.network->call_ended(77);
  b.network->look_after(b.now + 121s);

  EXPECT_EQ(b.network->counters().connections, 0u);
  EXPECT_EQ(b.network->counters().tcp.idle, 1u);
  b.network->take_failed(b.failed);
  EXPECT_TRUE(b.failed.empty());
}

TEST(Network, who_connects_and_says_nothing_is_closed_earlier) {
  Node a;
  Node b;
  a.send(a.to_tcp(b), "\r\n\r\n");
  ASSERT_TRUE(until({&a, &b}, [&] { return b.network->counters().connections == 1; }));
  b.turn();

  b.network->look_after(b.now + 31s);

  EXPECT_EQ(b.network->counters().connections, 0u);
}

TEST(Network, datagrams_to_nobody_fail_their_path) {
  Node a;
  Endpoint nobody;
  {
    Node b;
    nobody = b.network->listeners()[0].address;
  }
  const sip::Path path{
      .transport = sip::Transport::Udp, .local = 0, .connection = 0, .peer = nobody};

  a.send(path, kOptions);

  ASSERT_TRUE(until({&a}, [&] { return !a.failed.empty(); }));
  EXPECT_EQ(a.failed[0], path);
}

TEST(Network, a_name_in_the_hosts_file_is_resolved) {
  Node a;
  NameQuestion question;
  question.number = 9;
  question.host = "localhost";
  question.port = 5070;
  std::vector<NameAnswer> answers;

  a.network->ask(question, a.now);
  ASSERT_TRUE(until({&a}, [&] {
    a.network->take_answers(a.now, answers);
    return !answers.empty();
  }));

  EXPECT_EQ(answers[0].question, 9u);
  ASSERT_FALSE(answers[0].targets.empty());
  EXPECT_EQ(answers[0].targets[0].peer.text(), "127.0.0.1:5070");
}

TEST(Network, a_wait_ends_when_somebody_wakes_it) {
  Node a;
  a.network->wake();

  a.network->wait(std::chrono::hours(1));

  EXPECT_FALSE(a.network->receive(a, a.now));
}

}  // namespace
}  // namespace tandem::net
