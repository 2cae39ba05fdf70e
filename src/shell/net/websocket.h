// Frames of a WebSocket as its server reads and writes them (RFC 6455 §5): messages out of frames
// that clients have masked, and what must be answered to the other frames. Memory is bounded by the
// largest message allowed. No extensions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace tandem::net {

// RFC 6455 §5.2.
enum class Opcode : std::uint8_t {
  Continuation = 0,
  Text = 1,
  Binary = 2,
  Close = 8,
  Ping = 9,
  Pong = 10,
};

// RFC 6455 §7.4.1: those we send of our own.
inline constexpr std::uint16_t kGoingAway = 1001;
inline constexpr std::uint16_t kProtocolError = 1002;
inline constexpr std::uint16_t kNotUtf8 = 1007;
inline constexpr std::uint16_t kTooBig = 1009;
inline constexpr std::uint16_t kNoCode = 1005;  // stands for "none was said", is never sent

enum class WebSocketEvent : std::uint8_t {
  NeedMore,  // no whole message yet
  Message,   // payload() is one whole message
  Ping,      // answer with a pong of payload()
  Close,     // the client ends it: answer with code()
  Fault,     // the client breaks the protocol: tell it code() and close
};

class WebSocketReader {
 public:
  explicit WebSocketReader(std::size_t max_message) : max_message_(max_message) {}
  void append(std::string_view bytes);
  WebSocketEvent next();                                 // call until NeedMore, Close or Fault
  std::string_view payload() const { return payload_; }  // valid until the next append() or next()
  std::uint16_t code() const { return code_; }
  std::size_t buffered() const { return buffer_.size() - consumed_ + message_.size(); }

 private:
  struct Frame {
    bool last;
    Opcode opcode;
    std::size_t head;  // bytes before its payload
    std::size_t size;  // of its payload
  };
  enum class Read : std::uint8_t { NeedMore, Frame, Fault };

  Read read_head(Frame& frame);
  WebSocketEvent take(const Frame& frame);
  WebSocketEvent take_control(const Frame& frame);
  WebSocketEvent take_close();
  WebSocketEvent fault(std::uint16_t code);
  void unmask(const Frame& frame, std::string& to);

  const std::size_t max_message_;
  std::string buffer_;
  std::size_t consumed_ = 0;            // bytes of frames that were taken
  std::string message_;                 // gathered from fragments so far
  std::string control_;                 // payload of a control frame
  Opcode kind_ = Opcode::Continuation;  // of the message in hand; Continuation = none is
  bool given_ = false;                  // message_ was handed out
  bool over_ = false;
  std::uint16_t code_ = 0;
  std::string_view payload_;
};

// One whole frame of ours, which is not masked (RFC 6455 §5.1).
void append_frame(std::string& to, Opcode opcode, std::string_view payload);
// A close frame; kNoCode = without a code.
void append_close(std::string& to, std::uint16_t code);

}  // namespace tandem::net
