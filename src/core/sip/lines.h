// Header lines of a message (RFC 3261 §7.3.1): cut from the bytes, unfolded only in the sense that
// a field knows where its continuation lines end. A line ends with CRLF or a bare LF.
#pragma once

#include <cstring>
#include <string_view>

#include "base/line_end.h"
#include "core/sip/characters.h"
#include "core/sip/header_id.h"
#include "core/sip/message.h"
#include "core/sip/usual_headers.h"

namespace tandem::sip {

enum class LineKind : std::uint8_t { Field, Empty, Bad, Cut };  // Cut: the bytes end inside a line

// The name of the line from `from` to `newline`, and the colon behind it.
inline bool find_name(const char* from, const char* newline, const char* end, const char*& colon,
                      HeaderField& field) {
  std::size_t size = 0;
  field.id = usual_header({from, std::size_t(end - from)}, size);
  if (field.id != HeaderId::Unknown) {
    field.name = {from, size};
    colon = from + size;
    return true;
  }
  colon = static_cast<const char*>(std::memchr(from, ':', std::size_t(newline - from)));
  if (colon == nullptr) return false;
  const char* name_end = colon;
  while (name_end != from && (name_end[-1] == ' ' || name_end[-1] == '\t')) --name_end;
  field.name = {from, std::size_t(name_end - from)};
  field.id = header_id(field.name);
  return field.id != HeaderId::Unknown || (!field.name.empty() && all(kToken, field.name));
}

// Takes the line at `at` with its continuation lines; `at` moves behind it. `field` is what a line of
// kind Field says: its value is without white space at its ends.
inline LineKind next_line(const char*& at, const char* end, HeaderField& field) {
  const char* const from = at;
  const char* newline = find_byte<'\n'>(from, end);
  if (newline == end) return at = end, LineKind::Cut;
  const char* next = newline + 1;
  at = next;
  if (newline == from || (newline == from + 1 && *from == '\r')) return LineKind::Empty;

  field.folded = false;
  while (next != end && (*next == ' ' || *next == '\t')) {
    newline = find_byte<'\n'>(next, end);
    if (newline == end) return at = end, LineKind::Cut;
    at = next = newline + 1;
    field.folded = true;
  }

  const char* colon = from;
  if (!find_name(from, newline, end, colon, field)) return LineKind::Bad;
  const char* first = colon + 1;
  const char* last = newline;
  // Nearly always one blank in front, and one CR behind.
  if (first != last && *first == ' ') ++first;
  if (last != first && last[-1] == '\r') --last;
  while (first != last && is(kBlank, *first)) ++first;
  while (last != first && is(kBlank, last[-1])) --last;
  field.value = {first, std::size_t(last - first)};
  return LineKind::Field;
}

}  // namespace tandem::sip
