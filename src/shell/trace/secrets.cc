#include "shell/trace/secrets.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace tandem::trace {
namespace {

constexpr char kHidden = 'x';

// Parameters of credentials that can be shown.
constexpr std::array<std::string_view, 11> kOpenParameters{
    "username", "realm", "nonce",  "uri",      "algorithm", "qop",
    "nc",       "opaque", "userhash", "stale", "nextnonce"};

// Words in front of a value that is nobody's business.
constexpr std::array<std::string_view, 6> kSecretWords{"password",   "passwd",  "secret",
                                                       "passphrase", "api_key", "token"};

bool is_name(char c) {
  return (lower(c) >= 'a' && lower(c) <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

void hide(std::string& text, std::size_t begin, std::size_t end) {
  for (std::size_t i = begin; i < end; ++i) {
    if (text[i] != '\r' && text[i] != '\n') text[i] = kHidden;
  }
}

// One past the value that begins at `at`: a quoted string with its quotes, or up to a delimiter.
std::size_t end_of_value(const std::string& text, std::size_t at, std::size_t end,
                         std::string_view delimiters) {
  if (at >= end || text[at] != '"') return std::min(text.find_first_of(delimiters, at), end);
  for (std::size_t i = at + 1; i < end; ++i) {
    if (text[i] == '\\')
      ++i;
    else if (text[i] == '"')
      return i + 1;
  }
  return end;
}

// The value without the quotes around it.
void hide_value(std::string& text, std::size_t begin, std::size_t end) {
  const bool quoted = begin < end && text[begin] == '"';
  const bool closed = quoted && end > begin + 1 && text[end - 1] == '"';
  hide(text, begin + (quoted ? 1 : 0), closed ? end - 1 : end);
}

void hide_parameters(std::string& text, std::size_t at, std::size_t end) {
  while (at < end) {
    while (at < end && !is_name(text[at])) ++at;
    std::size_t name_end = at;
    while (name_end < end && is_name(text[name_end])) ++name_end;
    const std::string_view name = std::string_view(text).substr(at, name_end - at);
    std::size_t value = name_end;
    while (value < end && (text[value] == ' ' || text[value] == '=')) ++value;
    const std::size_t value_end = end_of_value(text, value, end, ", \t\r\n");
    const bool open = std::any_of(kOpenParameters.begin(), kOpenParameters.end(),
                                  [&](auto each) { return equal_ignoring_case(each, name); });
    if (!open) hide_value(text, value, value_end);
    at = std::max(value_end, name_end + 1);
  }
}

// 'Digest username="a", response="xxx"': of other schemes everything is hidden.
void hide_credentials(std::string& text, std::size_t at, std::size_t end) {
  while (at < end && (text[at] == ' ' || text[at] == '\t')) ++at;
  std::size_t word = at;
  while (word < end && is_name(text[word])) ++word;
  if (!equal_ignoring_case(std::string_view(text).substr(at, word - at), "Digest")) {
    while (word < end && text[word] == ' ') ++word;
    return hide(text, word, end);
  }
  hide_parameters(text, word, end);
}

// "sip:user:secret@host": the secret.
void hide_uri_passwords(std::string& text, std::size_t at, std::size_t end) {
  const std::string_view line = std::string_view(text).substr(0, end);
  for (; (at = line.find("sip", at)) != line.npos; ++at) {
    std::size_t user = at + 3;
    if (user < end && line[user] == 's') ++user;
    if (user >= end || line[user] != ':') continue;
    const std::size_t user_end = line.find_first_of(":@>;?, \t\r\n\"", user + 1);
    if (user_end == line.npos || line[user_end] != ':') continue;
    const std::size_t host = line.find_first_of("@> \t\r\n\"", user_end);
    if (host != line.npos && line[host] == '@') hide(text, user_end + 1, host);
  }
}

// One past the head line that begins at `at`, with the lines folded into it.
std::size_t end_of_field(const std::string& text, std::size_t at) {
  for (;;) {
    const std::size_t newline = text.find('\n', at);
    if (newline == text.npos) return text.size();
    at = newline + 1;
    if (at >= text.size() || (text[at] != ' ' && text[at] != '\t')) return at;
  }
}

void hide_in_field(std::string& text, std::size_t at, std::size_t end) {
  const std::size_t colon = text.find(':', at);
  if (colon < end) {
    const std::string_view name = trim(std::string_view(text).substr(at, colon - at));
    if (equal_ignoring_case(name, "Authorization") ||
        equal_ignoring_case(name, "Proxy-Authorization")) {
      return hide_credentials(text, colon + 1, end);
    }
    // rspauth says as much of a password as a response does (RFC 8760).
    if (equal_ignoring_case(name, "Authentication-Info") ||
        equal_ignoring_case(name, "Proxy-Authentication-Info")) {
      return hide_parameters(text, colon + 1, end);
    }
  }
  hide_uri_passwords(text, at, end);
}

bool begins_ignoring_case(std::string_view text, std::string_view word) {
  return text.size() >= word.size() && equal_ignoring_case(text.substr(0, word.size()), word);
}

// "password=abc", '"password": "abc"', "<password>abc</password>"
void hide_words(std::string& text, std::size_t at, std::size_t end) {
  for (; at < end; ++at) {
    const std::string_view rest = std::string_view(text).substr(at, end - at);
    const auto* word = std::find_if(kSecretWords.begin(), kSecretWords.end(),
                                    [&](auto each) { return begins_ignoring_case(rest, each); });
    if (word == kSecretWords.end()) continue;
    std::size_t value = at + word->size();
    if (value < end && text[value] == '"') ++value;
    while (value < end && text[value] == ' ') ++value;
    if (value >= end || (text[value] != '=' && text[value] != ':' && text[value] != '>')) continue;
    ++value;
    while (value < end && text[value] == ' ') ++value;
    const std::size_t value_end = end_of_value(text, value, end, "&;,<}\r\n");
    hide_value(text, value, value_end);
    at = std::max(at, value_end - 1);
  }
}

// "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:xxx", "k=xxx", "a=ice-pwd:xxx"
void hide_media_keys(std::string& text, std::size_t at, std::size_t end) {
  const std::string_view line = std::string_view(text).substr(at, end - at);
  if (line.starts_with("k=")) return hide(text, at + 2, end);
  for (const std::string_view key : {"a=ice-pwd:", "a=key-mgmt:"}) {
    if (line.starts_with(key)) return hide(text, at + key.size(), end);
  }
  if (!line.starts_with("a=crypto:")) return;
  const std::size_t inline_key = line.find("inline:");
  hide(text, at + (inline_key == line.npos ? 9 : inline_key + 7), end);
}

void hide_in_body(std::string& text, std::size_t at) {
  hide_words(text, at, text.size());
  while (at < text.size()) {
    const std::size_t newline = std::min(text.find('\n', at), text.size());
    hide_media_keys(text, at, newline);
    at = newline + 1;
  }
}

}  // namespace

std::string without_secrets(std::string_view message) {
  std::string text(message);
  std::size_t at = 0;
  while (at < text.size() && text[at] != '\r' && text[at] != '\n') {
    const std::size_t end = end_of_field(text, at);
    hide_in_field(text, at, end);
    at = end;
  }
  hide_in_body(text, at);
  return text;
}

}  // namespace tandem::trace
