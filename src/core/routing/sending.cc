#include "core/routing/sending.h"

namespace tandem::routing {
namespace {

using cause::EndReason;
using number::DialPlan;
using Verdict = std::optional<EndReason>;

class Rewriting {
 public:
  Rewriting(const directory::EgressGateway& device, Rng& rng, facts::DecisionTrace* trace)
      : device_(device), rng_(rng), trace_(trace) {}

  Verdict apply(const DialPlan& plan, std::string_view field, const std::string& number,
                std::string& to) {
    if (plan.empty()) {
      to = number;
      return std::nullopt;
    }
    const auto applied = plan.apply(number, rng_, to);
    const bool unchanged = applied.outcome == DialPlan::Outcome::Unchanged;
    if (trace_ != nullptr && !unchanged) {
      facts::tell(trace_, "sent", device_.name,
                  number + " becomes " + to + " by rule " + std::string(applied.rule) + " of " +
                      std::string(field));
    }
    if (applied.outcome == DialPlan::Outcome::Rejected) return EndReason::DialPlanRejected;
    if (applied.outcome == DialPlan::Outcome::TooLong) return EndReason::NumberInvalid;
    return std::nullopt;
  }

  // An identity that is not there is not made up.
  Verdict apply_to_identity(const std::string& number, std::string& to) {
    if (!number.empty()) return apply(device_.plan_identity, "plan_identity", number, to);
    to.clear();
    return std::nullopt;
  }

 private:
  const directory::EgressGateway& device_;
  Rng& rng_;
  facts::DecisionTrace* trace_;
};

}  // namespace

Verdict numbers_to_send(const facts::CallFacts& call, const directory::EgressGateway& device,
                        Rng& rng, SentNumbers& sent, facts::DecisionTrace* trace,
                        const Redirected& redirected) {
  Rewriting rewriting(device, rng, trace);
  Verdict refused =
      rewriting.apply(device.plan_caller_in, "plan_caller_in", call.caller.routed, sent.caller);
  if (redirected.as_it_stands) {
    sent.callee = redirected.callee;
  } else if (!refused) {
    const std::string callee(redirected.callee);
    refused = rewriting.apply(device.plan_callee_in, "plan_callee_in",
                              callee.empty() ? call.callee.routed : callee, sent.callee);
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
