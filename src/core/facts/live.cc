#include "core/facts/live.h"

#include <algorithm>

#include "core/directory/directory.h"

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

std::int64_t History::period_of(UtcTime now, directory::HistoryReset reset) {
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

void History::count(UtcTime now, directory::HistoryReset reset) {
  const std::int64_t period = period_of(now, reset);
  if (period != period_) calls_ = 0;
  period_ = period;
  ++calls_;
}

namespace {

void count(Live& live, GatewayLive& gateway, int calls) {
  gateway.calls += calls;
  for (const std::int64_t group : gateway.groups) live.groups.at(group).calls += calls;
}

template <class Gateways>
void regroup_side(Live& live, GatewayTable& table, const Gateways& gateways) {
  table.for_each([](std::int64_t, GatewayLive& gateway) { gateway.groups.clear(); });
  for (const auto& gateway : gateways) {
    if (gateway.groups.empty()) continue;
    GatewayLive& its = table.at(gateway.id);
    for (const directory::GroupMembership& membership : gateway.groups) {
      its.groups.push_back(membership.group);
      live.groups.at(membership.group).calls += its.calls;
    }
  }
}

}  // namespace

void Live::count_ingress(std::int64_t gateway, int more) {
  count(*this, ingress.at(gateway), more);
}

void Live::count_egress(std::int64_t gateway, int more) {
  count(*this, egress.at(gateway), more);
}

void Live::count_account(std::int64_t account, int more) {
  if (account != 0) accounts[account].calls += more;
}

void Live::regroup(const directory::Directory& directory) {
  groups = {};
  regroup_side(*this, ingress, directory.ingress_gateways());
  regroup_side(*this, egress, directory.egress_gateways());
}

namespace {

template <class Entry>
bool covers(const TableById<Entry>& table, const TableById<Entry>& other) {
  bool same = true;
  table.for_each([&](std::int64_t id, const Entry& entry) {
    same = same && entry.calls == other.read(id).calls;
  });
  return same;
}

// Who has no calls may be missing.
bool covers(const std::map<std::int64_t, AccountLive>& table,
            const std::map<std::int64_t, AccountLive>& other) {
  return std::ranges::all_of(table, [&](const auto& each) {
    const auto found = other.find(each.first);
    return each.second.calls == (found == other.end() ? 0 : found->second.calls);
  });
}

template <class Entry>
bool same_calls(const TableById<Entry>& a, const TableById<Entry>& b) {
  return covers(a, b) && covers(b, a);
}

}  // namespace

bool Live::counts_like(const Live& other) const {
  return calls == other.calls && same_calls(ingress, other.ingress) &&
         same_calls(egress, other.egress) && same_calls(groups, other.groups) &&
         same_calls(registrations, other.registrations) && phones == other.phones &&
         covers(accounts, other.accounts) && covers(other.accounts, accounts) &&
         pools.counts_like(other.pools);
}

}  // namespace tandem::facts
