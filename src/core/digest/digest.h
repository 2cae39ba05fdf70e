// Digest access authentication (RFC 7616, RFC 8760, RFC 3261 §22): what both sides compute, and the
// side that answers a challenge. The side that asks is in nonces.h.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/hash.h"
#include "core/sip/headers.h"
#include "core/sip/message.h"

namespace tandem::digest {

// By the token of a challenge, upper or lower case; "" = MD5 (RFC 7616 §3.3). The -sess forms are
// not understood.
std::optional<HashKind> algorithm_of(std::string_view token);
std::string_view name_of(HashKind algorithm);

// What a response is made of, as it stands between the quotes.
struct Proof {
  HashKind algorithm = HashKind::Md5;
  std::string_view user = {}, realm = {}, password = {};
  std::string_view nonce = {};
  std::string_view nc = {}, cnonce = {};  // count only with a qop
  std::string_view qop = {};              // "auth", or "" = the form of RFC 2069
  std::string_view method = {}, uri = {};
};
HashText response_of(Hasher& hasher, const Proof& proof);

// --- the side that answers ---

// The first challenge of a 401 or 407 that can be answered: its algorithm is known, and it offers
// auth or no qop at all (RFC 8760 §2.4: the topmost one that is understood).
std::optional<sip::Digest> choose_challenge(const sip::Message& refusal);

struct Answer {
  sip::Digest challenge;
  std::string_view user = {}, password = {};
  std::string_view method = {}, uri = {};
  std::string_view cnonce = {};  // of our making
  std::uint32_t nc = 1;          // how often this nonce was used, this time included
};
// Appends the value of Authorization or Proxy-Authorization.
void append_credentials(std::string& to, Hasher& hasher, const Answer& answer);

}  // namespace tandem::digest
