#include "shell/http/target.h"

namespace tandem::http {
namespace {

enum class Plus { Literal, Blank };

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::optional<std::string> decode(std::string_view text, Plus plus) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+' && plus == Plus::Blank) {
      decoded += ' ';
    } else if (text[i] != '%') {
      decoded += text[i];
    } else {
      if (i + 2 >= text.size()) return std::nullopt;
      const int high = hex_digit(text[i + 1]);
      const int low = hex_digit(text[i + 2]);
      if (high < 0 || low < 0 || high + low == 0) return std::nullopt;
      decoded += static_cast<char>(high * 16 + low);
      i += 2;
    }
  }
  return decoded;
}

// Cuts `text` before the first `separator` and answers what stood there.
std::string_view take_until(std::string_view& text, char separator) {
  const std::size_t end = text.find(separator);
  const std::string_view taken = text.substr(0, end);
  text.remove_prefix(end == text.npos ? text.size() : end + 1);
  return taken;
}

bool parse_path(std::string_view path, std::vector<std::string>& segments) {
  while (!path.empty()) {
    const std::string_view segment = take_until(path, '/');
    if (segment.empty()) continue;
    std::optional<std::string> decoded = decode(segment, Plus::Literal);
    if (!decoded) return false;
    segments.push_back(std::move(*decoded));
  }
  return true;
}

bool parse_query(std::string_view query, Fields& fields) {
  while (!query.empty()) {
    std::string_view value = take_until(query, '&');
    const std::string_view name = take_until(value, '=');
    if (name.empty()) continue;
    std::optional<std::string> decoded_name = decode(name, Plus::Blank);
    std::optional<std::string> decoded_value = decode(value, Plus::Blank);
    if (!decoded_name || !decoded_value) return false;
    fields.emplace_back(std::move(*decoded_name), std::move(*decoded_value));
  }
  return true;
}

}  // namespace

std::optional<Target> parse_target(std::string_view text) {
  if (text.empty() || text.front() != '/') return std::nullopt;
  text = text.substr(0, text.find('#'));
  const std::string_view path = take_until(text, '?');
  Target target{.path = std::string(path), .segments = {}, .query = {}};
  if (!parse_path(path, target.segments) || !parse_query(text, target.query)) return std::nullopt;
  return target;
}

std::string percent_encode(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string encoded;
  for (const char c : text) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    const bool digit = c >= '0' && c <= '9';
    if (letter || digit || c == '-' || c == '.' || c == '_' || c == '~') {
      encoded += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      encoded += '%';
      encoded += kDigits[byte >> 4];
      encoded += kDigits[byte & 15];
    }
  }
  return encoded;
}

}  // namespace tandem::http
