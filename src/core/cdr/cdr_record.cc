// Writing and reading the members of a record: numbers as zigzag varints, texts with their length.
#include "core/cdr/cdr_record.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>
#include <type_traits>

#include "core/cdr/field_count.h"

namespace tandem::cdr {
namespace {

constexpr char kFormat = 1;
constexpr std::size_t kCdrMembers = field_count<Cdr>();
constexpr std::size_t kAttemptMembers = field_count<Attempt>();

constexpr std::uint64_t zigzag(std::int64_t number) {
  return static_cast<std::uint64_t>(number) << 1 ^ static_cast<std::uint64_t>(number >> 63);
}
constexpr std::int64_t unzigzag(std::uint64_t word) {
  return static_cast<std::int64_t>(word >> 1 ^ (~(word & 1) + 1));
}

// Gathers what it is given, so that a number of one byte costs little more than writing that byte.
class Writer {
 public:
  explicit Writer(std::string& out) : out_(out) {}
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;
  ~Writer() { flush(); }

  template <class... T>
  void operator()(const T&... values) {
    (put(values), ...);
  }

 private:
  static constexpr std::size_t kLongestWord = 10;

  void put(const std::string& text) {
    put_word(text.size());
    if (text.size() > room()) {
      flush();
      if (text.size() > room()) {
        out_ += text;
        return;
      }
    }
    std::memcpy(at_, text.data(), text.size());
    at_ += text.size();
  }
  void put(UtcTime time) { put(epoch_milliseconds(time)); }
  void put(const std::vector<Attempt>& attempts) {
    put_word(attempts.size());
    for (const Attempt& attempt : attempts) const_cast<Attempt&>(attempt).fields(*this);
  }
  template <class Number>
  requires std::is_integral_v<Number> || std::is_enum_v<Number>
  void put(Number number) { put_word(zigzag(static_cast<std::int64_t>(number))); }
  void put_word(std::uint64_t word) {
    if (room() < kLongestWord) flush();
    for (; word >= 0x80; word >>= 7) *at_++ = static_cast<char>(word | 0x80);
    *at_++ = static_cast<char>(word);
  }

  std::size_t room() const { return static_cast<std::size_t>(gathered_.data() + gathered_.size() - at_); }
  void flush() {
    out_.append(gathered_.data(), static_cast<std::size_t>(at_ - gathered_.data()));
    at_ = gathered_.data();
  }

  std::string& out_;
  std::array<char, 1024> gathered_;  // not cleared: what stands before at_ was written
  char* at_ = gathered_.data();
};

class Reader {
 public:
  Reader(std::string_view bytes, std::size_t cdr_members, std::size_t attempt_members)
      : rest_(bytes), members_left_(cdr_members), attempt_members_(attempt_members) {}

  template <class... T>
  void operator()(T&... values) {
    (get_member(values), ...);
  }
  bool complete() const { return !failed_ && rest_.empty(); }

 private:
  template <class T>
  void get_member(T& value) {
    if (members_left_ == 0) return;
    --members_left_;
    get(value);
  }
  void get(std::string& text) {
    const std::uint64_t size = get_word();
    if (size > rest_.size()) return fail();
    text = rest_.substr(0, size);
    rest_.remove_prefix(size);
  }
  void get(UtcTime& time) {
    std::int64_t number = 0;
    get(number);
    time = from_epoch_milliseconds(number);
  }
  void get(std::vector<Attempt>& attempts) {
    const std::uint64_t count = get_word();
    if (count > rest_.size() / attempt_members_) return fail();
    const std::size_t members_after = members_left_;
    for (std::uint64_t i = 0; i < count && !failed_; ++i) {
      members_left_ = attempt_members_;
      attempts.emplace_back().fields(*this);
    }
    members_left_ = members_after;
  }
  void get(cause::EndReason& reason) {
    int number = 0;
    get(number);
    reason = static_cast<cause::EndReason>(number);
    const auto is_reason = [&](const cause::EndReasonRow& row) { return row.number() == number; };
    if (number != 0 && std::ranges::none_of(cause::all_end_reasons(), is_reason)) fail();
  }
  void get(PartyType& type) { type = get_enumerator(PartyType::Phone); }
  void get(cause::Side& side) { side = get_enumerator(cause::Side::Switch); }
  template <class Enum>
  Enum get_enumerator(Enum last) {
    int number = 0;
    get(number);
    if (number >= 0 && number <= static_cast<int>(last)) return static_cast<Enum>(number);
    fail();
    return {};
  }
  void get(std::uint64_t& number) { number = static_cast<std::uint64_t>(unzigzag(get_word())); }
  void get(std::int64_t& number) { number = unzigzag(get_word()); }
  void get(int& number) {
    const std::int64_t wide = unzigzag(get_word());
    if (wide < std::numeric_limits<int>::min() || wide > std::numeric_limits<int>::max()) fail();
    number = static_cast<int>(wide);
  }
  std::uint64_t get_word() {
    std::uint64_t word = 0;
    for (unsigned shift = 0; shift < 64 && !rest_.empty(); shift += 7) {
      const auto byte = static_cast<unsigned char>(rest_.front());
      rest_.remove_prefix(1);
      word |= std::uint64_t{byte & 0x7Fu} << shift;
      if (byte < 0x80) return word;
    }
    fail();
    return 0;
  }
  void fail() {
    failed_ = true;
    rest_ = {};
  }

  std::string_view rest_;
  std::size_t members_left_;  // of the Cdr or Attempt being read
  std::size_t attempt_members_;
  bool failed_ = false;
};

}  // namespace

void append_record(std::string& out, const Cdr& cdr) {
  static_assert(kCdrMembers < 256 && kAttemptMembers < 256);
  out += kFormat;
  out += static_cast<char>(kCdrMembers);
  out += static_cast<char>(kAttemptMembers);
  Writer writer(out);
  const_cast<Cdr&>(cdr).fields(writer);
}

Result<Cdr, RecordError> parse_record(std::string_view bytes) {
  if (bytes.size() < 3 || bytes[0] < kFormat || bytes[2] == 0)
    return Failure{RecordError::Malformed};
  const std::size_t cdr_members = static_cast<unsigned char>(bytes[1]);
  const std::size_t attempt_members = static_cast<unsigned char>(bytes[2]);
  if (bytes[0] > kFormat || cdr_members > kCdrMembers || attempt_members > kAttemptMembers)
    return Failure{RecordError::NewerVersion};

  Cdr cdr;
  Reader reader(bytes.substr(3), cdr_members, attempt_members);
  cdr.fields(reader);
  if (!reader.complete()) return Failure{RecordError::Malformed};
  return cdr;
}

void RecordList::add(const Cdr& cdr) {
  append_record(bytes_, cdr);
  ends_.push_back({.flow_no = cdr.flow_no, .offset = bytes_.size()});
}

void RecordList::clear() {
  // What one crowded round needed is not held for ever.
  constexpr std::size_t kMostKept = 1u << 20;
  if (bytes_.capacity() > kMostKept) std::string().swap(bytes_);
  bytes_.clear();
  ends_.clear();
}

RecordList::Entry RecordList::operator[](std::size_t i) const {
  const std::size_t begin = i == 0 ? 0 : ends_[i - 1].offset;
  return {ends_[i].flow_no, std::string_view(bytes_).substr(begin, ends_[i].offset - begin)};
}

std::vector<Cdr> RecordList::parsed() const {
  std::vector<Cdr> cdrs;
  for (std::size_t i = 0; i < size(); ++i) cdrs.push_back(parse_record((*this)[i].bytes).value());
  return cdrs;
}

}  // namespace tandem::cdr
