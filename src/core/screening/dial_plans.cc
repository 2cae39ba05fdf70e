// The numbers as the calling side has them rewritten.
#include <algorithm>
#include <vector>

#include "core/directory/number_classes.h"
#include "core/number/cleaning.h"
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

// A share of the calls gets a prefix that routing looks at.
Verdict add_prefix(Screening& s, const directory::IngressGateway& gateway) {
  if (gateway.proportional_prefixes.empty()) return std::nullopt;
  std::vector<std::int64_t> shares;
  for (const auto& each : gateway.proportional_prefixes) shares.push_back(each.proportion);
  const std::size_t turn = s.live.ingress.at(gateway.id).prefix_turns.next(shares);
  if (turn == shares.size()) return std::nullopt;
  const std::string& prefix = gateway.proportional_prefixes[turn].prefix;
  s.call.callee.routed.insert(0, prefix);
  if (s.call.callee.routed.size() > number::kMaxNumberLength) return EndReason::NumberInvalid;
  s.call.callee.billed = s.call.callee.routed;
  facts::tell(s.trace, "callee", s.call.callee.routed,
              "prefix \"" + prefix + "\" by its share of proportional_prefixes");
  return std::nullopt;
}

// The caller as this platform knows it.
Verdict transform(Screening& s, const directory::IngressGateway& gateway) {
  if (!gateway.number_transform) return std::nullopt;
  facts::NumberTrail& caller = s.call.caller;
  const auto* row = s.directory.transform_of_caller(caller.routed, s.call.account);
  if (row == nullptr) {
    return gateway.transform_required ? Verdict(EndReason::ConvertNotFound) : std::nullopt;
  }
  caller.routed = caller.billed = row->name;
  facts::tell(s.trace, "caller", caller.routed, "by the number transform table");
  return std::nullopt;
}

Verdict add_mobile_prefix(Screening& s, const directory::Device& device) {
  facts::NumberTrail& callee = s.call.callee;
  const std::string_view code = directory::mobile_prefix_of(s.directory, device, callee.routed);
  if (code.empty()) return std::nullopt;
  callee.routed.insert(0, code);
  if (callee.routed.size() > number::kMaxNumberLength) return EndReason::NumberInvalid;
  callee.billed = callee.routed;
  facts::tell(s.trace, "callee", callee.routed, "area code of the mobile by mobile_prefix_mode");
  return std::nullopt;
}

// A forwarding number of a pool instead of the one that came.
void draw_forwarding(Screening& s, const directory::IngressGateway& gateway) {
  if (!gateway.forward_pool_enable || s.call.forwarding.empty()) return;
  const auto* group = s.directory.number_group(gateway.forward_pool_group);
  if (group == nullptr) return;
  const std::string number = s.live.pools.draw(*group, gateway.forward_pool_mode, s.rng);
  if (number.empty()) return;
  s.call.forwarding = number;
  facts::tell(s.trace, "forwarding", number, "of the number group " + group->name);
}

// What is billed goes without the routing prefix: the longest one, once.
void take_route_prefix_off(Screening& s) {
  std::string& billed = s.call.callee.billed;
  std::size_t longest = 0;
  for (const std::string& prefix : s.directory.parameters().billing_gateway_route_prefix)
    if (billed.starts_with(prefix)) longest = std::max(longest, prefix.size());
  if (longest == 0) return;
  billed.erase(0, longest);
  facts::tell(s.trace, "callee", billed, "billed, by SERVER_BILLING_GATEWAY_ROUTE_PREFIX");
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
  const auto* gateway = s.directory.ingress_gateway(s.call.ingress);
  const directory::Device* device = gateway;
  if (device == nullptr) device = s.directory.phone(s.call.phone);
  if (!refused && device != nullptr) refused = add_mobile_prefix(s, *device);
  if (!refused && gateway != nullptr) refused = transform(s, *gateway);
  if (!refused && gateway != nullptr) refused = add_prefix(s, *gateway);
  if (!refused && gateway != nullptr) draw_forwarding(s, *gateway);
  take_route_prefix_off(s);
  return refused;
}

}  // namespace tandem::screening
