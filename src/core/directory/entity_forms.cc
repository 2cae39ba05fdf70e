#include "core/directory/entity_forms.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "core/directory/entity_binding.h"
#include "core/number/cleaning.h"
#include "core/sdp/codecs.h"

namespace tandem::directory {
namespace {

constexpr std::size_t kMaxHostLength = 253;  // RFC 1035 §2.3.4
constexpr std::size_t kMaxLabelLength = 63;
constexpr std::size_t kMaxHeaderName = 64;
constexpr std::size_t kMaxHeaderValue = 255;
constexpr std::int64_t kFirstRefusal = 300;  // SIP status
constexpr std::int64_t kLastRefusal = 699;

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool has(std::string_view text, char c) { return text.find(c) != std::string_view::npos; }
bool is_letter(char c) { return lower(c) >= 'a' && lower(c) <= 'z'; }

std::string lower_case(std::string_view text) {
  std::string lowered(text);
  std::ranges::transform(lowered, lowered.begin(), lower);
  return lowered;
}

// Bytes of the UTF-8 sequence (RFC 3629) at the beginning of `text`; 0 when it is none.
std::size_t sequence_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  if (byte(0) < 0x80) return 1;
  const std::size_t length = byte(0) >= 0xf0 ? 4 : byte(0) >= 0xe0 ? 3 : 2;
  if (byte(0) < 0xc2 || byte(0) > 0xf4 || text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i)
    if ((byte(i) & 0xc0) != 0x80) return 0;
  const bool overlong = (byte(0) == 0xe0 && byte(1) < 0xa0) || (byte(0) == 0xf0 && byte(1) < 0x90);
  const bool surrogate = byte(0) == 0xed && byte(1) > 0x9f;
  const bool beyond = byte(0) == 0xf4 && byte(1) > 0x8f;
  return overlong || surrogate || beyond ? 0 : length;
}

// Characters of a text without control characters other than those `allowed`.
std::optional<std::size_t> count_characters(std::string_view text, std::string_view allowed = {}) {
  std::size_t count = 0;
  while (!text.empty()) {
    const std::size_t length = sequence_length(text);
    const bool c0 = static_cast<unsigned char>(text[0]) < 0x20 || text[0] == 0x7f;
    const bool c1 = length == 2 && text[0] == '\xc2' && static_cast<unsigned char>(text[1]) < 0xa0;
    if (length == 0 || c1 || (c0 && !has(allowed, text[0]))) return std::nullopt;
    text.remove_prefix(length);
    ++count;
  }
  return count;
}

bool canonical_name(std::string_view text, std::string& to) {
  const auto count = count_characters(text);
  if (!count || *count == 0 || *count > 64 || has(text, ',')) return false;
  if (text.front() == ' ' || text.back() == ' ') return false;
  to = text;
  return true;
}

bool canonical_external_id(std::string_view text, std::string& to) {
  const auto count = count_characters(text);
  if (!count || *count > 255) return false;
  to = text;
  return true;
}

bool canonical_memo(std::string_view text, std::string& to) {
  if (text.size() > 65'535 || !count_characters(text, "\n\r\t")) return false;
  to = text;
  return true;
}

bool canonical_address(std::string_view text, std::string& to) {
  const auto address = IpAddress::parse(text);
  if (!address && !text.empty()) return false;
  to = address ? address->text() : "";
  return true;
}

bool canonical_address_range(std::string_view text, std::string& to) {
  const auto range = AddressRange::parse(text);
  if (!range) return false;
  to = text_of(*range);
  return true;
}

bool is_label(std::string_view label) {
  const auto fits = [](char c) { return is_letter(c) || is_digit(c) || c == '-' || c == '_'; };
  return !label.empty() && label.size() <= kMaxLabelLength && std::ranges::all_of(label, fits) &&
         label.front() != '-' && label.back() != '-';
}

// A name whose last label is a number is a mistyped address (RFC 1123 §2.1).
bool is_host_name(std::string_view text) {
  if (text.size() > kMaxHostLength) return false;
  if (text.ends_with('.')) text.remove_suffix(1);
  while (true) {
    const std::size_t dot = text.find('.');
    if (!is_label(text.substr(0, dot))) return false;
    if (dot == std::string_view::npos) return !std::ranges::all_of(text, is_digit);
    text.remove_prefix(dot + 1);
  }
}

bool parse_port(std::string_view text, std::uint16_t& port) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  return error == std::errc{} && end == text.data() + text.size() && port != 0;
}

bool parse_host(std::string_view text, GatewayAddress& address) {
  if (const auto ip = IpAddress::parse(text)) {
    address.ip = *ip;
    address.host = ip->text();
    return true;
  }
  address.host = lower_case(text);
  return is_host_name(text);
}

bool canonical_gateway_address(std::string_view text, std::string& to) {
  GatewayAddress address;
  if (!parse_gateway_address(text, address)) return false;
  to = text_of(address);
  return true;
}

bool canonical_domain(std::string_view text, std::string& to) {
  GatewayAddress address;
  if (!parse_host(text, address)) return false;
  to = address.host;
  return true;
}

bool canonical_own_domain(std::string_view text, std::string& to) {
  to.clear();
  return text.empty() || canonical_domain(text, to);
}

bool canonical_proxy(std::string_view text, std::string& to) {
  to.clear();
  return text.empty() || canonical_gateway_address(text, to);
}

bool canonical_user(std::string_view text, std::string& to) {
  const auto count = count_characters(text);
  if (!count || *count == 0 || *count > 64 || has(text, '"') || has(text, '\\')) return false;
  to = text;
  return true;
}

bool canonical_own_user(std::string_view text, std::string& to) {
  to.clear();
  return text.empty() || canonical_user(text, to);
}

bool canonical_password(std::string_view text, std::string& to) {
  const auto count = count_characters(text);
  if (!count || *count > 64) return false;
  to = text;
  return true;
}

bool canonical_product(std::string_view text, std::string& to) {
  const auto fits = [](char c) { return c >= ' ' && c <= '~'; };
  to = text;
  return text.size() <= 64 && std::ranges::all_of(text, fits);
}

bool canonical_prefix(std::string_view text, std::string& to) {
  to = text;
  return text.size() <= number::kMaxNumberLength && number::is_number(text, number::Letters::Allow);
}

bool canonical_phone_number(std::string_view text, std::string& to) {
  return !text.empty() && canonical_prefix(text, to);
}

// Written by the switch itself on each leg; lower case, with the compact forms of RFC 3261 §7.3.3.
constexpr std::string_view kOwnHeaders[] = {
    "via",
    "v",
    "from",
    "f",
    "to",
    "t",
    "call-id",
    "i",
    "cseq",
    "route",
    "record-route",
    "contact",
    "m",
    "max-forwards",
    "require",
    "k",
    "supported",
    "allow",
    "authorization",
    "content-length",
    "l",
    "content-type",
    "c",
    "proxy-authorization",
    "www-authenticate",
    "proxy-authenticate",
    "proxy-require",
    "session-expires",
    "x",
    "min-se",
    "rack",
    "rseq",
};

bool canonical_header_name(std::string_view text, std::string& to) {
  const auto fits = [](char c) { return is_letter(c) || is_digit(c) || has("-.!%*_+`'~", c); };
  to = text;
  return !text.empty() && text.size() <= kMaxHeaderName && std::ranges::all_of(text, fits) &&
         std::ranges::find(kOwnHeaders, lower_case(text)) == std::end(kOwnHeaders);
}

// Every "${" begins a variable that is known.
bool has_known_variables(std::string_view text) {
  for (std::size_t at = text.find("${"); at != std::string_view::npos; at = text.find("${")) {
    text.remove_prefix(at + 2);
    const std::size_t end = text.find('}');
    if (end == std::string_view::npos) return false;
    if (std::ranges::find(kHeaderVariables, text.substr(0, end)) == std::end(kHeaderVariables))
      return false;
    text.remove_prefix(end + 1);
  }
  return true;
}

std::string_view without_blanks(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

bool canonical_extra_header(std::string_view text, std::string& to) {
  const std::size_t colon = std::min(text.find(':'), text.size());
  const std::string_view name = without_blanks(text.substr(0, colon));
  const std::string_view value = without_blanks(text.substr(std::min(colon + 1, text.size())));
  if (!canonical_header_name(name, to) || lower_case(name).starts_with("content-")) return false;
  const auto length = count_characters(value);
  if (!length || *length == 0 || *length > kMaxHeaderValue) return false;
  to.append(": ").append(value);
  return has_known_variables(value);
}

bool canonical_codec(std::string_view text, std::string& to) {
  to = sdp::codec_named(text);
  return !to.empty();
}

struct CodeBounds {
  int min;
  int max;
};

bool parse_code(std::string_view text, const CodeBounds& bounds, std::uint16_t& code) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), code);
  return error == std::errc{} && end == text.data() + text.size() && code >= bounds.min &&
         code <= bounds.max;
}

