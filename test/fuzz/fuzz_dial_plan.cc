// Any bytes as a dial plan and the number it is applied to: refused with a place within the text, or
// a plan that reads as it was written and makes numbers that are no longer than numbers are.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/assert.h"
#include "core/number/cleaning.h"
#include "core/number/dial_plan.h"

using namespace tandem;
using number::DialPlan;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  // The last line is the number.
  const std::string_view all(reinterpret_cast<const char*>(data), size);
  const std::size_t line = std::min(all.rfind('\n'), size);
  const std::string_view text = all.substr(0, line);
  const std::string_view number = all.substr(std::min(line + 1, size)).substr(0, number::kMaxNumberLength);
  const auto plan = DialPlan::compile(text);
  if (!plan.ok()) {
    const number::PlanRemark& fault = plan.error();
    TANDEM_ASSERT(fault.line >= 1 && fault.column >= 1, "places count from 1");
    TANDEM_ASSERT(fault.column <= text.size() + 1, "the place lies in the text");
    TANDEM_ASSERT(!fault.reason.empty(), "a fault has a reason");
    return 0;
  }
  Rng rng;
  Rng again;
  std::string to;
  std::string twice;
  const auto applied = plan->apply(number, rng, to);
  plan->apply(number, again, twice);
  TANDEM_ASSERT(to == twice, "the same draws make the same number");
  TANDEM_ASSERT(to.size() <= number::kMaxNumberLength, "a number stays one");
  TANDEM_ASSERT(text.find(applied.rule) != std::string_view::npos, "the rule stands in the plan");
  const bool changed = applied.outcome != DialPlan::Outcome::Unchanged;
  TANDEM_ASSERT(changed || to == number, "unchanged is unchanged");
  TANDEM_ASSERT(changed != applied.rule.empty(), "what changed a number is named");
  if (!plan->empty()) {
    TANDEM_ASSERT(DialPlan::compile(plan->text()).ok(), "a plan reads as it was written");
  }
  return 0;
}
