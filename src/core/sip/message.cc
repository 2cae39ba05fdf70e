#include "core/sip/message.h"

#include <algorithm>

#include "base/line_end.h"
#include "base/text.h"
#include "core/sip/header_table.h"
#include "core/sip/headers.h"
#include "core/sip/lines.h"
#include "core/sip/start_line.h"
#include "core/sip/value_readers.h"

namespace tandem::sip {

// Reads on after a fault, which is kept: the headers behind it are needed for the answer.
class Parser {
 public:
  Parser(std::string_view bytes, Message& message)
      : m_(message), at_(bytes.data()), end_(bytes.data() + bytes.size()) {
    reset(bytes);
  }

  ParseError run() {
    skip_line_breaks();
    if (at_ == end_) return {ParseErrorKind::KeepAlive};
    if (m_.bytes_.size() > kMaxMessage) fail(ParseErrorKind::TooLarge, at_, 513);
    start_line();
    if (error_.kind == ParseErrorKind::NotSip) return {error_.kind, error_.offset};
    header_lines();
    mandatory_headers();
    if (m_.request_) {
      max_forwards();
      contacts();
    }
    content_length();
    if (!m_.request_ || !answerable_) error_.status = 0;
    return error_;
  }

 private:
  // Everything but the fields themselves, which header_count_ makes invisible.
  void reset(std::string_view bytes) {
    m_.bytes_ = bytes;
    m_.method_text_ = m_.request_uri_text_ = m_.reason_ = m_.call_id_ = m_.body_ = {};
    m_.request_uri_ = {};
    m_.via_ = {};
    m_.cseq_ = {};
    m_.from_ = m_.to_ = {};
    m_.status_ = 0;
    m_.max_forwards_ = -1;
    m_.header_count_ = 0;
    m_.method_ = Method::Unknown;
    m_.request_ = false;
    m_.first_.fill(0);
  }

  void fail(ParseErrorKind kind, const char* where, std::uint16_t status = 400,
            HeaderId header = HeaderId::Unknown) {
    if (error_.kind != ParseErrorKind::None) return;
    error_ = {kind, std::uint32_t(where - m_.bytes_.data()), header, status};
  }
  void fail(ParseErrorKind kind, const HeaderField& field) {
    fail(kind, field.value.data(), 400, field.id);
  }

  // RFC 3261 §7.5: empty lines before the start line are ignored. Some phones send zero bytes to
  // keep their NAT open.
  void skip_line_breaks() {
    while (at_ != end_ && (*at_ == '\r' || *at_ == '\n')) ++at_;
    const std::string_view rest(at_, std::size_t(end_ - at_));
    if (!rest.empty() && rest.size() <= 4 && rest.find_first_not_of('\0') == std::string_view::npos)
      at_ = end_;
  }

  void start_line() {
    const char* const from = at_;
    const char* last = find_byte<'\n'>(at_, end_);
    at_ = last == end_ ? end_ : last + 1;
    if (last != from && last[-1] == '\r') --last;
    const StartLine line = read_start_line({from, std::size_t(last - from)});

    m_.request_ = line.request;
    m_.method_text_ = line.method;
    m_.method_ = parse_method(line.method);
    m_.request_uri_text_ = line.uri;
    m_.status_ = line.status;
    m_.reason_ = line.reason;
    if (line.fault != ParseErrorKind::None) {
      fail(line.fault, from, line.fault == ParseErrorKind::BadVersion ? 505 : 400);
    } else if (m_.request_) {
      request_uri();
    }
  }

  void request_uri() {
    Uri& uri = m_.request_uri_;
    const char* const where = m_.request_uri_text_.data();
    if (!read_uri(m_.request_uri_text_, uri)) return fail(ParseErrorKind::BadRequestUri, where);
    if (uri.scheme == Scheme::Other) fail(ParseErrorKind::UnknownScheme, where, 416);
    // RFC 3261 §19.1.1: no headers in a Request-URI.
    if (!uri.headers.empty()) fail(ParseErrorKind::BadRequestUri, where);
  }

  void header_lines() {
    HeaderField beyond;  // what the message has no room for
    while (true) {
      const char* const from = at_;
      HeaderField& field =
          m_.header_count_ < kMaxHeaders ? m_.headers_[m_.header_count_] : beyond;
      switch (next_line(at_, end_, field)) {
        case LineKind::Field:
          add(field);
          break;
        case LineKind::Bad:
          fail(ParseErrorKind::BadHeaderLine, from);
          break;
        case LineKind::Cut:
          return fail(ParseErrorKind::CutShort, from);
        case LineKind::Empty:
          m_.body_ = {at_, std::size_t(end_ - at_)};
          return;
      }
    }
  }

  // `field` stands in its place already, unless there is none.
  void add(const HeaderField& field) {
    if (m_.header_count_ == kMaxHeaders)
      return fail(ParseErrorKind::TooManyHeaders, field.name.data(), 513);
    ++m_.header_count_;
    m_.last_[std::size_t(field.id)] = std::uint8_t(m_.header_count_);
    std::uint8_t& first = m_.first_[std::size_t(field.id)];
    if (first == 0) {
      first = std::uint8_t(m_.header_count_);
    } else if (row_of(field.id).values == Values::One) {
      fail(ParseErrorKind::DuplicateHeader, field.name.data(), 400, field.id);
    }
  }

