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

std::string_view to_text(Refreshing how) {
  switch (how) {
    case Refreshing::ByEither:
      return "";
    case Refreshing::ByReInvite:
      return "re-INVITE";
    case Refreshing::ByUpdate:
      break;
  }
  return "UPDATE";
}

}  // namespace tandem::facts
