#include "core/routing/sending.h"

#include "core/directory/number_classes.h"

namespace tandem::routing {
namespace {

using cause::EndReason;
using number::DialPlan;
using Side = directory::PeriodRule::Side;
using Verdict = std::optional<EndReason>;

class Rewriting {
 public:
  explicit Rewriting(const Sending& sending) : sending_(sending) {}

  Verdict apply(const DialPlan& plan, std::string_view field, const std::string& number,
                std::string& to) {
    if (plan.empty()) {
      to = number;
      return std::nullopt;
    }
    const auto applied = plan.apply(number, sending_.rng, to);
    const bool unchanged = applied.outcome == DialPlan::Outcome::Unchanged;
    if (sending_.trace != nullptr && !unchanged) {
      tell(number, to, "rule " + std::string(applied.rule) + " of " + std::string(field));
    }
    if (applied.outcome == DialPlan::Outcome::Rejected) return EndReason::DialPlanRejected;
    if (applied.outcome == DialPlan::Outcome::TooLong) return EndReason::NumberInvalid;
    return std::nullopt;
  }

  // The plan of the device for this side, as it holds at the moment.
  Verdict apply_of(Side side, const std::string& number, std::string& to) {
    const directory::EgressGateway& device = sending_.device;
    const DialPlan& usual = side == Side::Caller ? device.plan_caller_in : device.plan_callee_in;
    const DialPlan& plan = sending_.directory.plan_of(device, side, sending_.at);
    std::string_view field = side == Side::Caller ? "plan_caller_in" : "plan_callee_in";
    if (&plan != &usual) field = "period_plans_in";
    return apply(plan, field, number, to);
  }

  // An identity that is not there is not made up.
  Verdict apply_to_identity(const std::string& number, std::string& to) {
    if (!number.empty()) {
      return apply(sending_.device.plan_identity, "plan_identity", number, to);
    }
    to.clear();
    return std::nullopt;
  }

  // A number of this platform as the device knows it.
  Verdict transform(std::string& number) {
    if (!sending_.device.number_transform) return std::nullopt;
    const auto* row = sending_.directory.transform_of_callee(number, sending_.call.account);
    if (row == nullptr) {
      return sending_.device.transform_required ? Verdict(EndReason::ConvertNotFound)
                                                : std::nullopt;
    }
    tell(number, row->egress_callee, "the number transform table");
    number = row->egress_callee;
    return std::nullopt;
  }

  void add_mobile_prefix(std::string& number) {
    const std::string_view code =
        directory::mobile_prefix_of(sending_.directory, sending_.device, number);
    if (code.empty()) return;
    const std::string made = std::string(code) + number;
    tell(number, made, "mobile_prefix_mode");
    number = made;
  }

 private:
  void tell(const std::string& from, const std::string& to, const std::string& by) {
    facts::tell(sending_.trace, "sent", sending_.device.name,
                from + " becomes " + to + " by " + by);
  }

  const Sending& sending_;
};

}  // namespace

Verdict numbers_to_send(const Sending& sending, SentNumbers& sent) {
  const facts::CallFacts& call = sending.call;
  const directory::EgressGateway& device = sending.device;
  const PoolNumbers& pooled = sending.pooled;
  Rewriting rewriting(sending);
  const std::string& caller = pooled.group != 0 ? pooled.caller : call.caller.routed;
  sent.forwarding = pooled.forwarding.empty() ? call.forwarding : pooled.forwarding;
  Verdict refused = rewriting.apply_of(Side::Caller, caller, sent.caller);
  const Redirected& redirected = sending.redirected;
  std::string callee(redirected.callee.empty() ? std::string_view(call.callee.routed)
                                               : redirected.callee);
  if (!refused && redirected.as_it_stands) {
    sent.callee = callee;
  }
  const bool rewrites = !redirected.as_it_stands;
  if (!refused && rewrites) refused = rewriting.transform(callee);
  if (!refused && rewrites) {
    rewriting.add_mobile_prefix(callee);
    refused = rewriting.apply_of(Side::Callee, callee, sent.callee);
  }
  if (!refused && sent.callee.empty()) refused = EndReason::CalleeEmpty;
  sent.own_identity.clear();
  sent.asserted = call.asserted;
  sent.preferred = call.preferred;
  if (device.plan_identity.empty()) return refused;
  if (!refused) refused = rewriting.apply_to_identity(sent.caller, sent.own_identity);
  if (!refused) refused = rewriting.apply_to_identity(call.asserted, sent.asserted);
  if (!refused) refused = rewriting.apply_to_identity(call.preferred, sent.preferred);
  return refused;
}

}  // namespace tandem::routing
