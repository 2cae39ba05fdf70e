// What to say behind the name of a parameter or a field that there is not.
#pragma once

#include <string>
#include <string_view>

#include "core/directory/entity_rows.h"

namespace tandem::directory {

// "SS_SIP_PROT: there is no parameter of this name; is SS_SIP_PORT meant?" The end only when one is near.
std::string no_such_parameter(std::string_view name);
// "; is priority meant?", or "" when none is near.
std::string near_field(const ResourceRow& resource, std::string_view name);

}  // namespace tandem::directory
