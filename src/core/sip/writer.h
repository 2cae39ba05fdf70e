// Writes a SIP message into a buffer the caller owns: start line, headers, body, in that order. It
// never allocates; a message that does not fit sets overflowed() and must not be sent. Values are
// written as given: callers pass text that came from a parsed message or that they made themselves;
// CR, LF and NUL inside a value are replaced by blanks, so that nothing can be injected.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string_view>

#include "core/sip/header_id.h"
#include "core/sip/method.h"

namespace tandem::sip {

class Writer {
 public:
  Writer(char* begin, std::size_t capacity);

  void request_line(std::string_view method, std::string_view uri);
  void status_line(int status, std::string_view reason);
  // "Name: a" + "b" + "c": the parts of one value, joined.
  void header(HeaderId id, std::initializer_list<std::string_view> parts);
  void header(HeaderId id, std::string_view value) { header(id, {value}); }
  void header(HeaderId id, std::uint64_t value);
  void header(std::string_view name, std::string_view value);
  // Bit by bit: begin_header(), any number of text()/number(), end_header().
  void begin_header(HeaderId id);
  void text(std::string_view value);
  void number(std::uint64_t value);
  void end_header();
  // Bytes put in untouched (e.g. a block of header lines of our own making, each with its CRLF).
  void raw(std::string_view lines);
  // Content-Length, the empty line and the body; must be called once, last.
  void finish(std::string_view body);

  bool overflowed() const { return overflowed_; }
  std::string_view view() const { return {begin_, std::size_t(at_ - begin_)}; }

 private:
  void put(std::string_view bytes);
  char* begin_;
  char* at_;
  char* end_;
  bool overflowed_ = false;
};

// The standard phrase of a status: "Ringing" (RFC 3261 §21 and later registrations), "" if unknown.
std::string_view reason_phrase(int status);

}  // namespace tandem::sip
