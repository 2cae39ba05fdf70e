// Writes the bytes of a NumberSet from entries that come sorted, however many they are: what is
// written can be taken away at any time, and only the places of blocks and the texts stay in memory.
//
//   head (56 bytes) | distances of words | blocks | places of texts | letters of texts
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tandem::number {

namespace set_format {

inline constexpr std::size_t kBlock = 64;  // words
inline constexpr std::size_t kMaxWordDigits = 17;
inline constexpr std::array<char, 8> kMagic{'T', 'D', 'M', 'N', 'U', 'M', 'S', '2'};

struct Head {
  std::array<char, 8> magic = kMagic;
  std::uint64_t words = 0;
  std::uint64_t texts = 0;
  std::uint64_t distances = 0;  // bytes
  std::uint64_t letters = 0;    // bytes
  std::uint64_t beginnings = 0;
  std::uint64_t text_beginnings = 0;
};

}  // namespace set_format

class SetWriter {
 public:
  // Larger than the one before it (entry_word).
  void add_word(std::uint64_t word);
  // Behind the one before it, with its * when it is a beginning.
  void add_text(std::string_view text);
  std::size_t size() const { return std::size_t(head_.words + head_.texts); }

  // What follows the head, from where the last call ended.
  std::string take();
  // The rest, and the head, which stands before everything.
  std::string finish();
  std::string head() const;

 private:
  std::string bytes_;
  set_format::Head head_;
  std::string blocks_;
  std::string places_;
  std::string letters_;
  std::uint64_t last_ = 0;
};

}  // namespace tandem::number
