#include "core/digest/lockouts.h"

#include <utility>

namespace tandem::digest {

const Lockouts::Entry* Lockouts::find(std::uint64_t key) const {
  if (sets_.empty()) return nullptr;
  for (const Entry& entry : sets_[key % kSets].entries) {
    if (entry.key == key) return &entry;
  }
  return nullptr;
}

milliseconds Lockouts::remaining(std::uint64_t key, Instant now) const {
  const Entry* entry = find(key);
  return entry != nullptr && now < entry->until ? entry->until - now : milliseconds(0);
}

// The entry of the key, or the one that is given up for it: of those not suspended the oldest.
Lockouts::Entry& Lockouts::place_for(std::uint64_t key, Instant now) {
  if (sets_.empty()) sets_.resize(kSets);
  Set& set = sets_[key % kSets];
  const auto worth = [now](const Entry& entry) {
    return std::pair(now < entry.until, entry.key == 0 ? Instant::min() : entry.first);
  };
  Entry* least = &set.entries.front();
  for (Entry& entry : set.entries) {
    if (entry.key == key) return entry;
    if (worth(entry) < worth(*least)) least = &entry;
  }
  *least = Entry{key, now, {}, 0};
  return *least;
}

bool Lockouts::failed(std::uint64_t key, Instant now, const Rules& rules) {
  if (rules.failures == 0) return false;
  Entry& entry = place_for(key, now);
  if (now - entry.first > rules.window || entry.failures == 0) {
    entry.first = now;
    entry.failures = 0;
  }
  if (++entry.failures < rules.failures) return false;
  entry.until = now + rules.suspension;
  entry.failures = 0;  // after the suspension the count begins anew
  return true;
}

void Lockouts::clear(std::uint64_t key) {
  if (sets_.empty()) return;
  for (Entry& entry : sets_[key % kSets].entries) {
    if (entry.key == key) entry = Entry{};
  }
}

}  // namespace tandem::digest
