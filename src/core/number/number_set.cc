#include "core/number/number_set.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "core/number/cleaning.h"

namespace tandem::number {
namespace {

constexpr std::size_t kMaxWordDigits = 17;
constexpr std::size_t kBlock = 64;
constexpr std::array<char, 8> kMagic{'T', 'D', 'M', 'N', 'U', 'M', 'S', '1'};

bool is_word(std::string_view digits) {
  return digits.size() <= kMaxWordDigits &&
         std::ranges::all_of(digits, [](char c) { return c >= '0' && c <= '9'; });
}

// A digit in front keeps leading zeros; the last bit tells beginnings from numbers.
std::uint64_t word_of(std::string_view digits, bool beginning) {
  std::uint64_t value = 1;
  for (const char c : digits) value = value * 10 + std::uint64_t(c - '0');
  return value << 1 | (beginning ? 1 : 0);
}

std::uint64_t read_word(std::span<const char> bytes, std::size_t i) {
  std::uint64_t word = 0;
  std::memcpy(&word, bytes.data() + i * sizeof word, sizeof word);
  return word;
}

void append_word(std::string& to, std::uint64_t word) {
  to.append(reinterpret_cast<const char*>(&word), sizeof word);
}

void append_distance(std::string& to, std::uint64_t distance) {
  for (; distance >= 0x80; distance >>= 7) to += static_cast<char>(0x80 | (distance & 0x7f));
  to += static_cast<char>(distance);
}

template <class Entries>
void sort_each_once(Entries& entries) {
  std::ranges::sort(entries);
  entries.erase(std::unique(entries.begin(), entries.end()), entries.end());
}

}  // namespace

struct NumberSet::Head {
  std::array<char, 8> magic;
  std::uint64_t words;
  std::uint64_t texts;
  std::uint64_t distances;  // bytes
  std::uint64_t letters;    // bytes
  std::uint64_t beginnings;
  std::uint64_t text_beginnings;
};

bool is_set_entry(std::string_view entry) {
  return !entry.empty() && entry.size() <= kMaxNumberLength && is_number(entry, Letters::Allow);
}

bool NumberSet::Maker::add(std::string_view entry) {
  if (!is_set_entry(entry)) return false;
  const bool beginning = entry.back() == '*';
  keep(entry.substr(0, entry.size() - (beginning ? 1 : 0)), beginning);
  return true;
}

bool NumberSet::Maker::add_beginning(std::string_view beginning) {
  if (beginning.size() > kMaxNumberLength || !is_number(beginning, Letters::Allow)) return false;
  keep(beginning, true);
  return true;
}

void NumberSet::Maker::keep(std::string_view number, bool beginning) {
  const bool word = is_word(number);
  if (word) words_.push_back(word_of(number, beginning));
  if (!word) texts_.push_back(std::string(number) + (beginning ? "*" : ""));
  if (!beginning) return;
  (word ? beginnings_ : text_beginnings_) |= std::uint64_t{1} << number.size() % 64;
}

std::string NumberSet::Maker::make() && {
  sort_each_once(words_);
  sort_each_once(texts_);
  std::string blocks;
  std::string distances;
  for (std::size_t i = 0; i < words_.size(); ++i) {
    if (i % kBlock != 0) {
      append_distance(distances, words_[i] - words_[i - 1]);
      continue;
    }
    append_word(blocks, words_[i]);
    append_word(blocks, distances.size());
  }
  append_word(blocks, ~std::uint64_t{0});
  append_word(blocks, distances.size());
  std::string places;
  std::string letters;
  for (const std::string& text : texts_) {
    append_word(places, letters.size());
    letters += text;
  }
  append_word(places, letters.size());
  const Head head{kMagic,         words_.size(), texts_.size(),   distances.size(),
                  letters.size(), beginnings_,   text_beginnings_};
  std::string bytes(reinterpret_cast<const char*>(&head), sizeof head);
  bytes.reserve(sizeof head + blocks.size() + places.size() + distances.size() + letters.size());
  bytes.append(blocks).append(places).append(distances).append(letters);
  return bytes;
}

std::optional<NumberSet> NumberSet::open(std::span<const char> bytes) {
  Head head{};
  if (bytes.size() < sizeof head) return std::nullopt;
  std::memcpy(&head, bytes.data(), sizeof head);
  std::size_t left = bytes.size() - sizeof head;
  auto take = [&, at = sizeof head](std::uint64_t size) mutable {
    const std::span<const char> part = bytes.subspan(at, size);
    at += size;
    left -= size;
    return part;
  };
  if (head.magic != kMagic || head.words > left || head.texts > left || head.distances > left ||
      head.letters > left) {
    return std::nullopt;
  }
  const std::uint64_t blocks = ((head.words + kBlock - 1) / kBlock + 1) * sizeof(Block);
  const std::uint64_t places = (head.texts + 1) * sizeof(std::uint64_t);
  if (blocks + places + head.distances + head.letters != left) return std::nullopt;
  NumberSet set;
  set.words_ = head.words;
  set.texts_ = head.texts;
  set.beginnings_ = head.beginnings;
  set.text_beginnings_ = head.text_beginnings;
  set.blocks_ = take(blocks);
  set.places_ = take(places);
  set.distances_ = take(head.distances);
  set.letters_ = take(head.letters);
  return set;
}

NumberSet::Block NumberSet::block(std::size_t i) const {
  return {read_word(blocks_, 2 * i), read_word(blocks_, 2 * i + 1)};
}

std::string_view NumberSet::text(std::size_t i) const {
  const std::uint64_t begin = std::min<std::uint64_t>(read_word(places_, i), letters_.size());
  const std::uint64_t end = std::min<std::uint64_t>(read_word(places_, i + 1), letters_.size());
  return {letters_.data() + begin, std::size_t(std::max(begin, end) - begin)};
}

bool NumberSet::holds_word(std::uint64_t word) const {
  // The last block that does not begin behind the word.
  std::size_t low = 0;
  std::size_t high = (words_ + kBlock - 1) / kBlock;
  while (low < high) {
    const std::size_t middle = low + (high - low) / 2;
    if (read_word(blocks_, 2 * middle) <= word)
      low = middle + 1;
    else
      high = middle;
  }
  if (low == 0) return false;
  const Block found = block(low - 1);
  const std::size_t end = std::min<std::size_t>(block(low).begin, distances_.size());
  std::uint64_t current = found.first;
  std::uint64_t distance = 0;
  unsigned shift = 0;
  for (std::size_t i = found.begin; current < word && i < end; ++i) {
    const auto byte = static_cast<unsigned char>(distances_[i]);
    distance |= std::uint64_t(byte & 0x7f) << (shift & 63);
    shift += 7;
    if (byte & 0x80) continue;
    current += distance;
    distance = shift = 0;
  }
  return current == word;
}

bool NumberSet::holds_text(std::string_view wanted) const {
  std::size_t low = 0;
  std::size_t high = texts_;
  while (low < high) {
    const std::size_t middle = low + (high - low) / 2;
    if (text(middle) < wanted)
      low = middle + 1;
    else
      high = middle;
  }
  return low < texts_ && text(low) == wanted;
}

bool NumberSet::holds(std::string_view number) const {
  if (number.size() > kMaxNumberLength) return false;
  if (words_ > 0) {
    if (is_word(number) && holds_word(word_of(number, false))) return true;
    for (std::size_t length = 0; length <= std::min(number.size(), kMaxWordDigits); ++length) {
      const std::string_view beginning = number.substr(0, length);
      if (!is_word(beginning)) break;
      if ((beginnings_ >> length & 1) != 0 && holds_word(word_of(beginning, true))) return true;
    }
  }
  if (texts_ == 0) return false;
  // An entry that ends with * is a beginning: no number is meant by it as a whole.
  if (!number.ends_with('*') && holds_text(number)) return true;
  std::array<char, kMaxNumberLength + 1> room;
  for (std::size_t length = 1; length <= number.size(); ++length) {
    if ((text_beginnings_ >> length % 64 & 1) == 0) continue;
    number.copy(room.data(), length);
    room[length] = '*';
    if (holds_text({room.data(), length + 1})) return true;
  }
  return false;
}

}  // namespace tandem::number
