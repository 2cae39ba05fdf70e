// How gateway groups stand, for operators.
#include "core/exchange/state.h"

namespace tandem::exchange {

GroupOnline Exchange::State::view(const directory::GatewayGroup& group) const {
  GroupOnline shown;
  shown.name = group.name;
  shown.calls = std::uint64_t(live.groups.read(group.id).calls);
  shown.capacity = std::uint64_t(group.capacity);
  const auto count_members = [&](const directory::Gateway& gateway) {
    for (const auto& membership : gateway.groups) shown.members += membership.group == group.id;
  };
  for (const auto& gateway : settings->directory->ingress_gateways()) count_members(gateway);
  for (const auto& gateway : settings->directory->egress_gateways()) count_members(gateway);
  const bool full = shown.capacity != 0 && shown.calls >= shown.capacity;
  shown.state = group.lock_type != directory::Lock::None ? "locked" : full ? "full" : "up";
  return shown;
}

}  // namespace tandem::exchange
