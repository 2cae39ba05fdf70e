#include "shell/net/stream_layers.h"

#include <utility>

#include "base/assert.h"
#include "core/sip/message.h"
#include "shell/net/utf8.h"
#include "shell/net/websocket_upgrade.h"

namespace tandem::net {

StreamLayers::StreamLayers(sip::Transport transport, std::unique_ptr<TlsPipe> tls)
    : web_socket_(sip::is_web_socket(transport)),
      tls_(std::move(tls)),
      framer_(sip::kMaxMessage),
      reader_(sip::kMaxMessage) {
  TANDEM_ASSERT(sip::is_secure(transport) == (tls_ != nullptr), "secure transports have TLS");
  seal();
}

bool StreamLayers::open() const {
  const bool secured = !tls_ || tls_->state() == TlsPipe::State::Open;
  return secured && (!web_socket_ || upgraded_);
}

bool StreamLayers::ended() const {
  return left_ || (tls_ && tls_->state() == TlsPipe::State::Ended);
}

void StreamLayers::receive(std::string_view bytes) {
  line_breaks_ = other_ = false;
  message_ = {};
  if (!tls_) {
    take_text(bytes);
  } else {
    text_.clear();
    tls_->receive(bytes, text_);
    take_text(text_);
  }
  if (!held_.empty() && open()) emit(std::exchange(held_, {}));
  seal();
}

void StreamLayers::take_text(std::string_view text) {
  if (text.empty() || refused_) return;
  if (!web_socket_) {
    const bool breaks = text.find_first_not_of("\r\n") == std::string_view::npos;
    (breaks ? line_breaks_ : other_) = true;
    return framer_.append(text);
  }
  if (!upgraded_) return take_upgrade(text);
  reader_.append(text);
}

void StreamLayers::take_upgrade(std::string_view text) {
  request_.append(text);
  const Upgrade upgrade = read_upgrade(request_);
  if (upgrade.state == Upgrade::State::NeedMore) return;
  emit(upgrade.answer);
  upgraded_ = upgrade.state == Upgrade::State::Accepted;
  refused_ = !upgraded_;
  if (upgraded_) reader_.append(std::string_view(request_).substr(upgrade.used));
  request_ = {};
}

sip::StreamEvent StreamLayers::next() {
  message_ = {};
  if (refused_) return sip::StreamEvent::Broken;
  sip::StreamEvent event = sip::StreamEvent::NeedMore;
  if (web_socket_) {
    event = next_of_web_socket();
    seal();
  } else {
    event = framer_.next();
    message_ = framer_.message();
  }
  const bool broken = tls_ && tls_->state() == TlsPipe::State::Broken;
  return event == sip::StreamEvent::NeedMore && broken ? sip::StreamEvent::Broken : event;
}

// RFC 7118 §5: each message of the WebSocket is one of SIP; line breaks alone are no message.
sip::StreamEvent StreamLayers::next_of_web_socket() {
  while (upgraded_) {
    switch (reader_.next()) {
      case WebSocketEvent::NeedMore:
        return sip::StreamEvent::NeedMore;
      case WebSocketEvent::Message:
        message_ = reader_.payload();
        if (!is_line_breaks()) {
          other_ = true;
          return sip::StreamEvent::Message;
        }
        line_breaks_ = true;
        if (std::exchange(message_, {}).starts_with("\r\n\r\n")) return sip::StreamEvent::Ping;
        break;
      case WebSocketEvent::Ping:
        line_breaks_ = true;  // it lives, as one that sends line breaks does
        frame_.clear();
        append_frame(frame_, Opcode::Pong, reader_.payload());
        emit(frame_);
        break;
      case WebSocketEvent::Close:
        leave(reader_.code());
        return sip::StreamEvent::NeedMore;
      case WebSocketEvent::Fault:
        leave(reader_.code());
        return sip::StreamEvent::Broken;
    }
  }
  return sip::StreamEvent::NeedMore;
}

bool StreamLayers::is_line_breaks() const {
  return message_.find_first_not_of("\r\n") == std::string_view::npos;
}

void StreamLayers::send(std::string_view message) {
  if (plain()) {
    wire_.append(message);
    return;
  }
  emit_message(message);
  seal();
}

void StreamLayers::emit_message(std::string_view message) {
  frame_.clear();
  if (web_socket_) {
    append_frame(frame_, is_utf8(message) ? Opcode::Text : Opcode::Binary, message);
    message = frame_;
  }
  if (open()) return emit(message);
  held_.append(message);
}

void StreamLayers::emit(std::string_view bytes) {
  if (tls_) {
    tls_->send(bytes);
  } else {
    wire_.append(bytes);
  }
}

void StreamLayers::end() {
  if (plain()) return;
  if (web_socket_ && upgraded_ && !left_) leave(kGoingAway);
  if (tls_) tls_->end();
  seal();
}

// RFC 6455 §5.5.1: one close frame, the last of ours.
void StreamLayers::leave(std::uint16_t code) {
  left_ = true;
  frame_.clear();
  append_close(frame_, code);
  emit(frame_);
}

void StreamLayers::seal() {
  if (tls_) tls_->take(wire_);
}

}  // namespace tandem::net
