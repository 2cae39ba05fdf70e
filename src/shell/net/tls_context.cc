#include "shell/net/tls_context.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace tandem::net {
namespace {

constexpr const char* kCertificate = "SS_SIP_TLS_CERTIFICATE";
constexpr const char* kPrivateKey = "SS_SIP_TLS_PRIVATE_KEY";

std::string fault(const char* parameter, const std::string& what) {
  ::ERR_clear_error();
  return std::string(parameter) + ": " + what;
}

// "" = it can be read.
std::string unreadable(const char* parameter, const std::string& file) {
  if (::access(file.c_str(), R_OK) == 0) return {};
  const int error = errno;
  return fault(parameter, "cannot read " + file + ": " +
                              std::error_code(error, std::generic_category()).message());
}

// Nobody is there who could be asked for one.
int no_password(char*, int, int, void*) { return 0; }

// TLS 1.2 and 1.3 with forward secrecy and authenticated ciphers only (RFC 9325 §4.2). Nothing is
// kept of a session that is over: resumption would make peers grow our memory, or our keys old.
void set_up(SSL_CTX* context) {
  ::SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  ::SSL_CTX_set_cipher_list(context, "ECDHE+AESGCM:ECDHE+CHACHA20");
  ::SSL_CTX_set_options(context, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION |
                                     SSL_OP_NO_TICKET | SSL_OP_CIPHER_SERVER_PREFERENCE);
  ::SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  ::SSL_CTX_set_num_tickets(context, 0);
  ::SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
  ::SSL_CTX_set_default_passwd_cb(context, no_password);
  // Those of the system, or of SSL_CERT_FILE and SSL_CERT_DIR.
  ::SSL_CTX_set_default_verify_paths(context);
}

}  // namespace

Result<std::unique_ptr<TlsContext>, std::string> TlsContext::load(const TlsFiles& files) {
  Context made(::SSL_CTX_new(::TLS_method()));
  if (!made) return Failure{fault(kCertificate, "OpenSSL gives no context")};
  SSL_CTX* context = made.get();
  set_up(context);
  const std::string& chain = files.certificate;
  if (std::string said = unreadable(kCertificate, chain); !said.empty()) {
    return Failure{std::move(said)};
  }
  if (::SSL_CTX_use_certificate_chain_file(context, chain.c_str()) != 1) {
    return Failure{fault(kCertificate, chain + " holds no certificate chain that can be used")};
  }
  const std::string& key = files.private_key.empty() ? chain : files.private_key;
  if (std::string said = unreadable(kPrivateKey, key); !said.empty())
    return Failure{std::move(said)};
  ::ERR_clear_error();
  if (::SSL_CTX_use_PrivateKey_file(context, key.c_str(), SSL_FILETYPE_PEM) != 1) {
    const unsigned long error = ::ERR_peek_last_error();
    const bool other = ERR_GET_LIB(error) == ERR_LIB_X509;
    if (other)
      return Failure{fault(kPrivateKey, key + " is not the key of the certificate in " + chain)};
    return Failure{fault(kPrivateKey, key + " holds no key that can be read without a password")};
  }
  if (::SSL_CTX_check_private_key(context) != 1) {
    return Failure{fault(kPrivateKey, key + " is not the key of the certificate in " + chain)};
  }
  return std::unique_ptr<TlsContext>(new TlsContext(std::move(made)));
}

}  // namespace tandem::net
