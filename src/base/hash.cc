#include "base/hash.h"

#include <openssl/evp.h>

#include "base/assert.h"

namespace tandem {
namespace {

constexpr std::array kNames{"SHA2-512/256", "SHA2-256", "MD5"};
static_assert(kNames.size() == kHashKinds);

}  // namespace

// An algorithm is looked up once and its context used again: both cost more than hashing the few
// dozen bytes of a response.
struct Hasher::Work {
  struct Kind {
    EVP_MD* algorithm = nullptr;
    EVP_MD_CTX* context = nullptr;
  };
  std::array<Kind, kHashKinds> kinds;

  ~Work() {
    for (const Kind& kind : kinds) {
      EVP_MD_CTX_free(kind.context);
      EVP_MD_free(kind.algorithm);
    }
  }
};

Hasher::Hasher() : work_(std::make_unique<Work>()) {}
Hasher::~Hasher() = default;
Hasher::Hasher(Hasher&&) noexcept = default;
Hasher& Hasher::operator=(Hasher&&) noexcept = default;

HashText Hasher::hex(HashKind wanted, std::initializer_list<std::string_view> pieces) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  Work::Kind& kind = work_->kinds[std::size_t(wanted)];
  if (kind.context == nullptr) {
    kind.algorithm = EVP_MD_fetch(nullptr, kNames[std::size_t(wanted)], nullptr);
    kind.context = EVP_MD_CTX_new();
    TANDEM_ASSERT(kind.algorithm != nullptr && kind.context != nullptr,
                  "the library of hash functions lacks one that is needed");
  }
  bool good = EVP_DigestInit_ex2(kind.context, kind.algorithm, nullptr) == 1;
  for (const std::string_view piece : pieces) {
    good = EVP_DigestUpdate(kind.context, piece.data(), piece.size()) == 1 && good;
  }
  std::array<unsigned char, EVP_MAX_MD_SIZE> bytes;
  unsigned size = 0;
  good = EVP_DigestFinal_ex(kind.context, bytes.data(), &size) == 1 && good;
  HashText text;
  TANDEM_ASSERT(good && 2 * size <= text.digits.size(), "a hash function failed");
  for (unsigned i = 0; i < size; ++i) {
    text.digits[2 * i] = kDigits[bytes[i] >> 4];
    text.digits[2 * i + 1] = kDigits[bytes[i] & 15];
  }
  text.size = std::uint8_t(2 * size);
  return text;
}

bool equal_in_constant_time(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  unsigned difference = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    difference |= unsigned(static_cast<unsigned char>(a[i]) ^ static_cast<unsigned char>(b[i]));
  }
  return difference == 0;
}

}  // namespace tandem
