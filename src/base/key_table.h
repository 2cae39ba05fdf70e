// From the 64-bit hash of what identifies something (a transaction, who registered) to its slot: open
// addressing, linear probing, erasing without tombstones. An entry is half of the hash and the slot,
// eight bytes: with many entries the table is all over the memory, and each line of it that is looked
// at has to come from there. Where the half is the same, the owner compares the whole.
//
// The hash stands for the identity itself: under a secret key nobody can aim for a collision, and by
// chance one needs 2^32 entries at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace tandem {

class KeyTable {
 public:
  static constexpr std::uint32_t kNone = 0xffffffff;

  KeyTable() : entries_(kInitial) {}

  // The slot with that key. `has_key(slot)` says whether what is there really has it.
  template <class HasKey>
  std::uint32_t find(std::uint64_t key, HasKey&& has_key) const {
    const std::uint32_t mark = mark_of(key);
    for (std::size_t at = place(mark); entries_[at].mark != 0; at = next(at)) {
      if (entries_[at].mark == mark && has_key(entries_[at].slot)) return entries_[at].slot;
    }
    return kNone;
  }
  // Has the place of a key fetched that will be looked for soon.
  void prefetch(std::uint64_t key) const { __builtin_prefetch(&entries_[place(mark_of(key))]); }
  // The slot that most likely has the key, without a look at what is there.
  std::uint32_t likely(std::uint64_t key) const {
    const std::uint32_t mark = mark_of(key);
    for (std::size_t at = place(mark); entries_[at].mark != 0; at = next(at)) {
      if (entries_[at].mark == mark) return entries_[at].slot;
    }
    return kNone;
  }
  // The slot is not in the table yet.
  void insert(std::uint64_t key, std::uint32_t slot) {
    if ((size_ + 1) * 3 > entries_.size() * 2) grow();
    put({mark_of(key), slot});
    ++size_;
  }
  void erase(std::uint64_t key, std::uint32_t slot) {
    std::size_t hole = place(mark_of(key));
    for (; entries_[hole].slot != slot || entries_[hole].mark == 0; hole = next(hole)) {
      if (entries_[hole].mark == 0) return;
    }
    --size_;
    // Entries behind the hole that may not stand behind an empty place move into it.
    for (std::size_t at = next(hole); entries_[at].mark != 0; at = next(at)) {
      const std::size_t home = place(entries_[at].mark);
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
    std::uint32_t mark = 0;  // 0 = empty
    std::uint32_t slot = kNone;
  };

  static std::uint32_t mark_of(std::uint64_t key) {
    const auto half = std::uint32_t(key >> 32);
    return half == 0 ? 1 : half;
  }
  std::size_t place(std::uint32_t mark) const { return mark & (entries_.size() - 1); }
  std::size_t next(std::size_t at) const { return (at + 1) & (entries_.size() - 1); }
  void put(Entry entry) {
    std::size_t at = place(entry.mark);
    while (entries_[at].mark != 0) at = next(at);
    entries_[at] = entry;
  }
  void grow() {
    std::vector<Entry> old(entries_.size() * 2);
    old.swap(entries_);
    for (const Entry& entry : old) {
      if (entry.mark != 0) put(entry);
    }
  }

  std::vector<Entry> entries_;  // a power of two of places, at most two thirds in use
  std::size_t size_ = 0;
};

}  // namespace tandem
