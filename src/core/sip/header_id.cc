// Names are found by first letter and length; what shares both is a chain of a few rows.
#include "core/sip/header_id.h"

#include <array>
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

constexpr bool is_letter(char c) { return lower(c) >= 'a' && lower(c) <= 'z'; }

}  // namespace

std::string_view name_of(HeaderId id) { return row_of(id).name; }

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
