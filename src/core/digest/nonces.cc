#include "core/digest/nonces.h"

#include "base/text.h"

namespace tandem::digest {
namespace {

// made (12 digits), salt (8), refusals (2), seal (16), all hexadecimal.
constexpr std::size_t kSealed = 22;
constexpr std::uint32_t kRemembered = 32;

}  // namespace

std::uint64_t Nonces::seal(std::string_view text, const IpAddress& address) const {
  const auto& bytes = address.bytes();
  return siphash(key_, {text.substr(0, kSealed),
                        {reinterpret_cast<const char*>(bytes.data()), bytes.size()}});
}

NonceText Nonces::make(Instant now, const IpAddress& to, std::uint32_t salt,
                       std::uint8_t refusals) const {
  NonceText text;
  char* at = text.characters.data();
  at = write_hex(at, std::uint64_t(now.time_since_epoch().count()), 12);
  at = write_hex(at, salt, 8);
  at = write_hex(at, refusals, 2);
  write_hex(at, seal(text.view(), to), 16);
  return text;
}

std::optional<Nonce> Nonces::read(std::string_view text, const IpAddress& from) const {
  if (text.size() != NonceText::kSize) return std::nullopt;
  const auto sealed = read_hex(text.substr(kSealed));
  if (!sealed || *sealed != seal(text, from)) return std::nullopt;
  const auto made = read_hex(text.substr(0, 12));
  const auto refusals = read_hex(text.substr(20, 2));
  if (!made || !refusals) return std::nullopt;
  return Nonce{Instant(milliseconds(std::int64_t(*made))), std::uint8_t(*refusals), *sealed};
}

bool Nonces::used(const Nonce& nonce) const {
  if (sets_.empty()) return false;
  for (const Entry& entry : sets_[nonce.seal % kSets].entries) {
    if (entry.seal == nonce.seal && entry.made == nonce.made) return true;
  }
  return false;
}

void Nonces::prefetch(const Nonce& nonce) const {
  if (sets_.empty()) return;
  constexpr std::size_t kLine = 64;
  const char* const begin = reinterpret_cast<const char*>(&sets_[nonce.seal % kSets]);
  for (std::size_t at = 0; at < sizeof(Set); at += kLine) __builtin_prefetch(begin + at);
}

// Marks `count`; false when it is marked or too far behind to know.
bool Nonces::Entry::mark(std::uint32_t count) {
  if (count > highest) {
    const std::uint32_t ahead = count - highest;
    below = ahead < kRemembered ? below << ahead : 0;
    if (ahead <= kRemembered) below |= 1u << (ahead - 1);
    highest = count;
    return true;
  }
  const std::uint32_t behind = highest - count;
  if (behind == 0 || behind > kRemembered) return false;
  const std::uint32_t bit = 1u << (behind - 1);
  if ((below & bit) != 0) return false;
  below |= bit;
  return true;
}

bool Nonces::use(const Nonce& nonce, std::uint32_t count) {
  if (sets_.empty()) sets_.resize(kSets);
  Set& set = sets_[nonce.seal % kSets];
  Entry* oldest = &set.entries.front();
  for (Entry& entry : set.entries) {
    if (entry.seal == nonce.seal && entry.made == nonce.made) return entry.mark(count);
    if (entry.made < oldest->made || entry.seal == 0) oldest = &entry;
  }
  if (nonce.made <= set.forgotten) return false;
  if (oldest->seal != 0) {
    if (nonce.made < oldest->made) return false;
    set.forgotten = oldest->made;
  }
  *oldest = Entry{nonce.seal, nonce.made, count, 0};
  return true;
}

}  // namespace tandem::digest
