// SIP over TLS and WebSocket through real sockets on loopback, as the loop sees them.
#include <gtest/gtest.h>
#include <sys/socket.h>

#include <cstdlib>
#include <functional>

#include "base/limits.h"
#include "shell/net/network_fixture.h"
#include "shell/net/socket_address.h"
#include "support/certificates.h"
#include "support/temporary_directory.h"

namespace tandem::net {
namespace {

using test_support::Certificate;

constexpr std::string_view kOptions =
    "OPTIONS sip:127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/TLS 127.0.0.1;branch=z9hG4bK1\r\n"
    "From: <sip:a@127.0.0.1>;tag=1\r\nTo: <sip:127.0.0.1>\r\nCall-ID: c1\r\nCSeq: 1 OPTIONS\r\n"
    "Content-Length: 0\r\n\r\n";
constexpr std::string_view kUpgrade =
    "GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: sip\r\n"
    "Sec-WebSocket-Version: 13\r\n\r\n";

struct Files {
  Files() {
    authority.write(at("ca.pem"), at("ca.key"));
    ::setenv("SSL_CERT_FILE", at("ca.pem").c_str(), 1);
    ours.write(at("ours.pem"), at("ours.key"));
  }
  ~Files() { ::unsetenv("SSL_CERT_FILE"); }
  std::string at(const std::string& name) const { return directory.path() / name; }
  std::unique_ptr<TlsContext> context() const {
    return std::move(TlsContext::load({at("ours.pem"), at("ours.key")})).value();
  }

