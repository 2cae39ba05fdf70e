// A list that is emptied again and again and whose elements keep their memory meanwhile: what is added
// is written over what stood there before.
#pragma once

#include <cstddef>
#include <vector>

namespace tandem {

template <class T>
class ReusedList {
 public:
  // The next element, as an earlier use left it: assign all of it.
  T& add() {
    if (size_ == items_.size()) items_.emplace_back();
    return items_[size_++];
  }
  void clear() {
    // What one crowded round needed is not held for ever.
    if (items_.size() > kMostKept) items_.resize(kMostKept);
    size_ = 0;
  }

  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  T* begin() { return items_.data(); }
  T* end() { return items_.data() + size_; }
  const T* begin() const { return items_.data(); }
  const T* end() const { return items_.data() + size_; }
  T& operator[](std::size_t i) { return items_[i]; }
  const T& operator[](std::size_t i) const { return items_[i]; }

 private:
  static constexpr std::size_t kMostKept = 256;

  std::vector<T> items_;  // those from size_ on only hold memory
  std::size_t size_ = 0;
};

}  // namespace tandem
