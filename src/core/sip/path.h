// How a message travels: transport, our own listening address, the peer, and for streams the
// connection. The shell turns it into a socket; core only compares and copies it.
#pragma once

#include <compare>
#include <cstdint>

#include "base/address.h"
#include "core/sip/transport.h"

namespace tandem::sip {

// Number of no connection: of one that is gone, to a peer that nobody can connect to.
inline constexpr std::uint32_t kGone = 0xffffffff;

struct Path {
  Transport transport = Transport::Udp;
  std::uint16_t local = 0;       // index of our listening address (several: multihoming)
  std::uint32_t connection = 0;  // stream connection number; 0 = find one to `peer` or open it
  Endpoint peer;

  bool reliable() const { return is_stream(transport); }
  friend auto operator<=>(const Path&, const Path&) = default;
  template <class Archive>
  void fields(Archive& archive) {
    archive(transport, local, connection, peer);
  }
};

}  // namespace tandem::sip
