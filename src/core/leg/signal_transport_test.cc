#include "core/leg/signal_transport.h"

#include <gtest/gtest.h>

#include <array>

namespace tandem::leg {
namespace {

using sip::Transport;

Endpoint at(const char* text) { return *Endpoint::parse(text, 5060); }

const std::array<LocalAddress, 5> kLocals{{
    {Transport::Udp, at("192.0.2.1:5060"), "192.0.2.1:5060"},
    {Transport::Tcp, at("192.0.2.1:5060"), "192.0.2.1:5060"},
    {Transport::Tls, at("192.0.2.2:5061"), "192.0.2.2:5061"},
    {Transport::Tls, at("192.0.2.1:5061"), "192.0.2.1:5061"},
    {Transport::Wss, at("192.0.2.1:443"), "192.0.2.1:443"},
}};

sip::Path like(Transport transport, std::uint16_t local, std::uint32_t connection = 0) {
  return {.transport = transport,
          .local = local,
          .connection = connection,
          .peer = at("203.0.113.10:40000")};
}

// "tls 203.0.113.10:5061 from 3 on 0"; "nowhere".
std::string text(const std::optional<sip::Path>& path) {
  if (!path) return "nowhere";
  return std::string(name_of(path->transport)) + ' ' + path->peer.text() + " from " +
         std::to_string(path->local) + " on " + std::to_string(path->connection);
}

std::string to(std::string_view uri, const sip::Path& source) {
  return text(path_to(uri, source, kLocals));
}

TEST(PathTo, a_uri_that_names_no_transport_has_that_of_the_peer_and_its_port) {
  EXPECT_EQ(to("sip:a@203.0.113.10", like(Transport::Udp, 0)), "udp 203.0.113.10:5060 from 0 on 0");
  EXPECT_EQ(to("sip:a@203.0.113.10", like(Transport::Tls, 2, 7)),
            "tls 203.0.113.10:5061 from 2 on 0");
  EXPECT_EQ(to("sip:a@203.0.113.10:40000", like(Transport::Tcp, 1, 7)),
            "tcp 203.0.113.10:40000 from 1 on 7")
      << "the connection that is there";
}

TEST(PathTo, another_transport_leaves_from_the_address_beside) {
  EXPECT_EQ(to("sip:a@203.0.113.10;transport=tls", like(Transport::Udp, 0)),
            "tls 203.0.113.10:5061 from 3 on 0");
  EXPECT_EQ(to("sip:a@203.0.113.10;transport=UDP", like(Transport::Tcp, 1, 7)),
            "udp 203.0.113.10:5060 from 0 on 0");
  EXPECT_EQ(to("sip:a@203.0.113.10;transport=ws", like(Transport::Udp, 0)), "nowhere")
      << "we listen on none that is not secure";
}

TEST(PathTo, sips_is_reached_over_tls) {
  EXPECT_EQ(to("sips:a@203.0.113.10", like(Transport::Udp, 0)),
            "tls 203.0.113.10:5061 from 3 on 0");
  EXPECT_EQ(to("sips:a@203.0.113.10;transport=tcp", like(Transport::Tcp, 1)),
            "tls 203.0.113.10:5061 from 3 on 0");
}

TEST(PathTo, a_name_or_an_unknown_transport_leads_nowhere_else) {
  EXPECT_EQ(to("sip:a@client.invalid", like(Transport::Udp, 0)), "nowhere");
  EXPECT_EQ(to("sip:a@203.0.113.10;transport=sctp", like(Transport::Tcp, 1)),
            "tcp 203.0.113.10:5060 from 1 on 0");
}

TEST(PathOfDialog, a_peer_over_tls_keeps_its_connection_while_it_names_the_same_host) {
  const sip::Path source = like(Transport::Tls, 3, 7);

  EXPECT_EQ(path_of_dialog("", "sip:a@203.0.113.10:5061", source, kLocals), source);
  EXPECT_EQ(text(path_of_dialog("", "sip:a@203.0.113.11:5061", source, kLocals)),
            "tls 203.0.113.11:5061 from 3 on 0");
  EXPECT_EQ(text(path_of_dialog("<sip:203.0.113.12;lr>", "sip:a@203.0.113.10", source, kLocals)),
            "tls 203.0.113.12:5061 from 3 on 0");
}

TEST(PathOfDialog, a_tls_connection_that_is_gone_is_opened_to_where_the_peer_can_be_reached) {
  EXPECT_EQ(text(path_of_dialog("", "sip:a@203.0.113.10:5071", like(Transport::Tls, 3), kLocals)),
            "tls 203.0.113.10:5071 from 3 on 0");
}

TEST(PathOfDialog, a_client_of_websocket_is_never_left) {
  const sip::Path source = like(Transport::Wss, 4, 7);
  for (const char* target : {"sip:a@x.invalid;transport=ws", "sip:a@192.0.2.77:1;transport=ws",
                             "sip:a@203.0.113.10", "sip:a@203.0.113.10;transport=udp"}) {
    EXPECT_EQ(path_of_dialog("", target, source, kLocals), source) << target;
  }
}

TEST(PathOfDialog, over_tcp_the_contact_is_connected_to) {
  EXPECT_EQ(
      text(path_of_dialog("", "sip:a@203.0.113.10:5070", like(Transport::Tcp, 1, 7), kLocals)),
      "tcp 203.0.113.10:5070 from 1 on 0");
}

TEST(TransportOf, each_word_of_a_device_is_a_transport) {
  EXPECT_EQ(transport_of(directory::SignalTransport::Udp), Transport::Udp);
  EXPECT_EQ(transport_of(directory::SignalTransport::Tcp), Transport::Tcp);
  EXPECT_EQ(transport_of(directory::SignalTransport::Tls), Transport::Tls);
  EXPECT_EQ(transport_of(directory::SignalTransport::Wss), Transport::Wss);
}

}  // namespace
}  // namespace tandem::leg
