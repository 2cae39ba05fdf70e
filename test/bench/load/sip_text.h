// What the generator needs of a SIP message: the headers that tie it to its call, in one pass. It
// is not the parser of the switch, so that a fault of that one cannot hide itself.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

namespace tandem::bench {

inline constexpr std::size_t kMaxRepeated = 8;

// The values of a header that may come more than once.
struct Repeated {
  std::array<std::string_view, kMaxRepeated> values;
  std::size_t count = 0;

  void add(std::string_view value) {
    if (count < kMaxRepeated) values[count++] = value;
  }
  const std::string_view* begin() const { return values.data(); }
  const std::string_view* end() const { return values.data() + count; }
};

struct SipText {
  std::string_view start_line;
  Repeated vias;
  Repeated record_routes;
  std::string_view from;
  std::string_view to;
  std::string_view call_id;
  std::string_view cseq;
  std::string_view contact;
  std::string_view max_forwards;
  std::string_view session_expires;
  std::string_view content_length;
  std::string_view body;

  bool is_response() const { return start_line.starts_with("SIP/2.0 "); }
  int status() const;                    // of a response
  std::string_view method() const;       // of a request
  std::string_view request_uri() const;  // of a request
};

// Nothing if the message has no end of headers, or its body is not as long as Content-Length says.
std::optional<SipText> read_sip(std::string_view bytes);

// The value of `name` in a list of parameters (";tag=a;x=y"); "" if it is not there.
std::string_view parameter(std::string_view value, std::string_view name);

// What stands within the angle brackets of a name-addr; "" if there are none.
std::string_view address_of(std::string_view value);

// The digits of `text` as a number; 0 if there are none.
std::size_t number_in(std::string_view text);

}  // namespace tandem::bench
