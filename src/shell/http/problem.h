// What went wrong with a request, for programs and people: application/problem+json (RFC 9457).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "shell/http/message.h"

namespace tandem::http {

// One field that was refused. An extension member of the problem: "errors".
struct FieldError {
  std::string field;
  std::string value;
  std::string message;  // a sentence: what is allowed
};

// `detail` is a sentence that says what to do.
Response problem(int status, std::string_view detail, const std::vector<FieldError>& errors = {});

// "Not Found"; "" for a status without a name.
std::string_view reason_phrase(int status);

}  // namespace tandem::http
