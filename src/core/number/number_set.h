// A set of whole numbers, and of beginnings that stand for all numbers that have them ("4420*"), as
// one run of bytes: made once, kept in memory or in a mapped file, and looked up where it lies. Numbers
// of up to 17 digits are words, sorted and written as distances in blocks of 64: two bytes each when
// there are very many. Others stand as texts. How they are written: set_writer.h.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tandem::number {

// An entry that is only digits, as a word: words sort as the entries do by length and value. 0 = the
// entry is to stand as a text.
std::uint64_t entry_word(std::string_view entry);
std::string entry_of(std::uint64_t word);

class NumberSet {
 public:
  NumberSet() = default;  // holds nothing

  // Of bytes that were written, which must outlive it; nullopt = they are something
  // else. Bytes that were damaged afterwards give wrong answers, and nothing worse.
  static std::optional<NumberSet> open(std::span<const char> bytes);

  bool holds(std::string_view number) const;
  std::size_t size() const { return words_ + texts_; }
  std::size_t words() const { return words_; }
  std::size_t texts() const { return texts_; }
  // The entry at this place of the order: words, then texts. "" when there is none.
  std::string entry(std::size_t place) const;
  // With its * when it is a beginning.
  std::string_view text(std::size_t place) const;

  class Words;
  class Maker;

 private:
  struct Block {
    std::uint64_t first;  // word
    std::uint64_t begin;  // of the distances that follow it
  };

  bool holds_word(std::uint64_t word) const;
  bool holds_text(std::string_view text) const;
  Block block(std::size_t i) const;

  std::span<const char> distances_;
  std::span<const char> blocks_;  // Block, one after the other, and one behind the last
  std::span<const char> places_;  // where each text begins, and the end
  std::span<const char> letters_;
  std::size_t words_ = 0;
  std::size_t texts_ = 0;
  std::uint64_t beginnings_ = 0;  // a bit for each length that a beginning of digits has
  std::uint64_t text_beginnings_ = 0;
};

// The words of a set, one after the other.
class NumberSet::Words {
 public:
  // From this place of the order; the set's bytes must outlive it.
  explicit Words(const NumberSet& set, std::size_t from = 0);
  std::optional<std::uint64_t> next();

 private:
  std::uint64_t distance();

  const NumberSet& set_;
  std::size_t place_ = 0;
  std::size_t byte_ = 0;
  std::uint64_t word_ = 0;
};

// Few entries, in memory.
class NumberSet::Maker {
 public:
  // A number, or a beginning with a * behind it. False: it is neither (is_set_entry).
  bool add(std::string_view entry);
  // All numbers that begin so; "" = all. False: it is no number.
  bool add_beginning(std::string_view beginning);
  std::string make() &&;

 private:
  void keep(std::string_view entry);

  std::vector<std::uint64_t> words_;
  std::vector<std::string> texts_;
};

// "442071234567", "4420*": 1 to 64 digits, letters and signs, the last of which may be the * of a
// beginning. "*" alone is every number.
bool is_set_entry(std::string_view entry);

}  // namespace tandem::number
