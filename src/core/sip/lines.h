// Header lines of a message (RFC 3261 §7.3.1): cut from the bytes, unfolded only in the sense that
// a field knows where its continuation lines end. A line ends with CRLF or a bare LF.
#pragma once

#include <cstring>
#include <string_view>

#include "core/sip/characters.h"
#include "core/sip/header_id.h"

namespace tandem::sip {

enum class LineKind : std::uint8_t { Field, Empty, Bad, Cut };  // Cut: the bytes end inside a line

struct Line {
  explicit Line(LineKind kind_of_line) : kind(kind_of_line) {}

  LineKind kind;
  bool folded = false;
  HeaderId id = HeaderId::Unknown;
  std::string_view name;
  std::string_view value;  // without white space at its ends
};

// Takes the line at `at` with its continuation lines; `at` moves behind it.
inline Line next_line(const char*& at, const char* end) {
  const auto newline_from = [end](const char* from) {
    return static_cast<const char*>(std::memchr(from, '\n', std::size_t(end - from)));
  };
  const char* const from = at;
  const char* newline = from == end ? nullptr : newline_from(from);
  if (newline == nullptr) return at = end, Line(LineKind::Cut);
  at = newline + 1;
  if (newline == from || (newline == from + 1 && *from == '\r')) return Line(LineKind::Empty);

  Line line(LineKind::Field);
  while (at != end && (*at == ' ' || *at == '\t')) {
    newline = newline_from(at);
    if (newline == nullptr) return at = end, Line(LineKind::Cut);
    at = newline + 1;
    line.folded = true;
  }

  const std::size_t size = std::size_t(newline - from);
  const auto* const colon = static_cast<const char*>(std::memchr(from, ':', size));
  if (colon == nullptr) return Line(LineKind::Bad);
  const char* name_end = colon;
  while (name_end != from && (name_end[-1] == ' ' || name_end[-1] == '\t')) --name_end;
  line.name = {from, std::size_t(name_end - from)};
  line.id = header_id(line.name);
  if (line.id == HeaderId::Unknown && (line.name.empty() || !all(kToken, line.name)))
    return Line(LineKind::Bad);
  Cursor cursor({colon + 1, std::size_t(newline - colon - 1)});
  cursor.skip_blanks();
  const char* last = newline;
  while (last != cursor.at && is(kBlank, last[-1])) --last;
  line.value = {cursor.at, std::size_t(last - cursor.at)};
  return line;
}

}  // namespace tandem::sip