enum class Zero : std::uint8_t { Refused, Allowed };

bool canonical_mapping(std::string_view text, const CodeBounds& from, const CodeBounds& onto,
                       Zero zero, std::string& to) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos) return false;
  const auto parse = [zero](std::string_view part, const CodeBounds& bounds, std::uint16_t& code) {
    part = without_blanks(part);
    const bool none = zero == Zero::Allowed && parse_code(part, {0, 0}, code);
    return none || parse_code(part, bounds, code);
  };
  CodeMapping mapping;
  if (!parse(text.substr(0, colon), from, mapping.original)) return false;
  if (!parse(text.substr(colon + 1), onto, mapping.target)) return false;
  to = text_of(mapping);
  return true;
}

constexpr CodeBounds kRefusals{300, 699};
constexpr CodeBounds kErrors{400, 699};
constexpr CodeBounds kCauses{1, 127};

bool canonical_invite_code(std::string_view text, std::string& to) {
  return canonical_mapping(text, kRefusals, kRefusals, Zero::Refused, to);
}
bool canonical_failed_status(std::string_view text, std::string& to) {
  return canonical_mapping(text, kRefusals, kErrors, Zero::Allowed, to);
}
bool canonical_failed_cause(std::string_view text, std::string& to) {
  return canonical_mapping(text, kCauses, kCauses, Zero::Allowed, to);
}

