// Parts of a multipart body (RFC 2046 §5.1, RFC 5621).
#include "base/text.h"
#include "core/sip/headers.h"
#include "core/sip/lines.h"

namespace tandem::sip {
namespace {

constexpr std::size_t kLongestBoundary = 70;  // RFC 2046 §5.1.1
constexpr int kDeepest = 1;                   // multiparts within a multipart

struct Wanted {
  std::string_view type, subtype;
};

// Cuts a multipart body at its delimiter lines, "--boundary" at the start of a line.
class PartWalker {
 public:
  PartWalker(std::string_view body, std::string_view boundary) : rest_(body), boundary_(boundary) {
    open_ = find_delimiter().data() != nullptr;  // what stands before the first one is no part
  }

  bool next() {
    if (!open_ || closed_) return false;
    part_ = find_delimiter();
    open_ = part_.data() != nullptr;
    return open_;
  }
  std::string_view part() const { return part_; }

 private:
  // The text before the next delimiter without the line break that belongs to it; data() is null
  // when there is none. Moves behind the delimiter line.
  std::string_view find_delimiter() {
    for (std::size_t from = 0;;) {
      const std::size_t at = rest_.find("--", from);
      if (at == std::string_view::npos) return {};
      const std::string_view behind = rest_.substr(at + 2);
      if ((at > 0 && rest_[at - 1] != '\n') || !behind.starts_with(boundary_)) {
        from = at + 1;
        continue;
      }
      std::string_view text = rest_.substr(0, at);
      if (text.ends_with('\n')) text.remove_suffix(1);
      if (text.ends_with('\r')) text.remove_suffix(1);
      closed_ = behind.substr(boundary_.size()).starts_with("--");
      const std::size_t newline = behind.find('\n');
      rest_ = newline == std::string_view::npos ? std::string_view() : behind.substr(newline + 1);
      return text;
    }
  }

  std::string_view rest_, boundary_, part_;
  bool open_ = false;
  bool closed_ = false;
};

std::string_view find_body(std::string_view content_type, std::string_view body, Wanted wanted,
                           int depth);

// RFC 2046 §5.1: a part has header lines of its own; without any it is plain text.
std::string_view find_in_part(std::string_view part, Wanted wanted, int depth) {
  const char* at = part.data();
  const char* const end = at + part.size();
  std::string_view content_type = "text/plain";
  while (true) {
    HeaderField field;
    const LineKind kind = next_line(at, end, field);
    if (kind == LineKind::Bad || kind == LineKind::Cut) return {};
    if (kind == LineKind::Empty) break;
    if (field.id == HeaderId::ContentType) content_type = field.value;
  }
  return find_body(content_type, {at, std::size_t(end - at)}, wanted, depth);
}

std::string_view find_body(std::string_view content_type, std::string_view body, Wanted wanted,
                           int depth) {
  const auto type = parse_content_type(content_type);
  if (!type) return {};
  if (same_name(type->type, wanted.type) && same_name(type->subtype, wanted.subtype)) return body;
  if (!same_name(type->type, "multipart") || depth > kDeepest) return {};
  const std::string_view boundary = parameter(type->parameters, "boundary").value_or("");
  if (boundary.empty() || boundary.size() > kLongestBoundary) return {};
  for (PartWalker parts(body, boundary); parts.next();) {
    const std::string_view found = find_in_part(parts.part(), wanted, depth + 1);
    if (!found.empty()) return found;
  }
  return {};
}

}  // namespace

std::string_view body_of_type(const Message& message, std::string_view type,
                              std::string_view subtype) {
  if (message.body().empty()) return {};
  return find_body(message.value(HeaderId::ContentType), message.body(), {type, subtype}, 0);
}

}  // namespace tandem::sip
