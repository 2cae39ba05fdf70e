#include "core/transaction/via.h"

#include <algorithm>

#include "base/line_end.h"
#include "base/text.h"
#include "core/sip/headers.h"

namespace tandem::transaction {
namespace {

constexpr std::uint16_t kDefaultPort = 5060;

// Where the parameter that begins at `from` ends: at the next ";" outside quotes, or with the value.
std::size_t end_of_parameter(std::string_view value, std::size_t from) {
  const char* const end = value.data() + value.size();
  const char* at = find_byte<';', '"'>(value.data() + from, end);
  for (bool quoted = false; at != end && (*at == '"' || quoted);) {
    if (*at == '"') quoted = !quoted;
    at = find_byte<';', '"'>(at + 1, end);
  }
  return std::size_t(at - value.data());
}

// Appends `value` without its received and rport parameters.
void append_without_source(std::string& to, std::string_view value) {
  std::size_t kept = 0;  // everything before it is appended or left out
  for (std::size_t mark = end_of_parameter(value, 0); mark < value.size();) {
    const std::size_t end = end_of_parameter(value, mark + 1);
    const std::string_view parameter = value.substr(mark + 1, end - mark - 1);
    const std::string_view name = trim(parameter.substr(0, find_in_line<'='>(parameter)));
    if (equal_ignoring_case(name, "received") || equal_ignoring_case(name, "rport")) {
      sip::append_unfolded(to, value.substr(kept, mark - kept));
      kept = end;
    }
    mark = end;
  }
  sip::append_unfolded(to, value.substr(kept));
}

void append_topmost(std::string& to, std::string_view value, const sip::Message& request,
                    const sip::Path& path) {
  const sip::Via& via = request.via();
  char text[64];
  const std::string_view source(
      text, std::size_t(path.peer.ip.write(text, text + sizeof text, false) - text));
  if (!via.has_rport && via.host == source && via.received.empty()) {
    return sip::append_unfolded(to, value);
  }
  append_without_source(to, value);
  // RFC 3581 §4: with rport, received is added even when it says what sent-by says.
  to.append(";received=").append(source);
  if (via.has_rport) to.append(";rport=").append(std::to_string(path.peer.port));
}

}  // namespace

sip::Path response_path(const sip::Message& request, const sip::Path& path) {
  sip::Path answer = path;
  if (path.reliable() || request.via().has_rport) return answer;
  answer.peer.port = request.via().port != 0 ? request.via().port : kDefaultPort;
  return answer;
}

void append_via_lines(std::string& to, const sip::Message& request, const sip::Path& path) {
  bool topmost = true;
  for (sip::ValueWalker walk(request, sip::HeaderId::Via); walk.next(); topmost = false) {
    to.append("Via: ");
    if (topmost) {
      append_topmost(to, walk.value(), request, path);
    } else {
      sip::append_unfolded(to, walk.value());
    }
    to.append("\r\n");
  }
}

}  // namespace tandem::transaction
