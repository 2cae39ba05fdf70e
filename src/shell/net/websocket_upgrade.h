// The opening handshake of a WebSocket that carries SIP, as its server does it (RFC 6455 §4.2,
// RFC 7118 §4): one HTTP request, and its answer. Where it comes from (Origin) is not asked: who
// calls is known by digest, and no browser sends that for a page of somebody else.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace tandem::net {

struct Upgrade {
  enum class State : std::uint8_t { NeedMore, Accepted, Refused };
  State state = State::NeedMore;
  std::string answer;    // to be sent, when it is Accepted or Refused
  std::size_t used = 0;  // bytes of the request; what follows are frames
};

// Looks at all that the client has sent so far.
Upgrade read_upgrade(std::string_view bytes);

// Sec-WebSocket-Accept for this Sec-WebSocket-Key.
std::string accept_key(std::string_view key);

}  // namespace tandem::net
