// A set of whole numbers, and of beginnings that stand for all numbers that have them ("4420*"), as
// one run of bytes: made once, kept in memory or in a mapped file, and looked up where it lies. Numbers
// of up to 17 digits are words, sorted and written as distances in blocks of 64: two bytes each when
// there are very many. Others stand as texts.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tandem::number {

class NumberSet {
 public:
  NumberSet() = default;  // holds nothing

  // Of bytes a Maker made, which must outlive it; nullopt = they are something
  // else. Bytes that were damaged afterwards give wrong answers, and nothing worse.
  static std::optional<NumberSet> open(std::span<const char> bytes);

  bool holds(std::string_view number) const;
  std::size_t size() const { return words_ + texts_; }

  class Maker;

 private:
  struct Block {
    std::uint64_t first;  // word
    std::uint64_t begin;  // of the distances that follow it
  };
  struct Head;

  bool holds_word(std::uint64_t word) const;
  bool holds_text(std::string_view text) const;
  Block block(std::size_t i) const;
  std::string_view text(std::size_t i) const;

  std::span<const char> blocks_;  // Block, one after the other, and one behind the last
  std::span<const char> distances_;
  std::span<const char> places_;  // where each text begins, and the end
  std::span<const char> letters_;
  std::size_t words_ = 0;
  std::size_t texts_ = 0;
  std::uint64_t beginnings_ = 0;  // a bit for each length that a beginning of digits has
  std::uint64_t text_beginnings_ = 0;
};

class NumberSet::Maker {
 public:
  // A number, or a beginning with a * behind it. False: it is neither (is_entry).
  bool add(std::string_view entry);
  // All numbers that begin so; "" = all. False: it is no number.
  bool add_beginning(std::string_view beginning);
  std::string make() &&;

 private:
  void keep(std::string_view number, bool beginning);

  std::vector<std::uint64_t> words_;
  std::vector<std::string> texts_;
  std::uint64_t beginnings_ = 0;
  std::uint64_t text_beginnings_ = 0;
};

// "442071234567", "4420*": 1 to 64 digits, letters and signs, the last of which may be the * of a
// beginning. "*" alone is every number.
bool is_set_entry(std::string_view entry);

}  // namespace tandem::number
