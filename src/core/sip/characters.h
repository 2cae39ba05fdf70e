// Characters of SIP's grammar (RFC 3261 §25.1) and a cursor that reads small words of header values
// from left to right. Line breaks inside a value are blanks: they can only be folding.
//
// Where the field writes more than the grammar allows and nothing can be misread by it, the
// character sets are wider than the RFC's: '_' in host names, '#' in user parts, any visible
// character in an unquoted parameter value.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/text.h"

namespace tandem::sip {

using CharacterSet = std::uint16_t;
inline constexpr CharacterSet kToken = 1 << 0;
inline constexpr CharacterSet kBlank = 1 << 1;  // SP HTAB CR LF
inline constexpr CharacterSet kDigit = 1 << 2;
inline constexpr CharacterSet kHex = 1 << 3;
inline constexpr CharacterSet kHost = 1 << 4;
inline constexpr CharacterSet kUser = 1 << 5;          // without "%"
inline constexpr CharacterSet kPassword = 1 << 6;      // without "%"
inline constexpr CharacterSet kUriParameter = 1 << 7;  // with ";" and "=", without "%"
inline constexpr CharacterSet kUriHeader = 1 << 8;     // with "&" and "=", without "%"
inline constexpr CharacterSet kScheme = 1 << 9;
inline constexpr CharacterSet kPhone = 1 << 10;    // RFC 3966 §3, also "*" and "#"
inline constexpr CharacterSet kVisible = 1 << 11;  // %x21-7E
inline constexpr CharacterSet kValue = 1 << 12;    // an unquoted parameter value
inline constexpr CharacterSet kBareUri = 1 << 13;  // a URI without < >
inline constexpr CharacterSet kDisplay = 1 << 14;  // an unquoted display name, with blanks
inline constexpr CharacterSet kQuoted = 1 << 15;   // between quotes, without '"' and "\"

constexpr std::array<CharacterSet, 256> make_characters() {
  std::array<CharacterSet, 256> table{};
  const auto add = [&table](CharacterSet set, std::string_view characters) {
    for (const char c : characters) table[static_cast<unsigned char>(c)] |= set;
  };
  constexpr std::string_view kMark = "-_.!~*'()";
  for (unsigned c = 0; c < 256; ++c) {
    const bool digit = c >= '0' && c <= '9';
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    const bool hex = digit || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    CharacterSet& sets = table[c];
    if (digit) sets |= kDigit;
    if (hex) sets |= kHex | kPhone;
    if (digit || letter)
      sets |= kToken | kHost | kUser | kPassword | kUriParameter | kUriHeader | kScheme;
    if (c > 0x20 && c < 0x7f) sets |= kVisible | kValue | kBareUri;
    if (c >= 0x20 && c != 0x7f) sets |= kDisplay | kQuoted;
  }
  add(kBlank | kDisplay | kQuoted, " \t\r\n");
  add(kToken, "-.!%*_+`'~");
  add(kHost, "-._");
  add(kScheme, "+-.");
  add(kPhone, "-.()*#");
  add(kUser | kPassword | kUriParameter | kUriHeader, kMark);
  add(kUser, "&=+$,;?/#");
  add(kPassword, "&=+$,");
  add(kUriParameter, "[]/:&+$;=");
  add(kUriHeader, "[]/?:+$&=");
  const auto remove = [&table](CharacterSet set, std::string_view characters) {
    for (const char c : characters) table[static_cast<unsigned char>(c)] &= CharacterSet(~set);
  };
  remove(kValue, ";,\"<>");
  remove(kBareUri, ";,?\"<>");
  remove(kDisplay, ",;:\"<>");
  remove(kQuoted, "\"\\");
  return table;
}
inline constexpr std::array<CharacterSet, 256> kCharacters = make_characters();

constexpr bool is(CharacterSet set, char c) {
  return (kCharacters[static_cast<unsigned char>(c)] & set) != 0;
}
// Equal but for the case of letters; quick when even that is the same.
inline bool same_name(std::string_view text, std::string_view name) {
  return text == name || equal_ignoring_case(text, name);
}
// The first character from `at` on that is not of `set`, or `end`. Four at a time: much of the time of
// reading a message passes here.
inline const char* behind(CharacterSet set, const char* at, const char* end) {
  for (; end - at >= 4; at += 4) {
    if (!is(set, at[0])) return at;
    if (!is(set, at[1])) return at + 1;
    if (!is(set, at[2])) return at + 2;
    if (!is(set, at[3])) return at + 3;
  }
  while (at != end && is(set, *at)) ++at;
  return at;
}
inline bool all(CharacterSet set, std::string_view text) {
  const char* const end = text.data() + text.size();
  return behind(set, text.data(), end) == end;
}

struct Cursor {
  const char* at;
  const char* end;

