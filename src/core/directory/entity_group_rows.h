// Rows about gateway groups: those of their own, membership, and which gateways a caller may use
// (entities.md 1 and 3). Only for the table of rows.
#pragma once

#include "core/directory/entity_gateway_rows.h"
#include "core/directory/entity_tag_rows.h"

namespace tandem::directory {

inline constexpr std::size_t kMaxMemberships = 16;       // of one gateway: each costs a look per call
inline constexpr std::size_t kMaxAccess = 1'024;         // groups or gateways a caller may name

inline constexpr FieldRow kMemberships = bound<&Gateway::groups>(
    {.name = "groups",
     .alias = "gatewayGroups",
     .help = "Gateway groups it is in; all of them apply. group:lines leaves that many of the "
             "group's lines to its other members.",
     .max_entries = kMaxMemberships,
     .form = &kMembershipForm,
     .refers_to = "gateway_groups"});

inline constexpr FieldRow kEgressGroupsMode = rule_mode<&Device::egress_groups_mode>(
    "egress_groups_mode", "routingGatewayGroupsAllow", "What egress_groups says.");
inline constexpr FieldRow kEgressGroups = bound<&Device::egress_groups>(
    {.name = "egress_groups",
     .alias = "routingGatewayGroups",
     .help = "Groups whose egress gateways its calls may go to, or may not; empty = any.",
     .max_entries = kMaxAccess,
     .refers_to = "gateway_groups"});
inline constexpr FieldRow kEgressGatewaysMode = rule_mode<&Device::egress_gateways_mode>(
    "egress_gateways_mode", "", "What egress_gateways says.");
inline constexpr FieldRow kEgressGateways = bound<&Device::egress_gateways>(
    {.name = "egress_gateways",
     .help = "Egress gateways its calls may go to, or may not; empty = any.",
     .max_entries = kMaxAccess,
     .refers_to = "egress_gateways"});

inline constexpr FieldRow kGatewayGroupFields[] = {
    bound<&GatewayGroup::name>({.name = "name",
                                .help = "Key; gateways and callers name the group by it.",
                                .form = &kPlainNameForm,
                                .required = true,
                                .unique = true}),
    bound<&GatewayGroup::lock_type>(
        {.name = "lock_type",
         .alias = "lockType",
         .help = "all: its members are locked.",
         .words = kGatewayLock}),
    bound<&GatewayGroup::capacity>(
        {.name = "capacity",
         .help = "Concurrent calls of all members together, those from ingress gateways and those "
                 "to egress gateways; 0 = no limit.",
         .unit = "calls",
         .max = kNoLimit}),
    kTagsRequired<GatewayGroup>,
    kTagsAny<GatewayGroup>,
    kTagsExcluded<GatewayGroup>,
    kExternalId,
    kMemo,
};

}  // namespace tandem::directory
