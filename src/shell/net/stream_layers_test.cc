#include "shell/net/stream_layers.h"

#include <gtest/gtest.h>

namespace tandem::net {
namespace {

using Event = sip::StreamEvent;

constexpr std::string_view kUpgrade =
    "GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: sip\r\n"
    "Sec-WebSocket-Version: 13\r\n\r\n";

TEST(StreamLayers, nothing_stands_between_tcp_and_sip) {
  StreamLayers layers(sip::Transport::Tcp, nullptr);
  EXPECT_TRUE(layers.open());

  layers.send("INVITE");
  layers.receive("\r\n");

  EXPECT_EQ(layers.wire(), "INVITE");
  EXPECT_EQ(layers.next(), Event::NeedMore);
  EXPECT_TRUE(layers.only_line_breaks());
}

TEST(StreamLayers, what_is_sent_before_a_websocket_is_open_waits_for_it) {
  StreamLayers layers(sip::Transport::Ws, nullptr);
  layers.send("INVITE");
  EXPECT_FALSE(layers.open());
  EXPECT_EQ(layers.wire(), "");
  EXPECT_EQ(layers.waiting(), 8u);

  layers.receive(kUpgrade.substr(0, 20));
  EXPECT_EQ(layers.next(), Event::NeedMore);
  layers.receive(kUpgrade.substr(20));

  EXPECT_TRUE(layers.open());
  EXPECT_TRUE(layers.wire().starts_with("HTTP/1.1 101 "));
  EXPECT_TRUE(layers.wire().ends_with("\r\n\r\n\x81\x06INVITE"));
}

TEST(StreamLayers, a_message_that_is_no_text_goes_in_a_binary_frame) {
  StreamLayers layers(sip::Transport::Ws, nullptr);
  layers.receive(kUpgrade);
  layers.wire().clear();

  layers.send("\xff");

  EXPECT_EQ(layers.wire(), "\x82\x01\xff");
}

TEST(StreamLayers, the_end_of_a_websocket_is_said_once) {
  StreamLayers layers(sip::Transport::Ws, nullptr);
  layers.receive(kUpgrade);
  layers.wire().clear();

  layers.end();
  layers.end();

  EXPECT_EQ(layers.wire(), "\x88\x02\x03\xe9");
  EXPECT_TRUE(layers.ended());
}

TEST(StreamLayers, a_refused_request_breaks_it_and_is_answered) {
  StreamLayers layers(sip::Transport::Ws, nullptr);

  layers.receive("PUT / HTTP/1.1\r\n\r\n");

  EXPECT_EQ(layers.next(), Event::Broken);
  EXPECT_TRUE(layers.upgrade_refused());
  EXPECT_TRUE(layers.wire().starts_with("HTTP/1.1 405 "));
}

}  // namespace
}  // namespace tandem::net
