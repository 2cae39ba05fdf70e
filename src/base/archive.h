// Saving and restoring values, byte for byte the same on every machine. A type takes part by a member
// `template <class A> void fields(A& archive) { archive(a_, b_); }`, or by save(A&) const and
// load(A&) when it must rebuild something.
//
// Two codings: PlainCoding (Saver, Loader) for the whole of a running exchange; LastingCoding
// (LastingSaver, LastingLoader) for what outlives the process: small, and an Instant, which means
// nothing to another process, travels by the wall clock, so that a deadline stays where it was.
//
// A Loader never trusts its bytes: it checks bounds and counts, and after a fault failed() stays
// true and every value read is a default one.
#pragma once

#include <algorithm>
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

#include "base/time.h"

namespace tandem {

template <class T, class Archive>
concept HasFields = requires(T& value, Archive& archive) { value.fields(archive); };
template <class T, class Archive>
concept HasSave = requires(const T& value, Archive& archive) { value.save(archive); };

// Bytes one after the other. Its text is larger than what is in it, so that a byte more is only
// written, not appended. It stays where it was made: it points into itself.
class ByteSink {
 public:
  ByteSink() = default;
  // Into the memory of `room`; what is in it is lost.
  explicit ByteSink(std::string&& room) : bytes_(std::move(room)) {
    at_ = bytes_.data();
    end_ = at_ + bytes_.size();
  }
  ByteSink(const ByteSink&) = delete;
  ByteSink& operator=(const ByteSink&) = delete;

  // Room for `count` bytes, to be written at once; used() says how many of them were.
  char* room(std::size_t count) {
    if (std::size_t(end_ - at_) < count) [[unlikely]] grow(2 * bytes_.size() + count + kFirst);
    return at_;
  }
  void used(std::size_t count) { at_ += count; }
  void append(std::string_view text) {
    std::memcpy(room(text.size()), text.data(), text.size());
    at_ += text.size();
  }
  void reserve(std::size_t size) {
    if (bytes_.size() < size) grow(size);
  }
  std::size_t size() const { return std::size_t(at_ - bytes_.data()); }
  std::string_view view() const { return {bytes_.data(), size()}; }
  std::string take() && {
    bytes_.resize(size());
    return std::move(bytes_);
  }

 private:
  static constexpr std::size_t kFirst = 64;

  [[gnu::noinline]] void grow(std::size_t to) {
    const std::size_t used = size();
    bytes_.resize(to);
    at_ = bytes_.data() + used;
    end_ = bytes_.data() + to;
  }

  std::string bytes_;
  char* at_ = bytes_.data();
  char* end_ = at_;
};

// Numbers in their own size, little endian; instants as they are.
struct PlainCoding {
  static constexpr bool kLasting = false;
  template <class Number>
  void put(ByteSink& bytes, Number number) const {
    char* out = bytes.room(sizeof(Number));
    std::uint64_t word = std::uint64_t(number);
    for (std::size_t i = 0; i < sizeof(Number); ++i, word >>= 8) out[i] = char(word & 0xff);
    bytes.used(sizeof(Number));
  }
  template <class Number>
  bool get(std::string_view& rest, Number& number) const {
    if (rest.size() < sizeof(Number)) return false;
    std::uint64_t word = 0;
    for (std::size_t i = 0; i < sizeof(Number); ++i) {
      word |= std::uint64_t(static_cast<unsigned char>(rest[i])) << (8 * i);
    }
    number = Number(word);
    rest.remove_prefix(sizeof(Number));
    return true;
  }
  std::int64_t said(Instant instant) const { return instant.time_since_epoch().count(); }
  Instant meant(std::int64_t number) const { return Instant(milliseconds(number)); }
};

// Numbers in as many bytes as they need (zigzag varints when signed); instants by the wall clock. A
// long text that ends with the one written out before it is written without that end: an answer with
// the session that its leg keeps too.
struct LastingCoding {
  static constexpr bool kLasting = true;
  static constexpr std::size_t kLongText = 128;
  // In the place of the size, which is never that large: what is written of the text goes before
  // the last one that was written out.
  static constexpr std::uint64_t kEndsAlike = (1u << 21) - 1;
  static constexpr int kMostEndsAlike = 64;  // so that damaged bytes cannot ask for much memory
  Now now;

  // Inline to the one byte that most numbers take.
  template <class Number>
  [[gnu::always_inline]] void put(ByteSink& bytes, Number number) const {
    std::uint64_t word = std::uint64_t(number);
    if constexpr (std::is_signed_v<Number>) {
      word = std::uint64_t(number) << 1 ^ std::uint64_t(std::int64_t(number) >> 63);
    }
    if (word >= 0x80) return put_long(bytes, word);
    *bytes.room(1) = char(word);
    bytes.used(1);
  }
  template <class Number>
  bool get(std::string_view& rest, Number& number) const {
    std::uint64_t word = 0;
    for (unsigned shift = 0; shift < 64 && !rest.empty(); shift += 7) {
      const auto byte = static_cast<unsigned char>(rest.front());
      rest.remove_prefix(1);
      word |= std::uint64_t(byte & 0x7fu) << shift;
      if (byte >= 0x80) continue;
      if constexpr (std::is_signed_v<Number>) {
        const auto wide = std::int64_t(word >> 1 ^ (~(word & 1) + 1));
        number = Number(wide);
        return std::int64_t(number) == wide;
      } else {
        number = Number(word);
        return std::uint64_t(number) == word;
      }
    }
    return false;
  }
  // 0 = never, 1 = the default value, which means none.
  std::int64_t said(Instant instant) const {
    if (instant == kNever) return 0;
    if (instant == Instant{}) return 1;
    return epoch_milliseconds(now.wall + (instant - now.mono)) + kFirst;
  }
  Instant meant(std::int64_t number) const {
    if (number == 0) return kNever;
    if (number == 1) return Instant{};
    const milliseconds left = from_epoch_milliseconds(number - kFirst) - now.wall;
    return std::max(now.mono + left, Instant(milliseconds(1)));
  }

