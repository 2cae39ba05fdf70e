// SIP as plain text: what the parties of a world read and write. Deliberately simple and
// independent of core/sip, so that a bug there does not hide itself.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tandem::sim::wire {

struct Line {
  std::string name;
  std::string value;
};

// One message taken apart at its line ends.
struct Text {
  std::string start;
  std::vector<Line> lines;
  std::string body;

  bool is_request() const { return start.compare(0, 8, "SIP/2.0 ") != 0; }
  int status() const;          // 0 for a request
  std::string method() const;  // of a request: first word; of a response: that of CSeq
  std::string request_uri() const;
  std::string get(std::string_view name) const;  // first value; "" when absent
  bool has(std::string_view name) const;
  std::size_t count(std::string_view name) const;
  std::vector<std::string> all(std::string_view name) const;
  std::uint32_t cseq() const;
  std::string branch() const;  // of the topmost Via
};

// Nothing when the bytes have no empty line or a header line without colon.
std::optional<Text> take_apart(std::string_view bytes);

bool same_name(std::string_view a, std::string_view b);  // ignoring case
std::string tag_in(std::string_view value);              // of a From or To value
std::string uri_in(std::string_view value);              // between < >, or up to the first ';'
std::string user_in(std::string_view uri);               // "sip:USER@host"
std::string host_in(std::string_view uri);               // "sip:user@HOST:port;..." with its port
std::string parameter_in(std::string_view value, std::string_view name);  // ";name=VALUE"
// The value of a header in raw bytes, also of bytes that are no whole message.
std::string raw_header(std::string_view bytes, std::string_view name);

// A message from its parts: adds Content-Length and the empty line.
std::string put_together(const std::string& start, const std::vector<Line>& lines,
                         const std::string& body);

}  // namespace tandem::sim::wire
