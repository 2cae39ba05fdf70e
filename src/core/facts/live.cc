#include "core/facts/live.h"

#include <algorithm>

namespace tandem::facts {

bool RateBucket::take(Instant now, std::int64_t rate, milliseconds unit) {
  if (rate <= 0) return true;
  const std::int64_t cost = unit.count();
  const std::int64_t full = rate * cost;
  if (level_ < 0) {
    level_ = full;
    filled_ = now;
  }
  const std::int64_t elapsed = std::min<std::int64_t>((now - filled_).count(), cost);
  level_ = std::min(full, level_ + elapsed * rate);
  filled_ = now;
  if (level_ < cost) return false;
  level_ -= cost;
  return true;
}

GatewayLive& GatewayTable::at(std::int64_t id) {
  const auto place = std::lower_bound(ids_.begin(), ids_.end(), id);
  const auto index = place - ids_.begin();
  if (place == ids_.end() || *place != id) {
    ids_.insert(place, id);
    entries_.insert(entries_.begin() + index, GatewayLive{});
  }
  return entries_[std::size_t(index)];
}

const GatewayLive& GatewayTable::read(std::int64_t id) const {
  static const GatewayLive kNone{};
  const auto place = std::lower_bound(ids_.begin(), ids_.end(), id);
  if (place == ids_.end() || *place != id) return kNone;
  return entries_[std::size_t(place - ids_.begin())];
}

}  // namespace tandem::facts
