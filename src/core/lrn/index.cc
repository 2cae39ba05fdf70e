#include "core/lrn/index.h"

#include <algorithm>
#include <cstring>

namespace tandem::lrn {
namespace {

std::string text_of(const std::array<char, 8>& padded) {
  return std::string(padded.begin(), std::ranges::find(padded, '\0'));
}

}  // namespace

std::optional<std::uint64_t> key_of(std::string_view digits) {
  if (digits.empty() || digits.size() > kMaxKeyDigits) return std::nullopt;
  std::uint64_t key = 1;
  for (const char c : digits) {
    if (c < '0' || c > '9') return std::nullopt;
    key = key * 10 + std::uint64_t(c - '0');
  }
  return key;
}

std::string digits_of_key(std::uint64_t key) {
  return key == 0 ? std::string() : std::to_string(key).substr(1);
}

// A header that claims more than the bytes hold makes sizes that do not fit; it must not make sums
// that wrap.
IndexLayout IndexLayout::of(const IndexHeader& header) {
  constexpr std::uint64_t kMost = std::uint64_t(1) << 40;
  IndexLayout layout;
  if (header.rows > kMost || header.buckets > header.rows || header.entries > header.rows) {
    return layout;
  }
  layout.values = sizeof(IndexHeader);
  layout.lows = layout.values + header.rows * sizeof(std::uint32_t);
  layout.entries = layout.lows + header.rows * sizeof(std::uint16_t);
  layout.buckets = layout.entries + header.entries * sizeof(IndexEntry);
  layout.size = layout.buckets + (header.buckets + 1) * sizeof(IndexBucket);
  return layout;
}

std::shared_ptr<const Index> Index::open(std::span<const std::byte> bytes,
                                         std::shared_ptr<const void> owner) {
  IndexHeader header;
  if (bytes.size() < sizeof header) return nullptr;
  std::memcpy(&header, bytes.data(), sizeof header);
  const IndexLayout layout = IndexLayout::of(header);
  if (header.magic != kIndexMagic || layout.size == 0 || layout.size != bytes.size() ||
      header.size != bytes.size()) {
    return nullptr;
  }
  std::shared_ptr<Index> index(new Index);
  index->bytes_ = bytes;
  index->owner_ = std::move(owner);
  index->header_ = header;
  index->buckets_ = layout.buckets;
  index->entries_ = layout.entries;
  index->values_ = layout.values;
  index->lows_ = layout.lows;
  // What rows lead to is checked when it is read; where buckets begin, here.
  std::uint64_t before = 0;
  for (std::uint64_t i = 0; i <= header.buckets; ++i) {
    const auto bucket = index->at<IndexBucket>(layout.buckets, i);
    if (bucket.first < before || bucket.first > header.rows) return nullptr;
    before = bucket.first;
  }
  return before == header.rows ? index : nullptr;
}

template <class Value>
Value Index::at(std::size_t section, std::uint64_t position) const {
  Value value;
  std::memcpy(&value, bytes_.data() + section + position * sizeof(Value), sizeof value);
  return value;
}

std::optional<IndexEntry> Index::find(std::uint64_t key) const {
  std::uint64_t low = 0;
  std::uint64_t high = header_.buckets;
  while (low < high) {
    const std::uint64_t middle = (low + high) / 2;
    if (at<IndexBucket>(buckets_, middle).high < key >> 16) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  if (low == header_.buckets) return std::nullopt;
  const auto bucket = at<IndexBucket>(buckets_, low);
  if (bucket.high != key >> 16) return std::nullopt;
  const auto wanted = std::uint16_t(key & 0xffff);
  std::uint64_t first = bucket.first;
  std::uint64_t last = at<IndexBucket>(buckets_, low + 1).first;
  const std::uint64_t end = last;
  while (first < last) {
    const std::uint64_t middle = (first + last) / 2;
    if (at<std::uint16_t>(lows_, middle) < wanted) {
      first = middle + 1;
    } else {
      last = middle;
    }
  }
  if (first == end || at<std::uint16_t>(lows_, first) != wanted) return std::nullopt;
  const auto entry = at<std::uint32_t>(values_, first);
  if (entry >= header_.entries) return std::nullopt;
  return at<IndexEntry>(entries_, entry);
}

std::optional<IndexEntry> Index::longest(std::string_view number) const {
  for (std::size_t length = std::min(number.size(), kMaxKeyDigits); length > 0; --length) {
    if ((header_.lengths >> length & 1) == 0) continue;
    const auto key = key_of(number.substr(0, length));
    if (!key) continue;
    if (auto found = find(*key)) return found;
  }
  return std::nullopt;
}

Answer Index::answer(std::string_view number) const {
  const auto found = longest(number);
  if (!found) return {.outcome = Outcome::NotPorted};
  Answer answer;
  answer.lrn = digits_of_key(found->lrn);
  answer.state = text_of(found->state);
  answer.ocn = text_of(found->ocn);
  answer.outcome =
      answer.lrn.empty() || answer.lrn == number ? Outcome::NotPorted : Outcome::Ported;
  return answer;
}

std::string Index::state_of(std::string_view number) const {
  const auto found = longest(number);
  return found ? text_of(found->state) : std::string();
}

}  // namespace tandem::lrn
