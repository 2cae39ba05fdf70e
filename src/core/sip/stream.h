// Cuts a byte stream into SIP messages by Content-Length (RFC 3261 §18.3), absorbing CRLF
// keep-alive (RFC 5626 §3.5.1). Memory is bounded by the largest message allowed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tandem::sip {

enum class StreamEvent : std::uint8_t {
  NeedMore,  // no whole message yet
  Message,   // message() is one whole message
  Ping,      // a double CRLF: answer with a single CRLF
  TooLarge,  // header block or body beyond the limit: answer 513 from message() and close
  Broken,    // no Content-Length, or not SIP: close
};

class StreamFramer {
 public:
  explicit StreamFramer(std::size_t max_message) : max_message_(max_message) {}
  void append(std::string_view bytes);
  StreamEvent next();                                    // call until NeedMore
  std::string_view message() const { return message_; }  // valid until the next append() or next()
  std::size_t buffered() const { return buffer_.size() - consumed_; }

 private:
  std::optional<StreamEvent> next_line_breaks();
  bool find_end_of_headers();
  StreamEvent give_up(StreamEvent event);

  std::size_t max_message_;
  std::string buffer_;
  std::size_t consumed_ = 0;  // bytes of messages already handed out
  std::size_t scanned_ = 0;   // bytes of the current message in which the headers do not end
  std::size_t headers_ = 0;   // size of its start line and headers; 0 until known
  std::size_t size_ = 0;      // size of the whole message, once headers_ is known
  bool sip_ = false;          // its start line has been seen
  bool broken_ = false;
  std::string_view message_;
};

}  // namespace tandem::sip
