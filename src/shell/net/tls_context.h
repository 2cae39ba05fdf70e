// What all TLS connections share: our certificate chain and key, the versions and ciphers we speak,
// whose certificates are trusted, and what is asked of peers (RFC 3261 §26.2, RFC 5922).
#pragma once

#include <memory>
#include <string>

#include "base/result.h"
#include "shell/net/tls_pipe.h"

namespace tandem::net {

// PEM. A key that has no file of its own stands beside the certificate.
struct TlsFiles {
  std::string certificate;  // and the chain behind it
  std::string private_key;
};

class TlsContext {
 public:
  // The fault is a sentence that names the parameter and the file.
  static Result<std::unique_ptr<TlsContext>, std::string> load(const TlsFiles& files);

  // Of connections that are made from now on.
  void ask_of_peers(PeerPolicy policy) { policy_ = policy; }

  std::unique_ptr<TlsPipe> accept() { return TlsPipe::server(*context_, policy_); }
  // To a host name, or an address as text.
  std::unique_ptr<TlsPipe> connect(const std::string& whom) {
    return TlsPipe::client(*context_, policy_, whom);
  }

 private:
  struct Free {
    void operator()(SSL_CTX* context) const { ::SSL_CTX_free(context); }
  };
  using Context = std::unique_ptr<SSL_CTX, Free>;

  explicit TlsContext(Context context) : context_(std::move(context)) {}

  Context context_;
  PeerPolicy policy_ = PeerPolicy::Optional;
};

}  // namespace tandem::net
