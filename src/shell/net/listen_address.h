// Where to listen for SIP, as operators write it: "udp:192.0.2.1:5060", "tls:[2001:db8::1]:5061".
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/address.h"
#include "core/sip/path.h"

namespace tandem::net {

struct ListenAddress {
  sip::Transport transport = sip::Transport::Udp;
  Endpoint address;  // may be 0.0.0.0 or [::]: every address of this family
  // One that nobody asked for by name: left out when the machine does not have this family.
  bool optional = false;

  friend bool operator==(const ListenAddress&, const ListenAddress&) = default;
};

// A missing port is the usual one of the transport; port 0 lets the system choose one. Nothing when the text is no address.
std::optional<ListenAddress> parse_listen_address(std::string_view text);

std::string to_text(const ListenAddress& address);

}  // namespace tandem::net
