// Routing tags said a second time: rule by rule, word by word. Only for tests.
#pragma once

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "core/facts/call_facts.h"
#include "core/routing/plain_numbers.h"

namespace tandem::routing::plain {

using Tags = std::set<std::string>;

inline bool rule_fits(const Source& source, const directory::RoutingTagRule& rule,
                      const facts::CallFacts& call) {
  const auto one_begins = [](const TextList& prefixes, const std::string& number) {
    bool found = prefixes.empty();
    for (const std::string_view prefix : prefixes) found = found || number.starts_with(prefix);
    return found;
  };
  const auto holds = [](const std::vector<std::int64_t>& ids, std::int64_t id) {
    return ids.empty() || (id != 0 && std::ranges::count(ids, id) != 0);
  };
  const auto area_of = [&](const std::string& number) -> std::int64_t {
    const std::string code = place_of(source, number).area;
    for (const directory::Area& area : source.areas)
      if (area.code == code) return area.id;
    return 0;
  };
  const auto* gateway = by_id(source.ingress_gateways, call.ingress);
  bool in_group = rule.ingress_groups.empty();
  if (gateway != nullptr)
    for (const directory::GroupMembership& its : gateway->groups)
      in_group = in_group || std::ranges::count(rule.ingress_groups, its.group) != 0;
  return one_begins(rule.caller_prefixes, call.caller.routed) &&
         one_begins(rule.callee_prefixes, call.callee.routed) &&
         holds(rule.caller_areas, area_of(call.caller.routed)) &&
         holds(rule.callee_areas, area_of(call.callee.routed)) &&
         holds(rule.ingress_gateways, call.ingress) && in_group &&
         holds(rule.accounts, call.account);
}

// What the rules set, by priority and then in the order they were made.
inline Tags tags_of(const Source& source, const facts::CallFacts& call) {
  std::vector<const directory::RoutingTagRule*> rules;
  for (const auto& rule : source.routing_tag_rules) rules.push_back(&rule);
  std::ranges::sort(rules, {}, [](const auto* rule) { return std::pair(rule->priority, rule->id); });
  Tags tags;
  for (const auto* rule : rules) {
    if (!rule_fits(source, *rule, call)) continue;
    tags.insert(rule->tags.begin(), rule->tags.end());
    if (rule->on_match == directory::OnMatch::Stop) break;
  }
  return tags;
}

// Of a gateway or a group.
template <class Wishing>
bool fits(const Wishing& wishing, const Tags& tags) {
  const auto has = [&](const std::string& word) { return tags.contains(word); };
  return std::ranges::all_of(wishing.tags_required, has) &&
         (wishing.tags_any.empty() || std::ranges::any_of(wishing.tags_any, has)) &&
         std::ranges::none_of(wishing.tags_excluded, has);
}

}  // namespace tandem::routing::plain
