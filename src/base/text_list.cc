#include "base/text_list.h"

#include "base/assert.h"

namespace tandem {
namespace {

constexpr unsigned kGoesOn = 0x80;

std::string_view text_at(const char* at) {
  std::size_t size = 0;
  for (unsigned shift = 0;; shift += 7) {
    const auto byte = static_cast<unsigned char>(*at++);
    size |= std::size_t(byte % kGoesOn) << shift;
    if ((byte & kGoesOn) == 0) return {at, size};
  }
}

void append(std::string& bytes, std::string_view text) {
  std::size_t size = text.size();
  for (; size >= kGoesOn; size >>= 7) bytes += static_cast<char>(size % kGoesOn | kGoesOn);
  bytes += static_cast<char>(size);
  bytes += text;
}

}  // namespace

TextList::TextList(std::initializer_list<std::string_view> texts) {
  for (const std::string_view text : texts) push_back(text);
}

TextList::TextList(const std::vector<std::string>& texts) {
  for (const std::string& text : texts) push_back(text);
}

TextList::TextList(std::size_t count, std::string_view text) {
  for (; count > 0; --count) push_back(text);
}

void TextList::push_back(std::string_view text) {
  if (body_ == nullptr) {
    body_ = std::make_shared<Body>();
  } else if (body_.use_count() != 1) {
    body_ = std::make_shared<Body>(*body_);
  }
  append(body_->bytes, text);
  ++body_->count;
}

std::string_view TextList::front() const {
  TANDEM_ASSERT(!empty(), "the front of an empty list");
  return *begin();
}

TextList::Iterator TextList::begin() const { return Iterator(bytes().data()); }

TextList::Iterator TextList::end() const { return Iterator(bytes().data() + bytes().size()); }

std::string_view TextList::Iterator::operator*() const { return text_at(at_); }

TextList::Iterator& TextList::Iterator::operator++() {
  const std::string_view text = text_at(at_);
  at_ = text.data() + text.size();
  return *this;
}

}  // namespace tandem
