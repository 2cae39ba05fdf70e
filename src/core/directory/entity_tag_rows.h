// Rows about routing tags: of the rules that set them, and of gateways and groups that ask for them.
// Only for the table of rows.
#pragma once

#include "base/limits.h"
#include "core/directory/entity_list_rows.h"

namespace tandem::directory {

inline constexpr EnumWord kOnMatch[] = {{"continue", 0}, {"stop", 1}};
inline constexpr std::size_t kMaxTagPrefixes = 4'096;  // of one rule; areas hold more
inline constexpr std::size_t kMaxTagNames = 1'024;     // gateways, groups, ... of one rule

template <auto kMember>
consteval FieldRow tags(std::string_view name, std::string_view help) {
  return bound<kMember>(
      {.name = name, .help = help, .max_entries = kMaxRoutingTags, .form = &kTagForm});
}

// Of a gateway, or of a group: for its members.
template <class Who>
constexpr FieldRow kTagsRequired = tags<&Who::tags_required>(
    "tags_required", "Routing tags a call must have, all of them, to be sent there.");
template <class Who>
constexpr FieldRow kTagsAny = tags<&Who::tags_any>(
    "tags_any", "Routing tags of which a call must have one to be sent there; empty = none is asked.");
template <class Who>
constexpr FieldRow kTagsExcluded = tags<&Who::tags_excluded>(
    "tags_excluded", "Routing tags that a call to be sent there must not have.");

template <auto kMember>
consteval FieldRow tag_prefixes(std::string_view name, std::string_view help) {
  return bound<kMember>({.name = name,
                         .help = help,
                         .max_entries = kMaxTagPrefixes,
                         .form = &kPrefixForm});
}

template <auto kMember>
consteval FieldRow tag_names(std::string_view name, std::string_view refers_to,
                             std::string_view help) {
  return bound<kMember>(
      {.name = name, .help = help, .max_entries = kMaxTagNames, .refers_to = refers_to});
}

inline constexpr FieldRow kTagRuleFields[] = {
    kName,
    bound<&RoutingTagRule::priority>({.name = "priority",
                                      .help = "Rules are asked from the smallest number to the "
                                              "largest, those with the same by id.",
                                      .max = kNoLimit}),
    tag_prefixes<&RoutingTagRule::caller_prefixes>(
        "caller_prefixes", "Beginnings the caller must have one of; empty = any caller."),
    tag_prefixes<&RoutingTagRule::callee_prefixes>(
        "callee_prefixes", "Beginnings the called number must have one of; empty = any number."),
    tag_names<&RoutingTagRule::caller_areas>(
        "caller_areas", "areas", "Areas the caller must be in one of; empty = wherever it is."),
    tag_names<&RoutingTagRule::callee_areas>(
        "callee_areas", "areas",
        "Areas the called number must be in one of; empty = wherever it is."),
    tag_names<&RoutingTagRule::ingress_gateways>(
        "ingress_gateways", "ingress_gateways",
        "Gateways the call must come from; empty = from anywhere, also from phones."),
    tag_names<&RoutingTagRule::ingress_groups>(
        "ingress_groups", "gateway_groups",
        "Groups, of one of which the gateway that calls must be a member; empty = any."),
    tag_names<&RoutingTagRule::accounts>(
        "accounts", "accounts", "Accounts that pay the call; empty = any, also none."),
    tags<&RoutingTagRule::tags>("tags", "What a call that fits gets."),
    bound<&RoutingTagRule::on_match>(
        {.name = "on_match",
         .help = "stop: after a call that fits no further rule is asked.",
         .words = kOnMatch}),
    kExternalId,
    kMemo,
};

}  // namespace tandem::directory
