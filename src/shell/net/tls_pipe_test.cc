// Two pipes, one end of a connection each, and what the context is made of.
#include "shell/net/tls_pipe.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <optional>

#include "shell/net/tls_context.h"
#include "support/certificates.h"
#include "support/temporary_directory.h"

namespace tandem::net {
namespace {

using test_support::Certificate;
using State = TlsPipe::State;

class Tls : public testing::Test {
 protected:
  Tls() {
    authority_.write(file("ca.pem"), file("ca.key"));
    ::setenv("SSL_CERT_FILE", file("ca.pem").c_str(), 1);
    ours_.write(file("ours.pem"), file("ours.key"));
    stranger_.write(file("stranger.pem"), file("stranger.key"));
  }
  ~Tls() override { ::unsetenv("SSL_CERT_FILE"); }

  std::string file(const std::string& name) const { return directory_.path() / name; }
  std::unique_ptr<TlsContext> context(const std::string& name,
                                      PeerPolicy policy = PeerPolicy::Optional) const {
    auto loaded = TlsContext::load({file(name + ".pem"), file(name + ".key")});
    EXPECT_TRUE(loaded.ok()) << (loaded.ok() ? "" : loaded.error());
    loaded.value()->ask_of_peers(policy);
    return std::move(loaded).value();
  }
  std::string fault(const std::string& certificate, const std::string& key) const {
    auto loaded = TlsContext::load({certificate, key});
    return loaded.ok() ? "" : loaded.error();
  }

  test_support::TemporaryDirectory directory_;
  Certificate authority_{"DNS:authority"};
  Certificate ours_{"DNS:sip.example,URI:sip:carrier.example,IP:192.0.2.1", &authority_};
  Certificate stranger_{"DNS:sip.example"};
};

// Carries bytes between the two until nothing moves.
struct Wire {
  TlsPipe& client;
  TlsPipe& server;
  std::string to_client;
  std::string to_server;

