#include "shell/net/websocket_upgrade.h"

#include <gtest/gtest.h>

#include "base/limits.h"

namespace tandem::net {
namespace {

using State = Upgrade::State;

// The request of RFC 7118 §8.1, with one line put for another.
std::string request(const std::string& line = "", const std::string& instead = "") {
  std::string text =
      "GET / HTTP/1.1\r\nHost: sip-ws.example.com\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nOrigin: http://www.example.com\r\n"
      "Sec-WebSocket-Protocol: sip\r\nSec-WebSocket-Version: 13\r\n\r\n";
  if (!line.empty()) text.replace(text.find(line), line.size(), instead);
  return text;
}

std::string status(const std::string& text) {
  const Upgrade upgrade = read_upgrade(text);
  return upgrade.answer.empty() ? "" : upgrade.answer.substr(9, 3);
}

TEST(Upgrade, the_key_of_the_standard_has_the_answer_of_the_standard) {
  EXPECT_EQ(accept_key("dGhlIHNhbXBsZSBub25jZQ=="), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
}

TEST(Upgrade, the_request_of_a_sip_client_is_accepted) {
  const std::string text = request() + "frames";

  const Upgrade upgrade = read_upgrade(text);

  EXPECT_EQ(upgrade.state, State::Accepted);
  EXPECT_EQ(upgrade.used, text.size() - 6) << "what follows belongs to the WebSocket";
  EXPECT_EQ(upgrade.answer,
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"
            "Sec-WebSocket-Protocol: sip\r\n\r\n");
}

TEST(Upgrade, lists_and_any_case_are_understood) {
  EXPECT_EQ(status(request("Connection: Upgrade", "connection: keep-alive, upgrade")), "101");
  EXPECT_EQ(status(request("Upgrade: websocket", "UPGRADE: WebSocket")), "101");
  EXPECT_EQ(status(request("Protocol: sip", "Protocol: msrp, sip")), "101");
  EXPECT_EQ(status(request("GET / ", "GET /ws?token=1 ")), "101");
}

TEST(Upgrade, waits_for_the_whole_request) {
  const std::string text = request();

  for (std::size_t size = 0; size < text.size(); ++size) {
    ASSERT_EQ(read_upgrade(text.substr(0, size)).state, State::NeedMore) << size;
  }
}

TEST(Upgrade, whatever_does_not_open_a_websocket_for_sip_is_told_why) {
  EXPECT_EQ(status(request("GET", "POST")), "405");
  EXPECT_EQ(status(request("HTTP/1.1", "HTTP/1.0")), "505");
  EXPECT_EQ(status(request("Upgrade: websocket\r\n", "")), "426");
  EXPECT_EQ(status(request("Upgrade: websocket", "Upgrade: h2c")), "426");
  EXPECT_EQ(status(request("Connection: Upgrade\r\n", "")), "426");
  EXPECT_EQ(status(request("Version: 13", "Version: 8")), "426");
  EXPECT_EQ(status(request("Host: sip-ws.example.com\r\n", "")), "400");
  EXPECT_EQ(status(request("Protocol: sip", "Protocol: msrp")), "400");
  EXPECT_EQ(status(request("Sec-WebSocket-Protocol: sip\r\n", "")), "400");
  EXPECT_EQ(status(request("Key: dGhl", "Key: dGh")), "400");
  EXPECT_EQ(status(request("Key: dGhl", "Key: dG!l")), "400");
  EXPECT_EQ(status(request("Origin", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nOrigin")),
            "400");
  EXPECT_EQ(status(request("Origin", "Content-Length: 5\r\nOrigin")), "400");
  EXPECT_EQ(status(request("Origin: http", "Origin http")), "400");
  EXPECT_EQ(status(request("Origin:", "Origin :")), "400");
}

TEST(Upgrade, tells_which_version_and_method_there_are) {
  EXPECT_NE(read_upgrade(request("Version: 13", "Version: 8"))
                .answer.find("\r\nSec-WebSocket-Version: 13\r\n"),
            std::string::npos);
  EXPECT_NE(read_upgrade(request("GET", "PUT")).answer.find("\r\nAllow: GET\r\n"),
            std::string::npos);
}

TEST(Upgrade, what_is_no_http_is_refused_at_its_first_bytes) {
  EXPECT_EQ(status("\x16\x03\x01"), "400");
  EXPECT_EQ(status("hello"), "400");
  EXPECT_EQ(status("ABCDEFGHIJKLMNOPQ"), "400");
  EXPECT_EQ(status("REGISTER sip:example.com SIP/2.0\r\n\r\n"), "400");
  EXPECT_EQ(status("GET\r\n\r\n"), "400");
  EXPECT_EQ(status("GET HTTP/1.1\r\n\r\n"), "400");
}

TEST(Upgrade, a_request_without_end_is_given_up) {
  const std::string begun = "GET / HTTP/1.1\r\nHost: " + std::string(kMaxUpgradeRequest, 'x');

  EXPECT_EQ(status(begun), "431");
  EXPECT_EQ(status(begun + "\r\n\r\n"), "431");
}

}  // namespace
}  // namespace tandem::net
