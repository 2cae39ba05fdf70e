#include "core/digest/nonces.h"

namespace tandem::digest {
namespace {

// What a nonce is before it is written as text: made (6 bytes), salt (4), refusals (1), seal (8).
constexpr std::size_t kMade = 6;
constexpr std::size_t kSalt = 4;
constexpr std::size_t kSealed = kMade + kSalt + 1;
constexpr std::size_t kBytes = kSealed + 8;
using Bytes = std::array<unsigned char, kBytes>;

constexpr std::uint32_t kRemembered = 32;

// Base64 of RFC 4648 §5, without padding.
constexpr std::string_view kDigits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::uint8_t kNoDigit = 0xff;
constexpr std::array<std::uint8_t, 256> kValues = [] {
  std::array<std::uint8_t, 256> values{};
  values.fill(kNoDigit);
  for (std::size_t i = 0; i < kDigits.size(); ++i) {
    values[static_cast<unsigned char>(kDigits[i])] = std::uint8_t(i);
  }
  return values;
}();

// Three bytes are four digits; what is behind the last three fills its last digit with zeros.
constexpr std::size_t kWhole = kBytes / 3;
static_assert(kBytes % 3 == 1 && NonceText::kSize == 4 * kWhole + 2);

NonceText text_of(const Bytes& bytes) {
  NonceText text;
  const unsigned char* from = bytes.data();
  char* to = text.characters.data();
  for (std::size_t i = 0; i < kWhole; ++i, from += 3, to += 4) {
    const std::uint32_t bits = std::uint32_t{from[0]} << 16 | std::uint32_t{from[1]} << 8 | from[2];
    to[0] = kDigits[bits >> 18];
    to[1] = kDigits[bits >> 12 & 63];
    to[2] = kDigits[bits >> 6 & 63];
    to[3] = kDigits[bits & 63];
  }
  to[0] = kDigits[from[0] >> 2];
  to[1] = kDigits[unsigned{from[0]} << 4 & 63];
  return text;
}

bool read_text(std::string_view text, Bytes& bytes) {
  std::uint8_t all = 0;  // kNoDigit has bits that no digit has
  const auto value = [&text, &all](std::size_t at) {
    const std::uint8_t digit = kValues[static_cast<unsigned char>(text[at])];
    all |= digit;
    return std::uint32_t(digit);
  };
  unsigned char* to = bytes.data();
  for (std::size_t at = 0; at < 4 * kWhole; at += 4, to += 3) {
    const std::uint32_t bits =
        value(at) << 18 | value(at + 1) << 12 | value(at + 2) << 6 | value(at + 3);
    to[0] = static_cast<unsigned char>(bits >> 16);
    to[1] = static_cast<unsigned char>(bits >> 8);
    to[2] = static_cast<unsigned char>(bits);
  }
  const std::uint32_t last = value(4 * kWhole) << 6 | value(4 * kWhole + 1);
  to[0] = static_cast<unsigned char>(last >> 4);
  return all < kDigits.size() && (last & 15) == 0;
}

// The highest byte first.
void put(unsigned char* to, std::uint64_t number, std::size_t size) {
  for (std::size_t i = size; i-- > 0; number >>= 8) to[i] = static_cast<unsigned char>(number);
}
std::uint64_t get(const unsigned char* from, std::size_t size) {
  std::uint64_t number = 0;
  for (std::size_t i = 0; i < size; ++i) number = number << 8 | from[i];
  return number;
}

std::string_view sealed(const Bytes& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), kSealed};
}

}  // namespace

std::uint64_t Nonces::seal(std::string_view what, const IpAddress& address) const {
  const auto& bytes = address.bytes();
  return siphash(key_, {what, {reinterpret_cast<const char*>(bytes.data()), bytes.size()}});
}

NonceText Nonces::make(Instant now, const IpAddress& to, std::uint32_t salt,
                       std::uint8_t refusals) const {
  Bytes bytes;
  put(bytes.data(), std::uint64_t(now.time_since_epoch().count()), kMade);
  put(bytes.data() + kMade, salt, kSalt);
  bytes[kMade + kSalt] = refusals;
  put(bytes.data() + kSealed, seal(sealed(bytes), to), kBytes - kSealed);
  return text_of(bytes);
}

std::optional<Nonce> Nonces::read(std::string_view text, const IpAddress& from) const {
  Bytes bytes;
  if (text.size() != NonceText::kSize || !read_text(text, bytes)) return std::nullopt;
  const std::uint64_t given = get(bytes.data() + kSealed, kBytes - kSealed);
  if (given != seal(sealed(bytes), from)) return std::nullopt;
  return Nonce{Instant(milliseconds(std::int64_t(get(bytes.data(), kMade)))),
               bytes[kMade + kSalt], given};
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
