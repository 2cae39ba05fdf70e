#include "core/sip/uri.h"

#include <algorithm>
#include <utility>

#include "base/address.h"
#include "base/text.h"
#include "core/sip/characters.h"
#include "core/sip/value_readers.h"

namespace tandem::sip {
namespace {

constexpr std::size_t kMostParameters = 32;  // compared in one URI: every pair may be looked at

int hex_value(char c) {
  if (is(kDigit, c)) return c - '0';
  return is(kHex, c) ? lower(c) - 'a' + 10 : -1;
}

// The character a "%41" at the start of `text` stands for; -1 when there is none.
int escaped_character(std::string_view text) {
  if (text.size() < 3 || text[0] != '%') return -1;
  const int high = hex_value(text[1]);
  const int low = hex_value(text[2]);
  return high < 0 || low < 0 ? -1 : high * 16 + low;
}

// Characters of `set` and escapes from here on; false at an escape that is none.
bool take_escaped(Cursor& cursor, CharacterSet set, std::string_view& text) {
  const char* const from = cursor.at;
  while (true) {
    cursor.take(set);
    if (!cursor.sees('%')) break;
    if (escaped_character(cursor.rest()) < 0) return false;
    cursor.at += 3;
  }
  text = {from, std::size_t(cursor.at - from)};
  return true;
}

bool take_host(Cursor& cursor, Uri& uri) {
  if (cursor.take('[')) {
    const std::size_t size = cursor.rest().find(']');
    if (size == std::string_view::npos) return false;
    uri.host = cursor.rest().substr(0, size);
    uri.host_is_ipv6 = true;
    cursor.at += size + 1;
    return uri.host.find(':') != std::string_view::npos && IpAddress::parse(uri.host);
  }
  uri.host = cursor.take(kHost);
  return !uri.host.empty();
}

bool take_port(Cursor& cursor, std::uint16_t& port) {
  if (!cursor.take(':')) return true;
  std::uint32_t number = 0;
  if (!cursor.take_number(65535, number) || number == 0) return false;
  port = std::uint16_t(number);
  return true;
}

// user [":" password]: whatever stands before the only "@".
bool parse_user(std::string_view text, Uri& uri) {
  Cursor cursor(text);
  if (!take_escaped(cursor, kUser, uri.user) || uri.user.empty()) return false;
  if (cursor.take(':') && !take_escaped(cursor, kPassword, uri.password)) return false;
  return cursor.done();
}

// "user@host" or "user@host:port" and nothing else, as nearly every URI is. False, and nothing is
// changed, for all others, good or bad.
bool parse_plain(std::string_view text, Uri& uri) {
  const char* const begin = text.data();
  const char* const end = begin + text.size();
  const char* const at = behind(kUser, begin, end);
  if (at == begin || at == end || *at != '@') return false;
  const char* const host = at + 1;
  const char* const host_end = behind(kHost, host, end);
  if (host_end == host) return false;
  std::uint32_t port = 0;
  if (host_end != end) {
    if (*host_end != ':') return false;
    for (const char* digit = host_end + 1; digit != end; ++digit) {
      if (*digit < '0' || *digit > '9') return false;
      port = port * 10 + std::uint32_t(*digit - '0');
      if (port > 65535) return false;
    }
    if (port == 0) return false;
  }
  uri.user = {begin, std::size_t(at - begin)};
  uri.host = {host, std::size_t(host_end - host)};
  uri.port = std::uint16_t(port);
  return true;
}

bool parse_sip(std::string_view text, Uri& uri) {
  if (parse_plain(text, uri)) return true;
  if (const std::size_t at = text.find('@'); at != std::string_view::npos) {
    if (!parse_user(text.substr(0, at), uri)) return false;
    text.remove_prefix(at + 1);
  }
  Cursor cursor(text);
  if (!take_host(cursor, uri) || !take_port(cursor, uri.port)) return false;
  if (cursor.take(';') && !take_escaped(cursor, kUriParameter, uri.parameters)) return false;
  if (cursor.take('?') && !take_escaped(cursor, kUriHeader, uri.headers)) return false;
  return cursor.done();
}

bool parse_tel(std::string_view text, Uri& uri) {
  Cursor cursor(text);
  cursor.take('+');
  const bool empty = cursor.take(kPhone).empty();
  uri.user = text.substr(0, std::size_t(cursor.at - text.data()));
  if (empty) return false;
  if (cursor.take(';') && !take_escaped(cursor, kUriParameter, uri.parameters)) return false;
  return cursor.done();
}

struct NameValue {
  std::string_view name, value;
};
// Takes the next "name=value" off a list.
bool next_of(std::string_view& list, char separator, NameValue& found) {
  while (!list.empty()) {
    const std::string_view item = list.substr(0, list.find(separator));
    list.remove_prefix(std::min(list.size(), item.size() + 1));
    if (item.empty()) continue;
    const std::size_t equal = item.find('=');
    found.name = item.substr(0, equal);
    found.value = equal == std::string_view::npos ? std::string_view() : item.substr(equal + 1);
    return true;
  }
  return false;
}

// One character of a URI component, its escape undone. Reserved characters and their escapes differ
// (RFC 3261 §19.1.4): the escaped ones are moved out of the range of characters.
int next_character(std::string_view& text) {
  constexpr std::string_view kReserved = ";/?:@&=+$,";
  int character = escaped_character(text);
  if (character < 0) {
    character = static_cast<unsigned char>(text.front());
    text.remove_prefix(1);
    return character;
  }
  text.remove_prefix(3);
  return kReserved.find(char(character)) == std::string_view::npos ? character : character + 256;
}

enum class Case : std::uint8_t { Matters, Ignored };

bool same_text(std::string_view a, std::string_view b, Case letters) {
  while (!a.empty() && !b.empty()) {
    int one = next_character(a);
    int other = next_character(b);
    if (letters == Case::Ignored && one < 128 && other < 128) {
      one = lower(char(one));
      other = lower(char(other));
    }
    if (one != other) return false;
  }
  return a.empty() && b.empty();
}

std::optional<std::string_view> value_in(std::string_view list, char separator,
                                         std::string_view name) {
  NameValue found;
  while (next_of(list, separator, found)) {
    if (same_text(found.name, name, Case::Ignored)) return found.value;
  }
  return std::nullopt;
}

bool too_many(std::string_view list, char separator) {
  std::size_t count = 0;
  NameValue found;
  while (next_of(list, separator, found)) {
    if (++count > kMostParameters) return true;
  }
  return false;
}

// Each name of `a` that is also in `b` has the same value; one that is only in `a` is ignored
// unless the RFC says that it tells the URIs apart.
bool parameters_agree(const Uri& a, const Uri& b) {
  NameValue found;
  for (std::string_view list = a.parameters; next_of(list, ';', found);) {
    if (const auto other = value_in(b.parameters, ';', found.name)) {
      if (!same_text(found.value, *other, Case::Ignored)) return false;
      continue;
    }
    if (a.scheme == Scheme::Tel) return false;  // RFC 3966 §5: all of them count
    for (const std::string_view counts : {"user", "ttl", "method", "maddr", "transport"}) {
      if (same_text(found.name, counts, Case::Ignored)) return false;
    }
  }
  return true;
}

bool headers_within(const Uri& a, const Uri& b) {
  NameValue found;
  for (std::string_view list = a.headers; next_of(list, '&', found);) {
    const auto other = value_in(b.headers, '&', found.name);
    if (!other || !same_text(found.value, *other, Case::Matters)) return false;
  }
  return true;
}

bool same_host(const Uri& a, const Uri& b) {
  if (a.host_is_ipv6 != b.host_is_ipv6) return false;
  if (a.host_is_ipv6) return IpAddress::parse(a.host) == IpAddress::parse(b.host);
  return equal_ignoring_case(a.host, b.host);
}

// RFC 3966 §5: visual separators do not count.
bool same_phone_number(std::string_view a, std::string_view b) {
  const auto skip = [](std::string_view& text) {
    while (!text.empty() && std::string_view("-.()").find(text.front()) != std::string_view::npos)
      text.remove_prefix(1);
  };
  while (true) {
    skip(a);
    skip(b);
    if (a.empty() || b.empty()) return a.empty() && b.empty();
    if (lower(a.front()) != lower(b.front())) return false;
    a.remove_prefix(1);
    b.remove_prefix(1);
  }
}

}  // namespace

bool read_uri(std::string_view text, Uri& uri) {
  if (text.starts_with("sip:")) {
    uri.scheme_text = text.substr(0, 3);
    uri.scheme = Scheme::Sip;
    return parse_sip(text.substr(4), uri);
  }
  Cursor cursor(text);
  uri.scheme_text = cursor.take(kScheme);
  if (uri.scheme_text.empty() || is(kDigit, text.front()) || !cursor.take(':')) return false;
  if (same_name(uri.scheme_text, "sip")) {
    uri.scheme = Scheme::Sip;
    return parse_sip(cursor.rest(), uri);
  }
  if (same_name(uri.scheme_text, "sips")) {
    uri.scheme = Scheme::Sips;
    return parse_sip(cursor.rest(), uri);
  }
  if (same_name(uri.scheme_text, "tel")) {
    uri.scheme = Scheme::Tel;
    return parse_tel(cursor.rest(), uri);
  }
  return !cursor.done() && cursor.rest().find_first_of("<>\"") == std::string_view::npos &&
         all(kVisible, cursor.rest());
}

std::optional<Uri> parse_uri(std::string_view text) {
  std::optional<Uri> uri(std::in_place);
  if (!read_uri(text, *uri)) uri.reset();
  return uri;
}

std::optional<std::string_view> Uri::parameter(std::string_view name) const {
  return value_in(parameters, ';', name);
}

std::string_view Uri::user_number() const { return user.substr(0, user.find(';')); }

std::optional<std::string_view> Uri::user_parameter(std::string_view name) const {
  const std::size_t from = user.find(';');
  if (from == std::string_view::npos) return std::nullopt;
  return value_in(user.substr(from + 1), ';', name);
}

void append_unescaped(std::string& to, std::string_view text) {
  while (!text.empty()) {
    const std::size_t plain = std::min(text.find('%'), text.size());
    to.append(text.substr(0, plain));
    text.remove_prefix(plain);
    if (text.empty()) return;
    const int character = escaped_character(text);
    to += character < 0 ? text.front() : static_cast<char>(character);
    text.remove_prefix(character < 0 ? 1 : 3);
  }
}

void append_escaped_user(std::string& to, std::string_view text) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  // "#" is read by everybody in a user part, but must not be written there.
  const auto plain = [](char c) { return is(kUser, c) && c != '#'; };
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::size_t from = i;
    while (i < text.size() && plain(text[i])) ++i;
    to.append(text.substr(from, i - from));
    if (i == text.size()) return;
    const auto byte = static_cast<unsigned char>(text[i]);
    to += '%';
    to += kDigits[byte >> 4];
    to += kDigits[byte & 15];
  }
}

