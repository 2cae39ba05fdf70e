#include "core/transaction/via.h"

#include "base/text.h"
#include "core/sip/headers.h"

namespace tandem::transaction {
namespace {

constexpr std::uint16_t kDefaultPort = 5060;

// Appends `value` without its received and rport parameters.
void append_without_source(std::string& to, std::string_view value) {
  bool quoted = false;
  std::size_t begin = 0;
  for (std::size_t i = 0; i <= value.size(); ++i) {
    if (i < value.size() && value[i] == '"') quoted = !quoted;
    if (i < value.size() && (quoted || value[i] != ';')) continue;
    const std::string_view piece = value.substr(begin, i - begin);
    const std::string_view name = trim(piece.substr(0, piece.find('=')));
    const bool source =
        begin != 0 && (equal_ignoring_case(name, "received") || equal_ignoring_case(name, "rport"));
    if (!source) {
      if (begin != 0) to += ';';
      sip::append_unfolded(to, piece);
    }
    begin = i + 1;
  }
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
