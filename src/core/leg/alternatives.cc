#include "core/leg/alternatives.h"

#include <algorithm>
#include <vector>

#include "base/limits.h"
#include "core/sip/headers.h"

namespace tandem::leg {
namespace {

struct Alternative {
  std::string_view uri;
  std::uint16_t q;
};

bool fits_a_line(std::string_view uri) {
  return !uri.empty() && uri.size() <= kMaxAlternativeSize &&
         uri.find_first_of("\r\n") == std::string_view::npos;
}

}  // namespace

std::string alternatives_of(const sip::Message& response) {
  std::vector<Alternative> found;
  sip::ValueWalker walk(response, sip::HeaderId::Contact);
  while (found.size() < kMaxAlternatives && walk.next()) {
    const auto address = sip::parse_name_address(walk.value());
    if (!address || !fits_a_line(address->uri_text)) continue;
    const auto q = sip::parameter(address->parameters, "q");
    found.push_back({address->uri_text, q ? sip::parse_q(*q) : sip::kFullQ});
  }
  std::ranges::stable_sort(found, std::greater{}, &Alternative::q);
  std::string lines;
  for (const Alternative& each : found) lines.append(each.uri).append("\n");
  return lines;
}

std::string_view take_line(std::string_view& lines) {
  const std::size_t end = std::min(lines.find('\n'), lines.size());
  const std::string_view line = lines.substr(0, end);
  lines.remove_prefix(std::min(end + 1, lines.size()));
  return line;
}

}  // namespace tandem::leg
