// What the addresses of a redirection stand for (RFC 3261 §8.1.3.4, §21.3; call-handling.md 10,
// 17.3): one of ours is a number to be routed, one of an egress gateway is called there, and for any
// other nobody answers.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/address.h"
#include "core/directory/directory.h"
#include "core/sip/uri.h"

namespace tandem::routing {

// Who redirects, and who we are.
struct Redirecting {
  const directory::Directory& directory;
  std::vector<Endpoint> ours;  // where we listen
  std::int64_t gateway = 0;    // id of the egress gateway that redirects; 0 = the redirect server,
                               // which may also choose a gateway (gw) or a group
                               // of them (group), and what is billed (rate)
  Endpoint called{};           // where that was called
};

struct RedirectTarget {
  enum class Kind : std::uint8_t {
    Refused,  // leads to somebody unknown, or cannot be read
    Number,   // `number` is to be routed
    Place,    // `number` is called at `uri`, which is one of `gateway`
  };
  Kind kind = Kind::Refused;
  std::string number;
  std::string uri;
  std::string place;  // "192.0.2.1:5060" or the host of `uri`; "" for a number
  std::int64_t gateway = 0;  // of a number: the only one it may go to; 0 = any
  std::int64_t group = 0;    // of a number: the gateway group it may go to; 0 = any
  bool rated = false;        // the number is also what is billed
};

// `uri` = that of one Contact.
RedirectTarget target_of(std::string_view uri, const Redirecting& redirecting);

// Where a URI says that it is: maddr comes before the host.
std::string_view host_of(const sip::Uri& uri);

}  // namespace tandem::routing