  // RFC 3261 §8.1.1.
  void mandatory_headers() {
    if (const HeaderField* const field = mandatory(HeaderId::Via)) {
      Cursor cursor(field->value);
      if (!read_via(cursor, m_.via_)) fail(ParseErrorKind::BadVia, *field);
      // RFC 4475 §3.2.1: the cookie alone identifies nothing.
      if (m_.via_.branch == "z9hG4bK") fail(ParseErrorKind::BadVia, *field);
      answerable_ = !m_.via_.host.empty();
    }
    if (const HeaderField* const field = mandatory(HeaderId::CSeq)) {
      Cursor cursor(field->value);
      if (!read_cseq(cursor, m_.cseq_) || !cursor.done()) {
        fail(ParseErrorKind::BadCSeq, *field);
      } else if (m_.request_ && m_.cseq_.method_text != m_.method_text_) {
        fail(ParseErrorKind::CSeqMethodMismatch, *field);
      }
    }
    if (const HeaderField* const field = mandatory(HeaderId::From)) {
      if (!read_party(*field, m_.from_)) fail(ParseErrorKind::BadFrom, *field);
    }
    if (const HeaderField* const field = mandatory(HeaderId::To)) {
      if (!read_party(*field, m_.to_)) fail(ParseErrorKind::BadTo, *field);
    }
    if (const HeaderField* const field = mandatory(HeaderId::CallId)) {
      // Wider than the grammar's word ["@" word]: it is only ever compared.
      if (field->value.empty() || !all_visible(field->value)) {
        fail(ParseErrorKind::BadCallId, *field);
      } else {
        m_.call_id_ = field->value;
      }
    }
  }

  const HeaderField* mandatory(HeaderId id) {
    const HeaderField* const field = m_.find(id);
    if (field == nullptr) fail(ParseErrorKind::MissingHeader, at_, 400, id);
    return field;
  }

  // The answer to a request of ours is known by its branch and its tags; whom it names we wrote.
  bool read_party(const HeaderField& field, NameAddress& address) const {
    Cursor cursor(field.value);
    if (!m_.request_) return read_name_address(cursor, address, nullptr) && cursor.done();
    Uri uri;
    return read_name_address(cursor, address, &uri) && cursor.done();
  }

  // RFC 3261 §20.22: 0 to 255.
  void max_forwards() {
    const HeaderField* const field = m_.find(HeaderId::MaxForwards);
    if (field == nullptr) return;
    Cursor cursor(field->value);
    std::uint32_t hops = 0;
    if (!cursor.take_number(255, hops) || !cursor.done())
      return fail(ParseErrorKind::BadMaxForwards, *field);
    m_.max_forwards_ = int(hops);
  }

  void contacts() {
    for (const HeaderField& field : m_.stretch(HeaderId::Contact)) {
      if (field.id == HeaderId::Contact && field.value != "*" && !is_address_list(field.value))
        return fail(ParseErrorKind::BadContact, field);
    }
  }

  static bool is_address_list(std::string_view value) {
    Cursor cursor(value);
    while (true) {
      NameAddress address;
      Uri uri;
      if (!read_name_address(cursor, address, &uri)) return false;
      if (cursor.done()) return true;
      ++cursor.at;  // the comma
    }
  }

  // RFC 3261 §18.3: what is behind the body is no part of the message; what lacks is a fault.
  void content_length() {
    const HeaderField* const field = m_.find(HeaderId::ContentLength);
    if (field == nullptr) return;
    Cursor cursor(field->value);
    std::uint32_t size = 0;
    if (!cursor.take_number(UINT32_MAX, size) || !cursor.done())
      return fail(ParseErrorKind::BadContentLength, *field);
    if (size > m_.body_.size()) return fail(ParseErrorKind::ShortBody, *field);
    m_.body_ = m_.body_.substr(0, size);
  }

  Message& m_;
  const char* at_;
  const char* const end_;
  ParseError error_;
  bool answerable_ = false;
};

ParseError parse(std::string_view bytes, Message& message) { return Parser(bytes, message).run(); }

std::string_view to_text(ParseErrorKind kind) {
  switch (kind) {
    case ParseErrorKind::None:
      return "no fault";
    case ParseErrorKind::KeepAlive:
      return "keep-alive";
    case ParseErrorKind::TooLarge:
      return "message too large";
    case ParseErrorKind::NotSip:
      return "not SIP";
    case ParseErrorKind::BadStartLine:
      return "malformed start line";
    case ParseErrorKind::BadVersion:
      return "SIP version not supported";
    case ParseErrorKind::BadRequestUri:
      return "malformed Request-URI";
    case ParseErrorKind::UnknownScheme:
      return "unsupported URI scheme";
    case ParseErrorKind::BadStatus:
      return "status out of range";
    case ParseErrorKind::BadHeaderLine:
      return "malformed header line";
    case ParseErrorKind::CutShort:
      return "no empty line behind the headers";
    case ParseErrorKind::TooManyHeaders:
      return "too many headers";
    case ParseErrorKind::MissingHeader:
      return "mandatory header missing";
    case ParseErrorKind::DuplicateHeader:
      return "header repeated that must not be";
    case ParseErrorKind::BadVia:
      return "malformed Via";
    case ParseErrorKind::BadCSeq:
      return "malformed CSeq";
    case ParseErrorKind::CSeqMethodMismatch:
      return "CSeq names another method";
    case ParseErrorKind::BadFrom:
      return "malformed From";
    case ParseErrorKind::BadTo:
      return "malformed To";
    case ParseErrorKind::BadCallId:
      return "malformed Call-ID";
    case ParseErrorKind::BadMaxForwards:
      return "malformed Max-Forwards";
    case ParseErrorKind::BadContentLength:
      return "malformed Content-Length";
    case ParseErrorKind::ShortBody:
      return "body shorter than Content-Length";
    case ParseErrorKind::BadContact:
      return "malformed Contact";
  }
  return "";
}

}  // namespace tandem::sip
