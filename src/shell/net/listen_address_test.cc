#include "shell/net/listen_address.h"

#include <gtest/gtest.h>

namespace tandem::net {
namespace {

TEST(ListenAddress, names_transport_address_and_port) {
  const auto udp = parse_listen_address("udp:127.0.0.1:5070");
  const auto tcp = parse_listen_address("TCP:[2001:db8::1]:5080");

  ASSERT_TRUE(udp && tcp);
  EXPECT_EQ(udp->transport, sip::Transport::Udp);
  EXPECT_EQ(udp->address.text(), "127.0.0.1:5070");
  EXPECT_EQ(tcp->transport, sip::Transport::Tcp);
  EXPECT_EQ(to_text(*tcp), "tcp:[2001:db8::1]:5080");
}

TEST(ListenAddress, the_port_of_sip_is_understood_when_none_is_given) {
  EXPECT_EQ(to_text(*parse_listen_address("udp:0.0.0.0")), "udp:0.0.0.0:5060");
  EXPECT_EQ(to_text(*parse_listen_address("udp:[::]")), "udp:[::]:5060");
  EXPECT_EQ(to_text(*parse_listen_address("tls:192.0.2.1")), "tls:192.0.2.1:5061");
  EXPECT_EQ(to_text(*parse_listen_address("WS:192.0.2.1")), "ws:192.0.2.1:80");
  EXPECT_EQ(to_text(*parse_listen_address("wss:[::1]")), "wss:[::1]:443");
}

TEST(ListenAddress, what_is_no_address_is_refused) {
  for (const char* wrong :
       {"", "udp", "udp:", "127.0.0.1:5060", "sctp:127.0.0.1:5060", "udp:localhost:5060",
        "udp:127.0.0.1:70000", "udp:127.0.0.1:", "udp:127.0.0.1:x", "unknown:127.0.0.1:5061"}) {
    EXPECT_FALSE(parse_listen_address(wrong)) << wrong;
  }
}

}  // namespace
}  // namespace tandem::net
