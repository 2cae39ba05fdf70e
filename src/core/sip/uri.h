// sip:, sips: and tel: URIs (RFC 3261 §19.1, RFC 3966) as views into the text they were parsed
// from.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tandem::sip {

enum class Scheme : std::uint8_t { Sip, Sips, Tel, Other };

struct Uri {
  Scheme scheme = Scheme::Other;
  std::string_view scheme_text;
  std::string_view user;  // with its ;parameters and escapes, without password; tel: the number
  std::string_view password;
  std::string_view host;        // IPv6 without brackets; tel: ""
  std::uint16_t port = 0;       // 0 when absent
  bool host_is_ipv6 = false;    // was written in brackets
  std::string_view parameters;  // without the first ';'
  std::string_view headers;     // without the '?'

  // Value of a URI parameter, case-insensitive name. Present without value: "". Absent: nullopt.
  std::optional<std::string_view> parameter(std::string_view name) const;
  // The user part without its own ;parameters ("12125550123" of "12125550123;npdi;rn=1212...").
  std::string_view user_number() const;
  std::optional<std::string_view> user_parameter(std::string_view name) const;
};

// The whole text must be a URI. Nothing on bad syntax. Unknown schemes parse as Other.
std::optional<Uri> parse_uri(std::string_view text);

// Percent-decodes `text` into `to` (RFC 3261 §19.1.2); bad escapes are kept as they are.
void append_unescaped(std::string& to, std::string_view text);
// Escapes what must not stand in a user part.
void append_escaped_user(std::string& to, std::string_view text);

// Equality by RFC 3261 §19.1.4.
bool equivalent(const Uri& a, const Uri& b);

// The same URI of another user: `parameters` (";npdi", or "") follow his name in the user part
// (RFC 4694 §6), password and parameters of the old one go. As it is when it is no SIP URI.
std::string with_user(std::string_view uri, std::string_view user, std::string_view parameters = {});

// A host as it stands in a URI: an IPv6 address in brackets.
std::string host_in_uri(std::string_view host);

}  // namespace tandem::sip
