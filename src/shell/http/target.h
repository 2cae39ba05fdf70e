// The target of a request in origin form (RFC 9112 §3.2.1), taken apart and put together (RFC
// 3986).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "shell/http/message.h"

namespace tandem::http {

struct Target {
  std::string path;                   // as written
  std::vector<std::string> segments;  // decoded; empty ones are left out
  Fields query;                       // decoded; "+" is a blank (application/x-www-form-urlencoded)
};

// Nothing when it does not begin with "/" or holds a broken percent escape or a NUL.
std::optional<Target> parse_target(std::string_view text);

// Everything but the unreserved characters of RFC 3986 §2.3 becomes %XX.
std::string percent_encode(std::string_view text);

}  // namespace tandem::http
