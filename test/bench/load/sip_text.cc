#include "bench/load/sip_text.h"

#include <strings.h>

#include <charconv>

namespace tandem::bench {
namespace {

std::string_view trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

bool same(std::string_view a, std::string_view b) {
  return a.size() == b.size() && strncasecmp(a.data(), b.data(), a.size()) == 0;
}

void take(SipText& sip, std::string_view name, std::string_view value) {
  switch (name.size()) {
    case 1:
      switch (name.front() | 0x20) {
        case 'v':
          return sip.vias.add(value);
        case 'f':
          sip.from = value;
          return;
        case 't':
          sip.to = value;
          return;
        case 'i':
          sip.call_id = value;
          return;
        case 'm':
          sip.contact = value;
          return;
        case 'l':
          sip.content_length = value;
          return;
        case 'x':
          sip.session_expires = value;
          return;
        default:
          return;
      }
    case 2:
      if (same(name, "To")) sip.to = value;
      return;
    case 3:
      if (same(name, "Via")) sip.vias.add(value);
      return;
    case 4:
      if (same(name, "From")) sip.from = value;
      if (same(name, "CSeq")) sip.cseq = value;
      return;
    case 7:
      if (same(name, "Call-ID")) sip.call_id = value;
      if (same(name, "Contact")) sip.contact = value;
      return;
    case 12:
      if (same(name, "Record-Route")) sip.record_routes.add(value);
      if (same(name, "Max-Forwards")) sip.max_forwards = value;
      return;
    case 14:
      if (same(name, "Content-Length")) sip.content_length = value;
      return;
    case 15:
      if (same(name, "Session-Expires")) sip.session_expires = value;
      return;
    default:
      return;
  }
}

std::string_view word(std::string_view line, int index) {
  for (; index > 0; --index) {
    const auto blank = line.find(' ');
    if (blank == std::string_view::npos) return {};
    line.remove_prefix(blank + 1);
  }
  return line.substr(0, line.find(' '));
}

}  // namespace

int SipText::status() const { return static_cast<int>(number_in(word(start_line, 1))); }
std::string_view SipText::method() const { return word(start_line, 0); }
std::string_view SipText::request_uri() const { return word(start_line, 1); }

std::optional<SipText> read_sip(std::string_view bytes) {
  SipText sip;
  auto end = bytes.find("\r\n");
  if (end == std::string_view::npos) return std::nullopt;
  sip.start_line = bytes.substr(0, end);
  for (std::size_t at = end + 2;; at = end + 2) {
    end = bytes.find('\r', at);
    if (end == std::string_view::npos || end + 1 >= bytes.size()) return std::nullopt;
    if (end == at) break;
    const std::string_view line = bytes.substr(at, end - at);
    const auto colon = line.find(':');
    if (colon == std::string_view::npos) return std::nullopt;
    take(sip, trim(line.substr(0, colon)), trim(line.substr(colon + 1)));
  }
  sip.body = bytes.substr(end + 2);
  if (number_in(sip.content_length) != sip.body.size()) return std::nullopt;
  return sip;
}

std::string_view parameter(std::string_view value, std::string_view name) {
  // Behind the brackets, where the parameters of the header itself are.
  if (const auto bracket = value.rfind('>'); bracket != std::string_view::npos) {
    value.remove_prefix(bracket + 1);
  }
  for (auto at = value.find(';'); at != std::string_view::npos; at = value.find(';')) {
    value.remove_prefix(at + 1);
    if (value.size() > name.size() && value.starts_with(name) && value[name.size()] == '=') {
      value.remove_prefix(name.size() + 1);
      return value.substr(0, value.find_first_of("; ,"));
    }
  }
  return {};
}

std::string_view address_of(std::string_view value) {
  const auto open = value.find('<');
  const auto close = value.find('>', open == std::string_view::npos ? 0 : open);
  if (open == std::string_view::npos || close == std::string_view::npos) return {};
  return value.substr(open + 1, close - open - 1);
}

std::size_t number_in(std::string_view text) {
  std::size_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

}  // namespace tandem::bench
