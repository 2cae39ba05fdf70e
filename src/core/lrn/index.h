// The local table of ported numbers: a read-only view of bytes that somebody else keeps in memory, as
// a file that is mapped. Hundreds of millions of rows cost six bytes each.
//
// The bytes, numbers in the order of this machine:
//
//   header    IndexHeader, 64 bytes
//   values    32 bits a row: its entry
//   lows      16 bits a row: the low bits of its key, ascending within a bucket
//   entries   IndexEntry: what rows lead to, each once
//   buckets   IndexBucket for each 65,536 keys that hold rows, ascending, and one behind the last
//
// The key of a number is the decimal number it makes behind a 1: "0123" is 10123, so that numbers of
// different length never meet.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/lrn/answer.h"

namespace tandem::lrn {

inline constexpr std::size_t kMaxKeyDigits = 18;
inline constexpr std::array<char, 8> kIndexMagic{'T', 'D', 'L', 'R', 'N', 0, 0, 1};

struct IndexHeader {
  std::array<char, 8> magic{};
  std::uint64_t size = 0;     // of all bytes
  std::uint64_t rows = 0;
  std::uint64_t buckets = 0;  // without the one behind the last
  std::uint64_t entries = 0;
  std::uint64_t lengths = 0;  // bit n: there are rows of n digits
  std::uint64_t spare[2] = {};
};
static_assert(sizeof(IndexHeader) == 64);

struct IndexBucket {
  std::uint64_t high = 0;   // of its keys, without the low 16 bits
  std::uint64_t first = 0;  // its first row
};

struct IndexEntry {
  std::uint64_t lrn = 0;  // its key; 0 = none: the number is not ported
  std::array<char, 8> state{};
  std::array<char, 8> ocn{};
  friend auto operator<=>(const IndexEntry&, const IndexEntry&) = default;
};

// Nothing when the text is no number of 1 to kMaxKeyDigits digits.
std::optional<std::uint64_t> key_of(std::string_view digits);
std::string digits_of_key(std::uint64_t key);

class Index {
 public:
  // `owner` keeps the bytes. nullptr when they are no table, or cut short.
  static std::shared_ptr<const Index> open(std::span<const std::byte> bytes,
                                           std::shared_ptr<const void> owner);

  // Of the row with this number, else of the longest block it begins with; not ported when there is
  // neither.
  Answer answer(std::string_view number) const;
  // The region of that row; "" when it is not known.
  std::string state_of(std::string_view number) const;
  std::uint64_t rows() const { return header_.rows; }
  std::uint64_t bytes() const { return header_.size; }

 private:
  Index() = default;
  std::optional<IndexEntry> longest(std::string_view number) const;
  std::optional<IndexEntry> find(std::uint64_t key) const;
  template <class Value>
  Value at(std::size_t section, std::uint64_t position) const;

  std::span<const std::byte> bytes_;
  std::shared_ptr<const void> owner_;
  IndexHeader header_;
  std::size_t buckets_ = 0, entries_ = 0, values_ = 0, lows_ = 0;  // where the sections begin
};

// Where the sections of a table with this header begin, and its size.
struct IndexLayout {
  std::uint64_t values = 0, lows = 0, entries = 0, buckets = 0, size = 0;
  static IndexLayout of(const IndexHeader& header);
};

}  // namespace tandem::lrn
