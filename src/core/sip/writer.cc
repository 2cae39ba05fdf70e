#include "core/sip/writer.h"

#include <array>
#include <charconv>
#include <cstring>

#include "base/assert.h"
#include "core/sip/line_breaks.h"

namespace tandem::sip {

Writer::Writer(char* begin, std::size_t capacity)
    : begin_(begin), at_(begin), end_(begin + capacity) {}

void Writer::request_line(std::string_view method, std::string_view uri) {
  text(method);
  put(" ");
  text(uri);
  put(" SIP/2.0\r\n");
}

void Writer::status_line(int status, std::string_view reason) {
  TANDEM_ASSERT(status >= 100 && status <= 699, "a status of three digits");
  put("SIP/2.0 ");
  number(std::uint64_t(status));
  put(" ");
  text(reason);
  put("\r\n");
}

void Writer::header(HeaderId id, std::initializer_list<std::string_view> parts) {
  begin_header(id);
  for (const std::string_view part : parts) text(part);
  end_header();
}

void Writer::header(HeaderId id, std::uint64_t value) {
  begin_header(id);
  number(value);
  end_header();
}

void Writer::header(std::string_view name, std::string_view value) {
  text(name);
  put(": ");
  text(value);
  put("\r\n");
}

void Writer::begin_header(HeaderId id) {
  put(name_of(id));
  put(": ");
}

void Writer::text(std::string_view value) {
  char* const from = at_;
  put(value);
  if (overflowed_ || !has_line_break(value)) return;
  for (char* c = from; c != at_; ++c) {
    if (ends_line(*c)) *c = ' ';
  }
}

void Writer::number(std::uint64_t value) {
  std::array<char, 20> digits;
  const auto [end, error] = std::to_chars(digits.data(), digits.data() + digits.size(), value);
  put({digits.data(), std::size_t(end - digits.data())});
}

void Writer::end_header() { put("\r\n"); }

void Writer::raw(std::string_view lines) { put(lines); }

void Writer::finish(std::string_view body) {
  header(HeaderId::ContentLength, body.size());
  put("\r\n");
  put(body);
}

void Writer::put(std::string_view bytes) {
  // Nothing is written behind what did not fit: a message is whole or not a message.
  if (overflowed_ || bytes.size() > std::size_t(end_ - at_)) {
    overflowed_ = true;
    return;
  }
  if (!bytes.empty()) std::memcpy(at_, bytes.data(), bytes.size());
  at_ += bytes.size();
}

}  // namespace tandem::sip
