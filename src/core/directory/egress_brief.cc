#include "core/directory/egress_brief.h"

#include <algorithm>

#include "core/directory/directory.h"

namespace tandem::directory {
namespace {

bool is_locked(const EgressGateway& gateway, const Directory& directory) {
  return gateway.lock_type == Lock::All ||
         std::ranges::any_of(gateway.groups, [&](const GroupMembership& membership) {
           const GatewayGroup* group = directory.gateway_group(membership.group);
           return group != nullptr && group->lock_type == Lock::All;
         });
}

bool asks_for_tags(const EgressGateway& gateway, const Directory& directory) {
  return !gateway.tag_wishes.none() ||
         std::ranges::any_of(gateway.groups, [&](const GroupMembership& membership) {
           const GatewayGroup* group = directory.gateway_group(membership.group);
           return group != nullptr && !group->tag_wishes.none();
         });
}

bool has_lists(const EgressGateway& gateway) {
  return !gateway.caller_groups.empty() || !gateway.callee_groups.empty() ||
         gateway.caller_list_policy != ListPolicy::None ||
         gateway.callee_list_policy != ListPolicy::None;
}

bool has_money(const EgressGateway& gateway) {
  return gateway.fee_rate_restrict || gateway.max_second_rate_enable || gateway.min_profit_enable;
}

}  // namespace

EgressBrief EgressBrief::of(const EgressGateway& gateway, const Directory& directory) {
  EgressBrief brief;
  brief.id = gateway.id;
  brief.priority = gateway.priority;
  brief.capacity = gateway.capacity;
  brief.protect = gateway.protect;
  const bool locked = is_locked(gateway, directory);
  brief.ends_search = !locked && gateway.prefix_style == PrefixStyle::Terminate;
  const auto add = [&](bool has, Concern concern) {
    if (has) brief.concerns |= concern;
  };
  add(locked, kConcernLock);
  add(gateway.calendar != 0 || !gateway.period_rules.empty(), kConcernCalendar);
  add(gateway.compiled != nullptr, kConcernPrefixes);
  add(has_lists(gateway), kConcernLists);
  add(gateway.caller_length_mask != 0 || gateway.callee_length_mask != 0, kConcernLengths);
  add(gateway.caller_class_check || gateway.callee_class_check || !gateway.mobile_areas.empty(),
      kConcernClasses);
  add(!gateway.pairs.empty(), kConcernPairs);
  add(gateway.register_type != EgressRegister::Static, kConcernRegistration);
  add(gateway.capacity != 0, kConcernCapacity);
  add(!gateway.groups.empty(), kConcernGroups);
  add(!gateway.period_capacity.empty() || !gateway.period_priority.empty(), kConcernPeriods);
  add(has_money(gateway), kConcernMoney);
  add(asks_for_tags(gateway, directory), kConcernTags);
  return brief;
}

}  // namespace tandem::directory
