// All prefixes of a list that a number begins with, longest first, for lists of many millions. Made
// once, never changed, shared between threads. Prefixes of up to 16 digits and signs are words in one
// hash table, whose places for all lengths are asked for at once, so that a lookup waits for memory
// once or twice and not once a digit; prefixes with letters, and longer ones, stand in a trie.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "core/number/prefix_trie.h"

namespace tandem::number {

class PrefixTable {
 public:
  struct Match {
    std::uint16_t length;                   // of the prefix
    std::span<const std::uint32_t> values;  // of its entries, ascending, each once; valid while the
                                            // table lives
  };
  // What find() found, from the longest prefix to the shortest.
  class Matches {
   public:
    std::size_t size() const { return size_; }
    bool empty() const { return size_ == 0; }
    Match operator[](std::size_t i) const {  // requires i < size(); [0] is the longest
      return {hits_[i].length, {hits_[i].values, hits_[i].count}};
    }

   private:
    friend class PrefixTable;
    struct Hit {
      const std::uint32_t* values;
      std::uint32_t count;
      std::uint16_t length;
    };
    void add(std::size_t length, std::span<const std::uint32_t> values) {
      hits_[size_++] = {values.data(), static_cast<std::uint32_t>(values.size()),
                        static_cast<std::uint16_t>(length)};
    }
    std::size_t size_ = 0;
    Hit hits_[kMaxNumberLength + 1];  // only size_ of them are set
  };

  class Maker;

  PrefixTable() = default;  // matches nothing

  // Characters outside the alphabet of prefixes (prefix_trie.h) match nothing. Does not allocate.
  void find(std::string_view number, Matches& matches) const;

  std::size_t entries() const { return entries_; }

 private:
  // One prefix. Most have one value, which then is `begin` itself.
  struct Place {
    std::uint64_t word = 0;
    std::uint32_t begin = 0;  // in values_
    std::uint32_t count = 0;  // 0 = nobody lives here
  };

  std::size_t first_place(std::uint64_t word) const;
  std::uint32_t lengths_to_ask(std::string_view number) const;
  const Place* find_word(std::uint64_t word) const;
  void put(std::uint64_t word, std::span<const std::uint32_t> values);

  std::vector<Place> places_;  // open addressing; a power of two, or none
  unsigned shift_ = 64;
  std::uint32_t lengths_ = 0;  // a bit for each length that words have
  std::vector<std::uint32_t> lengths_of_;  // likewise of those with these first three symbols
  std::vector<std::uint32_t> values_;
  PrefixTrie others_;
  std::size_t entries_ = 0;
};

class PrefixTable::Maker {
 public:
  // False: it is no prefix (too long, or other characters), and nothing was added. The bytes of
  // `prefix` must live until make().
  bool add(std::string_view prefix, std::uint32_t value);
  PrefixTable make() &&;

 private:
  struct Entry {
    std::uint64_t word;
    std::uint32_t value;
  };
  std::vector<Entry> words_;
  std::vector<PrefixEntry> others_;
};

}  // namespace tandem::number
