#include "core/sip/stream.h"

#include "core/sip/header_id.h"
#include "core/sip/lines.h"
#include "core/sip/start_line.h"

namespace tandem::sip {
namespace {

// The one Content-Length of a header block; nothing when it is missing, malformed or said twice.
std::optional<std::size_t> content_length(std::string_view headers) {
  const char* at = headers.data();
  const char* const end = at + headers.size();
  at += headers.find('\n') + 1;  // the start line
  std::optional<std::size_t> length;
  while (at != end) {
    HeaderField field;
    const LineKind kind = next_line(at, end, field);
    if (kind != LineKind::Field || field.id != HeaderId::ContentLength) continue;
    Cursor cursor(field.value);
    std::uint32_t size = 0;
    if (length || !cursor.take_number(UINT32_MAX, size) || !cursor.done()) return std::nullopt;
    length = size;
  }
  return length;
}

}  // namespace

void StreamFramer::append(std::string_view bytes) {
  message_ = {};
  if (broken_) return;
  if (consumed_ > 0) {
    buffer_.erase(0, consumed_);
    consumed_ = 0;
  }
  buffer_.append(bytes);
}

StreamEvent StreamFramer::next() {
  message_ = {};
  if (broken_) return StreamEvent::Broken;
  if (headers_ == 0) {
    if (const auto event = next_line_breaks()) return *event;
    if (!find_end_of_headers()) {
      if (broken_) return StreamEvent::Broken;
      return buffered() > max_message_ ? give_up(StreamEvent::TooLarge) : StreamEvent::NeedMore;
    }
    const auto length = content_length(std::string_view(buffer_).substr(consumed_, headers_));
    if (!length) return give_up(StreamEvent::Broken);
    size_ = headers_ + *length;
    if (size_ > max_message_) return give_up(StreamEvent::TooLarge);
  }
  if (buffered() < size_) return StreamEvent::NeedMore;
  message_ = std::string_view(buffer_).substr(consumed_, size_);
  consumed_ += size_;
  scanned_ = headers_ = size_ = 0;
  sip_ = false;
  return StreamEvent::Message;
}

// What stands before a message; nothing when a message begins. RFC 5626 §3.5.1: a double CRLF is a
// ping. A single one is the answer to a ping, or the first half of one, and waits for what follows.
std::optional<StreamEvent> StreamFramer::next_line_breaks() {
  constexpr std::string_view kPing = "\r\n\r\n";
  while (scanned_ == 0) {
    const std::string_view rest = std::string_view(buffer_).substr(consumed_);
    if (rest.starts_with(kPing)) {
      consumed_ += kPing.size();
      return StreamEvent::Ping;
    }
    if (kPing.starts_with(rest)) return StreamEvent::NeedMore;
    if (rest.front() != '\n' && !rest.starts_with("\r\n")) break;
    consumed_ += rest.front() == '\n' ? 1 : 2;
  }
  return std::nullopt;
}

// Looks at each byte once however the message is cut into pieces.
bool StreamFramer::find_end_of_headers() {
  const std::string_view rest = std::string_view(buffer_).substr(consumed_, max_message_);
  while (true) {
    const std::size_t newline = rest.find('\n', scanned_);
    if (newline == std::string_view::npos) {
      scanned_ = rest.size();
      return false;
    }
    if (!sip_) {
      std::string_view line = rest.substr(0, newline);
      if (line.ends_with('\r')) line.remove_suffix(1);
      if (read_start_line(line).fault == ParseErrorKind::NotSip) {
        give_up(StreamEvent::Broken);
        return false;
      }
      sip_ = true;
    }
    const std::string_view behind = rest.substr(newline + 1);
    if (behind.starts_with("\n") || behind.starts_with("\r\n")) {
      headers_ = newline + 1 + (behind.front() == '\n' ? 1 : 2);
      return true;
    }
    // The empty line may still be to come: this line break is looked at again.
    scanned_ = behind.empty() || behind == "\r" ? newline : newline + 1;
    if (scanned_ == newline) return false;
  }
}

StreamEvent StreamFramer::give_up(StreamEvent event) {
  broken_ = true;
  if (event == StreamEvent::TooLarge) {
    const std::size_t known = headers_ != 0 ? headers_ : max_message_;
    message_ = std::string_view(buffer_).substr(consumed_, known);
  }
  return event;
}

}  // namespace tandem::sip
