// A list of texts as one run of bytes that copies share: a copy costs a pointer however long the list
// is, and a short text costs one byte beside its own. For lists that are configured, which may have
// hundreds of thousands of entries and are read far more often than changed.
//
// Copies may be read on several threads; one object is changed by one thread.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <iterator>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace tandem {

class TextList {
 public:
  class Iterator;
  using value_type = std::string_view;
  using const_iterator = Iterator;

  TextList() = default;
  TextList(std::initializer_list<std::string_view> texts);
  TextList(const std::vector<std::string>& texts);  // NOLINT: a list is a list
  TextList(std::size_t count, std::string_view text);

  // Texts that were handed out before are invalid after it, as are iterators.
  void push_back(std::string_view text);

  std::size_t size() const { return body_ == nullptr ? 0 : body_->count; }
  bool empty() const { return size() == 0; }
  std::string_view front() const;  // requires !empty()
  Iterator begin() const;
  Iterator end() const;

  // The very same bytes: the one was copied from the other. Implies equality, which does not imply it.
  bool shares_with(const TextList& other) const { return body_ == other.body_; }
  friend bool operator==(const TextList& a, const TextList& b) {
    return a.body_ == b.body_ || (a.size() == b.size() && a.bytes() == b.bytes());
  }

 private:
  // Each text behind its length: seven bits a byte, the lowest first, the highest bit = goes on.
  struct Body {
    std::string bytes;
    std::size_t count = 0;
  };
  std::string_view bytes() const {
    return body_ == nullptr ? std::string_view() : std::string_view(body_->bytes);
  }

  std::shared_ptr<Body> body_;  // none = empty; changed only while nobody shares it
};

class TextList::Iterator {
 public:
  using value_type = std::string_view;
  using difference_type = std::ptrdiff_t;
  using reference = std::string_view;
  using iterator_category = std::input_iterator_tag;
  using iterator_concept = std::forward_iterator_tag;

  Iterator() = default;
  std::string_view operator*() const;
  Iterator& operator++();
  Iterator operator++(int) {
    Iterator before = *this;
    ++*this;
    return before;
  }
  friend bool operator==(const Iterator& a, const Iterator& b) { return a.at_ == b.at_; }

 private:
  friend class TextList;
  explicit Iterator(const char* at) : at_(at) {}
  const char* at_ = nullptr;
};

}  // namespace tandem
