#include "core/digest/digest.h"

#include <array>

#include "base/text.h"

namespace tandem::digest {
namespace {

constexpr std::array<std::string_view, kHashKinds> kNames{"SHA-512-256", "SHA-256", "MD5"};

// The list of a challenge names "auth".
bool offers_auth(std::string_view options) {
  while (!options.empty()) {
    const std::size_t comma = options.find(',');
    if (equal_ignoring_case(trim(options.substr(0, comma)), "auth")) return true;
    options = comma == options.npos ? std::string_view{} : options.substr(comma + 1);
  }
  return false;
}

}  // namespace

std::optional<HashKind> algorithm_of(std::string_view token) {
  if (token.empty()) return HashKind::Md5;
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    if (equal_ignoring_case(token, kNames[i])) return HashKind(i);
  }
  return std::nullopt;
}

std::string_view name_of(HashKind algorithm) { return kNames[std::size_t(algorithm)]; }

// RFC 7616 §3.4.1-3.4.3.
HashText response_of(Hasher& hasher, const Proof& proof) {
  const HashText a1 =
      hasher.hex(proof.algorithm, {proof.user, ":", proof.realm, ":", proof.password});
  const HashText a2 = hasher.hex_again(proof.algorithm, {proof.method, ":", proof.uri});
  if (proof.qop.empty()) {
    return hasher.hex(proof.algorithm, {a1.view(), ":", proof.nonce, ":", a2.view()});
  }
  return hasher.hex(proof.algorithm, {a1.view(), ":", proof.nonce, ":", proof.nc, ":", proof.cnonce,
                                      ":", proof.qop, ":", a2.view()});
}

std::optional<sip::Digest> choose_challenge(const sip::Message& refusal) {
  const sip::HeaderId wanted = refusal.status() == 407 ? sip::HeaderId::ProxyAuthenticate
                                                       : sip::HeaderId::WwwAuthenticate;
  for (const sip::HeaderField& field : refusal.headers()) {
    if (field.id != wanted) continue;
    const auto challenge = sip::parse_digest(field.value);
    if (!challenge || !equal_ignoring_case(challenge->scheme, "Digest")) continue;
    if (!algorithm_of(challenge->algorithm) || challenge->nonce.empty()) continue;
    if (challenge->qop.empty() || offers_auth(challenge->qop)) return challenge;
  }
  return std::nullopt;
}

void append_credentials(std::string& to, Hasher& hasher, const Answer& answer) {
  const sip::Digest& asked = answer.challenge;
  const bool counted = !asked.qop.empty();
  std::array<char, 8> nc;
  write_hex(nc.data(), answer.nc, int(nc.size()));
  const std::string_view nc_text(nc.data(), nc.size());
  const HashText response = response_of(
      hasher, {.algorithm = algorithm_of(asked.algorithm).value_or(HashKind::Md5),
               .user = answer.user,
               .realm = asked.realm,
               .password = answer.password,
               .nonce = asked.nonce,
               .nc = nc_text,
               .cnonce = answer.cnonce,
               .qop = counted ? "auth" : "",
               .method = answer.method,
               .uri = answer.uri});
  const auto quoted = [&to](std::string_view name, std::string_view value) {
    to.append(name).append("=\"").append(value).append("\"");
  };
  quoted("Digest username", answer.user);
  quoted(", realm", asked.realm);
  quoted(", nonce", asked.nonce);
  quoted(", uri", answer.uri);
  quoted(", response", response.view());
  if (!asked.algorithm.empty()) to.append(", algorithm=").append(asked.algorithm);
  if (counted) {
    to.append(", qop=auth, nc=").append(nc_text);
    quoted(", cnonce", answer.cnonce);
  }
  if (!asked.opaque.empty()) quoted(", opaque", asked.opaque);
}

}  // namespace tandem::digest
