// A SIP message as it came in: views into one buffer that somebody else owns (RFC 3261 §7, §25).
// Parsing is one pass, linear in the size, and allocates nothing. Values of headers are parsed when
// asked (headers.h, uri.h); the ones every message needs are parsed at once and kept here.
//
// A Message is valid as long as the buffer it was parsed from. It is not a message under
// construction: new messages are written with Writer (writer.h), never by patching an old one.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include "core/sip/header_id.h"
#include "core/sip/method.h"
#include "core/sip/transport.h"
#include "core/sip/uri.h"

namespace tandem::sip {

inline constexpr std::size_t kMaxMessage = 65535;  // largest message we write or accept
inline constexpr std::size_t kMaxHeaders = 128;    // header fields in one message

// One header field line. `value` has leading and trailing white space removed; a folded value still
// holds its line breaks (folded == true): read it through append_unfolded() or the typed parsers,
// which know.
struct HeaderField {
  std::string_view name;  // as received
  std::string_view value;
  HeaderId id = HeaderId::Unknown;
  bool folded = false;
};

// Topmost Via (RFC 3261 §20.42, RFC 3581).
struct Via {
  std::string_view transport_text;  // "UDP"
  Transport transport = Transport::Unknown;
  std::string_view host;    // sent-by host, IPv6 without brackets
  std::uint16_t port = 0;   // 0 when absent
  std::string_view branch;  // with the magic cookie
  std::string_view received;
  std::string_view maddr;
  std::uint16_t rport = 0;  // value, when it has one
  bool has_rport = false;   // parameter present
  std::uint8_t ttl = 0;
};

struct CSeq {
  std::uint32_t number = 0;
  Method method = Method::Unknown;
  std::string_view method_text;
};

// From or To: display name, URI text and tag (RFC 3261 §20.20).
struct NameAddress {
  std::string_view display;     // without quotes, escapes left in
  std::string_view uri_text;    // without < >
  std::string_view tag;         // "" when absent
  std::string_view parameters;  // everything after the address, from the first ';'
};

enum class ParseErrorKind : std::uint8_t {
  None,
  KeepAlive,  // KeepAlive: zero-length, line breaks or zero bytes only; nothing to answer
  TooLarge,
  NotSip,
  BadStartLine,
  BadVersion,
  BadRequestUri,
  UnknownScheme,
  BadStatus,
  BadHeaderLine,
  CutShort,
  TooManyHeaders,
  MissingHeader,
  DuplicateHeader,
  BadVia,
  BadCSeq,
  CSeqMethodMismatch,
  BadFrom,
  BadTo,
  BadCallId,
  BadMaxForwards,
  BadContentLength,
  ShortBody,
  BadContact,
};

struct ParseError {
  ParseErrorKind kind = ParseErrorKind::None;
  std::uint32_t offset = 0;             // where in the buffer
  HeaderId header = HeaderId::Unknown;  // the header concerned, if one
  // The status a request with this fault is answered with (RFC 3261 §8.2, RFC 4475 §3): 400, 416,
  // 505 ...; 0 when it cannot be answered (a response, or no usable Via).
  std::uint16_t status = 0;
};
std::string_view to_text(ParseErrorKind kind);

class Message {
 public:
  bool is_request() const { return request_; }
  bool is_response() const { return !request_; }

  // Request line.
  Method method() const { return method_; }
  std::string_view method_text() const { return method_text_; }
  std::string_view request_uri_text() const { return request_uri_text_; }
  const Uri& request_uri() const { return request_uri_; }
  // Status line.
  int status() const { return status_; }
  std::string_view reason() const { return reason_; }

  // Headers every message has (present and valid after a successful parse()).
  const Via& via() const { return via_; }
  const CSeq& cseq() const { return cseq_; }
  const NameAddress& from() const { return from_; }
  const NameAddress& to() const { return to_; }
  std::string_view call_id() const { return call_id_; }
  int max_forwards() const { return max_forwards_; }  // -1 when absent

  std::span<const HeaderField> headers() const { return {headers_.data(), header_count_}; }
  // First field with that id, or nullptr. One load when the id was not seen.
  const HeaderField* find(HeaderId id) const {
    const std::size_t first = first_[std::size_t(id)];
    return first == 0 ? nullptr : &headers_[first - 1];
  }
  // From the first to the last field with that id, with what stands between them; empty when absent.
  std::span<const HeaderField> stretch(HeaderId id) const {
    const HeaderField* const first = find(id);
    if (first == nullptr) return {};
    return {first, headers_.data() + last_[std::size_t(id)]};
  }
  bool has(HeaderId id) const { return find(id) != nullptr; }
  // Of the first field; "" when absent.
  std::string_view value(HeaderId id) const {
    const HeaderField* const field = find(id);
    return field == nullptr ? std::string_view() : field->value;
  }
  std::string_view body() const { return body_; }
  std::string_view bytes() const { return bytes_; }  // the message as received

 private:
  friend class Parser;
  std::string_view bytes_, method_text_, request_uri_text_, reason_, call_id_, body_;
  Uri request_uri_;
  Via via_;
  CSeq cseq_;
  NameAddress from_, to_;
  int status_ = 0;
  int max_forwards_ = -1;
  std::uint16_t header_count_ = 0;
  Method method_ = Method::Unknown;
  bool request_ = false;
  std::array<std::uint8_t, std::size_t(HeaderId::Count)> first_{};  // 1 + index of the first field
  std::array<std::uint8_t, std::size_t(HeaderId::Count)> last_;     // and of the last, if there is one
  std::array<HeaderField, kMaxHeaders> headers_;
};

// Parses one whole message (a datagram, or a frame cut by StreamFramer). On error `message` holds
// what could be read before the fault: enough of Via, From, To, Call-ID and CSeq for an answer when
// error.status != 0. Reusing one Message for many parses is intended (it is large).
// Checked here: RFC 3261 §7.3, §8.1.1, §16.3 and the verdicts of RFC 4475 §3.1.2. Bytes behind the
// body of a datagram are left out (§18.3).
ParseError parse(std::string_view bytes, Message& message);

}  // namespace tandem::sip
