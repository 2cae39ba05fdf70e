// Who may in: judges the credentials of a request (RFC 3261 §22) and writes challenges. An unknown
// user costs the same work and gets the same answers as a known one with a wrong password. Only an
// answer to a nonce that we sent to that address, and lately, is judged; so what is sent under the
// address of another proves nothing against him. Failures are counted by the scope of
// SS_AUTHENTICATION_SUSPEND_SCOPE; by default terminal and address together, so that a stranger
// elsewhere locks nobody out.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/address.h"
#include "base/hash.h"
#include "base/siphash.h"
#include "base/time.h"
#include "core/digest/lockouts.h"
#include "core/digest/nonces.h"
#include "core/directory/parameters.h"
#include "core/sip/message.h"

namespace tandem::digest {

enum class Judgement : std::uint8_t {
  Accepted,
  Challenge,  // nothing to judge, or wrong and another try is left
  Stale,      // the nonce is old, used up or of somebody else; not judged, or right
  Refused,    // wrong too often for one request
  Suspended,  // wrong too often at all
  Malformed,  // no credentials at all can be read from what is there
};

struct Ruling {
  Judgement judgement = Judgement::Challenge;
  std::uint8_t refusals = 0;     // to be written into the next nonce
  bool wrong = false;            // a password was tried and was wrong
  bool suspension_began = false; // by this request: to be told once
  bool replayed = false;         // a response came a second time
  seconds retry_after{0};        // of Suspended
};

// One request and who it claims to be from.
struct Claim {
  const sip::Message& request;
  sip::HeaderId header = sip::HeaderId::Authorization;  // where its credentials stand
  std::string_view realm;
  std::string_view user;
  const std::string* password = nullptr;  // nullptr: there is no such user
  IpAddress source;
};

class Gate {
 public:
  explicit Gate(const std::array<std::uint64_t, 4>& seed);

  Ruling judge(Instant now, const Claim& claim, const directory::Parameters& parameters);

  // Header lines that ask for credentials, one for each algorithm offered, each with its CRLF.
  struct Question {
    sip::HeaderId header = sip::HeaderId::WwwAuthenticate;
    std::string_view realm;
    IpAddress to{};  // where it is sent
    std::uint32_t salt = 0;
    std::uint8_t refusals = 0;
    bool stale = false;
  };
  void append_challenges(std::string& lines, Instant now, const Question& question,
                         const directory::Parameters& parameters) const;

  template <class Archive>
  void fields(Archive& archive) {
    archive(nonces_, lockouts_);
  }

 private:
  std::uint64_t lockout_key(const Claim& claim, directory::SuspendScope scope) const;
  bool may_answer(Instant now, const Nonce& nonce, const directory::Parameters& parameters) const;
  Ruling reject(Instant now, const Nonce& nonce, std::uint64_t key,
                const directory::Parameters& parameters);

  SipHashKey key_;
  Hasher hasher_;
  Nonces nonces_;
  Lockouts lockouts_;
};

}  // namespace tandem::digest
