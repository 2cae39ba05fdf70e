#include "core/facts/destinations.h"

#include <algorithm>

namespace tandem::facts {
namespace {

constexpr std::string_view kSymbols = " 0123456789#*+";  // by their four bits
constexpr unsigned kBits = 4;

Destination pack(std::string_view text) {
  Destination packed = 0;
  for (const char c : text) {
    const std::size_t symbol = kSymbols.find(c, 1);
    if (symbol == std::string_view::npos) return 0;
    packed = packed << kBits | symbol;
  }
  return packed;
}

}  // namespace

Destination destination_of(std::string_view number, const directory::Parameters& parameters) {
  if (parameters.gateway_quality_prefix_min_calls == 0) return 0;
  std::size_t longest = 0;
  for (const std::string& prefix : parameters.gateway_quality_prefixes)
    if (prefix.size() > longest && number.starts_with(prefix)) longest = prefix.size();
  if (longest == 0) longest = std::size_t(parameters.gateway_quality_prefix_length);
  return pack(number.substr(0, std::min(longest, kMaxDestinationLength)));
}

std::string to_text(Destination destination) {
  std::string text;
  for (unsigned shift = kMaxDestinationLength * kBits; shift > 0;) {
    shift -= kBits;
    const auto symbol = std::size_t(destination >> shift & 0xf);
    if (symbol != 0 && symbol < kSymbols.size()) text += kSymbols[symbol];
  }
  return text;
}

std::size_t DestinationQuality::room(const QualityTerms& terms) {
  return std::clamp<std::size_t>(kMaxDestinationSegments / std::size_t(terms.segments), 1,
                                 kMaxDestinationQualities);
}

const Quality* DestinationQuality::find(std::int64_t gateway, Destination destination) const {
  const auto found = by_key_.find(Key{gateway, destination});
  return found == by_key_.end() ? nullptr : &slots_[found->second].entry.quality;
}

DestinationQuality::Entry* DestinationQuality::entry(std::int64_t gateway,
                                                     Destination destination) {
  const auto found = by_key_.find(Key{gateway, destination});
  return found == by_key_.end() ? nullptr : &slots_[found->second].entry;
}

Quality& DestinationQuality::at(UtcTime now, const QualityTerms& terms, std::int64_t gateway,
                                Destination destination) {
  changed.push_back({gateway, destination});
  const auto found = by_key_.find(Key{gateway, destination});
  std::uint32_t slot = kNone;
  if (found != by_key_.end()) {
    slot = found->second;
    take_out(slot);
    put_in_front(slot);
  } else {
    make_room(now, terms);
    slot = add({++last_number_, gateway, destination, now, {}});
  }
  Entry& entry = slots_[slot].entry;
  entry.counted = now;
  return entry.quality;
}

bool DestinationQuality::adopt(UtcTime now, const QualityTerms& terms, Entry entry) {
  last_number_ = std::max(last_number_, entry.number);
  const milliseconds window(terms.segment * terms.segments);
  const bool known = by_key_.contains(Key{entry.gateway, entry.destination});
  if (known || by_key_.size() >= room(terms) || now - entry.counted >= window) return false;
  add(std::move(entry));
  return true;
}

void DestinationQuality::clear() {
  while (oldest_ != kNone) let_go(oldest_);
}

void DestinationQuality::make_room(UtcTime now, const QualityTerms& terms) {
  const milliseconds window(terms.segment * terms.segments);
  while (oldest_ != kNone &&
         (by_key_.size() >= room(terms) || now - slots_[oldest_].entry.counted >= window)) {
    let_go(oldest_);
  }
}

std::uint32_t DestinationQuality::add(Entry entry) {
  std::uint32_t slot = std::uint32_t(slots_.size());
  if (free_.empty()) {
    slots_.emplace_back();
  } else {
    slot = free_.back();
    free_.pop_back();
  }
  by_key_[Key{entry.gateway, entry.destination}] = slot;
  slots_[slot].entry = std::move(entry);
  put_in_front(slot);
  return slot;
}

void DestinationQuality::put_in_front(std::uint32_t slot) {
  slots_[slot].older = newest_;
  slots_[slot].newer = kNone;
  (newest_ == kNone ? oldest_ : slots_[newest_].newer) = slot;
  newest_ = slot;
}

void DestinationQuality::take_out(std::uint32_t slot) {
  const Slot& out = slots_[slot];
  (out.older == kNone ? oldest_ : slots_[out.older].newer) = out.newer;
  (out.newer == kNone ? newest_ : slots_[out.newer].older) = out.older;
}

void DestinationQuality::let_go(std::uint32_t slot) {
  Entry& entry = slots_[slot].entry;
  gone.push_back(entry.number);
  by_key_.erase(Key{entry.gateway, entry.destination});
  take_out(slot);
  entry = {};
  free_.push_back(slot);
}

void DestinationQuality::rebuild(std::vector<Entry> entries) {
  by_key_.clear();
  slots_.clear();
  free_.clear();
  newest_ = oldest_ = kNone;
  for (Entry& entry : entries) add(std::move(entry));
}

}  // namespace tandem::facts
