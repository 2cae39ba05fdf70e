#include "core/leg/extra_headers.h"

#include "core/sip/headers.h"

namespace tandem::leg {
namespace {

std::string_view value_of(std::string_view variable, const HeaderValues& values) {
  if (variable == "caller") return values.caller;
  if (variable == "callee") return values.callee;
  if (variable == "callid") return values.callid;
  if (variable == "account") return values.account;
  return variable == "ingress" ? values.ingress : std::string_view();
}

std::string filled(std::string_view text, const HeaderValues& values) {
  std::string line;
  while (!text.empty()) {
    const std::size_t begin = std::min(text.find("${"), text.size());
    line += text.substr(0, begin);
    text.remove_prefix(begin);
    const std::size_t end = text.find('}');
    if (end == std::string_view::npos) return line += text;
    sip::append_unfolded(line, value_of(text.substr(2, end - 2), values));
    text.remove_prefix(end + 1);
  }
  return line;
}

}  // namespace

std::string extra_lines(std::span<const std::string> headers, const HeaderValues& values) {
  std::string lines;
  for (const std::string& header : headers) {
    const std::string line = filled(header, values);
    if (line.find_first_not_of(' ', line.find(':') + 1) == std::string::npos) continue;
    lines.append(line).append("\r\n");
  }
  return lines;
}

}  // namespace tandem::leg
