// Which routing tags a call has: all rules at once, by sets of rules with a bit for each. What a rule
// wants of a number, area, gateway, group or account is looked up by what the call has, so that a call
// costs by its own length, and by the rules that fit it, and nothing while there are no rules.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/limits.h"
#include "core/directory/directory.h"
#include "core/number/prefix_trie.h"

namespace tandem::directory {

struct TaggedCall {
  std::string_view caller = {};  // as the dial plans of the calling side made them
  std::string_view callee = {};
  std::int64_t ingress = 0;  // id of the gateway that calls; 0 = a phone does
  std::int64_t account = 0;  // 0 = none
};

// A rule that fitted the call.
struct TagHit {
  const RoutingTagRule* rule;
  TagSet set;  // all that it sets
};

class RoutingTags {
 public:
  // Numbers the words of this configuration, and writes what gateways and groups wish of them. Looks
  // into the rules, which keep their places.
  explicit RoutingTags(Directory::Source& source);

  bool has_rules() const { return !rules_.empty(); }
  // All that any rule sets.
  TagSet set_by_rules() const;
  // The tags of a call; `hits`, when it is wanted, gets the rules that fitted, in their order.
  TagSet of(const Directory& directory, const TaggedCall& call,
            std::vector<TagHit>* hits = nullptr) const;
  // "eu, mobile".
  std::string words(TagSet tags) const;

 private:
  static constexpr std::size_t kWords = (kMaxTagRules + 63) / 64;
  using Rules = std::array<std::uint64_t, kWords>;  // a bit for each, in their order

  // Beginnings of a number. No rule has two that one number begins with.
  struct Prefixes {
    bool asked = false;  // by any rule
    Rules indifferent{};
    number::PrefixTrie trie;

    Rules find(std::string_view number) const;
  };
  // Things by their id; several rules may name one.
  struct Ids {
    Rules indifferent{};
    std::vector<std::pair<std::int64_t, std::uint32_t>> rules;  // ascending

    bool asked() const { return !rules.empty(); }
    void mark(std::int64_t id, Rules& found) const;
    Rules find(std::int64_t id) const;
  };

  TagSet set_of(const std::vector<std::string>& words) const;
  void number_words(const Directory::Source& source);
  void index_rules(const Directory::Source& source);
  Rules rules_for(const Directory& directory, const TaggedCall& call) const;
  std::int64_t area_of(const Directory& directory, std::string_view number) const;

  std::vector<std::string> words_;  // ascending; the place is the bit
  std::vector<TagHit> rules_;       // by priority, then id
  Rules all_{};
  Prefixes caller_prefixes_, callee_prefixes_;
  Ids caller_areas_, callee_areas_, gateways_, groups_, accounts_;
  std::vector<std::pair<std::string_view, std::int64_t>> areas_;  // by code
};

}  // namespace tandem::directory