  test_support::TemporaryDirectory directory;
  Certificate authority{"DNS:authority"};
  Certificate ours{"IP:127.0.0.1", &authority};
};

struct Node : NetworkNode {
  Node(const Files& files, const std::string& listen)
      : NetworkNode({*parse_listen_address(listen)}, files.context()) {
    network->apply({});
  }
  TcpCounters counters() const { return network->counters().tcp; }
};

// Somebody at the other end of a plain socket, who says what he likes.
struct Client {
  explicit Client(const Node& node)
      : socket(open_socket(*IpAddress::parse("127.0.0.1"), Kind::Stream)) {
    const SocketAddress where(node.network->listeners()[0].address);
    ::connect(socket.get(), &where.generic, where.size());
  }
  void say(std::string_view bytes) {
    ::send(socket.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
  }
  void listen() {
    char room[4096];
    const ssize_t count = ::recv(socket.get(), room, sizeof room, 0);
    if (count > 0) heard.append(room, std::size_t(count));
    if (count == 0 || (count < 0 && errno != EAGAIN)) closed = true;
  }

  Descriptor socket;
  std::string heard;
  bool closed = false;
};

bool until(const std::vector<Node*>& nodes, const std::vector<Client*>& clients,
           const std::function<bool()>& done) {
  for (int i = 0; i < 2000 && !done(); ++i) {
    for (Node* each : nodes) each->turn();
    for (Client* each : clients) each->listen();
  }
  return done();
}

// A masked frame of a client; small payloads only.
std::string masked(std::uint8_t first, std::string_view payload) {
  std::string bytes(1, char(first));
  if (payload.size() > 125) {
    bytes += char(0xfe);
    bytes += char(payload.size() >> 8);
  }
  bytes += payload.size() > 125 ? char(payload.size() & 0xff) : char(0x80 | payload.size());
  bytes += std::string(4, '\0');
  return bytes.append(payload);
}

TEST(SecureStreams, a_message_goes_over_tls_and_the_answer_comes_back_on_it) {
  const Files files;
  Node a(files, "tls:127.0.0.1:0");
  Node b(files, "tls:127.0.0.1:0");

  a.send(a.to(b), kOptions);
  ASSERT_TRUE(until({&a, &b}, {}, [&] { return b.messages.size() == 1; }));
  b.send(b.paths[0], kOptions);
  ASSERT_TRUE(until({&a, &b}, {}, [&] { return a.messages.size() == 1; }));

  EXPECT_EQ(b.messages[0], kOptions);
  EXPECT_EQ(b.paths[0].transport, sip::Transport::Tls);
  EXPECT_EQ(a.network->counters().connections, 1u);
  EXPECT_EQ(a.counters().tls_sessions, 1u);
  EXPECT_EQ(b.counters().tls_sessions, 1u);
  EXPECT_EQ(a.counters().tls_peers_unverified, 0u);
}

TEST(SecureStreams, what_is_meant_for_another_transport_is_not_sent) {
  const Files files;
  Node a(files, "tcp:127.0.0.1:0");
  Node b(files, "tcp:127.0.0.1:0");
  sip::Path path = a.to(b);
  path.transport = sip::Transport::Tls;

  a.send(path, kOptions);
  a.turn();

  EXPECT_EQ(a.failed, std::vector<sip::Path>{path});
  EXPECT_EQ(a.network->counters().connections, 0u);
}

TEST(SecureStreams, a_double_line_break_over_tls_is_answered_and_tells_that_the_peer_lives) {
  const Files files;
  Node a(files, "tls:127.0.0.1:0");
  Node b(files, "tls:127.0.0.1:0");
  a.send(a.to(b), kOptions);
  ASSERT_TRUE(until({&a, &b}, {}, [&] { return b.messages.size() == 1; }));

  a.send(a.to(b), "\r\n\r\n");
  ASSERT_TRUE(
      until({&a, &b}, {}, [&] { return b.messages.size() == 2 && a.messages.size() == 1; }));

  EXPECT_EQ(b.messages[1], "\r\n");
  EXPECT_EQ(a.messages[0], "\r\n");
}

TEST(SecureStreams, a_peer_that_speaks_no_tls_is_closed_and_counted) {
  const Files files;
  Node node(files, "tls:127.0.0.1:0");
  Client client(node);

  client.say(kOptions);

  ASSERT_TRUE(until({&node}, {&client}, [&] { return client.closed; }));
  EXPECT_EQ(node.counters().tls_sessions_failed, 1u);
  EXPECT_EQ(node.network->counters().connections, 0u);
  EXPECT_TRUE(node.messages.empty());
}

TEST(SecureStreams, a_handshake_that_goes_on_for_too_long_is_given_up) {
  const Files files;
  Node node(files, "tls:127.0.0.1:0");
  Client client(node);
  ASSERT_TRUE(until({&node}, {}, [&] { return node.network->counters().connections == 1; }));

  // RFC 8446 §5.1: the head of a record that does not come, byte after byte.
  for (const char byte : std::string_view("\x16\x03\x01\x02", 4)) {
    node.now += 3s;
    client.say({&byte, 1});
    node.turn();
    node.network->look_after(node.now);
  }

  EXPECT_EQ(node.network->counters().connections, 0u);
  EXPECT_EQ(node.counters().tls_sessions_failed, 1u);
}

TEST(SecureStreams, handshakes_at_once_are_limited) {
  const Files files;
  Node node(files, "ws:127.0.0.1:0");
  std::vector<std::unique_ptr<Client>> clients;
  for (std::size_t i = 0; i < kMaxHandshakes; ++i) {
    clients.push_back(std::make_unique<Client>(node));
    if (i % 64 == 63) node.turn();
  }
  ASSERT_TRUE(until({&node}, {}, [&] { return node.counters().accepted == kMaxHandshakes; }));

  Client late(node);
  ASSERT_TRUE(until({&node}, {&late}, [&] { return late.closed; }));
  EXPECT_EQ(node.counters().refused, 1u);

  clients.front()->say(kUpgrade);
  ASSERT_TRUE(
      until({&node}, {clients.front().get()}, [&] { return !clients.front()->heard.empty(); }));
  Client next(node);
  ASSERT_TRUE(until({&node}, {}, [&] { return node.counters().accepted == kMaxHandshakes + 1; }));
}

TEST(SecureStreams, a_message_of_a_websocket_is_a_message_of_sip) {
  const Files files;
  Node node(files, "ws:127.0.0.1:0");
  Client client(node);

  client.say(std::string(kUpgrade) + masked(0x81, kOptions));
  ASSERT_TRUE(until({&node}, {&client}, [&] { return node.messages.size() == 1; }));
  node.send(node.paths[0], "SIP/2.0 200 OK\r\n\r\n");
  ASSERT_TRUE(until({&node}, {&client}, [&] { return client.heard.ends_with("OK\r\n\r\n"); }));

  EXPECT_EQ(node.messages[0], kOptions);
  EXPECT_EQ(node.paths[0].transport, sip::Transport::Ws);
  EXPECT_TRUE(client.heard.starts_with("HTTP/1.1 101 "));
  EXPECT_TRUE(client.heard.ends_with("\x81\x12SIP/2.0 200 OK\r\n\r\n")) << "in one frame of text";
}

TEST(SecureStreams, a_client_of_websocket_is_reached_at_its_address_on_its_connection) {
  const Files files;
  Node node(files, "ws:127.0.0.1:0");
  Client client(node);
  client.say(std::string(kUpgrade));
  ASSERT_TRUE(until({&node}, {&client}, [&] { return !client.heard.empty(); }));

  const Endpoint somewhere{*IpAddress::parse("127.0.0.1"), 5060};
  node.send({.transport = sip::Transport::Ws, .peer = somewhere}, "INVITE");
  ASSERT_TRUE(until({&node}, {&client}, [&] { return client.heard.ends_with("\x81\x06INVITE"); }));

  node.send({.transport = sip::Transport::Ws, .connection = 77, .peer = somewhere}, "BYE");
  node.turn();
  ASSERT_EQ(node.failed.size(), 1u) << "what was for another client is not for this one";
  node.failed.clear();

  const Endpoint nowhere{*IpAddress::parse("127.0.0.2"), 5060};
  node.send({.transport = sip::Transport::Ws, .peer = nowhere}, "INVITE");
  node.turn();
  ASSERT_EQ(node.failed.size(), 1u) << "no connection is opened to a client";
  EXPECT_EQ(node.failed[0].peer, nowhere);
}

TEST(SecureStreams, pings_of_both_kinds_are_answered) {
  const Files files;
  Node node(files, "ws:127.0.0.1:0");
  Client client(node);

  client.say(std::string(kUpgrade) + masked(0x89, "there?") + masked(0x81, "\r\n\r\n"));

  ASSERT_TRUE(until({&node}, {&client}, [&] { return client.heard.ends_with("\x81\x02\r\n"); }));
  EXPECT_NE(client.heard.find("\x8a\x06there?"), std::string::npos);
  EXPECT_EQ(node.messages, std::vector<std::string>{"\r\n"});
}

TEST(SecureStreams, a_client_that_breaks_the_protocol_is_told_so_and_closed) {
  const Files files;
  Node node(files, "ws:127.0.0.1:0");
  Client client(node);

  client.say(std::string(kUpgrade) + "\x81\x05Hello");

  ASSERT_TRUE(until({&node}, {&client}, [&] { return client.closed; }));
  EXPECT_TRUE(client.heard.ends_with("\x88\x02\x03\xea")) << "1002";
  EXPECT_EQ(node.network->counters().connections, 0u);
}

TEST(SecureStreams, a_client_that_closes_is_answered) {
  const Files files;
  Node node(files, "ws:127.0.0.1:0");
  Client client(node);

  client.say(std::string(kUpgrade) + masked(0x88, "\x03\xe8"));

  ASSERT_TRUE(until({&node}, {&client}, [&] { return client.closed; }));
  EXPECT_TRUE(client.heard.ends_with("\x88\x02\x03\xe8")) << "1000";
  ASSERT_EQ(node.failed.size(), 1u) << "what waits for it is told";
}

TEST(SecureStreams, what_opens_no_websocket_is_refused_and_counted) {
  const Files files;
  Node node(files, "ws:127.0.0.1:0");
  Client client(node);

  client.say("GET / HTTP/1.1\r\nHost: a\r\n\r\n");

  ASSERT_TRUE(until({&node}, {&client}, [&] { return client.closed; }));
  EXPECT_TRUE(client.heard.starts_with("HTTP/1.1 426 "));
  EXPECT_EQ(node.counters().websockets_refused, 1u);
}

TEST(SecureStreams, a_secure_address_needs_a_certificate) {
  const auto opened = Network::open({*parse_listen_address("tls:127.0.0.1:0")}, Rng());

  ASSERT_FALSE(opened.ok());
  EXPECT_EQ(opened.error(),
            "cannot listen on tls:127.0.0.1:0: SS_SIP_TLS_CERTIFICATE names no certificate");
}

}  // namespace
}  // namespace tandem::net
