#include "core/number/dial_plan.h"

#include "core/screening/screens.h"

namespace tandem::screening {
namespace {

using cause::EndReason;
using number::DialPlan;

struct Place {
  const DialPlan& plan;
  std::string_view field;
  std::string_view step;
};

// Both what is routed and what is billed is the number the plan made.
Verdict rewrite(Screening& s, const Place& place, facts::NumberTrail& number) {
  if (place.plan.empty()) return std::nullopt;
  std::string made;
  const auto applied = place.plan.apply(number.routed, s.rng, made);
  if (applied.outcome == DialPlan::Outcome::Unchanged) return std::nullopt;
  if (s.trace != nullptr) {
    facts::tell(s.trace, std::string(place.step), made,
                "rule " + std::string(applied.rule) + " of " + std::string(place.field));
  }
  if (applied.outcome == DialPlan::Outcome::Rejected) return EndReason::DialPlanRejected;
  if (applied.outcome == DialPlan::Outcome::TooLong) return EndReason::NumberInvalid;
  number.routed = number.billed = std::move(made);
  return std::nullopt;
}

}  // namespace

Verdict dial_plans(Screening& s) {
  Verdict refused;
  if (const auto* gateway = s.directory.ingress_gateway(s.call.ingress)) {
    refused = rewrite(s, {gateway->plan_caller_out, "plan_caller_out", "caller"}, s.call.caller);
    if (!refused) {
      refused = rewrite(s, {gateway->plan_callee_out, "plan_callee_out", "callee"}, s.call.callee);
    }
  } else if (const auto* phone = s.directory.phone(s.call.phone)) {
    refused = rewrite(s, {phone->plan_callee_out, "plan_callee_out", "callee"}, s.call.callee);
  }
  if (!refused && s.call.callee.routed.empty()) return EndReason::CalleeEmpty;
  return refused;
}

}  // namespace tandem::screening