 private:
  static constexpr std::int64_t kFirst = 2;

  [[gnu::noinline]] static void put_long(ByteSink& bytes, std::uint64_t word) {
    constexpr std::size_t kMost = 10;
    char* out = bytes.room(kMost);
    std::size_t count = 0;
    for (; word >= 0x80; word >>= 7) out[count++] = char(word | 0x80);
    out[count++] = char(word);
    bytes.used(count);
  }
};

template <class Coding>
class BasicSaver {
 public:
  // For values of which less outlives the process.
  static constexpr bool kLasting = Coding::kLasting;
  BasicSaver() = default;
  explicit BasicSaver(const Coding& coding) : coding_(coding) {}
  // Into the memory of `room`; what is in it is lost.
  BasicSaver(const Coding& coding, std::string&& room)
      : coding_(coding), bytes_(std::move(room)) {}

  template <class... T>
  [[gnu::always_inline]] void operator()(const T&... values) {
    (put(values), ...);
  }
  std::string take() && { return std::move(bytes_).take(); }
  std::string_view bytes() const { return bytes_.view(); }
  void reserve(std::size_t size) { bytes_.reserve(size); }

 private:
  template <class T>
  [[gnu::always_inline]] void put(const T& value) {
    if constexpr (HasSave<T, BasicSaver>) {
      value.save(*this);
    } else if constexpr (HasFields<T, BasicSaver>) {
      const_cast<T&>(value).fields(*this);
    } else if constexpr (std::is_enum_v<T>) {
      put(std::underlying_type_t<T>(value));
    } else {
      static_assert(std::is_integral_v<T>, "this type cannot be saved");
      coding_.put(bytes_, value);
    }
  }
  void put(const std::string& text) { put_text(text); }
  void put(const std::string_view& text) { put_text(text); }
  void put_text(std::string_view text) {
    if constexpr (kLasting) {
      if (text.size() >= Coding::kLongText) return put_long_text(text);
    }
    put(std::uint64_t(text.size()));
    bytes_.append(text);
  }
  [[gnu::noinline]] void put_long_text(std::string_view text) {
    const std::string_view last = bytes_.view().substr(long_text_, long_size_);
    const bool ends_alike =
        !last.empty() && ends_alike_ < Coding::kMostEndsAlike && text.ends_with(last);
    if (ends_alike) {
      ++ends_alike_;
      put(Coding::kEndsAlike);
      text.remove_suffix(last.size());
    }
    put(std::uint64_t(text.size()));
    if (!ends_alike) {
      long_text_ = bytes_.size();
      long_size_ = text.size();
    }
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
  template <std::size_t N>
  void put(const std::array<std::uint8_t, N>& values) {
    bytes_.append({reinterpret_cast<const char*>(values.data()), N});
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
  void put(UtcTime value) { put(epoch_milliseconds(value)); }
  void put(Instant value) { put(coding_.said(value)); }

  Coding coding_{};
  ByteSink bytes_;
  // The last long text that was written out.
  std::size_t long_text_ = 0;
  std::size_t long_size_ = 0;
  int ends_alike_ = 0;
};

template <class Coding>
class BasicLoader {
 public:
  static constexpr bool kLasting = Coding::kLasting;
  explicit BasicLoader(std::string_view bytes, const Coding& coding = {})
      : coding_(coding), rest_(bytes) {}

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
    } else if constexpr (HasFields<T, BasicLoader>) {
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
      if (coding_.get(rest_, value)) return;
      value = T{};
      fail();
    }
  }
  std::uint64_t count() {
    std::uint64_t number = 0;
    get(number);
    return expect(number, 1) ? number : 0;
  }
  void get(std::string& text) {
    if constexpr (kLasting) return get_lasting_text(text);
    take_text(count(), text);
  }
  void take_text(std::uint64_t size, std::string& text) {
    text.assign(rest_.substr(0, size));
    rest_.remove_prefix(size);
  }
  void get_lasting_text(std::string& text) {
    std::uint64_t size = 0;
    get(size);
    if (size == Coding::kEndsAlike) {
      take_text(count(), text);
      if (long_text_.empty() || ++ends_alike_ > Coding::kMostEndsAlike) return fail();
      text += long_text_;
      return;
    }
    if (!expect(size, 1)) size = 0;
    if (size >= Coding::kLongText) long_text_ = rest_.substr(0, size);
    take_text(size, text);
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
  template <std::size_t N>
  void get(std::array<std::uint8_t, N>& values) {
    if (rest_.size() < N) return fail();
    std::memcpy(values.data(), rest_.data(), N);
    rest_.remove_prefix(N);
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
  void get(UtcTime& value) {
    std::int64_t number = 0;
    get(number);
    value = from_epoch_milliseconds(number);
  }
  void get(Instant& value) {
    std::int64_t number = 0;
    get(number);
    value = failed_ ? Instant{} : coding_.meant(number);
  }

  Coding coding_;
  std::string_view rest_;
  bool failed_ = false;
  std::string_view long_text_;  // the last that was written out
  int ends_alike_ = 0;
};

using Saver = BasicSaver<PlainCoding>;
using Loader = BasicLoader<PlainCoding>;
using LastingSaver = BasicSaver<LastingCoding>;
using LastingLoader = BasicLoader<LastingCoding>;

}  // namespace tandem