bool canonical_stop_code(std::string_view text, std::string& to) {
  std::int64_t first = 0;
  std::int64_t last = 0;
  if (!parse_range(text, first, last) || first < kFirstRefusal || last > kLastRefusal) return false;
  to = text_of(CodeRange{static_cast<std::uint16_t>(first), static_cast<std::uint16_t>(last)});
  return true;
}

bool is_network(const AddressRange& range, int bits) {
  for (int bit = bits; bit < 128; ++bit) {
    const auto byte = static_cast<std::size_t>(bit / 8);
    const int mask = 0x80 >> (bit % 8);
    if ((range.first.bytes()[byte] & mask) != 0 || (range.last.bytes()[byte] & mask) == 0)
      return false;
  }
  return true;
}

}  // namespace

constinit const TextForm kNameForm{
    "1 to 64 printable characters without a comma, not beginning or "
    "ending with a blank",
    canonical_name};
constinit const TextForm kExternalIdForm{"at most 255 printable characters", canonical_external_id};
constinit const TextForm kMemoForm{"a text of at most 65535 bytes", canonical_memo};
constinit const TextForm kAddressForm{"an IPv4 or IPv6 address, or empty", canonical_address};
constinit const TextForm kAddressRangeForm{
    "an IPv4 or IPv6 address, a network a/bits or a range a-b", canonical_address_range};
constinit const TextForm kGatewayAddressForm{
    "an IPv4 or IPv6 address or a host name, with or without a port: a:5060, [::1]:5060",
    canonical_gateway_address};
constinit const TextForm kDomainForm{"a host name or an IPv4 or IPv6 address", canonical_domain};
constinit const TextForm kOwnDomainForm{"a host name, an IPv4 or IPv6 address, or empty",
                                        canonical_own_domain};
constinit const TextForm kProxyForm{
    "an address or a host name, with or without a port, or empty", canonical_proxy};
constinit const TextForm kUserForm{"1 to 64 printable characters without quotation marks and \\",
                                   canonical_user};
constinit const TextForm kOwnUserForm{
    "at most 64 printable characters without quotation marks and \\", canonical_own_user};
constinit const TextForm kPasswordForm{"at most 64 printable characters", canonical_password};
constinit const TextForm kProductForm{"at most 64 printable ASCII characters", canonical_product};
constinit const TextForm kPrefixForm{"0 to 64 of the characters 0-9 A-Z a-z # * +",
                                     canonical_prefix};
constinit const TextForm kPhoneNumberForm{"1 to 64 digits, letters, # * or +",
                                          canonical_phone_number};
constinit const TextForm kNumberOrNoneForm{"at most 64 digits, letters, # * or +",
                                           canonical_prefix};
