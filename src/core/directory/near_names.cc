#include "core/directory/near_names.h"

#include "base/near_name.h"
#include "core/directory/parameter_row.h"

namespace tandem::directory {
namespace {

std::string question(const NearName& near) {
  if (near.nearest().empty()) return {};
  return "; is " + std::string(near.nearest()) + " meant?";
}

}  // namespace

std::string no_such_parameter(std::string_view name) {
  NearName near(name);
  for (const ParameterRow& row : all_parameters()) near.consider(row.name);
  return std::string(name) + ": there is no parameter of this name" + question(near);
}

std::string near_field(const ResourceRow& resource, std::string_view name) {
  NearName near(name);
  for (const FieldRow& row : resource.fields) near.consider(row.name);
  return question(near);
}

}  // namespace tandem::directory
