// Typed access to header values (RFC 3261 §20 and the RFCs named at each), and walking over values
// that may be spread over several fields and several commas.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/sip/message.h"

namespace tandem::sip {

// Visits each value of a header that may be repeated or comma-separated, in order: quotes, <> and
// comments respected, folding removed from the ends.
//   for (ValueWalker walk(message, HeaderId::Route); walk.next();) use(walk.value());
class ValueWalker {
 public:
  ValueWalker(const Message& message, HeaderId id);
  bool next();
  std::string_view value() const { return value_; }

 private:
  std::size_t first_value();

  HeaderId id_;
  std::span<const HeaderField> fields_;  // still to be looked at
  std::string_view rest_;
  std::string_view value_;
  bool quotes_ = true, angles_ = true, comments_ = true;  // marks of the field still looked at
};

// Value of `name` among ";name=value" parameters; quotes of a quoted string removed (escapes left).
// Present without value: "".
std::optional<std::string_view> parameter(std::string_view parameters, std::string_view name);
// True if the header lists `token` (case-insensitive): Supported, Require, Allow (exact case) ...
bool lists_token(const Message& message, HeaderId id, std::string_view token);

std::optional<NameAddress> parse_name_address(std::string_view value);
// The same, and what its URI says.
std::optional<NameAddress> parse_name_address(std::string_view value, Uri& uri);
std::optional<Via> parse_via(std::string_view value);
std::optional<CSeq> parse_cseq(std::string_view value);
// "0.75" as 750 (qvalue, RFC 3261 §25.1); what is none counts as 1.
inline constexpr std::uint16_t kFullQ = 1000;
std::uint16_t parse_q(std::string_view value);
std::optional<std::uint32_t> parse_delta_seconds(std::string_view value);  // Expires, Min-SE ...

struct RAck {
  std::uint32_t rseq;
  std::uint32_t cseq;
  Method method;
};
std::optional<RAck> parse_rack(std::string_view value);           // RFC 3262 §7.2
std::optional<std::uint32_t> parse_rseq(std::string_view value);  // RFC 3262 §7.1

enum class Refresher : std::uint8_t { None, Uac, Uas };
struct SessionExpires {
  std::uint32_t interval;
  Refresher refresher;
};
std::optional<SessionExpires> parse_session_expires(std::string_view value);  // RFC 4028 §4

struct Replaces {
  std::string_view call_id, to_tag, from_tag;
  bool early_only;
};
std::optional<Replaces> parse_replaces(std::string_view value);  // RFC 3891

// One value of Reason (RFC 3326): "SIP ;cause=408 ;text=\"...\"".
struct ReasonValue {
  std::string_view protocol;
  int cause;
  std::string_view text;
};
std::optional<ReasonValue> parse_reason(std::string_view value);

// What a caller wants kept from the other side (RFC 3323 §4.2, RFC 3325 §9.3). "none" outdoes all
// others. Values that are not known are left out.
struct Privacy {
  bool id = false;    // the identity the network asserts
  bool user = false;  // everything that tells who it is
  bool header = false;
  bool session = false;
  bool critical = false;
};
Privacy parse_privacy(const Message& message);

struct RetryAfter {
  std::uint32_t delay;
  std::uint32_t duration;
};
std::optional<RetryAfter> parse_retry_after(std::string_view value);  // RFC 3261 §20.33

struct Warning {
  int code;
  std::string_view agent, text;
};
std::optional<Warning> parse_warning(std::string_view value);  // RFC 3261 §20.43

// Credentials or challenge of Authorization, WWW-Authenticate and their Proxy- forms (RFC 3261 §22,
// RFC 7616, RFC 8760). Quotes removed.
struct Digest {
  std::string_view scheme;  // "Digest"
  std::string_view realm, nonce, opaque, algorithm, qop, username, uri, response, cnonce, nc,
      domain;
  bool stale = false;
};
std::optional<Digest> parse_digest(std::string_view value);

struct Diversion {
  NameAddress address;
  std::string_view reason;
  int counter;
  std::string_view privacy;
};
std::optional<Diversion> parse_diversion(std::string_view value);  // RFC 5806
struct HistoryInfo {
  NameAddress address;
  std::string_view index;
};
std::optional<HistoryInfo> parse_history_info(std::string_view value);  // RFC 7044

struct ContentType {
  std::string_view type, subtype, parameters;
};
std::optional<ContentType> parse_content_type(std::string_view value);

// The first body part of the wanted type: the whole body, or a part of a multipart body, at most
// one level of nesting deeper. Empty when there is none.
std::string_view body_of_type(const Message& message, std::string_view type,
                              std::string_view subtype);

// `value` with line folding replaced by single blanks, appended to `to`.
void append_unfolded(std::string& to, std::string_view value);

}  // namespace tandem::sip
