#include "shell/api/token.h"

#include <fcntl.h>
#include <sys/random.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>

#include "base/text.h"

namespace tandem::api {
namespace {

constexpr std::size_t kSecretBytes = 32;

std::string fault(const std::filesystem::path& file, std::string_view what) {
  return "cannot " + std::string(what) + ' ' + file.string() + ": " + std::strerror(errno);
}

std::string random_token() {
  std::array<unsigned char, kSecretBytes> secret;
  while (::getrandom(secret.data(), secret.size(), 0) != ssize_t(secret.size())) {
  }
  std::string text(2 * kSecretBytes, ' ');
  char* to = text.data();
  for (const unsigned char byte : secret) to = write_hex(to, byte, 2);
  return text;
}

// Under another name first, so that nobody ever reads half a token.
bool write_secret(const std::filesystem::path& file, std::string_view text) {
  std::string draft = file.string() + ".XXXXXX";
  const int descriptor = ::mkstemp(draft.data());  // mode 0600
  if (descriptor < 0) return false;
  const bool written = ::write(descriptor, text.data(), text.size()) == ssize_t(text.size()) &&
                       ::fsync(descriptor) == 0;
  ::close(descriptor);
  // A link does not replace a token that another process made meanwhile.
  const bool linked = written && (::link(draft.c_str(), file.c_str()) == 0 || errno == EEXIST);
  const int why = errno;
  ::unlink(draft.c_str());
  errno = why;
  return linked;
}

}  // namespace

Result<std::string, std::string> load_token(const std::filesystem::path& data) {
  const std::filesystem::path file = data / "api-token";
  std::ifstream stream(file);
  std::string text;
  if (!std::getline(stream, text)) return Failure{fault(file, "read")};
  text = trim(text);
  if (text.size() < kSecretBytes) {
    return Failure{file.string() +
                   " holds no token; remove it, and `tandem serve` makes a new one"};
  }
  return text;
}

Result<std::string, std::string> load_or_make_token(const std::filesystem::path& data) {
  const std::filesystem::path file = data / "api-token";
  std::error_code ignored;
  if (!std::filesystem::exists(file, ignored) && !write_secret(file, random_token() + '\n')) {
    return Failure{fault(file, "write")};
  }
  return load_token(data);
}

bool admits(std::string_view token, std::string_view header) {
  constexpr std::string_view kScheme = "bearer ";
  if (header.size() < kScheme.size() ||
      !equal_ignoring_case(header.substr(0, kScheme.size()), kScheme)) {
    return false;
  }
  const std::string_view given = trim(header.substr(kScheme.size()));
  unsigned difference = given.size() == token.size() ? 0u : 1u;
  for (std::size_t i = 0; i < token.size(); ++i) {
    const char other = given.empty() ? '\0' : given[i % given.size()];
    difference |= static_cast<unsigned char>(token[i]) ^ static_cast<unsigned char>(other);
  }
  return difference == 0;
}

}  // namespace tandem::api