  void run() {
    for (int turn = 0; turn < 20; ++turn) {
      std::string bytes;
      client.take(bytes);
      server.receive(bytes, to_server);
      bytes.clear();
      server.take(bytes);
      client.receive(bytes, to_client);
    }
  }
};

TEST_F(Tls, text_goes_through_both_ways_once_hands_are_shaken) {
  const auto context = this->context("ours");
  const auto client = context->connect("sip.example");
  const auto server = context->accept();
  Wire wire{*client, *server, {}, {}};

  wire.run();
  ASSERT_EQ(client->state(), State::Open);
  ASSERT_EQ(server->state(), State::Open);
  client->send("INVITE");
  server->send(std::string(100'000, 'x'));
  wire.run();

  EXPECT_EQ(wire.to_server, "INVITE");
  EXPECT_EQ(wire.to_client, std::string(100'000, 'x'));
  EXPECT_TRUE(client->verified());
  EXPECT_TRUE(server->verified()) << "the client has shown its certificate too";
}

TEST_F(Tls, who_ends_says_so) {
  const auto context = this->context("ours");
  const auto client = context->connect("sip.example");
  const auto server = context->accept();
  Wire wire{*client, *server, {}, {}};
  wire.run();

  client->end();
  wire.run();

  EXPECT_EQ(server->state(), State::Ended);
}

TEST_F(Tls, a_certificate_is_of_whom_it_names) {
  const auto context = this->context("ours");
  for (const auto& [whom, known] :
       std::vector<std::pair<std::string, bool>>{{"sip.example", true},
                                                 {"carrier.example", true},
                                                 {"192.0.2.1", true},
                                                 {"other.example", false},
                                                 {"192.0.2.2", false},
                                                 {"carrier.example.org", false}}) {
    const auto client = context->connect(whom);
    const auto server = context->accept();
    Wire{*client, *server, {}, {}}.run();

    EXPECT_EQ(client->state(), State::Open) << whom;
    EXPECT_EQ(client->verified(), known) << whom;
  }
}

TEST_F(Tls, optional_lets_strangers_in_and_tells_of_them) {
  const auto ours = context("ours");
  const auto theirs = context("stranger");
  const auto client = theirs->connect("sip.example");
  const auto server = ours->accept();

  Wire{*client, *server, {}, {}}.run();

  EXPECT_EQ(server->state(), State::Open);
  EXPECT_FALSE(server->verified());
}

TEST_F(Tls, required_keeps_strangers_out) {
  const auto ours = context("ours", PeerPolicy::Required);
  const auto theirs = context("stranger");
  const auto client = theirs->connect("sip.example");
  const auto server = ours->accept();

  Wire{*client, *server, {}, {}}.run();

  EXPECT_EQ(server->state(), State::Broken);
}

TEST_F(Tls, required_believes_no_server_of_another_name_or_authority) {
  const auto strict = context("ours", PeerPolicy::Required);
  const auto server_of_ours = context("ours");
  const auto server_of_theirs = context("stranger");
  for (const auto& [context, whom, state] :
       std::vector<std::tuple<TlsContext*, std::string, State>>{
           {server_of_ours.get(), "sip.example", State::Open},
           {server_of_ours.get(), "other.example", State::Broken},
           {server_of_theirs.get(), "sip.example", State::Broken}}) {
    const auto client = strict->connect(whom);
    const auto server = context->accept();
    Wire{*client, *server, {}, {}}.run();

    EXPECT_EQ(client->state(), state) << whom;
  }
}

TEST_F(Tls, off_asks_for_nothing_and_believes_nobody) {
  const auto context = this->context("ours", PeerPolicy::Off);
  const auto client = context->connect("other.example");
  const auto server = context->accept();

  Wire{*client, *server, {}, {}}.run();

  EXPECT_EQ(client->state(), State::Open);
  EXPECT_FALSE(client->verified());
  EXPECT_FALSE(server->verified());
}

TEST_F(Tls, what_is_no_tls_breaks_it) {
  const auto context = this->context("ours");
  const auto server = context->accept();
  std::string text;

  server->receive("OPTIONS sip:a@b SIP/2.0\r\n\r\n", text);

  EXPECT_EQ(server->state(), State::Broken);
  EXPECT_EQ(text, "");
}

TEST_F(Tls, bytes_may_come_one_by_one) {
  const auto context = this->context("ours");
  const auto client = context->connect("sip.example");
  const auto server = context->accept();
  std::string ignored;
  for (int turn = 0; turn < 10; ++turn) {
    std::string bytes;
    client->take(bytes);
    for (const char byte : bytes) server->receive({&byte, 1}, ignored);
    bytes.clear();
    server->take(bytes);
    for (const char byte : bytes) client->receive({&byte, 1}, ignored);
  }

  EXPECT_EQ(server->state(), State::Open);
}

TEST_F(Tls, what_cannot_be_used_is_named_with_its_parameter) {
  std::ofstream(file("empty.pem")).close();

  EXPECT_EQ(
      fault(file("none.pem"), file("ours.key")),
      "SS_SIP_TLS_CERTIFICATE: cannot read " + file("none.pem") + ": No such file or directory");
  EXPECT_EQ(fault(file("empty.pem"), file("ours.key")),
            "SS_SIP_TLS_CERTIFICATE: " + file("empty.pem") +
                " holds no certificate chain that can be used");
  EXPECT_EQ(
      fault(file("ours.pem"), file("none.key")),
      "SS_SIP_TLS_PRIVATE_KEY: cannot read " + file("none.key") + ": No such file or directory");
  EXPECT_EQ(fault(file("ours.pem"), file("empty.pem")),
            "SS_SIP_TLS_PRIVATE_KEY: " + file("empty.pem") +
                " holds no key that can be read without a password");
  EXPECT_EQ(fault(file("ours.pem"), file("stranger.key")),
            "SS_SIP_TLS_PRIVATE_KEY: " + file("stranger.key") +
                " is not the key of the certificate in " + file("ours.pem"));
  EXPECT_EQ(fault(file("ours.pem"), ""), "SS_SIP_TLS_PRIVATE_KEY: " + file("ours.pem") +
                                             " holds no key that can be read without a password");
}

TEST_F(Tls, certificate_and_key_may_share_a_file) {
  ours_.write(file("both.pem"), file("both.pem"));

  EXPECT_EQ(fault(file("both.pem"), ""), "");
}

}  // namespace
}  // namespace tandem::net
