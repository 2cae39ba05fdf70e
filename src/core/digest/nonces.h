// The nonces of our challenges. A nonce carries when it was made and how often its request was refused
// before, sealed with a key and the address it is sent to; making one keeps nothing, so that a flood of
// requests without credentials fills nothing. Who answers it is at that address: nobody gets it, or makes
// it up, under a forged one. Only what was used with the right password is remembered, in a table of fixed size,
// so that a response is good once (RFC 7616 §5.5).
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/address.h"
#include "base/siphash.h"
#include "base/time.h"

namespace tandem::digest {

// Short, because the response is a hash over it: with the usual cnonce of eight it stays within two
// blocks of MD5.
struct NonceText {
  static constexpr std::size_t kSize = 26;
  std::array<char, kSize> characters{};
  std::string_view view() const { return {characters.data(), kSize}; }
};

// What a nonce of ours says.
struct Nonce {
  Instant made{};
  std::uint8_t refusals = 0;  // of the same request, before
  std::uint64_t seal = 0;     // tells it from every other
};

class Nonces {
 public:
  explicit Nonces(const SipHashKey& key) : key_(key) {}

  // `salt` makes two nonces of one millisecond different.
  NonceText make(Instant now, const IpAddress& to, std::uint32_t salt, std::uint8_t refusals) const;
  // Nothing when we did not make it (before a restart, for instance), or not for this address.
  std::optional<Nonce> read(std::string_view text, const IpAddress& from) const;

  // Notes that a right response with this count came. False: it came before, or too much was used
  // since to know; the peer is to take a new nonce. 32 counts below the highest are still told apart,
  // because requests overtake each other. Call it for right responses only.
  bool use(const Nonce& nonce, std::uint32_t count);
  // Was it ever used with the right password, as far as we know?
  bool used(const Nonce& nonce) const;
  // Has what these two read fetched, by one who will soon ask.
  void prefetch(const Nonce& nonce) const;

  // Only what is used: the table is large and mostly empty.
  template <class Archive>
  void save(Archive& archive) const {
    std::uint64_t used = 0;
    for (const Set& set : sets_) used += set.used() ? 1 : 0;
    archive(!sets_.empty(), used);
    for (std::uint32_t i = 0; i < sets_.size(); ++i) {
      if (sets_[i].used()) archive(i, sets_[i]);
    }
  }
  template <class Archive>
  void load(Archive& archive) {
    bool any = false;
    std::uint64_t used = 0;
    archive(any, used);
    sets_.clear();
    if (any && !archive.failed()) sets_.resize(kSets);
    if (!archive.expect(used, 4)) used = 0;
    for (; used > 0 && !archive.failed(); --used) {
      std::uint32_t index = 0;
      Set set;
      archive(index, set);
      if (index < sets_.size()) {
        sets_[index] = set;
      } else {
        archive.fail();
      }
    }
  }

 private:
  std::uint64_t seal(std::string_view what, const IpAddress& address) const;

  struct Entry {
    std::uint64_t seal = 0;  // 0 = free
    Instant made{};
    std::uint32_t highest = 0;
    std::uint32_t below = 0;  // bit i: highest - 1 - i was used
    bool mark(std::uint32_t count);
    template <class Archive>
    void fields(Archive& archive) {
      archive(seal, made, highest, below);
    }
  };
  // Nonces made at `forgotten` or before that are not among the entries may have been used.
  struct Set {
    std::array<Entry, 8> entries{};
    Instant forgotten = Instant::min();
    bool used() const {
      for (const Entry& entry : entries) {
        if (entry.seal != 0) return true;
      }
      return false;
    }
    template <class Archive>
    void fields(Archive& archive) {
      archive(entries, forgotten);
    }
  };
  static constexpr std::size_t kSets = 16384;

  SipHashKey key_;
  std::vector<Set> sets_;  // empty until the first use
};

}  // namespace tandem::digest
