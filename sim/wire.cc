#include "sim/wire.h"

#include <algorithm>
#include <cstdlib>

namespace tandem::sim::wire {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c; }

std::string trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return std::string(text);
}

}  // namespace

bool same_name(std::string_view a, std::string_view b) {
  return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(),
                                            [](char x, char y) { return lower(x) == lower(y); });
}

int Text::status() const { return is_request() ? 0 : std::atoi(start.substr(8, 3).c_str()); }

std::string Text::method() const {
  if (is_request()) return start.substr(0, start.find(' '));
  const std::string cseq_value = get("CSeq");
  const std::size_t blank = cseq_value.find(' ');
  return blank == std::string::npos ? "" : trimmed(cseq_value.substr(blank));
}

std::string Text::request_uri() const {
  const std::size_t first = start.find(' ');
  const std::size_t last = start.rfind(' ');
  if (first == std::string::npos || last <= first) return "";
  return start.substr(first + 1, last - first - 1);
}

std::string Text::get(std::string_view name) const {
  for (const Line& line : lines) {
    if (same_name(line.name, name)) return line.value;
  }
  return "";
}

bool Text::has(std::string_view name) const { return count(name) != 0; }

std::size_t Text::count(std::string_view name) const {
  return std::size_t(std::count_if(lines.begin(), lines.end(),
                                   [&](const Line& line) { return same_name(line.name, name); }));
}

std::vector<std::string> Text::all(std::string_view name) const {
  std::vector<std::string> values;
  for (const Line& line : lines) {
    if (same_name(line.name, name)) values.push_back(line.value);
  }
  return values;
}

std::uint32_t Text::cseq() const {
  return std::uint32_t(std::strtoul(get("CSeq").c_str(), nullptr, 10));
}

std::string Text::branch() const { return parameter_in(get("Via"), "branch"); }

std::optional<Text> take_apart(std::string_view bytes) {
  const std::size_t end = bytes.find("\r\n\r\n");
  if (end == std::string_view::npos) return std::nullopt;
  Text text;
  text.body = bytes.substr(end + 4);
  std::string_view head = bytes.substr(0, end + 2);
  bool first = true;
  while (!head.empty()) {
    const std::size_t stop = head.find("\r\n");
    const std::string_view line = head.substr(0, stop);
    head.remove_prefix(stop + 2);
    if (first) {
      text.start = line;
      first = false;
      continue;
    }
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) return std::nullopt;
    text.lines.push_back({trimmed(line.substr(0, colon)), trimmed(line.substr(colon + 1))});
  }
  return text;
}

std::string parameter_in(std::string_view value, std::string_view name) {
  std::size_t at = value.find('>');
  at = value.find(';', at == std::string_view::npos ? 0 : at);
  while (at != std::string_view::npos) {
    const std::size_t end = std::min(value.find(';', at + 1), value.size());
    const std::string_view whole = value.substr(at + 1, end - at - 1);
    const std::size_t equals = whole.find('=');
    if (same_name(trimmed(whole.substr(0, equals)), name)) {
      return equals == std::string_view::npos ? "" : trimmed(whole.substr(equals + 1));
    }
    at = end == value.size() ? std::string_view::npos : end;
  }
  return "";
}

std::string tag_in(std::string_view value) { return parameter_in(value, "tag"); }

std::string uri_in(std::string_view value) {
  const std::size_t open = value.find('<');
  if (open == std::string_view::npos) return trimmed(value.substr(0, value.find(';')));
  const std::size_t close = value.find('>', open);
  if (close == std::string_view::npos) return "";
  return std::string(value.substr(open + 1, close - open - 1));
}

std::string user_in(std::string_view uri) {
  const std::size_t colon = uri.find(':');
  const std::size_t at = uri.find('@');
  if (colon == std::string_view::npos || at == std::string_view::npos) return "";
  return std::string(uri.substr(colon + 1, at - colon - 1));
}

std::string host_in(std::string_view uri) {
  const std::size_t at = uri.find('@');
  std::string_view rest = at != std::string_view::npos
                              ? uri.substr(at + 1)
                              : uri.substr(std::min(uri.size(), uri.find(':') + 1));
  return std::string(rest.substr(0, rest.find_first_of(";?>")));
}

std::string raw_header(std::string_view bytes, std::string_view name) {
  while (!bytes.empty()) {
    const std::size_t end = bytes.find('\n');
    std::string_view line = bytes.substr(0, end);
    bytes.remove_prefix(end == std::string_view::npos ? bytes.size() : end + 1);
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    if (line.empty()) return "";
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) continue;
    if (same_name(trimmed(line.substr(0, colon)), name)) return trimmed(line.substr(colon + 1));
  }
  return "";
}

std::string put_together(const std::string& start, const std::vector<Line>& lines,
                         const std::string& body) {
  std::string bytes = start + "\r\n";
  for (const Line& line : lines) bytes += line.name + ": " + line.value + "\r\n";
  return bytes + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

}  // namespace tandem::sim::wire
