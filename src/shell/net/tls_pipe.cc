#include "shell/net/tls_pipe.h"

#include <openssl/err.h>
#include <openssl/x509v3.h>

#include <array>

#include "base/address.h"
#include "base/assert.h"
#include "base/text.h"

namespace tandem::net {
namespace {

struct FreeCertificate {
  void operator()(X509* certificate) const { ::X509_free(certificate); }
};
struct FreeNames {
  void operator()(GENERAL_NAMES* names) const { ::GENERAL_NAMES_free(names); }
};

int believe_all(int, X509_STORE_CTX*) { return 1; }

std::string_view text_of(const ASN1_STRING* text) {
  return {reinterpret_cast<const char*>(::ASN1_STRING_get0_data(text)),
          std::size_t(::ASN1_STRING_length(text))};
}

// RFC 5922 §7.1: a certificate may name a SIP domain by its URI.
bool names_domain(X509& certificate, std::string_view domain) {
  const std::unique_ptr<GENERAL_NAMES, FreeNames> names(static_cast<GENERAL_NAMES*>(
      ::X509_get_ext_d2i(&certificate, NID_subject_alt_name, nullptr, nullptr)));
  if (!names) return false;
  for (int i = 0; i < sk_GENERAL_NAME_num(names.get()); ++i) {
    const GENERAL_NAME* name = sk_GENERAL_NAME_value(names.get(), i);
    if (name->type != GEN_URI) continue;
    const std::string_view uri = text_of(name->d.uniformResourceIdentifier);
    if (uri.size() < 4 || !equal_ignoring_case(uri.substr(0, 4), "sip:")) continue;
    if (equal_ignoring_case(uri.substr(4), domain)) return true;
  }
  return false;
}

bool names(X509& certificate, const std::string& whom) {
  if (IpAddress::parse(whom)) return ::X509_check_ip_asc(&certificate, whom.c_str(), 0) == 1;
  return names_domain(certificate, whom) ||
         ::X509_check_host(&certificate, whom.data(), whom.size(), 0, nullptr) == 1;
}

}  // namespace

TlsPipe::TlsPipe(SSL_CTX& context, PeerPolicy policy)
    : session_(::SSL_new(&context)), policy_(policy) {
  TANDEM_ASSERT(session_ != nullptr, "there is memory for a TLS session");
  ::SSL_set_bio(session_.get(), ::BIO_new(::BIO_s_mem()), ::BIO_new(::BIO_s_mem()));
}

std::unique_ptr<TlsPipe> TlsPipe::server(SSL_CTX& context, PeerPolicy policy) {
  std::unique_ptr<TlsPipe> made(new TlsPipe(context, policy));
  SSL* session = made->session_.get();
  ::SSL_set_accept_state(session);
  switch (policy) {
    case PeerPolicy::Off:
      ::SSL_set_verify(session, SSL_VERIFY_NONE, nullptr);
      break;
    case PeerPolicy::Optional:
      ::SSL_set_verify(session, SSL_VERIFY_PEER, believe_all);
      break;
    case PeerPolicy::Required:
      ::SSL_set_verify(session, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
      break;
  }
  return made;
}

std::unique_ptr<TlsPipe> TlsPipe::client(SSL_CTX& context, PeerPolicy policy,
                                         const std::string& whom) {
  std::unique_ptr<TlsPipe> made(new TlsPipe(context, policy));
  SSL* session = made->session_.get();
  made->whom_ = whom;
  ::SSL_set_connect_state(session);
  // RFC 6066 §3: the server may have a certificate for each of its names; an address is no name.
  if (!IpAddress::parse(whom)) ::SSL_set_tlsext_host_name(session, whom.c_str());
  const bool strict = policy == PeerPolicy::Required;
  ::SSL_set_verify(session, SSL_VERIFY_PEER, strict ? nullptr : believe_all);
  made->shake_hands();
  return made;
}

void TlsPipe::shake_hands() {
  ::ERR_clear_error();
  const int done = ::SSL_do_handshake(session_.get());
  if (done == 1) {
    verified_ = believes_peer();
    const bool client = !whom_.empty();
    // The chain was checked on the way; whose certificate it is, is checked here.
    if (client && !verified_ && policy_ == PeerPolicy::Required) return fail();
    state_ = State::Open;
    return;
  }
  const int error = ::SSL_get_error(session_.get(), done);
  if (error != SSL_ERROR_WANT_READ && error != SSL_ERROR_WANT_WRITE) fail();
}

bool TlsPipe::believes_peer() const {
  if (policy_ == PeerPolicy::Off) return false;
  const std::unique_ptr<X509, FreeCertificate> certificate(
      ::SSL_get1_peer_certificate(session_.get()));
  if (!certificate || ::SSL_get_verify_result(session_.get()) != X509_V_OK) return false;
  return whom_.empty() || names(*certificate, whom_);
}

void TlsPipe::fail() {
  state_ = State::Broken;
  ::ERR_clear_error();
}

void TlsPipe::receive(std::string_view bytes, std::string& text) {
  constexpr std::size_t kRecord = 16 * 1024;
  if (state_ == State::Ended || state_ == State::Broken || bytes.empty()) return;
  if (::BIO_write(::SSL_get_rbio(session_.get()), bytes.data(), int(bytes.size())) <= 0) {
    return fail();
  }
  if (state_ == State::Opening) shake_hands();
  if (state_ != State::Open) return;
  std::array<char, kRecord> room;
  while (true) {
    ::ERR_clear_error();
    const int count = ::SSL_read(session_.get(), room.data(), int(room.size()));
    if (count > 0) {
      text.append(room.data(), std::size_t(count));
      continue;
    }
    const int error = ::SSL_get_error(session_.get(), count);
    if (error == SSL_ERROR_WANT_READ) return;
    if (error != SSL_ERROR_ZERO_RETURN) return fail();
    state_ = State::Ended;
    return;
  }
}

void TlsPipe::send(std::string_view text) {
  if (state_ != State::Open || text.empty()) return;
  ::ERR_clear_error();
  if (::SSL_write(session_.get(), text.data(), int(text.size())) != int(text.size())) fail();
}

void TlsPipe::end() {
  if (state_ != State::Open && state_ != State::Ended) return;
  ::ERR_clear_error();
  ::SSL_shutdown(session_.get());
  ::ERR_clear_error();
}

void TlsPipe::take(std::string& bytes) {
  BIO* out = ::SSL_get_wbio(session_.get());
  char* data = nullptr;
  const long size = BIO_get_mem_data(out, &data);
  if (size <= 0) return;
  bytes.append(data, std::size_t(size));
  (void)BIO_reset(out);
}

}  // namespace tandem::net
