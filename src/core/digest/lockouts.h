// Who failed to prove a password too often is refused for a while (SS_AUTHENTICATION_*). What is
// counted, a terminal, an address or both together, is the key of the caller; a table of fixed size
// holds the counts, in which those that are suspended stay longest.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "base/time.h"

namespace tandem::digest {

class Lockouts {
 public:
  struct Rules {
    int failures = 6;  // the one that begins a suspension; 0 = never
    seconds suspension{180};
    seconds window{600};  // failures older than this are forgotten
  };

  // Nothing was ever counted: nobody is refused.
  bool empty() const { return sets_.empty(); }
  // How much longer the key is refused; 0 = it is not.
  milliseconds remaining(std::uint64_t key, Instant now) const;
  // Counts one failure; true when it begins a suspension.
  bool failed(std::uint64_t key, Instant now, const Rules& rules);
  // A right password ends the counting.
  void clear(std::uint64_t key);

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
  struct Entry {
    std::uint64_t key = 0;  // 0 = free
    Instant first{};        // failure that is counted
    Instant until{};        // suspended
    std::int32_t failures = 0;
    template <class Archive>
    void fields(Archive& archive) {
      archive(key, first, until, failures);
    }
  };
  struct Set {
    std::array<Entry, 4> entries{};
    bool used() const {
      for (const Entry& entry : entries) {
        if (entry.key != 0) return true;
      }
      return false;
    }
    template <class Archive>
    void fields(Archive& archive) {
      archive(entries);
    }
  };
  static constexpr std::size_t kSets = 8192;

  const Entry* find(std::uint64_t key) const;
  Entry& place_for(std::uint64_t key, Instant now);

  std::vector<Set> sets_;  // empty until the first failure
};

}  // namespace tandem::digest
