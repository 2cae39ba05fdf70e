// Rows about numbers that devices have: how they are rewritten (call-handling.md 3). Only for the
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

}  // namespace tandem::directory
