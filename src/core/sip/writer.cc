#include "core/sip/writer.h"

#include <array>
#include <charconv>
#include <cstring>

#include "base/assert.h"
#include "core/sip/header_table.h"
#include "core/sip/line_breaks.h"

namespace tandem::sip {

namespace {

// "Call-ID: "
struct Beginning {
  std::array<char, 32> text{};
  std::size_t size = 0;
};
constexpr std::array<Beginning, kHeaders.size()> make_beginnings() {
  std::array<Beginning, kHeaders.size()> lines{};
  for (const HeaderRow& row : kHeaders) {
    Beginning& line = lines[std::size_t(row.id)];
    for (const char c : row.name) line.text[line.size++] = c;
    line.text[line.size++] = ':';
    line.text[line.size++] = ' ';
  }
  return lines;
}
constexpr std::array<Beginning, kHeaders.size()> kBeginnings = make_beginnings();

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
  const Beginning& line = kBeginnings[std::size_t(id)];
  if (overflowed_ || std::size_t(end_ - at_) < line.text.size()) {
    put({line.text.data(), line.size});
    return;
  }
  // All of its room: a copy of fixed size costs less than one of the right size.
  std::memcpy(at_, line.text.data(), line.text.size());
  at_ += line.size;
}

// Copies and looks for line breaks at once, eight bytes at a time.
void Writer::text(std::string_view value) {
  const std::size_t size = value.size();
  if (overflowed_ || size > std::size_t(end_ - at_)) {
    overflowed_ = true;
    return;
  }
  char* const from = at_;
  const char* const source = value.data();
  at_ += size;
  bool low = false;  // a byte below 16: it may be one that ends a line
  const auto copy = [&]<class Word>(Word ones, std::size_t at) {
    Word word;
    std::memcpy(&word, source + at, sizeof word);
    std::memcpy(from + at, &word, sizeof word);
    low |= (Word(word - ones * 0x10) & Word(~word) & Word(ones * 0x80)) != 0;
  };
  if (size >= 8) {
    constexpr std::uint64_t kOnes = 0x0101010101010101;
    for (std::size_t at = 0; at + 8 < size; at += 8) copy(kOnes, at);
    copy(kOnes, size - 8);
  } else if (size >= 4) {
    constexpr std::uint32_t kOnes = 0x01010101;
    copy(kOnes, 0);
    copy(kOnes, size - 4);
  } else {
    for (std::size_t at = 0; at < size; ++at) copy(std::uint8_t{1}, at);
  }
  if (!low) return;
  for (char* c = from; c != at_; ++c) {
    if (ends_line(*c)) *c = ' ';
  }
}

void Writer::number(std::uint64_t value) {
  std::array<char, 20> digits;
  const auto [end, error] = std::to_chars(digits.data(), digits.data() + digits.size(), value);
  put({digits.data(), std::size_t(end - digits.data())});
}

void Writer::end_header() {
  if (overflowed_ || end_ - at_ < 2) {
    overflowed_ = true;
    return;
  }
  *at_++ = '\r';
  *at_++ = '\n';
}

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
