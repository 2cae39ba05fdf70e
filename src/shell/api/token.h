// The secret that lets a program use the API: a file only its owner reads, made at the first start.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "base/result.h"

namespace tandem::api {

// The token in DIR/api-token; makes the file (mode 0600) when it is missing. The fault is a
// sentence.
Result<std::string, std::string> load_or_make_token(const std::filesystem::path& data);
// The token in DIR/api-token; a sentence when it cannot be read.
Result<std::string, std::string> load_token(const std::filesystem::path& data);

// Whether `header` is "Bearer TOKEN" (RFC 6750 §2.1). Takes as long for every wrong token.
bool admits(std::string_view token, std::string_view header);

}  // namespace tandem::api
