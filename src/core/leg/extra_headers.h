// The headers of a device's own (extra_headers) with the values of a call in the places of their
// variables.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace tandem::leg {

// What ${caller}, ${callee}, ${callid}, ${account}, ${ingress} stand for (directory's
// kHeaderVariables).
struct HeaderValues {
  std::string_view caller = {};
  std::string_view callee = {};
  std::string_view callid = {};  // of the caller's leg
  std::string_view account = {};
  std::string_view ingress = {};
};

// Header lines, each with its CRLF. A header whose value would be empty is left out.
std::string extra_lines(std::span<const std::string> headers, const HeaderValues& values);

}  // namespace tandem::leg
