// Words and lines of a session description. Blanks are spaces and tabs.
#pragma once

#include <algorithm>
#include <charconv>
#include <initializer_list>
#include <string>
#include <string_view>
#include <system_error>

#include "base/line_end.h"

namespace tandem::sdp {

inline bool is_blank(char c) { return c == ' ' || c == '\t'; }

inline std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

// Takes the first word, and the blanks before it, off `text`; "" when there is none.
inline std::string_view next_word(std::string_view& text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  std::size_t size = 0;
  while (size < text.size() && !is_blank(text[size])) ++size;
  const std::string_view word = text.substr(0, size);
  text.remove_prefix(size);
  return word;
}

// Takes the last word, and the blanks behind it, off `text`; "" when there is none.
inline std::string_view last_word(std::string_view& text) {
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  std::size_t size = 0;
  while (size < text.size() && !is_blank(text[text.size() - size - 1])) ++size;
  const std::string_view word = text.substr(text.size() - size);
  text.remove_suffix(size);
  return word;
}

// Takes the first line with its CRLF, LF or CR off `text`; the line comes without blanks behind it.
inline std::string_view next_line(std::string_view& text) {
  const char* const begin = text.data();
  std::size_t taken = std::size_t(find_byte<'\n', '\r'>(begin, begin + text.size()) - begin);
  std::string_view line = text.substr(0, taken);
  if (taken < text.size())
    taken += text[taken] == '\r' && text.substr(taken + 1, 1) == "\n" ? 2 : 1;
  text.remove_prefix(taken);
  while (!line.empty() && is_blank(line.back())) line.remove_suffix(1);
  return line;
}

// A whole unsigned number, nothing else; false when it does not fit.
template <class Number>
bool parse_number(std::string_view text, Number& number) {
  const char* const end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, number);
  return error == std::errc{} && stopped == end && !text.empty();
}

// "x=word word\r\n"; empty words are left out.
inline void append_line(std::string& to, char type, std::initializer_list<std::string_view> words) {
  to += type;
  to += '=';
  const char* separator = "";
  for (const std::string_view word : words) {
    if (word.empty()) continue;
    to += separator;
    to += word;
    separator = " ";
  }
  to += "\r\n";
}

}  // namespace tandem::sdp
