#include "core/directory/prefix_index.h"

#include <algorithm>

#include "base/assert.h"
#include "core/number/prefix_table.h"

namespace tandem::directory {
namespace {

// Of changed gateways: what a change may cost, and how much of the base may be dead.
constexpr std::size_t kMaxNewer = 262'144;
constexpr std::size_t kFewPrefixes = 65'536;  // a new base of so many costs nobody anything

}  // namespace

struct PrefixIndex::Table {
  struct Slot {
    std::int64_t gateway;
    TextList prefixes;
  };

  explicit Table(std::span<const EgressGateway> gateways) {
    for (const EgressGateway& each : gateways) slots.push_back({each.id, each.prefixes});
    make();
  }
  explicit Table(std::vector<Slot> of) : slots(std::move(of)) { make(); }

  void make() {
    number::PrefixTable::Maker maker;
    for (std::uint32_t slot = 0; slot < slots.size(); ++slot)
      for (const std::string_view prefix : slots[slot].prefixes) {
        const bool added = maker.add(prefix, slot);
        TANDEM_ASSERT(added, "prefixes are validated before they are compiled");
      }
    prefixes = std::move(maker).make();
  }

  // The slot of the gateway, if its list has not changed; else slots.size().
  std::size_t find(const EgressGateway& gateway) const {
    const auto at = std::ranges::lower_bound(slots, gateway.id, {}, &Slot::gateway);
    const bool same = at != slots.end() && at->gateway == gateway.id &&
                      (at->prefixes.shares_with(gateway.prefixes) ||
                       (at->prefixes.size() <= 16 && at->prefixes == gateway.prefixes));
    return same ? static_cast<std::size_t>(at - slots.begin()) : slots.size();
  }

  std::vector<Slot> slots;  // by id of the gateway
  number::PrefixTable prefixes;
};

PrefixIndex::Base PrefixIndex::make_base(std::span<const EgressGateway> gateways) {
  return std::make_shared<const Table>(gateways);
}

PrefixIndex::PrefixIndex(std::span<const EgressGateway> gateways, Base base) {
  base_.table = base != nullptr ? std::move(base) : make_base(gateways);
  const auto place_all = [&](std::vector<Table::Slot>& changed, std::vector<std::uint32_t>& where) {
    const Table& table = *base_.table;
    base_.positions.assign(table.slots.size(), kGone);
    for (std::uint32_t position = 0; position < gateways.size(); ++position) {
      const std::size_t slot = table.find(gateways[position]);
      if (slot != table.slots.size()) {
        base_.positions[slot] = position;
      } else {
        changed.push_back({gateways[position].id, gateways[position].prefixes});
        where.push_back(position);
      }
    }
  };
  std::vector<Table::Slot> changed;
  place_all(changed, newer_.positions);
  std::size_t newer = 0;
  std::size_t total = 0;
  for (const Table::Slot& each : changed) newer += each.prefixes.size();
  for (const EgressGateway& each : gateways) total += each.prefixes.size();
  const std::size_t dead = base_.table->prefixes.entries() + newer - std::min(
      base_.table->prefixes.entries() + newer, total);
  worn_ = newer > kMaxNewer || dead > kMaxNewer;
  if (changed.empty() && !worn_) return;
  // Little altogether: everything in one table.
  if (total <= kFewPrefixes) {
    base_.table = make_base(gateways);
    changed.clear();
    newer_.positions.clear();
    place_all(changed, newer_.positions);
    worn_ = false;
    return;
  }
  newer_.table = std::make_shared<const Table>(std::move(changed));
}

// Appends those that are still there and were not taken at a longer prefix, ascending.
void PrefixIndex::take(const Layer& layer, std::span<const std::uint32_t> slots,
                       PrefixMatches& matches, Seen& seen) const {
  const std::size_t before = matches.gateways_.size();
  matches.gateways_.resize(before + slots.size());
  std::uint32_t* to = matches.gateways_.data() + before;
  for (const std::uint32_t slot : slots) {
    const std::uint32_t position = layer.positions[slot];
    if (position == kGone) continue;
    std::uint64_t& word = seen[position / 64 % seen.size()];
    const std::uint64_t bit = std::uint64_t{1} << position % 64;
    // Of more than 1024 gateways two may have the same bit: then the list says.
    if ((word & bit) != 0 && std::find(matches.gateways_.data(), to, position) != to) continue;
    word |= bit;
    *to++ = position;
  }
  matches.gateways_.resize(static_cast<std::size_t>(to - matches.gateways_.data()));
}

void PrefixIndex::find(std::string_view number, PrefixMatches& matches) const {
  if (base_.table == nullptr) return;
  number::PrefixTable::Matches old;
  number::PrefixTable::Matches young;
  base_.table->prefixes.find(number, old);
  if (newer_.table != nullptr) newer_.table->prefixes.find(number, young);
  std::size_t most = 0;
  for (std::size_t i = 0; i < old.size(); ++i) most += old[i].values.size();
  for (std::size_t i = 0; i < young.size(); ++i) most += young[i].values.size();
  matches.gateways_.reserve(most);
  matches.ends_.reserve(old.size() + young.size());
  Seen seen{};
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < old.size() || j < young.size()) {
    const int base_length = i < old.size() ? old[i].length : -1;
    const int newer_length = j < young.size() ? young[j].length : -1;
    const int length = std::max(base_length, newer_length);
    const std::size_t before = matches.gateways_.size();
    if (base_length == length) take(base_, old[i++].values, matches, seen);
    const std::size_t middle = matches.gateways_.size();
    if (newer_length == length) take(newer_, young[j++].values, matches, seen);
    const std::size_t after = matches.gateways_.size();
    if (after == before) continue;
    if (middle != before && middle != after) {
      std::sort(matches.gateways_.begin() + static_cast<std::ptrdiff_t>(before),
                matches.gateways_.end());
    }
    matches.ends_.push_back({static_cast<std::uint16_t>(length), after});
  }
}

}  // namespace tandem::directory
