// What is allowed and yet odd about the value of a field: told to who saves it.
#pragma once

#include <string>
#include <vector>

#include "core/directory/entity_rows.h"

namespace tandem::directory {

// Sentences that begin with the name of the field. The value is canonical.
std::vector<std::string> warnings_of(const FieldRow& field, const Value& value);
std::vector<std::string> warnings_of(const ResourceRow& resource, const Record& record);

}  // namespace tandem::directory
