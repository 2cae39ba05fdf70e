#include "core/digest/gate.h"

#include <algorithm>
#include <optional>

#include "base/text.h"
#include "core/digest/digest.h"
#include "core/sip/headers.h"

namespace tandem::digest {
namespace {

using directory::Parameters;
using directory::SuspendScope;

// Eight hexadecimal digits (RFC 7616 §3.4); nothing when they are not, or 0.
std::optional<std::uint32_t> read_count(std::string_view text) {
  if (text.size() != 8) return std::nullopt;
  std::array<char, 8> digits;
  std::transform(text.begin(), text.end(), digits.begin(), lower);
  const auto count = read_hex({digits.data(), digits.size()});
  if (!count || *count == 0) return std::nullopt;
  return std::uint32_t(*count);
}

bool offered(HashKind algorithm, const Parameters& parameters) {
  for (const HashKind each : parameters.sip_authentication_algorithms) {
    if (each == algorithm) return true;
  }
  return false;
}

// RFC 7616 §3.4: what no credentials are without.
bool whole(const sip::Digest& given) {
  return !given.username.empty() && !given.nonce.empty() && !given.uri.empty() &&
         !given.response.empty() && (given.qop.empty() || !given.cnonce.empty());
}

// The credentials that answer a challenge of ours: of our realm, with an algorithm that we offer.
// `malformed` is set by what is meant to be some and cannot be read.
std::optional<sip::Digest> credentials_of(const Claim& claim, const Parameters& parameters,
                                          bool& malformed) {
  for (const sip::HeaderField& field : claim.request.headers()) {
    if (field.id != claim.header) continue;
    const auto read = sip::parse_digest(field.value);
    malformed |= !read;
    if (!read || !equal_ignoring_case(read->scheme, "Digest") || read->realm != claim.realm) {
      continue;
    }
    if (!whole(*read)) {
      malformed = true;
      continue;
    }
    const auto algorithm = algorithm_of(read->algorithm);
    if (algorithm && offered(*algorithm, parameters)) return read;
  }
  return std::nullopt;
}

}  // namespace

Gate::Gate(const std::array<std::uint64_t, 4>& seed)
    : key_{seed[0] ^ 0x6c6f636b6f757473u, seed[1] ^ 0x746e64656d736970u},
      nonces_({seed[2] ^ 0x6e6f6e6365737365u, seed[3] ^ 0x6469676573746b65u}) {}

std::uint64_t Gate::lockout_key(const Claim& claim, SuspendScope scope) const {
  const IpAddress& source = claim.source;
  const std::string_view address(reinterpret_cast<const char*>(source.bytes().data()),
                                 source.bytes().size());
  // Nobody is locked out under a name that is nobody's: it counts against where it came from.
  if (scope == SuspendScope::Id && claim.password != nullptr) {
    return siphash(key_, {claim.user, {}}) | 1;
  }
  if (scope == SuspendScope::Ip) return siphash(key_, {{}, address}) | 1;
  return siphash(key_, {claim.user, address}) | 1;
}

Ruling Gate::judge(Instant now, const Claim& claim, const Parameters& parameters) {
  // Most of the time nobody was ever wrong, and there is nothing to look for.
  const bool looked_up = !lockouts_.empty();
  const auto key = [&] { return lockout_key(claim, parameters.authentication_suspend_scope); };
  if (looked_up) {
    const milliseconds left = lockouts_.remaining(key(), now);
    if (left > milliseconds(0)) {
      Ruling suspended{.judgement = Judgement::Suspended};
      suspended.retry_after = std::chrono::ceil<seconds>(left);
      return suspended;
    }
  }
  bool malformed = false;
  const auto given = credentials_of(claim, parameters, malformed);
  if (!given) return {.judgement = malformed ? Judgement::Malformed : Judgement::Challenge};
  const auto nonce = nonces_.read(given->nonce, claim.source);
  if (!nonce) return {.judgement = Judgement::Stale};
  nonces_.prefetch(*nonce);
  if (!may_answer(now, *nonce, parameters)) return {.judgement = Judgement::Stale};

  const bool counted = !given->qop.empty();
  const std::string_view password =
      claim.password != nullptr ? std::string_view(*claim.password) : std::string_view();
  const HashText right = response_of(hasher_, {.algorithm = *algorithm_of(given->algorithm),
                                               .user = given->username,
                                               .realm = claim.realm,
                                               .password = password,
                                               .nonce = given->nonce,
                                               .nc = given->nc,
                                               .cnonce = given->cnonce,
                                               .qop = counted ? "auth" : "",
                                               .method = claim.request.method_text(),
                                               .uri = given->uri});
  const auto count = counted ? read_count(given->nc) : std::optional<std::uint32_t>(1);
  bool good = equal_in_constant_time(right.view(), given->response);
  good = good && claim.password != nullptr && !claim.password->empty();
  good = good && given->username == claim.user && count.has_value();
  good = good && (!counted || equal_ignoring_case(given->qop, "auth"));
  if (!good) return reject(now, *nonce, key(), parameters);
  if (!nonces_.use(*nonce, *count)) return {.judgement = Judgement::Stale, .replayed = true};
  if (looked_up) lockouts_.clear(key());
  return {.judgement = Judgement::Accepted};
}

// An answer to a challenge comes soon; a nonce that was accepted once may serve for its life.
bool Gate::may_answer(Instant now, const Nonce& nonce, const Parameters& parameters) const {
  const milliseconds age = now - nonce.made;
  if (age > parameters.sip_authentication_nonce_life) return false;
  return age <= parameters.sip_authentication_timeout || nonces_.used(nonce);
}

Ruling Gate::reject(Instant now, const Nonce& nonce, std::uint64_t key,
                    const Parameters& parameters) {
  Ruling ruling{.judgement = Judgement::Challenge, .wrong = true};
  const Lockouts::Rules rules{.failures = parameters.authentication_max_retry,
                              .suspension = parameters.authentication_failed_suspend,
                              .window = parameters.authentication_failed_window};
  if (lockouts_.failed(key, now, rules)) {
    ruling.judgement = Judgement::Suspended;
    ruling.suspension_began = true;
    ruling.retry_after = rules.suspension;
    return ruling;
  }
  const int tries = 1 + nonce.refusals;
  ruling.refusals = std::uint8_t(std::min(tries, 255));
  if (tries >= parameters.sip_authentication_retry) ruling.judgement = Judgement::Refused;
  return ruling;
}

void Gate::append_challenges(std::string& lines, Instant now, const Question& question,
                             const Parameters& parameters) const {
  const NonceText nonce = nonces_.make(now, question.to, question.salt, question.refusals);
  for (const HashKind algorithm : parameters.sip_authentication_algorithms) {
    lines.append(sip::name_of(question.header)).append(": Digest realm=\"");
    lines.append(question.realm).append("\", nonce=\"").append(nonce.view());
    lines.append("\", algorithm=").append(name_of(algorithm)).append(", qop=\"auth\"");
    lines.append(question.stale ? ", stale=true\r\n" : "\r\n");
  }
}

}  // namespace tandem::digest
