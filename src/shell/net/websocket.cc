#include "shell/net/websocket.h"

#include "shell/net/utf8.h"

namespace tandem::net {
namespace {

constexpr std::size_t kMask = 4;
constexpr std::size_t kMaxControl = 125;
constexpr std::size_t kSmall = 125;      // a length that stands in the second byte
constexpr std::size_t kSixteen = 126;    // it stands in two bytes more
constexpr std::size_t kSixtyFour = 127;  // in eight

std::uint64_t big_endian(std::string_view bytes) {
  std::uint64_t value = 0;
  for (const char byte : bytes) value = value << 8 | std::uint8_t(byte);
  return value;
}

bool is_known(std::uint8_t opcode) { return opcode <= 2 || (opcode >= 8 && opcode <= 10); }
bool is_control(Opcode opcode) { return std::uint8_t(opcode) >= 8; }

// RFC 6455 §7.4: codes that may stand in a close frame.
bool may_be_sent(std::uint64_t code) {
  if (code >= 3000 && code <= 4999) return true;
  return code >= 1000 && code <= 1014 && code != 1004 && code != 1005 && code != 1006;
}

}  // namespace

void WebSocketReader::append(std::string_view bytes) {
  payload_ = {};
  if (over_) return;
  if (consumed_ > 0) {
    buffer_.erase(0, consumed_);
    consumed_ = 0;
  }
  buffer_.append(bytes);
}

WebSocketEvent WebSocketReader::next() {
  payload_ = {};
  if (given_) {
    message_.clear();
    given_ = false;
  }
  while (!over_) {
    Frame frame{};
    switch (read_head(frame)) {
      case Read::NeedMore:
        return WebSocketEvent::NeedMore;
      case Read::Fault:
        return WebSocketEvent::Fault;
      case Read::Frame:
        break;
    }
    if (buffer_.size() - consumed_ - frame.head < frame.size) return WebSocketEvent::NeedMore;
    const WebSocketEvent event = take(frame);
    if (event != WebSocketEvent::NeedMore) return event;
  }
  return WebSocketEvent::NeedMore;
}

// What must not be is told by its first bytes, before the rest is waited for.
WebSocketReader::Read WebSocketReader::read_head(Frame& frame) {
  const auto refuse = [this](std::uint16_t code) {
    fault(code);
    return Read::Fault;
  };
  const std::string_view rest = std::string_view(buffer_).substr(consumed_);
  if (rest.size() < 2) return Read::NeedMore;
  const auto first = std::uint8_t(rest[0]);
  const auto second = std::uint8_t(rest[1]);
  // RFC 6455 §5.2: no extension was agreed on; §5.1: clients mask.
  if ((first & 0x70) != 0 || !is_known(first & 0x0f)) return refuse(kProtocolError);
  if ((second & 0x80) == 0) return refuse(kProtocolError);
  frame.last = (first & 0x80) != 0;
  frame.opcode = Opcode(first & 0x0f);
  const std::size_t said = second & 0x7f;
  // RFC 6455 §5.5.
  if (is_control(frame.opcode) && (!frame.last || said > kMaxControl)) {
    return refuse(kProtocolError);
  }
  // RFC 6455 §5.4: a message ends before the next begins, and is begun before it goes on.
  const bool goes_on = kind_ != Opcode::Continuation;
  if (!is_control(frame.opcode) && goes_on != (frame.opcode == Opcode::Continuation)) {
    return refuse(kProtocolError);
  }
  const std::size_t more = said == kSixteen ? 2 : said == kSixtyFour ? 8 : 0;
  if (rest.size() < 2 + more) return Read::NeedMore;
  const std::uint64_t size = more == 0 ? said : big_endian(rest.substr(2, more));
  // RFC 6455 §5.2: the shortest form, and no sign.
  const bool longer = (more == 2 && size <= kSmall) || (more == 8 && size <= 0xffff);
  if (longer || size >> 63 != 0) return refuse(kProtocolError);
  if (!is_control(frame.opcode) && (size > max_message_ || message_.size() + size > max_message_)) {
    return refuse(kTooBig);
  }
  frame.size = std::size_t(size);
  frame.head = 2 + more + kMask;
  return rest.size() < frame.head ? Read::NeedMore : Read::Frame;
}

WebSocketEvent WebSocketReader::take(const Frame& frame) {
  if (is_control(frame.opcode)) return take_control(frame);
  if (frame.opcode != Opcode::Continuation) kind_ = frame.opcode;
  unmask(frame, message_);
  if (!frame.last) return WebSocketEvent::NeedMore;
  const bool text = kind_ == Opcode::Text;
  kind_ = Opcode::Continuation;
  if (text && !is_utf8(message_)) return fault(kNotUtf8);
  given_ = true;
  payload_ = message_;
  return WebSocketEvent::Message;
}

WebSocketEvent WebSocketReader::take_control(const Frame& frame) {
  control_.clear();
  unmask(frame, control_);
  payload_ = control_;
  if (frame.opcode == Opcode::Ping) return WebSocketEvent::Ping;
  if (frame.opcode == Opcode::Close) return take_close();
  return WebSocketEvent::NeedMore;  // a pong, which nobody asked for
}

// RFC 6455 §5.5.1.
WebSocketEvent WebSocketReader::take_close() {
  over_ = true;
  code_ = kNoCode;
  if (control_.empty()) return WebSocketEvent::Close;
  const std::uint64_t code = big_endian(std::string_view(control_).substr(0, 2));
  if (control_.size() < 2 || !may_be_sent(code)) return fault(kProtocolError);
  if (!is_utf8(std::string_view(control_).substr(2))) return fault(kNotUtf8);
  code_ = std::uint16_t(code);
  return WebSocketEvent::Close;
}

WebSocketEvent WebSocketReader::fault(std::uint16_t code) {
  over_ = true;
  code_ = code;
  payload_ = {};
  buffer_.clear();
  consumed_ = 0;
  message_.clear();
  return WebSocketEvent::Fault;
}

// RFC 6455 §5.3.
void WebSocketReader::unmask(const Frame& frame, std::string& to) {
  const std::string_view mask =
      std::string_view(buffer_).substr(consumed_ + frame.head - kMask, kMask);
  const std::string_view payload =
      std::string_view(buffer_).substr(consumed_ + frame.head, frame.size);
  const std::size_t begin = to.size();
  to.append(payload);
  for (std::size_t i = 0; i < payload.size(); ++i)
    to[begin + i] = char(payload[i] ^ mask[i % kMask]);
  consumed_ += frame.head + frame.size;
}

void append_frame(std::string& to, Opcode opcode, std::string_view payload) {
  to += char(0x80 | std::uint8_t(opcode));
  const std::size_t more = payload.size() <= kSmall ? 0 : payload.size() <= 0xffff ? 2 : 8;
  to += char(more == 0 ? payload.size() : more == 2 ? kSixteen : kSixtyFour);
  for (std::size_t i = more; i > 0; --i) to += char(payload.size() >> (8 * (i - 1)) & 0xff);
  to.append(payload);
}

void append_close(std::string& to, std::uint16_t code) {
  if (code == kNoCode) return append_frame(to, Opcode::Close, {});
  const char bytes[2] = {char(code >> 8), char(code & 0xff)};
  append_frame(to, Opcode::Close, {bytes, sizeof bytes});
}

}  // namespace tandem::net
