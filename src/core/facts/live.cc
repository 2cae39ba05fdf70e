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

namespace {

std::int64_t period_of(UtcTime now, directory::HistoryReset reset) {
  switch (reset) {
    case directory::HistoryReset::Never:
      break;
    case directory::HistoryReset::Hourly:
      return std::chrono::floor<std::chrono::hours>(now).time_since_epoch().count();
    case directory::HistoryReset::Daily:
      return std::chrono::floor<std::chrono::days>(now).time_since_epoch().count();
  }
  return 0;
}

}  // namespace

void History::count(UtcTime now, directory::HistoryReset reset) {
  const std::int64_t period = period_of(now, reset);
  if (period != period_) calls_ = 0;
  period_ = period;
  ++calls_;
}

std::uint64_t History::read(UtcTime now, directory::HistoryReset reset) const {
  return period_of(now, reset) == period_ ? calls_ : 0;
}

}  // namespace tandem::facts
