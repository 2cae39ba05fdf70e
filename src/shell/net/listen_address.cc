#include "shell/net/listen_address.h"

#include "base/text.h"

namespace tandem::net {
namespace {

constexpr std::uint16_t kSipPort = 5060;

}  // namespace

std::optional<ListenAddress> parse_listen_address(std::string_view text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  ListenAddress parsed;
  const std::string_view transport = text.substr(0, colon);
  if (equal_ignoring_case(transport, "tcp")) {
    parsed.transport = sip::Transport::Tcp;
  } else if (!equal_ignoring_case(transport, "udp")) {
    return std::nullopt;
  }
  const auto address = Endpoint::parse(text.substr(colon + 1), kSipPort);
  if (!address || address->none()) return std::nullopt;
  parsed.address = *address;
  return parsed;
}

std::string_view to_text(sip::Transport transport) {
  switch (transport) {
    case sip::Transport::Udp:
      return "udp";
    case sip::Transport::Tcp:
      return "tcp";
    case sip::Transport::Tls:
      return "tls";
    case sip::Transport::Ws:
      return "ws";
    case sip::Transport::Wss:
      return "wss";
    case sip::Transport::Unknown:
      break;
  }
  return "unknown";
}

std::string to_text(const ListenAddress& address) {
  return std::string(to_text(address.transport)) + ':' + address.address.text();
}

}  // namespace tandem::net
