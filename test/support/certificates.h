// Certificates for tests, made when they are needed: a certificate authority, and what it signed.
#pragma once

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace tandem::test_support {

struct FreeOpenSsl {
  void operator()(EVP_PKEY* key) const { ::EVP_PKEY_free(key); }
  void operator()(X509* certificate) const { ::X509_free(certificate); }
  void operator()(std::FILE* file) const { std::fclose(file); }
};

class Certificate {
 public:
  // Named `names`, as in the extension: "DNS:sip.example,IP:127.0.0.1". Signed by `issuer`, or by
  // itself, which then may sign others.
  explicit Certificate(const std::string& names, const Certificate* issuer = nullptr)
      : key_(::EVP_EC_gen("P-256")), certificate_(::X509_new()) {
    static long serial = 0;
    X509* made = certificate_.get();
    ::X509_set_version(made, 2);
    ::ASN1_INTEGER_set(::X509_get_serialNumber(made), ++serial);
    ::X509_gmtime_adj(::X509_getm_notBefore(made), -3600);
    ::X509_gmtime_adj(::X509_getm_notAfter(made), 3600);
    ::X509_set_pubkey(made, key_.get());
    ::X509_NAME_add_entry_by_txt(::X509_get_subject_name(made), "CN", MBSTRING_ASC,
                                 reinterpret_cast<const unsigned char*>(names.c_str()), -1, -1, 0);
    const Certificate& signer = issuer != nullptr ? *issuer : *this;
    ::X509_set_issuer_name(made, ::X509_get_subject_name(signer.certificate_.get()));
    extend(NID_basic_constraints, issuer == nullptr ? "critical,CA:TRUE" : "critical,CA:FALSE");
    extend(NID_subject_alt_name, names);
    ::X509_sign(made, signer.key_.get(), ::EVP_sha256());
  }

  void write(const std::filesystem::path& certificate, const std::filesystem::path& key) const {
    File file(std::fopen(certificate.c_str(), "w"));
    ::PEM_write_X509(file.get(), certificate_.get());
    file.reset();
    file.reset(std::fopen(key.c_str(), certificate == key ? "a" : "w"));
    ::PEM_write_PrivateKey(file.get(), key_.get(), nullptr, nullptr, 0, nullptr, nullptr);
  }

 private:
  using File = std::unique_ptr<std::FILE, FreeOpenSsl>;

  void extend(int kind, const std::string& value) {
    X509_EXTENSION* made = ::X509V3_EXT_conf_nid(nullptr, nullptr, kind, value.c_str());
    ::X509_add_ext(certificate_.get(), made, -1);
    ::X509_EXTENSION_free(made);
  }

  std::unique_ptr<EVP_PKEY, FreeOpenSsl> key_;
  std::unique_ptr<X509, FreeOpenSsl> certificate_;
};

}  // namespace tandem::test_support
