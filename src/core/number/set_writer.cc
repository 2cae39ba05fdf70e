#include "core/number/set_writer.h"

#include <utility>

#include "core/number/number_set.h"

namespace tandem::number {
namespace {

void append_word(std::string& to, std::uint64_t word) {
  to.append(reinterpret_cast<const char*>(&word), sizeof word);
}

void append_distance(std::string& to, std::uint64_t distance) {
  for (; distance >= 0x80; distance >>= 7) to += static_cast<char>(0x80 | (distance & 0x7f));
  to += static_cast<char>(distance);
}

}  // namespace

void SetWriter::add_word(std::uint64_t word) {
  const std::size_t before = bytes_.size();
  if (head_.words % set_format::kBlock != 0) {
    append_distance(bytes_, word - last_);
  } else {
    append_word(blocks_, word);
    append_word(blocks_, head_.distances);
  }
  head_.distances += bytes_.size() - before;
  last_ = word;
  ++head_.words;
  if ((word & 1) != 0) head_.beginnings |= std::uint64_t{1} << (entry_of(word).size() - 1);
}

void SetWriter::add_text(std::string_view text) {
  append_word(places_, letters_.size());
  letters_ += text;
  ++head_.texts;
  if (text.ends_with('*')) head_.text_beginnings |= std::uint64_t{1} << (text.size() - 1) % 64;
}

std::string SetWriter::take() { return std::exchange(bytes_, {}); }

std::string SetWriter::finish() {
  append_word(blocks_, ~std::uint64_t{0});
  append_word(blocks_, head_.distances);
  append_word(places_, letters_.size());
  head_.letters = letters_.size();
  return take() + blocks_ + places_ + letters_;
}

std::string SetWriter::head() const {
  return {reinterpret_cast<const char*>(&head_), sizeof head_};
}

}  // namespace tandem::number
