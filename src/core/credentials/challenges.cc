#include "core/credentials/challenges.h"

#include <array>
#include <optional>

#include "base/limits.h"
#include "base/text.h"
#include "core/sip/headers.h"

namespace tandem::credentials {
namespace {

constexpr std::size_t kMaxPart = 512;  // of a challenge, that is kept

bool is_kept(const sip::Digest& asked) {
  return asked.realm.size() <= kMaxPart && asked.nonce.size() <= kMaxPart &&
         asked.opaque.size() <= kMaxPart && asked.algorithm.size() <= kMaxPart;
}

// Does this request of ours bear credentials for the realm?
bool bears(std::string_view request, const Challenge& challenge) {
  const std::string_view name = challenge.proxy ? "Proxy-Authorization:" : "Authorization:";
  const std::string_view head = request.substr(0, request.find("\r\n\r\n"));
  for (std::size_t at = head.find("\r\n"); at != head.npos; at = head.find("\r\n", at + 2)) {
    const std::string_view line = head.substr(at + 2, head.find("\r\n", at + 2) - at - 2);
    if (!line.starts_with(name)) continue;
    const auto given = sip::parse_digest(trim(line.substr(name.size())));
    if (given && given->realm == challenge.realm) return true;
  }
  return false;
}

void append_line(std::string& to, Hasher& hasher, Rng& rng, Challenge& challenge,
                 const Account& account, const Request& request) {
  std::array<char, 16> cnonce;
  write_hex(cnonce.data(), rng.next(), int(cnonce.size()));
  digest::Answer answer;
  answer.challenge.realm = challenge.realm;
  answer.challenge.nonce = challenge.nonce;
  answer.challenge.opaque = challenge.opaque;
  answer.challenge.algorithm = challenge.algorithm;
  answer.challenge.qop = challenge.counted ? "auth" : "";
  answer.user = account.user;
  answer.password = account.password;
  answer.method = request.method;
  answer.uri = request.uri;
  answer.cnonce = {cnonce.data(), cnonce.size()};
  answer.nc = ++challenge.used;
  to += challenge.proxy ? "Proxy-Authorization: " : "Authorization: ";
  digest::append_credentials(to, hasher, answer);
  to += "\r\n";
}

}  // namespace

void Challenges::append_lines(std::string& to, Hasher& hasher, Rng& rng, const Account& account,
                              const Request& request) {
  if (account.empty()) return;
  for (Challenge& each : all_) append_line(to, hasher, rng, each, account, request);
}

bool Challenges::note(const sip::Message& refusal, const Attempted& attempted) {
  if (refusal.status() != 401 && refusal.status() != 407) return false;
  const auto asked = digest::choose_challenge(refusal);
  if (!asked || !is_kept(*asked)) return false;
  Challenge challenge;
  challenge.realm = asked->realm;
  challenge.nonce = asked->nonce;
  challenge.opaque = asked->opaque;
  challenge.algorithm = asked->algorithm;
  challenge.counted = !asked->qop.empty();
  challenge.proxy = refusal.status() == 407;
  std::erase_if(all_, [&](const Challenge& each) {
    return each.proxy == challenge.proxy && each.realm == challenge.realm;
  });
  // Asked again for what was just given, and not because its nonce was old: the password is wrong.
  // What was sent unasked, for a challenge of an earlier request, proves nothing.
  const bool in_vain =
      attempted.challenges > 0 && !asked->stale && bears(attempted.request, challenge);
  if (in_vain || attempted.challenges >= attempted.limit) return false;
  if (all_.size() >= kMaxRealms) all_.erase(all_.begin());
  all_.push_back(std::move(challenge));
  return true;
}

}  // namespace tandem::credentials
