// What stands between a socket and SIP on one connection, layer on layer: TLS or nothing, then
// WebSocket (RFC 7118) or the cutting of a stream (RFC 3261 §18.3). Messages in, bytes out, and the
// reverse; bounded by the largest message and by what its owner lets wait.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "core/sip/stream.h"
#include "core/sip/transport.h"
#include "shell/net/tls_pipe.h"
#include "shell/net/websocket.h"

namespace tandem::net {

class StreamLayers {
 public:
  // `tls` when the transport is secure.
  StreamLayers(sip::Transport transport, std::unique_ptr<TlsPipe> tls);

  // What the socket gave, after which next() gives the messages, one by one. It answers Broken when
  // nothing more is to be understood; what the layers say to that is in wire().
  void receive(std::string_view bytes);
  sip::StreamEvent next();
  std::string_view message() const { return message_; }
  // The peer said that it goes.
  bool ended() const;
  // What came last was line breaks, and nothing else.
  bool only_line_breaks() const { return line_breaks_ && !other_; }

  // One message; waits here until the layers are open.
  void send(std::string_view message);
  // The answer to a double CRLF (RFC 5626 §3.5.1).
  void answer_ping() { send("\r\n"); }
  // Takes leave.
  void end();

  // What the socket is to send; its owner takes it from the front.
  std::string& wire() { return wire_; }
  const std::string& wire() const { return wire_; }
  std::size_t waiting() const { return wire_.size() + held_.size(); }

  // Messages pass.
  bool open() const;
  // Nothing stands between.
  bool plain() const { return !tls_ && !web_socket_; }
  const TlsPipe* tls() const { return tls_.get(); }
  // The client did not ask for SIP over WebSocket as it should have.
  bool upgrade_refused() const { return refused_; }

 private:
  void take_text(std::string_view text);
  void take_upgrade(std::string_view text);
  sip::StreamEvent next_of_web_socket();
  bool is_line_breaks() const;
  void emit(std::string_view bytes);
  void emit_message(std::string_view message);
  void leave(std::uint16_t code);
  void seal();

  const bool web_socket_;
  std::unique_ptr<TlsPipe> tls_;
  sip::StreamFramer framer_;
  WebSocketReader reader_;
  bool upgraded_ = false;
  bool refused_ = false;
  bool left_ = false;         // the WebSocket is closed
  bool line_breaks_ = false;  // in what came last
  bool other_ = false;
  std::string request_;  // of the upgrade, as far as it came
  std::string text_;     // out of TLS
  std::string held_;     // frames of messages that wait for the layers to open
  std::string frame_;
  std::string wire_;
  std::string_view message_;
};

}  // namespace tandem::net
