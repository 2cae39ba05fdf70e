#include "core/directory/routing_tags.h"

#include <algorithm>
#include <bit>
#include <tuple>

#include "base/assert.h"

namespace tandem::directory {
namespace {

template <class Rules>
void mark_rule(Rules& rules, std::size_t place) {
  rules[place / 64] |= std::uint64_t{1} << place % 64;
}

template <class Rules>
void keep_those_in(Rules& rules, const Rules& others) {
  for (std::size_t i = 0; i < rules.size(); ++i) rules[i] &= others[i];
}

// Without those that begin like another: what they match, the shorter one does.
std::vector<std::string_view> shortest(const TextList& prefixes) {
  std::vector<std::string_view> sorted(prefixes.begin(), prefixes.end());
  std::ranges::sort(sorted);
  std::vector<std::string_view> kept;
  for (const std::string_view prefix : sorted)
    if (kept.empty() || !prefix.starts_with(kept.back())) kept.push_back(prefix);
  return kept;
}

number::PrefixTrie trie_of(const std::vector<number::PrefixEntry>& entries) {
  auto trie = number::PrefixTrie::build(entries);
  TANDEM_ASSERT(trie.ok(), "prefixes are validated before they are compiled");
  return *std::move(trie);
}

}  // namespace

RoutingTags::RoutingTags(Directory::Source& source) {
  number_words(source);
  const auto wish = [&](auto& who) {
    who.tag_wishes = {set_of(who.tags_required), set_of(who.tags_any), set_of(who.tags_excluded)};
  };
  for (EgressGateway& gateway : source.egress_gateways) wish(gateway);
  for (GatewayGroup& group : source.gateway_groups) wish(group);
  for (const RoutingTagRule& rule : source.routing_tag_rules)
    rules_.push_back({&rule, set_of(rule.tags)});
  TANDEM_ASSERT(rules_.size() <= kMaxTagRules, "the number of rules is validated before");
  std::ranges::sort(rules_, {}, [](const TagHit& hit) {
    return std::tuple(hit.rule->priority, hit.rule->id);
  });
  index_rules(source);
}

void RoutingTags::number_words(const Directory::Source& source) {
  const auto take = [&](const std::vector<std::string>& words) {
    words_.insert(words_.end(), words.begin(), words.end());
  };
  const auto take_wishes = [&](const auto& who) {
    take(who.tags_required);
    take(who.tags_any);
    take(who.tags_excluded);
  };
  for (const RoutingTagRule& rule : source.routing_tag_rules) take(rule.tags);
  for (const EgressGateway& gateway : source.egress_gateways) take_wishes(gateway);
  for (const GatewayGroup& group : source.gateway_groups) take_wishes(group);
  std::ranges::sort(words_);
  words_.erase(std::unique(words_.begin(), words_.end()), words_.end());
  TANDEM_ASSERT(words_.size() <= kMaxRoutingTags, "the number of tags is validated before");
}

TagSet RoutingTags::set_of(const std::vector<std::string>& words) const {
  TagSet set = 0;
  for (const std::string& word : words)
    set |= TagSet{1} << (std::ranges::lower_bound(words_, word) - words_.begin());
  return set;
}

void RoutingTags::index_rules(const Directory::Source& source) {
  std::vector<number::PrefixEntry> callers, callees;
  for (std::uint32_t place = 0; place < rules_.size(); ++place) {
    const RoutingTagRule& rule = *rules_[place].rule;
    mark_rule(all_, place);
    const auto by_prefix = [&](const TextList& wanted, Prefixes& index,
                               std::vector<number::PrefixEntry>& entries) {
      if (wanted.empty()) return mark_rule(index.indifferent, place);
      for (const std::string_view prefix : shortest(wanted)) entries.push_back({prefix, place});
    };
    by_prefix(rule.caller_prefixes, caller_prefixes_, callers);
    by_prefix(rule.callee_prefixes, callee_prefixes_, callees);
    const auto by_id = [&](const std::vector<std::int64_t>& wanted, Ids& index) {
      if (wanted.empty()) return mark_rule(index.indifferent, place);
      for (const std::int64_t id : wanted) index.rules.emplace_back(id, place);
    };
    by_id(rule.caller_areas, caller_areas_);
    by_id(rule.callee_areas, callee_areas_);
    by_id(rule.ingress_gateways, gateways_);
    by_id(rule.ingress_groups, groups_);
    by_id(rule.accounts, accounts_);
  }
  caller_prefixes_.asked = !callers.empty();
  callee_prefixes_.asked = !callees.empty();
  caller_prefixes_.trie = trie_of(callers);
  callee_prefixes_.trie = trie_of(callees);
  for (Ids* each : {&caller_areas_, &callee_areas_, &gateways_, &groups_, &accounts_})
    std::ranges::sort(each->rules);
  if (!caller_areas_.asked() && !callee_areas_.asked()) return;
  for (const Area& area : source.areas) areas_.emplace_back(area.code, area.id);
  std::ranges::sort(areas_);
}

RoutingTags::Rules RoutingTags::Prefixes::find(std::string_view number) const {
  Rules found = indifferent;
  const auto matches = trie.find(number);
  for (std::size_t i = 0; i < matches.size(); ++i)
    for (const std::uint32_t place : matches[i].values) mark_rule(found, place);
  return found;
}

void RoutingTags::Ids::mark(std::int64_t id, Rules& found) const {
  auto each = std::ranges::lower_bound(rules, std::pair(id, std::uint32_t(0)));
  for (; each != rules.end() && each->first == id; ++each) mark_rule(found, each->second);
}

RoutingTags::Rules RoutingTags::Ids::find(std::int64_t id) const {
  Rules found = indifferent;
  if (id != 0) mark(id, found);
  return found;
}

// 0 = nobody knows it.
std::int64_t RoutingTags::area_of(const Directory& directory, std::string_view number) const {
  const std::string_view code = directory.whereabouts(number).area_code;
  const auto found = std::ranges::lower_bound(areas_, code, {}, [](const auto& area) {
    return area.first;
  });
  return found != areas_.end() && found->first == code ? found->second : 0;
}

RoutingTags::Rules RoutingTags::rules_for(const Directory& directory,
                                          const TaggedCall& call) const {
  Rules rules = all_;
  if (caller_prefixes_.asked) keep_those_in(rules, caller_prefixes_.find(call.caller));
  if (callee_prefixes_.asked) keep_those_in(rules, callee_prefixes_.find(call.callee));
  if (caller_areas_.asked())
    keep_those_in(rules, caller_areas_.find(area_of(directory, call.caller)));
  if (callee_areas_.asked())
    keep_those_in(rules, callee_areas_.find(area_of(directory, call.callee)));
  if (gateways_.asked()) keep_those_in(rules, gateways_.find(call.ingress));
  if (accounts_.asked()) keep_those_in(rules, accounts_.find(call.account));
  if (groups_.asked()) {
    Rules found = groups_.indifferent;
    if (const IngressGateway* gateway = directory.ingress_gateway(call.ingress))
      for (const GroupMembership& membership : gateway->groups) groups_.mark(membership.group, found);
    keep_those_in(rules, found);
  }
  return rules;
}

TagSet RoutingTags::set_by_rules() const {
  TagSet tags = 0;
  for (const TagHit& rule : rules_) tags |= rule.set;
  return tags;
}

TagSet RoutingTags::of(const Directory& directory, const TaggedCall& call,
                       std::vector<TagHit>* hits) const {
  if (rules_.empty()) return 0;
  TagSet tags = 0;
  const Rules fitting = rules_for(directory, call);
  for (std::size_t word = 0; word < kWords; ++word)
    for (std::uint64_t left = fitting[word]; left != 0; left &= left - 1) {
      const TagHit& hit = rules_[word * 64 + std::size_t(std::countr_zero(left))];
      tags |= hit.set;
      if (hits != nullptr) hits->push_back(hit);
      if (hit.rule->on_match == OnMatch::Stop) return tags;
    }
  return tags;
}

std::string RoutingTags::words(TagSet tags) const {
  std::string text;
  for (std::size_t i = 0; i < words_.size(); ++i)
    if ((tags >> i & 1) != 0) text += (text.empty() ? "" : ", ") + words_[i];
  return text;
}

}  // namespace tandem::directory
