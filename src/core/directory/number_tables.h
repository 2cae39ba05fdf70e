// The tables about numbers in the form that calls ask: rows of the number transform by both of their
// numbers, areas and sections by the number that is in them. They look into the entities, which keep
// their places.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "core/directory/number_entities.h"
#include "core/number/prefix_trie.h"

namespace tandem::directory {

// A row of the account that pays comes before one of everybody.
class TransformIndex {
 public:
  void build(const std::vector<NumberTransform>& rows);
  const NumberTransform* of_caller(std::string_view caller, std::int64_t account) const;
  const NumberTransform* of_callee(std::string_view number, std::int64_t account) const;

 private:
  struct Key {
    std::string_view number;
    std::int64_t account;
    const NumberTransform* row;
  };
  using Keys = std::vector<Key>;
  static const NumberTransform* find(const Keys& keys, std::string_view number,
                                     std::int64_t account);

  Keys callers_;
  Keys callees_;
};

// A section counts before a prefix, and of sections that overlap the one that begins last; further
// than kMaxOverlap before it nobody looks.
class AreaIndex {
 public:
  static constexpr int kMaxOverlap = 16;

  void build(const std::vector<Area>& areas, const std::vector<NumberSection>& sections);
  Whereabouts find(std::string_view number) const;

 private:
  const NumberSection* section_of(std::string_view number) const;

  const std::vector<Area>* areas_ = nullptr;
  number::PrefixTrie prefixes_;  // value: position in areas_ twice, and 1 for mobiles
  std::vector<const NumberSection*> sections_;  // by length, then first number
};

}  // namespace tandem::directory
