#include "core/number/prefix_trie.h"

#include <algorithm>
#include <bit>

#include "base/assert.h"

namespace tandem::number {
namespace {

constexpr std::uint8_t kSigns = 13;             // digits, #, *, +: symbols 0-12
constexpr std::uint8_t kSymbols = kSigns + 52;  // letters: 13-64
constexpr std::uint8_t kNoSymbol = 255;
constexpr std::uint16_t kLetterChild = 1u << kSigns;

constexpr auto kSymbolOf = [] {
  std::array<std::uint8_t, 256> symbols{};
  symbols.fill(kNoSymbol);
  constexpr std::string_view kAlphabet =
      "0123456789#*+ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  static_assert(kAlphabet.size() == kSymbols);
  for (std::size_t i = 0; i < kAlphabet.size(); ++i)
    symbols[static_cast<unsigned char>(kAlphabet[i])] = static_cast<std::uint8_t>(i);
  return symbols;
}();

std::uint8_t symbol_of(char c) { return kSymbolOf[static_cast<unsigned char>(c)]; }

bool is_prefix(std::string_view text) {
  return text.size() <= kMaxNumberLength &&
         std::ranges::all_of(text, [](char c) { return symbol_of(c) != kNoSymbol; });
}

// By the order of symbols, so that the entries of one subtree stand together.
bool stands_before(const PrefixEntry& a, const PrefixEntry& b) {
  const auto by_symbol = [](char x, char y) { return symbol_of(x) < symbol_of(y); };
  if (std::ranges::lexicographical_compare(a.prefix, b.prefix, by_symbol)) return true;
  return a.prefix == b.prefix && a.value < b.value;
}

}  // namespace

// Makes the nodes from sorted entries, each node from the run of entries that pass through it.
class PrefixTrie::Builder {
 public:
  explicit Builder(std::span<const PrefixEntry> entries)
      : entries_(entries.begin(), entries.end()) {
    std::ranges::sort(entries_, stands_before);
    const auto same = [](const PrefixEntry& a, const PrefixEntry& b) {
      return a.prefix == b.prefix && a.value == b.value;
    };
    entries_.erase(std::unique(entries_.begin(), entries_.end(), same), entries_.end());
  }

  PrefixTrie build() {
    if (entries_.empty()) return {};
    trie_.nodes_.emplace_back();
    open_.push_back({0, 0, entries_.size(), 0, false});
    while (!open_.empty()) {
      const Run run = open_.back();
      open_.pop_back();
      run.letters ? add_letters(run) : add_children(run);
    }
    trie_.groups_.push_back(static_cast<std::uint32_t>(trie_.values_.size()));
    return std::move(trie_);
  }

 private:
  struct Run {
    std::size_t node;
    std::size_t begin, end;  // entries
    std::size_t depth;       // characters before this node
    bool letters;            // the node that the letters of another share
  };

  std::uint8_t symbol(std::size_t entry, std::size_t depth) const {
    return symbol_of(entries_[entry].prefix[depth]);
  }

  // The end of the entries from `begin` that have the same symbol at `depth`.
  std::size_t same_symbol(std::size_t begin, const Run& run) const {
    std::size_t end = begin;
    while (end < run.end && symbol(end, run.depth) == symbol(begin, run.depth)) ++end;
    return end;
  }

  void add_children(Run run) {
    take_group(run);
    std::vector<Run> children;
    std::uint16_t symbols = 0;
    while (run.begin < run.end && symbol(run.begin, run.depth) < kSigns) {
      const std::size_t end = same_symbol(run.begin, run);
      symbols = static_cast<std::uint16_t>(symbols | 1u << symbol(run.begin, run.depth));
      children.push_back({0, run.begin, end, run.depth + 1, false});
      run.begin = end;
    }
    if (run.begin < run.end) {
      symbols |= kLetterChild;
      children.push_back({0, run.begin, run.end, run.depth, true});
    }
    trie_.nodes_[run.node].symbols = symbols;
    open(run.node, children);
  }

