// From the 64-bit keyed hash of what identifies a transaction to its slot: open addressing, linear
// probing, erasing without tombstones. The hash stands for the identity itself: under a secret key
// nobody can aim for a collision, and by chance one needs 2^32 transactions at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace tandem::transaction {

class KeyTable {
 public:
  static constexpr std::uint32_t kNone = 0xffffffff;

  KeyTable() : entries_(kInitial) {}

  std::uint32_t find(std::uint64_t key) const {
    for (std::size_t at = place(key); entries_[at].key != 0; at = next(at)) {
      if (entries_[at].key == key) return entries_[at].slot;
    }
    return kNone;
  }
  // `key` is not 0; an entry with that key is replaced.
  void insert(std::uint64_t key, std::uint32_t slot) {
    if ((size_ + 1) * 2 > entries_.size()) grow();
    std::size_t at = place(key);
    for (; entries_[at].key != 0; at = next(at)) {
      if (entries_[at].key == key) {
        entries_[at].slot = slot;
        return;
      }
    }
    entries_[at] = {key, slot};
    ++size_;
  }
  void erase(std::uint64_t key) {
    std::size_t hole = place(key);
    for (; entries_[hole].key != key; hole = next(hole)) {
      if (entries_[hole].key == 0) return;
    }
    --size_;
    // Entries behind the hole that may not stand behind an empty place move into it.
    for (std::size_t at = next(hole); entries_[at].key != 0; at = next(at)) {
      const std::size_t home = place(entries_[at].key);
      const bool reachable = hole < at ? home > hole && home <= at : home > hole || home <= at;
      if (reachable) continue;
      entries_[hole] = entries_[at];
      hole = at;
    }
    entries_[hole] = {};
  }
  std::size_t size() const { return size_; }

 private:
  static constexpr std::size_t kInitial = 1024;
  struct Entry {
    std::uint64_t key = 0;  // 0 = empty
    std::uint32_t slot = kNone;
  };

  std::size_t place(std::uint64_t key) const { return std::size_t(key) & (entries_.size() - 1); }
  std::size_t next(std::size_t at) const { return (at + 1) & (entries_.size() - 1); }
  void grow() {
    std::vector<Entry> old(entries_.size() * 2);
    old.swap(entries_);
    size_ = 0;
    for (const Entry& entry : old) {
      if (entry.key != 0) insert(entry.key, entry.slot);
    }
  }

  std::vector<Entry> entries_;  // a power of two of places, at most half in use
  std::size_t size_ = 0;
};

}  // namespace tandem::transaction
