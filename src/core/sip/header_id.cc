// Names are found by first letter and length; what shares both is a chain of a few rows.
#include "core/sip/header_id.h"

#include <array>
#include <bit>
#include <cstring>

#include "base/text.h"
#include "core/sip/header_table.h"

namespace tandem::sip {
namespace {

constexpr std::size_t kLongestName = 31;

constexpr std::size_t slot(char first, std::size_t size) {
  return (std::size_t(static_cast<unsigned char>(first)) & 31) * (kLongestName + 1) + size;
}

struct Index {
  std::array<std::uint8_t, 32 * (kLongestName + 1)> first{};      // first row of the slot
  std::array<std::uint8_t, std::size_t(HeaderId::Count)> next{};  // next row of the same slot
  std::array<HeaderId, 32> compact{};
  bool complete = true;
};

constexpr Index make_index() {
  Index index;
  for (std::size_t i = kHeaders.size() - 1; i > 0; --i) {
    const HeaderRow& row = kHeaders[i];
    if (row.name.size() < 2 || row.name.size() > kLongestName) index.complete = false;
    std::uint8_t& head = index.first[slot(row.name.front(), row.name.size())];
    index.next[i] = head;
    head = std::uint8_t(i);
    if (row.compact == 0) continue;
    HeaderId& compact = index.compact[std::size_t(row.compact) & 31];
    if (compact != HeaderId::Unknown) index.complete = false;
    compact = row.id;
  }
  return index;
}

constexpr Index kIndex = make_index();
static_assert(kIndex.complete, "a name of 2 to 31 letters and an own compact form for each header");

// memcmp of few bytes, without the call.
bool same_bytes(const char* a, const char* b, std::size_t size) {
  const auto differ = [&]<class Word>(Word, std::size_t at) {
    Word one;
    Word other;
    std::memcpy(&one, a + at, sizeof one);
    std::memcpy(&other, b + at, sizeof other);
    return one != other;
  };
  if (size < 4) return a[0] == b[0] && a[1] == b[1] && a[size - 1] == b[size - 1];
  if (size < 8) return !differ(std::uint32_t{}, 0) && !differ(std::uint32_t{}, size - 4);
  for (std::size_t at = 0; at + 8 < size; at += 8) {
    if (differ(std::uint64_t{}, at)) return false;
  }
  return !differ(std::uint64_t{}, size - 8);
}

// What nearly every message has, by first letter; those that share one in the order they are tried.
constexpr std::array kUsual{
    HeaderId::Via,         HeaderId::From,          HeaderId::To,        HeaderId::CallId,
    HeaderId::CSeq,        HeaderId::Contact,       HeaderId::ContentLength,
    HeaderId::ContentType, HeaderId::MaxForwards,   HeaderId::UserAgent, HeaderId::Allow,
    HeaderId::Supported,   HeaderId::Server,        HeaderId::RecordRoute,
};
struct UsualLine {
  std::uint64_t begin = 0, begin_mask = 0;  // of the first eight bytes
  std::uint64_t end = 0;                    // the last eight of "Name:", when it has more
  std::size_t size = 0;                     // of "Name:"
  HeaderId id{};
};
struct Usual {
  std::array<std::uint8_t, 33> first{};  // by letter: where its lines begin
  std::array<UsualLine, kUsual.size()> lines{};
};
constexpr std::uint64_t word_at(std::string_view text, std::size_t at) {
  std::uint64_t word = 0;
  for (std::size_t i = 0; i < 8 && at + i < text.size(); ++i) {
    word |= std::uint64_t(static_cast<unsigned char>(text[at + i])) << (8 * i);
  }
  return word;
}
constexpr Usual make_usual() {
  Usual usual;
  std::uint8_t count = 0;
  for (std::size_t letter = 0; letter < 32; ++letter) {
    usual.first[letter] = count;
    for (const HeaderId id : kUsual) {
      const std::string_view name = row_of(id).name;
      if ((std::size_t(name.front()) & 31) != letter) continue;
      std::array<char, 32> text{};
      for (std::size_t i = 0; i < name.size(); ++i) text[i] = name[i];
      text[name.size()] = ':';
      const std::string_view begin(text.data(), name.size() + 1);
      UsualLine& line = usual.lines[count++];
      line.id = id;
      line.size = begin.size();
      line.begin = word_at(begin, 0);
      line.begin_mask = begin.size() >= 8 ? ~std::uint64_t{} : (std::uint64_t{1} << (8 * begin.size())) - 1;
      if (begin.size() > 8) line.end = word_at(begin, begin.size() - 8);
    }
  }
  usual.first[32] = count;
  return usual;
}
constexpr Usual kUsualLines = make_usual();

constexpr bool is_letter(char c) { return lower(c) >= 'a' && lower(c) <= 'z'; }

}  // namespace

std::string_view name_of(HeaderId id) { return row_of(id).name; }

HeaderId usual_header(std::string_view line, std::size_t& size) {
  constexpr std::size_t kMost = 16;  // of "Content-Length:" and all others
  if (std::endian::native != std::endian::little || line.size() < kMost) return HeaderId::Unknown;
  std::uint64_t begin;
  std::memcpy(&begin, line.data(), sizeof begin);
  const std::size_t letter = std::size_t(line.front()) & 31;
  for (std::size_t i = kUsualLines.first[letter]; i != kUsualLines.first[letter + 1]; ++i) {
    const UsualLine& usual = kUsualLines.lines[i];
    if ((begin & usual.begin_mask) != usual.begin) continue;
    if (usual.size > 8) {
      std::uint64_t end;
      std::memcpy(&end, line.data() + usual.size - 8, sizeof end);
      if (end != usual.end) continue;
    }
    size = usual.size - 1;
    return usual.id;
  }
  return HeaderId::Unknown;
}

HeaderId header_id(std::string_view name) {
  if (name.empty() || name.size() > kLongestName || !is_letter(name.front()))
    return HeaderId::Unknown;
  if (name.size() == 1) return kIndex.compact[std::size_t(name.front()) & 31];

  for (std::size_t i = kIndex.first[slot(name.front(), name.size())]; i != 0; i = kIndex.next[i]) {
    const std::string_view known = kHeaders[i].name;
    // Nearly everybody writes the canonical form: compare the bytes before the letters.
    if (same_bytes(known.data(), name.data(), name.size())) return HeaderId(i);
    if (equal_ignoring_case(known, name)) return HeaderId(i);
  }
  return HeaderId::Unknown;
}

}  // namespace tandem::sip
