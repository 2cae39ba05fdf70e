#include "shell/net/listen_address.h"

namespace tandem::net {

std::optional<ListenAddress> parse_listen_address(std::string_view text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  ListenAddress parsed;
  parsed.transport = sip::transport_named(text.substr(0, colon));
  if (parsed.transport == sip::Transport::Unknown) return std::nullopt;
  const auto address = Endpoint::parse(text.substr(colon + 1), sip::default_port(parsed.transport));
  if (!address || address->none()) return std::nullopt;
  parsed.address = *address;
  return parsed;
}

std::string to_text(const ListenAddress& address) {
  return std::string(sip::name_of(address.transport)) + ':' + address.address.text();
}

}  // namespace tandem::net
