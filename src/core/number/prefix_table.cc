#include "core/number/prefix_table.h"

#include <algorithm>
#include <array>
#include <bit>

#include "base/assert.h"

namespace tandem::number {
namespace {

constexpr std::size_t kWordLength = 16;  // four bits each
constexpr unsigned kNoSymbol = 0;
constexpr std::size_t kHead = 3;             // symbols by which lengths are told apart
constexpr std::uint32_t kShort = (1u << kHead) - 1;  // lengths below it

// Digits and signs as 1-13; 0 = it has no place in a word.
constexpr auto kSymbolOf = [] {
  std::array<std::uint8_t, 256> symbols{};
  constexpr std::string_view kAlphabet = "0123456789#*+";
  for (std::size_t i = 0; i < kAlphabet.size(); ++i)
    symbols[static_cast<unsigned char>(kAlphabet[i])] = static_cast<std::uint8_t>(i + 1);
  return symbols;
}();

unsigned symbol_of(char c) { return kSymbolOf[static_cast<unsigned char>(c)]; }

std::uint64_t longer(std::uint64_t word, unsigned symbol) { return word << 4 | symbol; }

// No symbol is 0, so that words of different lengths differ. False: it is no word.
bool word_of(std::string_view prefix, std::uint64_t& word) {
  if (prefix.size() > kWordLength) return false;
  word = 0;
  for (const char c : prefix) {
    if (symbol_of(c) == kNoSymbol) return false;
    word = longer(word, symbol_of(c));
  }
  return true;
}

}  // namespace

std::size_t PrefixTable::first_place(std::uint64_t word) const {
  // The words are the operator's, so nobody can make them collide on purpose; neighbours must not.
  std::uint64_t mixed = (word ^ word >> 32) * 0x9e3779b97f4a7c15u;
  mixed = (mixed ^ mixed >> 29) * 0xbf58476d1ce4e5b9u;
  return static_cast<std::size_t>(mixed >> shift_);
}

const PrefixTable::Place* PrefixTable::find_word(std::uint64_t word) const {
  const std::size_t last = places_.size() - 1;
  for (std::size_t at = first_place(word);; at = (at + 1) & last) {
    if (places_[at].count == 0) return nullptr;
    if (places_[at].word == word) return &places_[at];
  }
}

void PrefixTable::find(std::string_view number, Matches& matches) const {
  matches.size_ = 0;
  const PrefixTrie::Matches others = others_.find(number);
  std::size_t other = 0;
  const auto take_others_from = [&](std::size_t length) {
    for (; other < others.size() && others[other].length >= length; ++other)
      matches.add(others[other].length, others[other].values);
  };

  if (!places_.empty()) {
    std::array<std::uint64_t, kWordLength + 1> words;
    const std::uint32_t lengths = lengths_to_ask(number);
    const std::size_t longest = std::min<std::size_t>(number.size(), kWordLength);
    std::size_t known = 0;
    words[0] = 0;
    while (true) {
      if ((lengths >> known & 1) != 0) __builtin_prefetch(&places_[first_place(words[known])]);
      if (known == longest || lengths >> known == 0 || symbol_of(number[known]) == kNoSymbol) break;
      words[known + 1] = longer(words[known], symbol_of(number[known]));
      ++known;
    }
    for (std::size_t length = known + 1; length-- > 0;) {
      if ((lengths >> length & 1) == 0) continue;
      const Place* place = find_word(words[length]);
      if (place == nullptr) continue;
      take_others_from(length);
      matches.add(length, place->count == 1 ? std::span(&place->begin, 1)
                                            : std::span(&values_[place->begin], place->count));
    }
  }
  take_others_from(0);
}

// What begins as this number does has some lengths only.
std::uint32_t PrefixTable::lengths_to_ask(std::string_view number) const {
  std::uint64_t head = 0;
  const bool has_head = word_of(number.substr(0, kHead), head) && number.size() >= kHead;
  return lengths_ & (kShort | (has_head ? lengths_of_[head] : 0));
}

void PrefixTable::put(std::uint64_t word, std::span<const std::uint32_t> values) {
  const std::size_t last = places_.size() - 1;
  std::size_t at = first_place(word);
  while (places_[at].count != 0) at = (at + 1) & last;
  places_[at] = {word, values.front(), static_cast<std::uint32_t>(values.size())};
  const unsigned length = (static_cast<unsigned>(std::bit_width(word)) + 3) / 4;
  lengths_ |= 1u << length;
  if (length >= kHead) lengths_of_[word >> 4 * (length - kHead)] |= 1u << length;
  if (values.size() == 1) return;
  places_[at].begin = static_cast<std::uint32_t>(values_.size());
  values_.insert(values_.end(), values.begin(), values.end());
}

bool PrefixTable::Maker::add(std::string_view prefix, std::uint32_t value) {
  std::uint64_t word = 0;
  if (word_of(prefix, word)) {
    words_.push_back({word, value});
    return true;
  }
  const PrefixEntry entry{prefix, value};
  if (!PrefixTrie::build({&entry, 1}).ok()) return false;
  others_.push_back(entry);
  return true;
}

PrefixTable PrefixTable::Maker::make() && {
  PrefixTable table;
  std::ranges::sort(words_, [](const Entry& a, const Entry& b) {
    return a.word != b.word ? a.word < b.word : a.value < b.value;
  });
  const auto twice = [](const Entry& a, const Entry& b) {
    return a.word == b.word && a.value == b.value;
  };
  words_.erase(std::unique(words_.begin(), words_.end(), twice), words_.end());
  table.entries_ = words_.size() + others_.size();
  std::size_t different = 0;
  for (std::size_t i = 0; i < words_.size(); ++i)
    different += i == 0 || words_[i].word != words_[i - 1].word;
  if (different != 0) {
    // At most two thirds are taken.
    const std::size_t places = std::bit_ceil(std::max<std::size_t>(different + different / 2, 2));
    table.places_.resize(places);
    table.lengths_of_.resize(std::size_t{1} << 4 * kHead);
    table.shift_ = 64u - static_cast<unsigned>(std::bit_width(places) - 1);
    table.values_.reserve(words_.size() == different ? 0 : words_.size());
  }
  std::vector<std::uint32_t> values;
  for (std::size_t i = 0; i < words_.size();) {
    const std::uint64_t word = words_[i].word;
    values.clear();
    for (; i < words_.size() && words_[i].word == word; ++i) values.push_back(words_[i].value);
    table.put(word, values);
  }
  auto others = PrefixTrie::build(others_);
  TANDEM_ASSERT(others.ok(), "prefixes were checked when they were added");
  table.others_ = *std::move(others);
  return table;
}

}  // namespace tandem::number
