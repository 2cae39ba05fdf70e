#include "core/sip/start_line.h"

#include "base/line_end.h"
#include "base/text.h"
#include "core/sip/characters.h"
#include "core/sip/line_breaks.h"

namespace tandem::sip {
namespace {

constexpr std::string_view kVersion = "SIP/2.0";

// SIP-Version of any number; which letters are used does not matter.
bool is_version(std::string_view text) {
  return text.size() > 4 && same_name(text.substr(0, 4), kVersion.substr(0, 4));
}

StartLine read_status_line(std::string_view line) {
  StartLine read;
  const std::size_t size = find_in_line<' '>(line);
  if (!same_name(line.substr(0, size), kVersion)) {
    read.fault = ParseErrorKind::BadVersion;
    return read;
  }
  Cursor cursor(line.substr(size + 1));
  const std::string_view digits = cursor.take(kDigit);
  if (digits.size() != 3 || digits.front() < '1' || digits.front() > '6' ||
      !(cursor.done() || cursor.take(' '))) {
    read.fault = ParseErrorKind::BadStatus;
    return read;
  }
  read.status = (digits[0] - '0') * 100 + (digits[1] - '0') * 10 + (digits[2] - '0');
  read.reason = cursor.rest();
  // The phrase goes to the other side: it cannot hold what would break a line there (RFC 3261 §25.1).
  if (has_line_break(read.reason)) read.fault = ParseErrorKind::BadStatus;
  return read;
}

// RFC 4475 §3.1.2.9, §3.1.2.10: one blank between the words, none elsewhere.
StartLine read_request_line(std::string_view line) {
  StartLine read;
  const std::string_view words = trim(line);
  const std::size_t last = words.rfind(' ');
  if (last == std::string_view::npos || !is_version(words.substr(last + 1))) {
    read.fault = ParseErrorKind::NotSip;
    return read;
  }
  read.request = true;
  Cursor cursor(words);
  read.method = cursor.take(kToken);
  const bool one_blank = cursor.sees(' ');
  const std::size_t from = read.method.size() + 1;
  if (from <= last) read.uri = words.substr(from, last - from);
  if (read.method.empty() || !one_blank || words.size() != line.size()) {
    read.fault = ParseErrorKind::BadStartLine;
  } else if (read.uri.empty()) {
    read.fault = ParseErrorKind::BadRequestUri;
  } else if (!same_name(words.substr(last + 1), kVersion)) {
    read.fault = ParseErrorKind::BadVersion;
  }
  return read;
}

}  // namespace

StartLine read_start_line(std::string_view line) {
  const std::size_t blank = find_in_line<' '>(line);
  if (blank != std::string_view::npos && is_version(line.substr(0, blank)))
    return read_status_line(line);
  return read_request_line(line);
}

}  // namespace tandem::sip
