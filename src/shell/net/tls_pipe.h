// TLS of one connection as a pipe (RFC 5246, RFC 8446): what the socket gave goes in, text comes
// out, and the other way round. It knows no socket and waits for nothing.
#pragma once

#include <openssl/ssl.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace tandem::net {

// What is asked of the other side.
enum class PeerPolicy : std::uint8_t {
  Off,       // nothing
  Optional,  // its certificate; what cannot be believed is counted, and goes on
  Required,  // a certificate that can be believed
};

class TlsPipe {
 public:
  enum class State : std::uint8_t {
    Opening,  // the handshake goes on
    Open,
    Ended,   // the peer said that nothing follows
    Broken,  // it does not speak TLS as we do, or its certificate was refused
  };

  // Which side of the handshake it is, and for a client whom it wants to speak to: a host name, or
  // an address as text.
  static std::unique_ptr<TlsPipe> server(SSL_CTX& context, PeerPolicy policy);
  static std::unique_ptr<TlsPipe> client(SSL_CTX& context, PeerPolicy policy,
                                         const std::string& whom);

  // What the socket gave; appends the text in it.
  void receive(std::string_view bytes, std::string& text);
  // Not before it is open.
  void send(std::string_view text);
  // Says that nothing follows (RFC 5246 §7.2.1).
  void end();
  // Appends what the socket is to send.
  void take(std::string& bytes);

  State state() const { return state_; }
  // The certificate of the peer can be believed: asked for, there, made by somebody we trust, and
  // of the one we wanted to speak to.
  bool verified() const { return verified_; }
  PeerPolicy policy() const { return policy_; }

 private:
  struct Free {
    void operator()(SSL* session) const { ::SSL_free(session); }
  };

  TlsPipe(SSL_CTX& context, PeerPolicy policy);
  void shake_hands();
  bool believes_peer() const;
  void fail();

  std::unique_ptr<SSL, Free> session_;
  PeerPolicy policy_;
  std::string whom_;  // "" = a server's pipe
  State state_ = State::Opening;
  bool verified_ = false;
};

}  // namespace tandem::net
