// Saving and restoring values, byte for byte the same on every machine (fixed little endian). A type
// takes part by a member `template <class A> void fields(A& archive) { archive(a_, b_); }`, or by
// save(A&) const and load(A&) when it must rebuild something.
//
// A Loader never trusts its bytes: it checks bounds and counts, and after a fault failed() stays
// true and every value read is a default one.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <cstring>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace tandem {

template <class T, class Archive>
concept HasFields = requires(T& value, Archive& archive) { value.fields(archive); };
template <class T, class Archive>
concept HasSave = requires(const T& value, Archive& archive) { value.save(archive); };

class Saver {
 public:
  template <class... T>
  void operator()(const T&... values) {
    (put(values), ...);
  }
  std::string take() && { return std::move(bytes_); }
  const std::string& bytes() const { return bytes_; }

 private:
  template <class T>
  void put(const T& value) {
    if constexpr (HasSave<T, Saver>) {
      value.save(*this);
    } else if constexpr (HasFields<T, Saver>) {
      const_cast<T&>(value).fields(*this);
    } else if constexpr (std::is_enum_v<T>) {
      put(std::underlying_type_t<T>(value));
    } else {
      static_assert(std::is_integral_v<T>, "this type cannot be saved");
      std::uint64_t word = std::uint64_t(value);
      for (std::size_t i = 0; i < sizeof(T); ++i, word >>= 8) bytes_ += char(word & 0xff);
    }
  }
  void put(const std::string& text) { put_text(text); }
  void put(const std::string_view& text) { put_text(text); }
  void put_text(std::string_view text) {
    put(std::uint64_t(text.size()));
    bytes_.append(text);
  }
  template <class T>
  void put(const std::vector<T>& values) {
    put(std::uint64_t(values.size()));
    for (const auto& value : values) put(T(value));
  }
  template <class T>
    requires(!std::is_integral_v<T>)
  void put(const std::vector<T>& values) {
    put(std::uint64_t(values.size()));
    for (const T& value : values) put(value);
  }
  template <class T>
  void put(const std::deque<T>& values) {
    put(std::uint64_t(values.size()));
    for (const T& value : values) put(value);
  }
  template <class T, std::size_t N>
  void put(const std::array<T, N>& values) {
    for (const T& value : values) put(value);
  }
  template <class T>
  void put(const std::optional<T>& value) {
    put(value.has_value());
    if (value) put(*value);
  }
  template <class T>
  void put(const std::unique_ptr<T>& value) {
    put(value != nullptr);
    if (value) put(*value);
  }
  template <class K, class V>
  void put(const std::map<K, V>& values) {
    put(std::uint64_t(values.size()));
    for (const auto& [key, value] : values) {
      put(key);
      put(value);
    }
  }
  template <class A, class B>
  void put(const std::pair<A, B>& value) {
    put(value.first);
    put(value.second);
  }
  template <class Rep, class Period>
  void put(const std::chrono::duration<Rep, Period>& value) {
    put(std::int64_t(value.count()));
  }
  template <class Clock, class Duration>
  void put(const std::chrono::time_point<Clock, Duration>& value) {
    put(std::int64_t(value.time_since_epoch().count()));
  }

  std::string bytes_;
};

class Loader {
 public:
  explicit Loader(std::string_view bytes) : rest_(bytes) {}

  template <class... T>
  void operator()(T&&... values) {
    (get(values), ...);
  }
  bool failed() const { return failed_; }
  bool at_end() const { return rest_.empty(); }
  void fail() {
    failed_ = true;
    rest_ = {};
  }
  // True when `count` things of at least `size` bytes each can still be there.
  bool expect(std::uint64_t count, std::uint64_t size) {
    if (count <= rest_.size() / size) return true;
    fail();
    return false;
  }

 private:
  template <class T>
  void get(T& value) {
    if constexpr (requires { value.load(*this); }) {
      value.load(*this);
    } else if constexpr (HasFields<T, Loader>) {
      value.fields(*this);
    } else if constexpr (std::is_same_v<T, bool>) {
      std::uint8_t byte = 0;
      get(byte);
      value = byte != 0;
    } else if constexpr (std::is_enum_v<T>) {
      std::underlying_type_t<T> number{};
      get(number);
      // An enumeration that says how many names it has cannot be given a nameless value.
      if constexpr (requires { T::Count; }) {
        if (number >= std::underlying_type_t<T>(T::Count)) {
          fail();
          number = {};
        }
      }
      value = T(number);
    } else {
      static_assert(std::is_integral_v<T>, "this type cannot be restored");
      value = T{};
      if (rest_.size() < sizeof(T)) return fail();
      std::uint64_t word = 0;
      for (std::size_t i = 0; i < sizeof(T); ++i) {
        word |= std::uint64_t(static_cast<unsigned char>(rest_[i])) << (8 * i);
      }
      value = T(word);
      rest_.remove_prefix(sizeof(T));
    }
  }
  std::uint64_t count() {
    std::uint64_t number = 0;
    get(number);
    return expect(number, 1) ? number : 0;
  }
  void get(std::string& text) {
    const std::uint64_t size = count();
    text.assign(rest_.substr(0, size));
    rest_.remove_prefix(size);
  }
  template <class T>
  void get(std::vector<T>& values) {
    values.clear();
    for (std::uint64_t left = count(); left > 0 && !failed_; --left) {
      T value{};
      get(value);
      values.push_back(std::move(value));
    }
  }
  template <class T>
  void get(std::deque<T>& values) {
    values.clear();
    for (std::uint64_t left = count(); left > 0 && !failed_; --left) {
      T value{};
      get(value);
      values.push_back(std::move(value));
    }
  }
  template <class T, std::size_t N>
  void get(std::array<T, N>& values) {
    for (T& value : values) get(value);
  }
  template <class T>
  void get(std::optional<T>& value) {
    bool there = false;
    get(there);
    value.reset();
    if (there && !failed_) get(value.emplace());
  }
  template <class T>
  void get(std::unique_ptr<T>& value) {
    bool there = false;
    get(there);
    value.reset();
    if (!there || failed_) return;
    value = std::make_unique<T>();
    get(*value);
  }
  template <class K, class V>
  void get(std::map<K, V>& values) {
    values.clear();
    for (std::uint64_t left = count(); left > 0 && !failed_; --left) {
      K key{};
      get(key);
      get(values[std::move(key)]);
    }
  }
  template <class A, class B>
  void get(std::pair<A, B>& value) {
    get(value.first);
    get(value.second);
  }
  template <class Rep, class Period>
  void get(std::chrono::duration<Rep, Period>& value) {
    std::int64_t number = 0;
    get(number);
    value = std::chrono::duration<Rep, Period>(Rep(number));
  }
  template <class Clock, class Duration>
  void get(std::chrono::time_point<Clock, Duration>& value) {
    Duration since{};
    get(since);
    value = std::chrono::time_point<Clock, Duration>(since);
  }

  std::string_view rest_;
  bool failed_ = false;
};

}  // namespace tandem
