#include "core/sip/writer.h"

#include <array>
#include <charconv>
#include <cstring>

#include "base/assert.h"

namespace tandem::sip {
namespace {

bool ends_line(char c) { return c == '\r' || c == '\n' || c == '\0'; }

// True if a byte of the word is zero.
bool has_zero(std::uint64_t word) {
  return ((word - 0x0101010101010101) & ~word & 0x8080808080808080) != 0;
}

bool has_line_break(const char* text, std::size_t size) {
  std::size_t i = 0;
  for (; i + 8 <= size; i += 8) {
    std::uint64_t word;
    std::memcpy(&word, text + i, 8);
    if (has_zero(word) || has_zero(word ^ 0x0d0d0d0d0d0d0d0d) ||
        has_zero(word ^ 0x0a0a0a0a0a0a0a0a))
      return true;
  }
  for (; i < size; ++i) {
    if (ends_line(text[i])) return true;
  }
  return false;
}

}  // namespace

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
  if (overflowed_ || !has_line_break(from, value.size())) return;
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
