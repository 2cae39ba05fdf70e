// How number pools stand, for operators: groups that gateways take callers or forwarding numbers from.
#include <algorithm>

#include "base/limits.h"
#include "core/exchange/state.h"

namespace tandem::exchange {
namespace {

using directory::EgressGateway;

// Calls of one number that some gateway allows at most; 0 = no limit.
std::int64_t lines_of(const EgressGateway& gateway) {
  return gateway.caller_pool_multiplex ? gateway.caller_pool_lines : 1;
}

bool is_fuller(const PooledNumber& a, const PooledNumber& b) {
  return a.calls != b.calls ? a.calls > b.calls : a.number < b.number;
}

}  // namespace

void Exchange::State::on(const ListPools& list) {
  const directory::Directory& directory = *settings->directory;
  std::map<std::int64_t, PoolOnline> pools;  // by the id of the group
  const auto used_by = [&](std::int64_t id, const std::string& name, std::string_view as) {
    const auto* group = directory.number_group(id);
    if (group == nullptr || (!list.name.empty() && list.name != group->name)) return;
    pools[id].used_by.push_back(name + " (" + std::string(as) + ')');
  };
  for (const EgressGateway& gateway : directory.egress_gateways()) {
    if (gateway.caller_pool_enable) {
      const std::int64_t lines = lines_of(gateway);
      used_by(gateway.caller_pool_group, gateway.name,
              lines == 0   ? "callers"
              : lines == 1 ? "callers, 1 call each"
                           : "callers, " + std::to_string(lines) + " calls each");
    }
    if (gateway.forward_pool_enable)
      used_by(gateway.forward_pool_group, gateway.name, "forwarding numbers");
  }
  for (const auto& gateway : directory.ingress_gateways())
    if (gateway.forward_pool_enable)
      used_by(gateway.forward_pool_group, gateway.name, "forwarding numbers");
  PoolList found;
  for (auto& [id, pool] : pools) {
    const directory::NumberGroup& group = *directory.number_group(id);
    pool.name = group.name;
    pool.numbers = group.broken() ? 0 : group.held->pool_size();
    pool.exhausted = live.pools.exhausted(id);
    if (const auto* busy = live.pools.busy(id)) {
      pool.busy = busy->size();
      for (const auto& [number, lines] : *busy) {
        pool.calls += std::uint64_t(lines);
        if (!list.name.empty()) pool.in_use.push_back({number, std::uint64_t(lines)});
      }
    }
    std::ranges::sort(pool.in_use, is_fuller);
    if (pool.in_use.size() > kMaxShownNumbers) pool.in_use.resize(kMaxShownNumbers);
    found.pools.push_back(std::move(pool));
  }
  add_reply(actions->replies, list.request, std::move(found));
}

}  // namespace tandem::exchange
