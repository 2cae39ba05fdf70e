#include "core/directory/entity_warnings.h"

#include "core/directory/entity_forms.h"
#include "core/number/dial_plan.h"

namespace tandem::directory {

std::vector<std::string> warnings_of(const FieldRow& field, const Value& value) {
  const auto* text = std::get_if<std::string>(&value);
  if (field.form != &kDialPlanForm || text == nullptr) return {};
  const auto plan = number::DialPlan::compile(*text);
  std::vector<std::string> warnings;
  if (!plan.ok()) return warnings;
  for (const number::PlanRemark& remark : plan->warnings())
    warnings.push_back(std::string(field.name) + ": " + remark.text());
  return warnings;
}

std::vector<std::string> warnings_of(const ResourceRow& resource, const Record& record) {
  std::vector<std::string> warnings;
  for (std::size_t i = 0; i < record.size(); ++i)
    for (std::string& each : warnings_of(resource.fields[i], record[i]))
      warnings.push_back(std::move(each));
  return warnings;
}

}  // namespace tandem::directory
