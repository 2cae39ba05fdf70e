// Bytes that must not get into a header value: CR, LF and NUL. Most texts have none; finding that
// out has to be cheap.
#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

namespace tandem::sip {

inline bool ends_line(char c) { return c == '\r' || c == '\n' || c == '\0'; }

inline bool has_line_break(std::string_view text) {
  const auto among = [](const char* at, const char* end) {
    while (at != end && !ends_line(*at)) ++at;
    return at != end;
  };
  const auto in_word = [&](const char* at) {
    std::uint64_t word;
    std::memcpy(&word, at, 8);
    // The high bit of a byte of `low` is set when that byte is below 16, where all three are.
    const std::uint64_t low = (word - 0x1010101010101010) & ~word & 0x8080808080808080;
    return low != 0 && among(at, at + 8);
  };
  const char* at = text.data();
  const char* const end = at + text.size();
  if (text.size() < 8) return among(at, end);
  for (; end - at > 8; at += 8) {
    if (in_word(at)) return true;
  }
  return in_word(end - 8);
}

}  // namespace tandem::sip
