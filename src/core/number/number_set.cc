#include "core/number/number_set.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "core/number/cleaning.h"
#include "core/number/set_writer.h"

namespace tandem::number {
namespace {

using set_format::Head;
using set_format::kBlock;
using set_format::kMaxWordDigits;

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

template <class Entries>
void sort_each_once(Entries& entries) {
  std::ranges::sort(entries);
  entries.erase(std::unique(entries.begin(), entries.end()), entries.end());
}

}  // namespace

std::uint64_t entry_word(std::string_view entry) {
  const bool beginning = entry.ends_with('*');
  const std::string_view digits = entry.substr(0, entry.size() - (beginning ? 1 : 0));
  return is_word(digits) ? word_of(digits, beginning) : 0;
}

std::string entry_of(std::uint64_t word) {
  std::string entry = std::to_string(word >> 1).substr(1);
  return (word & 1) != 0 ? entry + '*' : entry;
}

bool is_set_entry(std::string_view entry) {
  return !entry.empty() && entry.size() <= kMaxNumberLength && is_number(entry, Letters::Allow);
}

bool NumberSet::Maker::add(std::string_view entry) {
  if (!is_set_entry(entry)) return false;
  keep(entry);
  return true;
}

bool NumberSet::Maker::add_beginning(std::string_view beginning) {
  if (beginning.size() > kMaxNumberLength || !is_number(beginning, Letters::Allow)) return false;
  keep(std::string(beginning) + '*');
  return true;
}

void NumberSet::Maker::keep(std::string_view entry) {
  const std::uint64_t word = entry_word(entry);
  if (word != 0)
    words_.push_back(word);
  else
    texts_.emplace_back(entry);
}

std::string NumberSet::Maker::make() && {
  sort_each_once(words_);
  sort_each_once(texts_);
  SetWriter writer;
  for (const std::uint64_t word : words_) writer.add_word(word);
  for (const std::string& text : texts_) writer.add_text(text);
  std::string rest = writer.finish();
  return writer.head() + rest;
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
  if (head.magic != set_format::kMagic || head.words > left || head.texts > left || head.distances > left ||
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
  set.distances_ = take(head.distances);
  set.blocks_ = take(blocks);
  set.places_ = take(places);
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

std::string NumberSet::entry(std::size_t place) const {
  if (place >= words_) return place < size() ? std::string(text(place - words_)) : std::string();
  Words words(*this, place);
  const auto word = words.next();
  return word ? entry_of(*word) : std::string();
}

NumberSet::Words::Words(const NumberSet& set, std::size_t from) : set_(set) {
  if (from >= set.words_) {
    place_ = set.words_;
    return;
  }
  place_ = from / kBlock * kBlock;
  while (place_ < from) next();
}

std::optional<std::uint64_t> NumberSet::Words::next() {
  if (place_ >= set_.words_) return std::nullopt;
  if (place_ % kBlock == 0) {
    const Block block = set_.block(place_ / kBlock);
    word_ = block.first;
    byte_ = block.begin;
  } else {
    word_ += distance();
  }
  ++place_;
  return word_;
}

std::uint64_t NumberSet::Words::distance() {
  std::uint64_t distance = 0;
  for (unsigned shift = 0; byte_ < set_.distances_.size(); shift += 7) {
    const auto byte = static_cast<unsigned char>(set_.distances_[byte_++]);
    distance |= std::uint64_t(byte & 0x7f) << (shift & 63);
    if ((byte & 0x80) == 0) break;
  }
  return distance;
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
