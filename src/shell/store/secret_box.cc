#include "shell/store/secret_box.h"

#include <fcntl.h>
#include <openssl/evp.h>
#include <sys/random.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>

#include "base/assert.h"
#include "base/text.h"

namespace tandem::store {
namespace {

constexpr std::size_t kKeySize = 32;
constexpr std::size_t kNonceSize = 12;
constexpr std::size_t kTagSize = 16;

using Bytes = std::basic_string<unsigned char>;

Bytes random_bytes(std::size_t size) {
  Bytes bytes(size, 0);
  while (::getrandom(bytes.data(), size, 0) != ssize_t(size)) {
  }
  return bytes;
}

std::string to_hex(const Bytes& bytes) {
  std::string text(2 * bytes.size(), ' ');
  char* to = text.data();
  for (const unsigned char byte : bytes) to = write_hex(to, byte, 2);
  return text;
}

std::optional<Bytes> from_hex(std::string_view text) {
  if (text.size() % 2 != 0) return std::nullopt;
  Bytes bytes;
  bytes.reserve(text.size() / 2);
  for (; !text.empty(); text.remove_prefix(2)) {
    const auto byte = read_hex(text.substr(0, 2));
    if (!byte) return std::nullopt;
    bytes += static_cast<unsigned char>(*byte);
  }
  return bytes;
}

std::string fault(const std::filesystem::path& file, std::string_view what) {
  return "cannot " + std::string(what) + ' ' + file.string() + ": " + std::strerror(errno);
}

// Under another name first; whoever comes later uses the key that is there.
bool write_key(const std::filesystem::path& file) {
  const std::string text = to_hex(random_bytes(kKeySize)) + '\n';
  std::string draft = file.string() + ".XXXXXX";
  const int descriptor = ::mkstemp(draft.data());  // mode 0600
  if (descriptor < 0) return false;
  const bool written = ::write(descriptor, text.data(), text.size()) == ssize_t(text.size()) &&
                       ::fsync(descriptor) == 0;
  ::close(descriptor);
  const bool linked = written && (::link(draft.c_str(), file.c_str()) == 0 || errno == EEXIST);
  const int why = errno;
  ::unlink(draft.c_str());
  errno = why;
  return linked;
}

}  // namespace

struct SecretBox::Work {
  Bytes key;
  EVP_CIPHER* cipher = EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr);
  EVP_CIPHER_CTX* context = EVP_CIPHER_CTX_new();
  ~Work() {
    EVP_CIPHER_CTX_free(context);
    EVP_CIPHER_free(cipher);
  }
};

SecretBox::SecretBox(std::unique_ptr<Work> work) : work_(std::move(work)) {}
SecretBox::~SecretBox() = default;

Result<std::unique_ptr<SecretBox>, std::string> SecretBox::open(const std::filesystem::path& data) {
  const std::filesystem::path file = data / "secrets.key";
  std::error_code ignored;
  if (!std::filesystem::exists(file, ignored) && !write_key(file)) {
    return Failure{fault(file, "write")};
  }
  std::ifstream stream(file);
  std::string text;
  if (!std::getline(stream, text)) return Failure{fault(file, "read")};
  auto key = from_hex(trim(text));
  if (!key || key->size() != kKeySize) {
    return Failure{file.string() + " holds no key; it belongs to tandem.db beside it"};
  }
  auto work = std::make_unique<Work>();
  work->key = *std::move(key);
  TANDEM_ASSERT(work->cipher != nullptr && work->context != nullptr, "AES-256-GCM is missing");
  return std::unique_ptr<SecretBox>(new SecretBox(std::move(work)));
}

// nonce, sealed text, tag; as hexadecimal digits.
std::string SecretBox::seal(std::string_view secret) const {
  if (secret.empty()) return {};
  Bytes sealed = random_bytes(kNonceSize);
  sealed.resize(kNonceSize + secret.size() + kTagSize);
  EVP_CIPHER_CTX* context = work_->context;
  int size = 0;
  const bool good =
      EVP_EncryptInit_ex2(context, work_->cipher, work_->key.data(), sealed.data(), nullptr) == 1 &&
      EVP_EncryptUpdate(context, sealed.data() + kNonceSize, &size,
                        reinterpret_cast<const unsigned char*>(secret.data()),
                        int(secret.size())) == 1 &&
      EVP_EncryptFinal_ex(context, sealed.data() + kNonceSize + size, &size) == 1 &&
      EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, int(kTagSize),
                          sealed.data() + kNonceSize + secret.size()) == 1;
  TANDEM_ASSERT(good, "a password could not be sealed");
  return to_hex(sealed);
}

std::optional<std::string> SecretBox::unseal(std::string_view sealed) const {
  if (sealed.empty()) return std::string();
  auto bytes = from_hex(sealed);
  if (!bytes || bytes->size() <= kNonceSize + kTagSize) return std::nullopt;
  const std::size_t length = bytes->size() - kNonceSize - kTagSize;
  std::string secret(length, ' ');
  auto* out = reinterpret_cast<unsigned char*>(secret.data());
  EVP_CIPHER_CTX* context = work_->context;
  int size = 0;
  const bool good =
      EVP_DecryptInit_ex2(context, work_->cipher, work_->key.data(), bytes->data(), nullptr) == 1 &&
      EVP_DecryptUpdate(context, out, &size, bytes->data() + kNonceSize, int(length)) == 1 &&
      EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, int(kTagSize),
                          bytes->data() + kNonceSize + length) == 1 &&
      EVP_DecryptFinal_ex(context, out + size, &size) == 1;
  if (!good) return std::nullopt;
  return secret;
}

std::string SecretBox::make_password() {
  constexpr std::string_view kLetters = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";
  constexpr std::size_t kLength = 16;
  constexpr std::size_t kFair = 256 / kLetters.size() * kLetters.size();
  std::string password;
  while (password.size() < kLength) {
    for (const unsigned char byte : random_bytes(kLength)) {
      if (byte < kFair && password.size() < kLength) password += kLetters[byte % kLetters.size()];
    }
  }
  return password;
}

}  // namespace tandem::store