bool equivalent(const Uri& a, const Uri& b) {
  if (a.scheme != b.scheme || a.scheme == Scheme::Other) return false;
  for (const Uri* uri : {&a, &b}) {
    if (too_many(uri->parameters, ';') || too_many(uri->headers, '&')) return false;
  }
  if (!parameters_agree(a, b) || !parameters_agree(b, a)) return false;
  if (a.scheme == Scheme::Tel) return same_phone_number(a.user, b.user);
  return same_text(a.user, b.user, Case::Matters) &&
         same_text(a.password, b.password, Case::Matters) && same_host(a, b) && a.port == b.port &&
         headers_within(a, b) && headers_within(b, a);
}

std::string with_user(std::string_view text, std::string_view user, std::string_view parameters) {
  const auto uri = parse_uri(text);
  if (!uri || (uri->scheme != Scheme::Sip && uri->scheme != Scheme::Sips)) return std::string(text);
  const std::size_t host = std::size_t(uri->host.data() - text.data()) - (uri->host_is_ipv6 ? 1 : 0);
  std::string made(uri->scheme_text);
  made += ':';
  append_escaped_user(made, user);
  made.append(parameters).append("@").append(text.substr(host));
  return made;
}

std::string host_in_uri(std::string_view host) {
  const auto ip = IpAddress::parse(host);
  return ip && ip->is_v6() ? '[' + ip->text() + ']' : std::string(host);
}

}  // namespace tandem::sip
