#include "core/sip/headers.h"

#include <algorithm>
#include <array>

#include "base/line_end.h"
#include "base/text.h"
#include "core/sip/characters.h"
#include "core/sip/header_table.h"
#include "core/sip/line_breaks.h"
#include "core/sip/value_readers.h"

namespace tandem::sip {
namespace {

constexpr std::array<bool, 256> make_marks() {
  std::array<bool, 256> marks{};
  for (const char c : {',', '"', '<', '('}) marks[static_cast<unsigned char>(c)] = true;
  return marks;
}
constexpr std::array<bool, 256> kMarks = make_marks();

}  // namespace

std::size_t end_of_comment(std::string_view text) {
  std::size_t depth = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\') {
      ++i;
    } else if (text[i] == '(') {
      ++depth;
    } else if (text[i] == ')' && --depth == 0) {
      return i;
    }
  }
  return std::string_view::npos;
}

ValueWalker::ValueWalker(const Message& message, HeaderId id)
    : id_(id), fields_(message.stretch(id)) {}

// Length of the first value of a list: up to a comma outside quotes, < > and comments. An opening
// mark without its counterpart is an ordinary character, and so are all of its kind behind it: they
// are not looked for again, which would take quadratic time.
std::size_t ValueWalker::first_value() {
  const std::string_view text = rest_;
  if (find_in_line<','>(text) == text.npos) return text.size();
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (!kMarks[static_cast<unsigned char>(c)]) continue;
    if (c == ',') return i;
    if (c == '"' && quotes_) {
      Cursor cursor(text.substr(i));
      std::string_view content;
      quotes_ = cursor.take_quoted(content);
      if (quotes_) i = text.size() - cursor.rest().size() - 1;
    } else if (c == '<' && angles_) {
      const std::size_t close = text.find('>', i);
      angles_ = close != std::string_view::npos;
      if (angles_) i = close;
    } else if (c == '(' && comments_ && i > 0 && is(kBlank, text[i - 1])) {
      const std::size_t close = end_of_comment(text.substr(i));
      comments_ = close != std::string_view::npos;
      if (comments_) i += close;
    }
  }
  return text.size();
}

bool ValueWalker::next() {
  const bool listed = row_of(id_).values == Values::Listed;
  while (true) {
    while (rest_.empty()) {
      if (fields_.empty()) return false;
      if (fields_.front().id == id_) rest_ = fields_.front().value;
      fields_ = fields_.subspan(1);
      quotes_ = angles_ = comments_ = true;
    }
    const std::size_t size = listed ? first_value() : rest_.size();
    value_ = trim(rest_.substr(0, size));
    rest_.remove_prefix(std::min(rest_.size(), size + 1));
    if (!value_.empty()) return true;
  }
}

std::optional<std::string_view> parameter(std::string_view parameters, std::string_view name) {
  Cursor cursor(parameters);
  cursor.skip_blanks();
  // Without the first ';' when the parameters were cut out of a URI.
  Parameter found;
  if (!cursor.done() && !cursor.sees(';') && is(kToken, *cursor.at)) {
    const char* const from = cursor.at;
    found.name = cursor.take(kToken);
    if (cursor.take('=')) found.value = cursor.take(kValue);
    if (cursor.at != from && same_name(found.name, name)) return found.value;
  }
  while (next_parameter(cursor, found) == Step::Found) {
    if (same_name(found.name, name)) return found.value;
  }
  return std::nullopt;
}

bool lists_token(const Message& message, HeaderId id, std::string_view token) {
  for (const HeaderField& field : message.stretch(id)) {
    if (field.id != id) continue;
    // No need to look for quotes: a token has none.
    for (std::string_view rest = field.value; !rest.empty();) {
      const std::size_t size = std::min(find_in_line<','>(rest), rest.size());
      const std::string_view value = trim(rest.substr(0, size));
      rest.remove_prefix(std::min(size + 1, rest.size()));
      if (value.size() != token.size()) continue;
      // Methods are case-sensitive (RFC 3261 §7.1), option tags and other tokens are not.
      if (id == HeaderId::Allow ? value == token : same_name(value, token)) return true;
    }
  }
  return false;
}

std::optional<NameAddress> parse_name_address(std::string_view value, Uri& uri) {
  NameAddress address;
  Cursor cursor(value);
  if (!read_name_address(cursor, address, &uri) || !cursor.done()) return std::nullopt;
  return address;
}

std::optional<NameAddress> parse_name_address(std::string_view value) {
  Uri uri;
  return parse_name_address(value, uri);
}

std::optional<Via> parse_via(std::string_view value) {
  Via via;
  Cursor cursor(value);
  if (!read_via(cursor, via) || !cursor.done()) return std::nullopt;
  return via;
}

std::optional<CSeq> parse_cseq(std::string_view value) {
  CSeq cseq;
  Cursor cursor(value);
  if (!read_cseq(cursor, cseq) || !cursor.done()) return std::nullopt;
  return cseq;
}

void append_unfolded(std::string& to, std::string_view value) {
  if (!has_line_break(value)) {
    to.append(value);
    return;
  }
  const auto breaks = [](char c) { return c == '\r' || c == '\n'; };
  while (!value.empty()) {
    std::size_t size = 0;
    while (size < value.size() && !breaks(value[size]) && value[size] != '\0') ++size;
    if (size < value.size() && breaks(value[size])) {
      // A fold and the blanks around it are one blank (RFC 3261 §7.3.1).
      std::string_view text = value.substr(0, size);
      while (!text.empty() && is(kBlank, text.back())) text.remove_suffix(1);
      to.append(text).append(1, ' ');
      while (size < value.size() && is(kBlank, value[size])) ++size;
    } else {
      to.append(value.substr(0, size));
      if (size < value.size()) to += ' ', ++size;  // NUL
    }
    value.remove_prefix(size);
  }
}

}  // namespace tandem::sip