  explicit Cursor(std::string_view text) : at(text.data()), end(text.data() + text.size()) {}

  bool done() const { return at == end; }
  bool sees(char c) const { return at != end && *at == c; }
  std::string_view rest() const { return {at, std::size_t(end - at)}; }
  void skip_blanks() {
    const char* next = at;  // a local: the compiler cannot know that *at is no part of the cursor
    while (next != end && is(kBlank, *next)) ++next;
    at = next;
  }
  // The characters of `set` from here on; "" when there is none.
  std::string_view take(CharacterSet set) {
    const char* const from = at;
    at = behind(set, from, end);
    return {from, std::size_t(at - from)};
  }
  bool take(char c) {
    if (!sees(c)) return false;
    ++at;
    return true;
  }
  // "c" with white space around it (SLASH, COLON, EQUAL ... of the grammar).
  bool take_separator(char c) {
    skip_blanks();
    if (!take(c)) return false;
    skip_blanks();
    return true;
  }
  // A quoted string from its opening quote on: the text between the quotes, escapes left in.
  bool take_quoted(std::string_view& text);
  // A decimal number of at most `max`; leading zeros are allowed.
  bool take_number(std::uint32_t max, std::uint32_t& number);
};

inline bool Cursor::take_quoted(std::string_view& text) {
  if (!take('"')) return false;
  const char* const from = at;
  while (at != end) {
    if (is(kQuoted, *at)) {
      ++at;
    } else if (*at == '"') {
      text = {from, std::size_t(at - from)};
      ++at;
      return true;
    } else if (*at == '\\' && end - at > 1 && at[1] != '\r' && at[1] != '\n' &&
               static_cast<unsigned char>(at[1]) < 0x80) {
      at += 2;  // quoted-pair: any ASCII character but a line break, NUL included
    } else {
      return false;
    }
  }
  return false;
}

inline bool Cursor::take_number(std::uint32_t max, std::uint32_t& number) {
  const std::string_view digits = take(kDigit);
  if (digits.empty()) return false;
  std::uint64_t value = 0;
  for (const char c : digits) {
    value = value * 10 + std::uint64_t(c - '0');
    if (value > max) return false;
  }
  number = std::uint32_t(value);
  return true;
}

// One ";name=value" of a header value.
struct Parameter {
  std::string_view name;
  std::string_view value;  // without quotes; "" when there is none
};
enum class Step : std::uint8_t { Found, End, Bad };

// Reads the next parameter. End: the text ends here, or a comma follows (which is left).
inline Step next_parameter(Cursor& cursor, Parameter& parameter) {
  cursor.skip_blanks();
  if (cursor.done() || *cursor.at == ',') return Step::End;
  if (*cursor.at != ';') return Step::Bad;
  ++cursor.at;
  cursor.skip_blanks();
  parameter.name = cursor.take(kToken);
  if (parameter.name.empty()) return Step::Bad;
  parameter.value = {};
  const char* const after_name = cursor.at;
  cursor.skip_blanks();
  if (!cursor.take('=')) {
    cursor.at = after_name;
    return Step::Found;
  }
  cursor.skip_blanks();
  if (cursor.sees('"')) return cursor.take_quoted(parameter.value) ? Step::Found : Step::Bad;
  parameter.value = cursor.take(kValue);
  return parameter.value.empty() ? Step::Bad : Step::Found;
}

}  // namespace tandem::sip
