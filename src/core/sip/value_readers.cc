#include "core/sip/value_readers.h"

#include "base/address.h"
#include "base/line_end.h"
#include "base/text.h"
#include "core/sip/uri.h"

namespace tandem::sip {
namespace {

constexpr std::uint32_t kMaxCSeq = 0x7fffffff;  // RFC 3261 §8.1.1.5: less than 2^31

// "SIP / 2.0 / UDP" and the blanks behind it.
bool read_protocol(Cursor& cursor, Via& via) {
  constexpr std::string_view kUsual = "SIP/2.0/UDP ";
  if (cursor.rest().starts_with(kUsual)) {
    via.transport_text = cursor.rest().substr(8, 3);
    via.transport = Transport::Udp;
    cursor.at += kUsual.size();
    cursor.skip_blanks();
    return true;
  }
  if (cursor.take(kToken).empty() || !cursor.take_separator('/')) return false;
  if (cursor.take(kToken).empty() || !cursor.take_separator('/')) return false;
  via.transport_text = cursor.take(kToken);
  via.transport = transport_named(via.transport_text);
  const char* const blanks = cursor.at;
  cursor.skip_blanks();
  return !via.transport_text.empty() && cursor.at != blanks;
}

bool read_sent_by(Cursor& cursor, Via& via) {
  if (cursor.take('[')) {
    const std::size_t size = cursor.rest().find(']');
    if (size == std::string_view::npos) return false;
    const std::string_view host = cursor.rest().substr(0, size);
    if (host.find(':') == std::string_view::npos || !IpAddress::parse(host)) return false;
    via.host = host;
    cursor.at += size + 1;
  } else {
    via.host = cursor.take(kHost);
    if (via.host.empty()) return false;
  }
  if (!cursor.sees(';') && cursor.take_separator(':')) {
    std::uint32_t port = 0;
    if (!cursor.take_number(65535, port) || port == 0) return false;
    via.port = std::uint16_t(port);
  }
  return true;
}

bool keep_number(const Parameter& parameter, std::uint32_t max, std::uint32_t& number) {
  Cursor cursor(parameter.value);
  return cursor.take_number(max, number) && cursor.done();
}

bool keep_via_parameter(const Parameter& parameter, Via& via) {
  std::uint32_t number = 0;
  switch (parameter.name.size()) {
    case 6:
      if (!same_name(parameter.name, "branch")) break;
      if (parameter.value.empty() || !via.branch.empty()) return false;
      via.branch = parameter.value;
      break;
    case 5:
      if (same_name(parameter.name, "maddr")) via.maddr = parameter.value;
      if (!same_name(parameter.name, "rport")) break;
      via.has_rport = true;
      if (parameter.value.empty()) break;
      if (!keep_number(parameter, 65535, number)) return false;
      via.rport = std::uint16_t(number);
      break;
    case 8:
      if (same_name(parameter.name, "received")) via.received = parameter.value;
      break;
    case 3:
      if (!same_name(parameter.name, "ttl")) break;
      if (!keep_number(parameter, 255, number)) return false;
      via.ttl = std::uint8_t(number);
      break;
    default:
      break;
  }
  return true;
}

// The display name of "Bob <sip:...>" or "\"Bob\" <sip:...>", up to the "<". False when the value
// has none, which leaves the cursor where it was.
bool read_display(Cursor& cursor, std::string_view& display) {
  if (cursor.sees('"')) {
    if (!cursor.take_quoted(display)) return false;
    cursor.skip_blanks();
    return cursor.sees('<');
  }
  const char* const from = cursor.at;
  const std::string_view text = cursor.take(kDisplay);
  if (!cursor.sees('<')) {
    cursor.at = from;
    return false;
  }
  display = trim(text);
  return true;
}

}  // namespace

bool read_via(Cursor& cursor, Via& via) {
  cursor.skip_blanks();
  if (!read_protocol(cursor, via) || !read_sent_by(cursor, via)) return false;
  Parameter parameter;
  while (true) {
    switch (next_parameter(cursor, parameter)) {
      case Step::Found:
        if (!keep_via_parameter(parameter, via)) return false;
        break;
      case Step::End:
        return true;
      case Step::Bad:
        return false;
    }
  }
}

bool read_name_address(Cursor& cursor, NameAddress& address, Uri* uri) {
  cursor.skip_blanks();
  const bool quoted = cursor.sees('"');
  if (read_display(cursor, address.display)) {
    ++cursor.at;
    const std::size_t size = find_in_line<'>'>(cursor.rest());
    if (size == std::string_view::npos) return false;
    address.uri_text = cursor.rest().substr(0, size);
    cursor.at += size + 1;
  } else {
    if (quoted) return false;
    // RFC 3261 §20.10: without < > the URI ends at the first semicolon; "," and "?" cannot be in
    // it.
    address.uri_text = cursor.take(kBareUri);
  }
  if (uri != nullptr && !read_uri(address.uri_text, *uri)) return false;

  cursor.skip_blanks();
  const char* const from = cursor.at;
  Parameter parameter;
  Step step = Step::Found;
  while ((step = next_parameter(cursor, parameter)) == Step::Found) {
    if (!same_name(parameter.name, "tag")) continue;
    if (parameter.value.empty() || !address.tag.empty()) return false;
    address.tag = parameter.value;
  }
  address.parameters = {from, std::size_t(cursor.at - from)};
  return step == Step::End;
}

bool read_cseq(Cursor& cursor, CSeq& cseq) {
  cursor.skip_blanks();
  if (!cursor.take_number(kMaxCSeq, cseq.number)) return false;
  const char* const blanks = cursor.at;
  cursor.skip_blanks();
  if (cursor.at == blanks) return false;
  cseq.method_text = cursor.take(kToken);
  cseq.method = parse_method(cseq.method_text);
  cursor.skip_blanks();
  return !cseq.method_text.empty();
}

}  // namespace tandem::sip
