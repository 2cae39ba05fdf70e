#include "base/hash.h"

// MD5 by itself takes half as long as through EVP, and a registration needs it two or three times.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/evp.h>
#include <openssl/md5.h>

#include <algorithm>
#include <optional>

#include "base/assert.h"

namespace tandem {
namespace {

// Those that go through EVP.
constexpr std::array kNames{"SHA2-512/256", "SHA2-256"};
static_assert(kNames.size() == std::size_t(HashKind::Md5) && kHashKinds == kNames.size() + 1);

HashText text_of(const unsigned char* bytes, std::size_t size) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  HashText text;
  TANDEM_ASSERT(2 * size <= text.digits.size(), "a hash of an unknown function");
  for (std::size_t i = 0; i < size; ++i) {
    text.digits[2 * i] = kDigits[bytes[i] >> 4];
    text.digits[2 * i + 1] = kDigits[bytes[i] & 15];
  }
  text.size = std::uint8_t(2 * size);
  return text;
}

// The pieces as one text in `room`; nothing when they do not fit.
template <std::size_t size>
std::optional<std::string_view> gather(std::initializer_list<std::string_view> pieces,
                                       std::array<char, size>& room) {
  char* end = room.data();
  for (const std::string_view piece : pieces) {
    if (piece.size() > size - std::size_t(end - room.data())) return std::nullopt;
    end = std::copy(piece.begin(), piece.end(), end);
  }
  return std::string_view(room.data(), std::size_t(end - room.data()));
}

// Gathered when they are short: each call costs as much as a dozen bytes.
HashText md5(std::initializer_list<std::string_view> pieces) {
  MD5_CTX context;
  MD5_Init(&context);
  std::array<char, 256> room;
  if (const auto whole = gather(pieces, room)) {
    MD5_Update(&context, whole->data(), whole->size());
  } else {
    for (const std::string_view piece : pieces) MD5_Update(&context, piece.data(), piece.size());
  }
  std::array<unsigned char, MD5_DIGEST_LENGTH> bytes;
  MD5_Final(bytes.data(), &context);
  return text_of(bytes.data(), bytes.size());
}

}  // namespace

// An algorithm is looked up once and its context used again: both cost more than hashing the few
// dozen bytes of a response.
struct Hasher::Work {
  struct Kind {
    EVP_MD* algorithm = nullptr;
    EVP_MD_CTX* context = nullptr;
  };
  std::array<Kind, kNames.size()> kinds;

  // The newest text of hex_again().
  struct Remembered {
    std::array<char, 200> text;
    std::size_t size = 0;
    HashText hash;  // empty = none yet
  };
  std::array<Remembered, kHashKinds> remembered;

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
  if (wanted == HashKind::Md5) return md5(pieces);
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
  TANDEM_ASSERT(good, "a hash function failed");
  return text_of(bytes.data(), size);
}

HashText Hasher::hex_again(HashKind wanted, std::initializer_list<std::string_view> pieces) {
  Work::Remembered& known = work_->remembered[std::size_t(wanted)];
  std::array<char, sizeof known.text> room;
  const auto whole = gather(pieces, room);
  if (!whole) return hex(wanted, pieces);
  if (known.hash.size == 0 || *whole != std::string_view(known.text.data(), known.size)) {
    known.hash = hex(wanted, {*whole});
    std::copy(whole->begin(), whole->end(), known.text.begin());
    known.size = whole->size();
  }
  return known.hash;
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
