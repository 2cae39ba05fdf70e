// Rows about numbers that devices have: which are taken (call-handling.md 2.3), how they are
// rewritten (3). Only for the
// table of rows.
#pragma once

#include "core/directory/entity_shared_rows.h"

namespace tandem::directory {

template <auto kMember>
consteval FieldRow dial_plan(std::string_view name, std::string_view alias, std::string_view help) {
  return bound<kMember>({.name = name, .alias = alias, .help = help, .form = &kDialPlanForm});
}

inline constexpr FieldRow kPlanCallerOut = dial_plan<&IngressGateway::plan_caller_out>(
    "plan_caller_out", "rewriteRulesOutCaller",
    "Dial plan for the callers it sends, before rating and routing.");

template <class Source>
constexpr FieldRow kPlanCalleeOut = dial_plan<&Source::plan_callee_out>(
    "plan_callee_out", "rewriteRulesOutCallee",
    "Dial plan for the numbers it calls, before rating and routing.");

template <class Target>
constexpr FieldRow kPlanCallerIn = dial_plan<&Target::plan_caller_in>(
    "plan_caller_in", "rewriteRulesInCaller",
    "Dial plan for the caller as it is sent there; !reject leaves it out of the call.");

template <class Target>
constexpr FieldRow kPlanCalleeIn = dial_plan<&Target::plan_callee_in>(
    "plan_callee_in", "rewriteRulesInCallee",
    "Dial plan for the called number as it is sent there; !reject leaves it out of the call.");

inline constexpr FieldRow kPlanIdentity = dial_plan<&EgressGateway::plan_identity>(
    "plan_identity", "rewriteRulesPIdentity",
    "Dial plan for the number in P-Asserted-Identity and P-Preferred-Identity.");

inline constexpr EnumWord kRuleMode[] = {{"deny", 0}, {"allow", 1}};
inline constexpr std::size_t kMaxPairs = 1'024;
inline constexpr std::int64_t kAllLengths = 0xffffffff;

template <auto kMember>
consteval FieldRow length_mask(std::string_view name, std::string_view alias,
                               std::string_view help) {
  return bound<kMember>({.name = name, .alias = alias, .help = help, .max = kAllLengths});
}

template <auto kMember>
consteval FieldRow rule_mode(std::string_view name, std::string_view alias,
                             std::string_view help) {
  return bound<kMember>({.name = name, .alias = alias, .help = help, .words = kRuleMode});
}

template <auto kMember>
consteval FieldRow prefix_list(std::string_view name, std::string_view alias,
                               std::string_view help) {
  return bound<kMember>({.name = name,
                         .alias = alias,
                         .help = help,
                         .max_entries = kMaxPrefixes,
                         .form = &kPrefixForm});
}

inline constexpr FieldRow kCallerLengths = length_mask<&Gateway::caller_length_mask>(
    "caller_length_mask", "callerAllowLength",
    "Lengths that a caller may have: the sum of 2^length for each; 0 = any.");
inline constexpr FieldRow kCalleeLengths = length_mask<&Gateway::callee_length_mask>(
    "callee_length_mask", "calleeAllowLength",
    "Lengths that a called number may have, likewise; 0 = any.");
inline constexpr FieldRow kForwardPrefixesMode = rule_mode<&Gateway::forward_prefixes_mode>(
    "forward_prefixes_mode", "callinForwardPrefixesAllow", "What forward_prefixes says.");
inline constexpr FieldRow kForwardPrefixes = prefix_list<&Gateway::forward_prefixes>(
    "forward_prefixes", "callinForwardPrefixes",
    "Beginnings of the forwarding number that are allowed, or denied; empty = any.");
inline constexpr FieldRow kPairsMode = rule_mode<&Gateway::pairs_mode>(
    "pairs_mode", "denyCallerCalleeAllow", "What pairs says.");
inline constexpr FieldRow kPairs = bound<&Gateway::pairs>(
    {.name = "pairs",
     .alias = "denyCallerCallee",
     .help = "Who may call whom, or may not: beginnings of caller and called number; empty = any.",
     .max_entries = kMaxPairs,
     .form = &kNumberPairForm});
inline constexpr FieldRow kProportionalPrefixes = bound<&IngressGateway::proportional_prefixes>(
    {.name = "proportional_prefixes",
     .alias = "proportionCalleePrefixs",
     .help = "Prefixes put in front of the called number by share, after its dial plan; shares are "
             "exact over a full cycle.",
     .max_entries = kMaxNames,
     .form = &kProportionForm});

// The names of VOS3000 differ by the direction.
constexpr FieldRow called(FieldRow row, std::string_view alias) {
  row.alias = alias;
  return row;
}
inline constexpr FieldRow kCallerPrefixesMode = rule_mode<&Gateway::caller_prefixes_mode>(
    "caller_prefixes_mode", "", "What caller_prefixes says.");
inline constexpr FieldRow kCallerPrefixes = prefix_list<&Gateway::caller_prefixes>(
    "caller_prefixes", "",
    "Beginnings of the caller that are allowed, or denied; empty = any.");
inline constexpr FieldRow kCalleePrefixesMode = rule_mode<&Gateway::callee_prefixes_mode>(
    "callee_prefixes_mode", "", "What callee_prefixes says.");
inline constexpr FieldRow kCalleePrefixes = prefix_list<&Gateway::callee_prefixes>(
    "callee_prefixes", "",
    "Beginnings of the called number that are allowed, or denied; empty = any.");

}  // namespace tandem::directory
