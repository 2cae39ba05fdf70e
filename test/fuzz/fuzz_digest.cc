// Any bytes as the value of Authorization or of a challenge: what reads is proved or answered, and
// what we answer reads as it was meant.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/assert.h"
#include "core/digest/digest.h"
#include "core/digest/nonces.h"

using namespace tandem;

namespace {

void prove(const sip::Digest& read) {
  static Hasher hasher;
  const auto algorithm = digest::algorithm_of(read.algorithm);
  if (!algorithm) return;
  const HashText right = digest::response_of(hasher, {.algorithm = *algorithm,
                                                      .user = read.username,
                                                      .realm = read.realm,
                                                      .password = "secret",
                                                      .nonce = read.nonce,
                                                      .nc = read.nc,
                                                      .cnonce = read.cnonce,
                                                      .qop = read.qop,
                                                      .method = "REGISTER",
                                                      .uri = read.uri});
  TANDEM_ASSERT(!equal_in_constant_time(read.response, right.view()), "nobody guesses a hash");
}

void answer(const sip::Digest& challenge) {
  if (!digest::algorithm_of(challenge.algorithm)) return;  // such a challenge is never chosen
  static Hasher hasher;
  std::string value;
  digest::append_credentials(value, hasher, {.challenge = challenge,
                                             .user = "alice",
                                             .password = "secret",
                                             .method = "REGISTER",
                                             .uri = "sip:example.org",
                                             .cnonce = "c"});
  const auto again = sip::parse_digest(value);
  TANDEM_ASSERT(again && again->nonce == challenge.nonce && again->realm == challenge.realm &&
                    again->opaque == challenge.opaque && again->username == "alice",
                "our answer names what was asked");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view value(reinterpret_cast<const char*>(data), size);
  static const digest::Nonces nonces(SipHashKey{1, 2});
  TANDEM_ASSERT(!nonces.read(value, IpAddress::v4(0xc0000201)), "nobody guesses a seal");
  const auto read = sip::parse_digest(value);
  if (!read) return 0;
  prove(*read);
  answer(*read);
  return 0;
}