  void add_letters(Run run) {
    std::vector<Run> children;
    std::uint64_t bitmap = 0;
    while (run.begin < run.end) {
      const std::size_t end = same_symbol(run.begin, run);
      bitmap |= std::uint64_t{1} << (symbol(run.begin, run.depth) - kSigns);
      children.push_back({0, run.begin, end, run.depth + 1, false});
      run.begin = end;
    }
    trie_.nodes_[run.node].group = static_cast<std::uint32_t>(trie_.letters_.size());
    trie_.letters_.push_back(bitmap);
    open(run.node, children);
  }

  // The entries that end at this node stand first.
  void take_group(Run& run) {
    if (entries_[run.begin].prefix.size() != run.depth) return;
    trie_.groups_.push_back(static_cast<std::uint32_t>(trie_.values_.size()));
    trie_.nodes_[run.node].group = static_cast<std::uint32_t>(trie_.groups_.size());
    while (run.begin < run.end && entries_[run.begin].prefix.size() == run.depth)
      trie_.values_.push_back(entries_[run.begin++].value);
  }

  void open(std::size_t parent, std::vector<Run>& children) {
    trie_.nodes_[parent].first_child = static_cast<std::uint32_t>(trie_.nodes_.size());
    for (Run& child : children) {
      child.node = trie_.nodes_.size();
      trie_.nodes_.emplace_back();
      open_.push_back(child);
    }
  }

  std::vector<PrefixEntry> entries_;
  std::vector<Run> open_;
  PrefixTrie trie_;
};

PrefixTrie::Match PrefixTrie::Matches::operator[](std::size_t i) const {
  TANDEM_ASSERT(i < size_, "a match beyond the last");
  const Hit& hit = hits_[size_ - 1 - i];
  const std::uint32_t begin = trie_->groups_[hit.group - 1];
  const std::uint32_t end = trie_->groups_[hit.group];
  return {hit.length, std::span(trie_->values_).subspan(begin, end - begin)};
}

Result<PrefixTrie, std::size_t> PrefixTrie::build(std::span<const PrefixEntry> entries) {
  const auto is_bad = [](const PrefixEntry& entry) { return !is_prefix(entry.prefix); };
  const auto bad = std::ranges::find_if(entries, is_bad);
  if (bad != entries.end()) return Failure{static_cast<std::size_t>(bad - entries.begin())};
  return Builder(entries).build();
}

PrefixTrie::Matches PrefixTrie::find(std::string_view number) const {
  Matches matches;
  matches.trie_ = this;
  if (nodes_.empty()) return matches;
  const std::size_t longest = std::min(number.size(), kMaxNumberLength);
  const Node* node = nodes_.data();
  for (std::size_t length = 0;; ++length) {
    if (node->group != 0)
      matches.hits_[matches.size_++] = {node->group, static_cast<std::uint16_t>(length)};
    if (length == longest) return matches;
    node = child(*node, number[length]);
    if (node == nullptr) return matches;
  }
}

const PrefixTrie::Node* PrefixTrie::child(const Node& node, char character) const {
  const unsigned symbol = symbol_of(character);
  const unsigned present = node.symbols;
  if (symbol < kSigns) {
    const unsigned bit = 1u << symbol;
    if ((present & bit) == 0) return nullptr;
    const int before = std::popcount(present & (bit - 1));
    return &nodes_[node.first_child + static_cast<unsigned>(before)];
  }
  if (symbol == kNoSymbol || (present & kLetterChild) == 0) return nullptr;
  const int before = std::popcount(present) - 1;
  return letter_child(nodes_[node.first_child + static_cast<unsigned>(before)], symbol - kSigns);
}

const PrefixTrie::Node* PrefixTrie::letter_child(const Node& letters, unsigned letter) const {
  const std::uint64_t present = letters_[letters.group];
  const std::uint64_t bit = std::uint64_t{1} << letter;
  if ((present & bit) == 0) return nullptr;
  const int before = std::popcount(present & (bit - 1));
  return &nodes_[letters.first_child + static_cast<unsigned>(before)];
}

}  // namespace tandem::number
