#include "support/sip_laws.h"

#include <functional>
#include <memory>
#include <optional>

#include "base/assert.h"
#include "base/text.h"
#include "core/sip/headers.h"
#include "core/sip/uri.h"
#include "core/sip/writer.h"

namespace tandem::test_support {
namespace {

using sip::HeaderField;
using sip::HeaderId;
using sip::Message;

std::string unfolded(std::string_view value) {
  std::string text;
  sip::append_unfolded(text, value);
  return std::string(trim(text));
}

void add(std::string& to, std::string_view name, std::string_view value) {
  to.append(name).append("=").append(unfolded(value)).append("\n");
}

void add_address(std::string& to, std::string_view name, const sip::NameAddress& address) {
  to.append(name).append(":\n");
  add(to, "display", address.display);
  add(to, "uri", address.uri_text);
  add(to, "tag", address.tag);
}

void check_within(std::string_view whole, std::string_view part) {
  if (part.empty()) return;
  const std::less_equal<const char*> at_most;
  TANDEM_ASSERT(at_most(whole.data(), part.data()) &&
                    at_most(part.data() + part.size(), whole.data() + whole.size()),
                "a view lies within the bytes");
}

void check_views(const Message& message) {
  const std::string_view bytes = message.bytes();
  for (const std::string_view view : {message.method_text(),
                                      message.request_uri_text(),
                                      message.reason(),
                                      message.call_id(),
                                      message.body(),
                                      message.via().host,
                                      message.via().branch,
                                      message.via().received,
                                      message.via().maddr,
                                      message.via().transport_text,
                                      message.cseq().method_text,
                                      message.from().display,
                                      message.from().uri_text,
                                      message.from().tag,
                                      message.from().parameters,
                                      message.to().display,
                                      message.to().uri_text,
                                      message.to().tag,
                                      message.to().parameters,
                                      message.request_uri().user,
                                      message.request_uri().host,
                                      message.request_uri().password,
                                      message.request_uri().parameters,
                                      message.request_uri().headers})
    check_within(bytes, view);
  for (const HeaderField& field : message.headers()) {
    check_within(bytes, field.name);
    check_within(bytes, field.value);
  }
}

// Asks every reader for every value: each answers something of the message, or nothing.
void check_readers(const Message& message) {
  const std::string_view bytes = message.bytes();
  for (const HeaderField& field : message.headers()) {
    const std::string_view value = field.value;
    if (const auto address = sip::parse_name_address(value)) {
      check_within(bytes, address->uri_text);
      TANDEM_ASSERT(sip::parse_uri(address->uri_text), "the URI of an address reads");
    }
    if (const auto digest = sip::parse_digest(value)) check_within(bytes, digest->response);
    if (const auto replaces = sip::parse_replaces(value)) check_within(bytes, replaces->to_tag);
    if (const auto type = sip::parse_content_type(value)) check_within(bytes, type->parameters);
    if (const auto warning = sip::parse_warning(value)) check_within(bytes, warning->text);
    if (const auto reason = sip::parse_reason(value)) check_within(bytes, reason->text);
    if (const auto diversion = sip::parse_diversion(value)) check_within(bytes, diversion->reason);
    if (const auto history = sip::parse_history_info(value)) check_within(bytes, history->index);
    sip::parse_delta_seconds(value);
    sip::parse_session_expires(value);
    sip::parse_retry_after(value);
    sip::parse_rack(value);
  }
  for (const HeaderId id : {HeaderId::Via, HeaderId::Contact, HeaderId::Route, HeaderId::Reason}) {
    for (sip::ValueWalker walk(message, id); walk.next();) {
      check_within(bytes, walk.value());
      if (const auto via = sip::parse_via(walk.value())) check_within(bytes, via->host);
    }
  }
  check_within(bytes, sip::body_of_type(message, "application", "sdp"));
  sip::lists_token(message, HeaderId::Supported, "100rel");
}

}  // namespace

std::string rewritten(const Message& message) {
  std::string room(message.bytes().size() * 2 + 4096, '\0');
  sip::Writer writer(room.data(), room.size());
  if (message.is_request()) {
    writer.request_line(message.method_text(), message.request_uri_text());
  } else {
    writer.status_line(message.status(), message.reason());
  }
  for (const HeaderField& field : message.headers()) {
    if (field.id == HeaderId::ContentLength) continue;
    const std::string value = unfolded(field.value);
    if (field.id == HeaderId::Unknown) {
      writer.header(field.name, value);
    } else {
      writer.header(field.id, value);
    }
  }
  writer.finish(message.body());
  TANDEM_ASSERT(!writer.overflowed(), "the full names fit");
  return std::string(writer.view());
}

std::string described(const Message& message) {
  std::string text;
  add(text, "request", message.is_request() ? "yes" : "no");
  add(text, "method", message.method_text());
  add(text, "request-uri", message.request_uri_text());
  add(text, "status", std::to_string(message.status()));
  add(text, "reason", message.reason());
  add(text, "via", message.via().transport_text);
  add(text, "host", message.via().host);
  add(text, "port", std::to_string(message.via().port));
  add(text, "branch", message.via().branch);
  add(text, "received", message.via().received);
  add(text, "rport",
      message.via().has_rport ? std::to_string(message.via().rport) : std::string("none"));
  add(text, "cseq", std::to_string(message.cseq().number));
  add(text, "cseq-method", message.cseq().method_text);
  add_address(text, "from", message.from());
  add_address(text, "to", message.to());
  add(text, "call-id", message.call_id());
  add(text, "max-forwards", std::to_string(message.max_forwards()));
  for (const HeaderField& field : message.headers()) {
    if (field.id == HeaderId::ContentLength) continue;
    add(text, field.id == HeaderId::Unknown ? field.name : sip::name_of(field.id), field.value);
  }
  return text.append("body\n").append(message.body());
}

void check_laws(const Message& message) {
  check_views(message);
  check_readers(message);
  // One header and some bytes are added by writing, which may take a message over its limits.
  if (message.headers().size() == sip::kMaxHeaders && !message.has(HeaderId::ContentLength)) return;
  const std::string written = rewritten(message);
  if (written.size() > sip::kMaxMessage) return;

  const auto again = std::make_unique<Message>();
  const sip::ParseError error = sip::parse(written, *again);
  TANDEM_ASSERT(error.kind == sip::ParseErrorKind::None, "a message that was read reads again");
  TANDEM_ASSERT(described(*again) == described(message), "it says the same");
  TANDEM_ASSERT(rewritten(*again) == written, "its writing is stable");
}

}  // namespace tandem::test_support
