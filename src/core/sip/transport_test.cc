#include "core/sip/transport.h"

#include <gtest/gtest.h>

namespace tandem::sip {
namespace {

TEST(Transport, via_and_uri_name_it_by_their_own_words) {
  EXPECT_EQ(via_name(Transport::Tls), "TLS");
  EXPECT_EQ(uri_parameter(Transport::Tls), ";transport=tls");
  EXPECT_EQ(via_name(Transport::Wss), "WSS");
  EXPECT_EQ(uri_parameter(Transport::Wss), ";transport=ws") << "RFC 7118 5";
  EXPECT_EQ(uri_parameter(Transport::Udp), "") << "it is understood";
}

TEST(Transport, its_words_are_read_in_any_case) {
  EXPECT_EQ(transport_named("TLS"), Transport::Tls);
  EXPECT_EQ(transport_named("wss"), Transport::Wss);
  EXPECT_EQ(transport_named("Udp"), Transport::Udp);
  EXPECT_EQ(transport_named("sctp"), Transport::Unknown);
  EXPECT_EQ(transport_named("unknown"), Transport::Unknown);
  EXPECT_EQ(transport_named(""), Transport::Unknown);
}

TEST(Transport, a_port_that_is_not_named_is_the_usual_one) {
  EXPECT_EQ(port_at(Transport::Udp, 0), 5060);
  EXPECT_EQ(port_at(Transport::Tls, 0), 5061);
  EXPECT_EQ(port_at(Transport::Ws, 0), 80);
  EXPECT_EQ(port_at(Transport::Wss, 0), 443);
  EXPECT_EQ(port_at(Transport::Tls, 7000), 7000);
}

TEST(Transport, all_but_udp_are_streams_and_two_are_secure) {
  EXPECT_FALSE(is_stream(Transport::Udp));
  EXPECT_TRUE(is_stream(Transport::Wss));
  EXPECT_TRUE(is_secure(Transport::Tls));
  EXPECT_TRUE(is_secure(Transport::Wss));
  EXPECT_FALSE(is_secure(Transport::Ws));
  EXPECT_FALSE(is_secure(Transport::Tcp));
}

}  // namespace
}  // namespace tandem::sip