constinit const TextForm kHeaderNameForm{
    "a header name of 1 to 64 characters that the switch does not write itself (such as Via, From, "
    "Contact, Content-Type)",
    canonical_header_name};
constinit const TextForm kStopCodeForm{"a SIP status or a range a-b within 300-699",
                                       canonical_stop_code};

constinit const TextForm kInviteCodeForm{
    "original:target, each a SIP status within 300-699, every original once", canonical_invite_code,
    ':'};
constinit const TextForm kFailedStatusForm{
    "original:target, a SIP status within 300-699 and one within 400-699, each may be 0, every "
    "original once",
    canonical_failed_status, ':'};
constinit const TextForm kFailedCauseForm{
    "original:target, each a Q.850 cause within 1-127 or 0, every original once",
    canonical_failed_cause, ':'};
constinit const TextForm kExtraHeaderForm{
    "Name: value in one line, of at most 255 characters, with a name that the switch does not write "
    "itself (such as Via, From, Contact, Content-*) and no variables but ${caller}, ${callee}, "
    "${callid}, ${account}, ${ingress}",
    canonical_extra_header};
constinit const TextForm kCodecForm{
    "a codec such as audio/PCMA, audio/G729, video/H264 (docs/operating/headers.md)",
    canonical_codec};

bool parse_gateway_address(std::string_view text, GatewayAddress& address) {
  address = {};
  if (text.starts_with('[')) {
    const std::size_t end = text.find(']');
    if (end == std::string_view::npos) return false;
    const std::string_view port = text.substr(end + 1);
    if (!port.empty() && (port[0] != ':' || !parse_port(port.substr(1), address.port)))
      return false;
    return parse_host(text.substr(0, end + 1), address) && address.ip.is_v6();
  }
  const std::size_t colon = text.find(':');
  const bool has_port = colon != std::string_view::npos && colon == text.rfind(':');
  if (has_port && !parse_port(text.substr(colon + 1), address.port)) return false;
  return parse_host(has_port ? text.substr(0, colon) : text, address);
}

std::string text_of(const IpAddress& address) { return address.none() ? "" : address.text(); }

std::string text_of(const AddressRange& range) {
  if (range.first == range.last) return range.first.text();
  const int bits = range.common_prefix_bits();
  if (!is_network(range, bits)) return range.first.text() + '-' + range.last.text();
  constexpr int kMappedBits = 96;  // before the bits of an IPv4 address
  return range.first.text() + '/' + std::to_string(range.first.is_v4() ? bits - kMappedBits : bits);
}

std::string text_of(const GatewayAddress& address) {
  if (address.port == 0) return address.host;
  const std::string host = address.ip.is_v6() ? '[' + address.host + ']' : address.host;
  return host + ':' + std::to_string(address.port);
}

std::string text_of(const CodeRange& range) {
  const std::string first = std::to_string(range.first);
  return range.first == range.second ? first : first + '-' + std::to_string(range.second);
}

std::string text_of(const CodeMapping& mapping) {
  return std::to_string(mapping.original) + ':' + std::to_string(mapping.target);
}

void read_text(std::string_view text, IpAddress& member) {
  member = IpAddress::parse(text).value_or(IpAddress{});
}

void read_text(std::string_view text, AddressRange& member) {
  member = AddressRange::parse(text).value_or(AddressRange{});
}

void read_text(std::string_view text, GatewayAddress& member) {
  member = {};
  const bool parsed = text.empty() || parse_gateway_address(text, member);
  TANDEM_ASSERT(parsed, "a canonical value is not an address");
}

void read_text(std::string_view text, CodeRange& member) {
  std::int64_t first = 0;
  std::int64_t last = 0;
  const bool parsed = parse_range(text, first, last);
  TANDEM_ASSERT(parsed, "a canonical value is not a range");
  member = {static_cast<std::uint16_t>(first), static_cast<std::uint16_t>(last)};
}

void read_text(std::string_view text, CodeMapping& member) {
  const std::size_t colon = text.find(':');
  const bool parsed =
      colon != std::string_view::npos &&
      parse_code(text.substr(0, colon), {0, kRefusals.max}, member.original) &&
      parse_code(text.substr(colon + 1), {0, kRefusals.max}, member.target);
  TANDEM_ASSERT(parsed, "a canonical value is not a mapping");
}

}  // namespace tandem::directory
