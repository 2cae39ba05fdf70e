#include "ladders/ported_table.h"

#include <algorithm>
#include <cstring>
#include <map>

namespace tandem::ladder {

std::shared_ptr<const lrn::Index> ported_table(const std::vector<std::vector<std::string>>& rows) {
  std::map<std::uint64_t, lrn::IndexEntry> sorted;
  lrn::IndexHeader header;
  for (const std::vector<std::string>& row : rows) {
    const auto key = row.empty() ? std::nullopt : lrn::key_of(row[0]);
    if (!key) return nullptr;
    lrn::IndexEntry& entry = sorted[*key];
    if (row.size() > 1) entry.lrn = lrn::key_of(row[1]).value_or(0);
    if (row.size() > 2) std::ranges::copy(row[2].substr(0, 8), entry.state.begin());
    header.lengths |= std::uint64_t(1) << row[0].size();
  }
  std::vector<lrn::IndexBucket> buckets;
  for (const auto& [key, entry] : sorted) {
    if (!buckets.empty() && buckets.back().high == key >> 16) continue;
    const auto before = std::distance(sorted.begin(), sorted.find(key));
    buckets.push_back({key >> 16, std::uint64_t(before)});
  }
  header.magic = lrn::kIndexMagic;
  header.rows = header.entries = sorted.size();
  header.buckets = buckets.size();
  buckets.push_back({~std::uint64_t(0), header.rows});
  const lrn::IndexLayout layout = lrn::IndexLayout::of(header);
  header.size = layout.size;

  auto bytes = std::make_shared<std::vector<std::byte>>(layout.size);
  const auto put = [&](std::uint64_t place, const auto& value) {
    std::memcpy(bytes->data() + place, &value, sizeof value);
  };
  put(0, header);
  std::uint32_t place = 0;
  for (const auto& [key, entry] : sorted) {
    put(layout.values + place * sizeof place, place);
    put(layout.lows + place * sizeof(std::uint16_t), std::uint16_t(key & 0xffff));
    put(layout.entries + place * sizeof entry, entry);
    ++place;
  }
  for (std::size_t i = 0; i < buckets.size(); ++i) {
    put(layout.buckets + i * sizeof(lrn::IndexBucket), buckets[i]);
  }
  return lrn::Index::open(*bytes, bytes);
}

}  // namespace tandem::ladder
