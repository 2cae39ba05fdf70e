// The forms of what entities say about numbers: dial plans.
#include "core/directory/entity_binding.h"
#include "core/directory/entity_forms.h"
#include "core/number/dial_plan.h"

namespace tandem::directory {
namespace {

bool canonical_dial_plan(std::string_view text, std::string& to) {
  const auto plan = number::DialPlan::compile(text);
  if (plan.ok()) to = plan->text();
  return plan.ok();
}

std::string fault_of_dial_plan(std::string_view text) {
  const auto plan = number::DialPlan::compile(text);
  return plan.ok() ? std::string() : plan.error().text();
}

}  // namespace

constinit const TextForm kDialPlanForm{
    "a dial plan: original:target, several separated by commas (docs/operating/dial-plans.md)",
    canonical_dial_plan, 0, fault_of_dial_plan};

void read_text(std::string_view text, number::DialPlan& member) {
  auto plan = number::DialPlan::compile(text);
  if (plan.ok()) member = *std::move(plan);
}

}  // namespace tandem::directory
