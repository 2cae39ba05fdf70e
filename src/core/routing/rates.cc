#include "core/routing/rates.h"

#include <algorithm>

namespace tandem::routing {

bool profit_reaches(const SecondRate& price, const SecondRate& cost, ProfitBase base,
                    int percent) {
  constexpr int kMost = 10'000;
  if (percent <= -kMost) return true;
  const __int128 sell = __int128{price.fee} * cost.period;  // of one common period
  const __int128 buy = __int128{cost.fee} * price.period;
  if (sell == 0) return (buy == 0 ? 0 : -kMost) >= percent;
  const __int128 by = base == ProfitBase::Price ? sell : buy;
  if (by == 0) return true;  // costs nothing: the highest there is
  return (sell - buy) * 100 >= by * percent;
}

void MoneyLimits::tighten(const directory::Device& device) {
  if (device.min_profit_enable) {
    profit_percent = std::max(profit_percent, device.min_profit_percent);
  }
  if (device.max_second_rate_enable) {
    const SecondRate cap{device.max_second_rate, 1};
    if (!highest_cost || cap < *highest_cost) highest_cost = cap;
  }
}

}  // namespace tandem::routing
