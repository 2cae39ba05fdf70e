// A challenge of a peer (RFC 3261 §22, RFC 7616), kept so that the next request can be answered
// before it is asked: the nonce is used again with a higher count until the peer calls it stale.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/rng.h"
#include "core/digest/digest.h"
#include "core/sip/message.h"

namespace tandem::credentials {

// Who we are to a peer.
struct Account {
  std::string_view user, password;
  bool empty() const { return password.empty(); }
};

// What is proved: that we mean this request.
struct Request {
  std::string_view method, uri;
};

// One challenge, and how often its nonce was used.
struct Challenge {
  std::string realm, nonce, opaque, algorithm;  // as they stand between the quotes
  bool counted = false;                         // offers qop auth
  bool proxy = false;                           // of a 407
  std::uint32_t used = 0;                       // requests answered with this nonce

  template <class Archive>
  void fields(Archive& archive) {
    archive(realm, nonce, opaque, algorithm, counted, proxy, used);
  }
};

// How a request that was refused came to be.
struct Attempted {
  int challenges = 0;          // answered before, for this request
  int limit = 0;               // of them
  std::string_view request{};  // its bytes
};

// The challenges of one peer: one for each realm, and at most kMaxRealms.
class Challenges {
 public:
  // Appends an Authorization or Proxy-Authorization line for each; nothing when there is none.
  void append_lines(std::string& to, Hasher& hasher, Rng& rng, const Account& account,
                    const Request& request);
  // Keeps the challenge of a 401 or 407. True when the request is to be sent again with what
  // append_lines() gives then; false when it cannot be answered, or was and in vain.
  bool note(const sip::Message& refusal, const Attempted& attempted);
  bool empty() const { return all_.empty(); }

  template <class Archive>
  void fields(Archive& archive) {
    archive(all_);
  }

 private:
  std::vector<Challenge> all_;
};

}  // namespace tandem::credentials
