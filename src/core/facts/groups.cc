#include "core/facts/groups.h"

#include <algorithm>

namespace tandem::facts {

using directory::GatewayGroup;
using directory::GroupMembership;

bool in_locked_group(const directory::Gateway& gateway, const directory::Directory& directory) {
  return std::ranges::any_of(gateway.groups, [&](const GroupMembership& membership) {
    const GatewayGroup* group = directory.gateway_group(membership.group);
    return group != nullptr && group->lock_type == directory::Lock::All;
  });
}

bool in_full_group(const directory::Gateway& gateway, const directory::Directory& directory,
                   const Live& live) {
  return std::ranges::any_of(gateway.groups, [&](const GroupMembership& membership) {
    const GatewayGroup* group = directory.gateway_group(membership.group);
    if (group == nullptr || group->capacity == 0) return false;
    const std::int64_t free = group->capacity - live.groups.read(membership.group).calls;
    return free <= membership.reserve_lines;
  });
}

}  // namespace tandem::facts
