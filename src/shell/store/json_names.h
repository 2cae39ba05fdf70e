// Names that stand twice in one object of a JSON text. RFC 8259 §4 leaves open what they mean, and
// parsers keep the last; for a configuration they are a mistake.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace tandem::store {

// The first such name; nothing when there is none or the text is not JSON.
std::optional<std::string> name_given_twice(std::string_view json);

}  // namespace tandem::store
