// What SIP travels over, as Via, URIs and operators name it: UDP, TCP, TLS (RFC 3261 §18, §26.2),
// WebSocket and WebSocket over TLS (RFC 7118).
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace tandem::sip {

enum class Transport : std::uint8_t { Udp, Tcp, Tls, Ws, Wss, Unknown };

struct TransportRow {
  Transport transport;
  std::string_view name;       // as operators write it
  std::string_view via;        // in the sent-protocol of Via
  std::string_view parameter;  // of a URI that is reached so; "" = none is needed
  std::uint16_t port;          // where nothing else is said
  bool secure;
};

// RFC 7118 §5: URIs name both WebSockets "ws".
inline constexpr std::array<TransportRow, std::size_t(Transport::Unknown) + 1> kTransports{{
    {Transport::Udp, "udp", "UDP", "", 5060, false},
    {Transport::Tcp, "tcp", "TCP", ";transport=tcp", 5060, false},
    {Transport::Tls, "tls", "TLS", ";transport=tls", 5061, true},
    {Transport::Ws, "ws", "WS", ";transport=ws", 80, false},
    {Transport::Wss, "wss", "WSS", ";transport=ws", 443, true},
    {Transport::Unknown, "unknown", "UDP", "", 5060, false},
}};

constexpr bool transports_complete() {
  for (std::size_t i = 0; i < kTransports.size(); ++i) {
    if (std::size_t(kTransports[i].transport) != i) return false;
  }
  return true;
}
static_assert(transports_complete(), "kTransports has one row per Transport, in its order");

constexpr const TransportRow& row(Transport transport) {
  return kTransports[std::size_t(transport)];
}
constexpr std::string_view name_of(Transport transport) { return row(transport).name; }
constexpr std::string_view via_name(Transport transport) { return row(transport).via; }
constexpr std::string_view uri_parameter(Transport transport) { return row(transport).parameter; }
constexpr std::uint16_t default_port(Transport transport) { return row(transport).port; }
constexpr std::uint16_t port_at(Transport transport, std::uint16_t named) {
  return named != 0 ? named : default_port(transport);
}
constexpr bool is_stream(Transport transport) { return transport != Transport::Udp; }
constexpr bool is_secure(Transport transport) { return row(transport).secure; }
// RFC 7118 §5: only the client opens a WebSocket.
constexpr bool is_web_socket(Transport transport) {
  return transport == Transport::Ws || transport == Transport::Wss;
}

// "TLS" of Via, or "tls" of a URI or an operator, in any case; Unknown when there is no such.
Transport transport_named(std::string_view word);

}  // namespace tandem::sip
