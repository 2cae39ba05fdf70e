// All prefixes of a list that a number begins with, longest first, in time that depends only on the
// length of the number. Built once, never changed, shared between threads.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "core/number/cleaning.h"

namespace tandem::number {

// What one prefix stands for. Several entries may have the same prefix. "" matches every number.
struct PrefixEntry {
  std::string_view prefix;  // of digits, A-Z a-z, # * +; at most kMaxNumberLength
  std::uint32_t value;
};

class PrefixTrie {
 public:
  struct Match {
    std::uint16_t length;                   // of the prefix
    std::span<const std::uint32_t> values;  // of its entries, ascending, each once; valid while the
                                            // trie lives
  };
  // What find() found, from the longest prefix to the shortest.
  class Matches {
   public:
    std::size_t size() const { return size_; }
    bool empty() const { return size_ == 0; }
    Match operator[](std::size_t i) const;  // requires i < size(); [0] is the longest

   private:
    friend class PrefixTrie;
    struct Hit {
      std::uint32_t group;
      std::uint16_t length;
    };
    const PrefixTrie* trie_;
    std::size_t size_ = 0;
    Hit hits_[kMaxNumberLength + 1];  // shortest first; only size_ of them are set
  };

  // The position of the first entry whose prefix is too long or has other characters is the error.
  static Result<PrefixTrie, std::size_t> build(std::span<const PrefixEntry> entries);

  PrefixTrie() = default;  // matches nothing

  // Looks at the first kMaxNumberLength characters; characters outside the alphabet match nothing.
  // Does not allocate.
  Matches find(std::string_view number) const;

  std::size_t node_count() const { return nodes_.size(); }

 private:
  // Children lie side by side in the order of their symbols; a bitmap says which exist. Digits and
  // signs have one in the node; all letters share one more child, which has none but the letters.
  struct Node {
    std::uint32_t first_child = 0;
    std::uint32_t group = 0;    // position in groups_ plus one; 0 = no prefix ends here
    std::uint16_t symbols = 0;  // bit per digit or sign, and kLetterChild
  };
  class Builder;

  const Node* child(const Node& node, char character) const;
  const Node* letter_child(const Node& letters, unsigned letter) const;

  std::vector<Node> nodes_;             // the root first; empty = no prefix at all
  std::vector<std::uint64_t> letters_;  // bitmaps of letter nodes, found by Node::group
  std::vector<std::uint32_t> groups_;   // where each group begins in values_, and the end
  std::vector<std::uint32_t> values_;
};

}  // namespace tandem::number
