// Call detail records as JSON and CSV.
#include "core/cdr/cdr_text.h"

#include <charconv>

namespace tandem::cdr {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD

std::string_view text_of(const FieldValue& value) {
  if (const auto* view = std::get_if<std::string_view>(&value)) return *view;
  if (const auto* owned = std::get_if<std::string>(&value)) return *owned;
  return {};
}

void append_number(std::string& out, std::int64_t number) {
  char digits[24];
  const auto end = std::to_chars(digits, digits + sizeof digits, number).ptr;
  out.append(digits, end);
}

unsigned char byte_at(std::string_view text, std::size_t index) {
  return static_cast<unsigned char>(text[index]);
}

// Length of the well-formed UTF-8 sequence at `from` (RFC 3629 §4), 0 when there is none.
std::size_t utf8_length(std::string_view text, std::size_t from) {
  const unsigned char first = byte_at(text, from);
  if (first < 0x80) return 1;
  const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4 || text.size() - from < length) return 0;
  // The second byte is limited further, against overlong forms, surrogates and above U+10FFFF.
  const unsigned char second = byte_at(text, from + 1);
  const unsigned char low = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
  const unsigned char high = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
  if (second < low || second > high) return 0;
  for (std::size_t i = 2; i < length; ++i)
    if ((byte_at(text, from + i) & 0xC0) != 0x80) return 0;
  return length;
}

// Appends `text` as UTF-8. `plain(byte)` says which bytes below 0x80 are copied as they are;
// `special(out, byte)` writes the others.
template <class IsPlain, class AppendSpecial>
void append_utf8(std::string& out, std::string_view text, IsPlain plain, AppendSpecial special) {
  std::size_t i = 0;
  while (i < text.size()) {
    const std::size_t start = i;
    while (i < text.size() && plain(byte_at(text, i))) ++i;
    out += text.substr(start, i - start);
    if (i == text.size()) return;
    const std::size_t length = utf8_length(text, i);
    if (length == 1)
      special(out, text[i]);
    else
      out += length == 0 ? kReplacement : text.substr(i, length);
    i += length == 0 ? 1 : length;
  }
}

bool plain_in_json(unsigned char byte) {
  return byte >= 0x20 && byte < 0x7F && byte != '"' && byte != '\\';
}

bool plain_in_csv(unsigned char byte) { return byte < 0x80 && byte != '"'; }

void append_json_escape(std::string& out, char byte) {
  constexpr std::string_view kHex = "0123456789abcdef";
  switch (byte) {
    case '"':
      out += "\\\"";
      return;
    case '\\':
      out += "\\\\";
      return;
    case '\n':
      out += "\\n";
      return;
    case '\r':
      out += "\\r";
      return;
    case '\t':
      out += "\\t";
      return;
    default:
      out += "\\u00";
      out += kHex[static_cast<std::size_t>(byte) >> 4];
      out += kHex[static_cast<std::size_t>(byte) & 15];
  }
}

void append_json_value(std::string& out, FieldType type, const FieldValue& value) {
  if (std::holds_alternative<std::monostate>(value))
    out += "null";
  else if (const auto* number = std::get_if<std::int64_t>(&value))
    append_number(out, *number);
  else if (type == FieldType::List)
    out += text_of(value);
  else
    append_json_string(out, text_of(value));
}

void append_json_name(std::string& out, std::string_view name) {
  if (out.back() != '{') out += ',';
  out += '"';
  out += name;
  out += "\":";
}

void append_json(std::string& out, const Attempt& attempt) {
  out += '{';
  for (const AttemptField& field : kAttemptFields) {
    append_json_name(out, field.name);
    append_json_value(out, field.type, field.get(attempt));
  }
  out += '}';
}

// RFC 4180 §2: a field with a comma, a quote or a line break is quoted, quotes inside doubled.
void append_csv_text(std::string& out, std::string_view text) {
  const bool quoted = text.find_first_of(",\"\r\n") != std::string_view::npos;
  if (quoted) out += '"';
  append_utf8(out, text, plain_in_csv, [](std::string& to, char) { to += "\"\""; });
  if (quoted) out += '"';
}

}  // namespace

void append_json_string(std::string& out, std::string_view text) {
  out += '"';
  append_utf8(out, text, plain_in_json, append_json_escape);
  out += '"';
}

void append_json(std::string& out, const CdrValues& values) {
  out += '{';
  for (std::size_t i = 0; i < kCdrFieldCount; ++i) {
    append_json_name(out, kCdrFields[i].name);
    append_json_value(out, kCdrFields[i].type, values[i]);
  }
  out += '}';
}

void append_json(std::string& out, const Cdr& cdr) { append_json(out, values_of(cdr)); }

void append_json(std::string& out, const std::vector<Attempt>& attempts) {
  out += '[';
  for (const Attempt& attempt : attempts) {
    if (out.back() != '[') out += ',';
    append_json(out, attempt);
  }
  out += ']';
}

void append_csv_header(std::string& out) {
  for (const CdrField& field : kCdrFields) {
    if (&field != &kCdrFields.front()) out += ',';
    out += field.name;
  }
  out += "\r\n";
}

void append_csv(std::string& out, const CdrValues& values) {
  for (std::size_t i = 0; i < kCdrFieldCount; ++i) {
    if (i > 0) out += ',';
    if (const auto* number = std::get_if<std::int64_t>(&values[i]))
      append_number(out, *number);
    else
      append_csv_text(out, text_of(values[i]));
  }
  out += "\r\n";
}

void append_csv(std::string& out, const Cdr& cdr) { append_csv(out, values_of(cdr)); }

}  // namespace tandem::cdr
