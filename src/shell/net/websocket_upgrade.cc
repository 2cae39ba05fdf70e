#include "shell/net/websocket_upgrade.h"

#include <openssl/evp.h>

#include <array>
#include <optional>

#include "base/limits.h"
#include "base/text.h"

namespace tandem::net {
namespace {

struct Refusal {
  std::string_view status;
  std::string_view lines = "";  // beside those of every refusal
};

constexpr Refusal kBadRequest{"400 Bad Request"};
constexpr Refusal kNotGet{"405 Method Not Allowed", "Allow: GET\r\n"};
constexpr Refusal kUpgradeRequired{"426 Upgrade Required", "Upgrade: websocket\r\n"};
// RFC 6455 §4.2.2: it is told the version we speak.
constexpr Refusal kOtherVersion{"426 Upgrade Required",
                                "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"};
constexpr Refusal kTooLarge{"431 Request Header Fields Too Large"};
constexpr Refusal kOtherHttp{"505 HTTP Version Not Supported"};

// What the request says of itself.
struct Wish {
  bool host = false;
  bool upgrade = false;
  bool connection = false;
  bool body = false;
  bool sip = false;
  int keys = 0;
  std::string_view key;
  std::string_view version;
};

// Does a list separated by commas hold this word?
bool lists(std::string_view list, std::string_view word) {
  while (!list.empty()) {
    const std::size_t comma = list.find(',');
    if (equal_ignoring_case(trim(list.substr(0, comma)), word)) return true;
    if (comma == std::string_view::npos) break;
    list.remove_prefix(comma + 1);
  }
  return false;
}

bool note(Wish& wish, std::string_view line) {
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos || colon == 0) return false;
  const std::string_view name = line.substr(0, colon);
  // RFC 9112 §5: no blank before the colon, no line that goes on.
  if (name.find_first_of(" \t\r\n") != std::string_view::npos) return false;
  const std::string_view value = trim(line.substr(colon + 1));
  const auto is = [name](std::string_view known) { return equal_ignoring_case(name, known); };
  if (is("Host")) wish.host = true;
  if (is("Upgrade")) wish.upgrade = wish.upgrade || lists(value, "websocket");
  if (is("Connection")) wish.connection = wish.connection || lists(value, "upgrade");
  if (is("Sec-WebSocket-Version")) wish.version = value;
  if (is("Sec-WebSocket-Protocol")) wish.sip = wish.sip || lists(value, "sip");
  if (is("Content-Length")) wish.body = wish.body || value != "0";
  if (is("Transfer-Encoding")) wish.body = true;
  if (is("Sec-WebSocket-Key")) {
    ++wish.keys;
    wish.key = value;
  }
  return true;
}

// Sixteen bytes in base 64 (RFC 6455 §4.2.1).
bool is_key(std::string_view key) {
  if (key.size() != 24 || !key.ends_with("==")) return false;
  for (const char c : key.substr(0, 22)) {
    const bool letter = lower(c) >= 'a' && lower(c) <= 'z';
    if (!letter && (c < '0' || c > '9') && c != '+' && c != '/') return false;
  }
  return true;
}

std::optional<Refusal> refusal_of_line(std::string_view line) {
  const std::size_t first = line.find(' ');
  const std::size_t last = line.rfind(' ');
  if (first == std::string_view::npos || last <= first + 1) return kBadRequest;
  const std::string_view version = line.substr(last + 1);
  if (!version.starts_with("HTTP/")) return kBadRequest;
  if (line.substr(0, first) != "GET") return kNotGet;
  if (version != "HTTP/1.1") return kOtherHttp;
  return std::nullopt;
}

std::optional<Refusal> refusal_of(const Wish& wish) {
  if (!wish.host || wish.body) return kBadRequest;
  if (!wish.upgrade || !wish.connection) return kUpgradeRequired;
  if (wish.version != "13") return kOtherVersion;
  if (wish.keys != 1 || !is_key(wish.key)) return kBadRequest;
  // RFC 7118 §4: both say that what follows is SIP.
  if (!wish.sip) return kBadRequest;
  return std::nullopt;
}

Upgrade refuse(const Refusal& refusal) {
  std::string answer = "HTTP/1.1 ";
  answer.append(refusal.status).append("\r\n").append(refusal.lines);
  answer += "Connection: close\r\nContent-Length: 0\r\n\r\n";
  return {.state = Upgrade::State::Refused, .answer = std::move(answer)};
}

// What begins like no HTTP request is not waited for.
bool may_become_request(std::string_view bytes) {
  const std::string_view method = bytes.substr(0, bytes.find(' '));
  constexpr std::size_t kLongestMethod = 16;
  if (method.empty() || method.size() > kLongestMethod) return false;
  for (const char c : method) {
    if (c < 'A' || c > 'Z') return false;
  }
  return true;
}

}  // namespace

std::string accept_key(std::string_view key) {
  const std::string joined = std::string(key) + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  std::array<unsigned char, 20> hash{};
  unsigned int size = 0;
  ::EVP_Digest(joined.data(), joined.size(), hash.data(), &size, ::EVP_sha1(), nullptr);
  std::array<unsigned char, 32> text{};
  const int length = ::EVP_EncodeBlock(text.data(), hash.data(), int(hash.size()));
  return {reinterpret_cast<const char*>(text.data()), std::size_t(length)};
}

Upgrade read_upgrade(std::string_view bytes) {
  if (bytes.empty()) return {};
  if (!may_become_request(bytes)) return refuse(kBadRequest);
  const std::size_t end = bytes.substr(0, kMaxUpgradeRequest).find("\r\n\r\n");
  if (end == std::string_view::npos) {
    return bytes.size() >= kMaxUpgradeRequest ? refuse(kTooLarge) : Upgrade{};
  }
  const std::string_view head = bytes.substr(0, end);
  if (head.find('\0') != std::string_view::npos) return refuse(kBadRequest);
  std::size_t at = head.find("\r\n");
  if (const auto refusal = refusal_of_line(head.substr(0, at))) return refuse(*refusal);
  Wish wish;
  while (at != std::string_view::npos) {
    const std::size_t begin = at + 2;
    at = head.find("\r\n", begin);
    if (!note(wish, head.substr(begin, at - begin))) return refuse(kBadRequest);
  }
  if (const auto refusal = refusal_of(wish)) return refuse(*refusal);
  return {.state = Upgrade::State::Accepted,
          .answer =
              "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
              "Connection: Upgrade\r\nSec-WebSocket-Accept: " +
              accept_key(wish.key) + "\r\nSec-WebSocket-Protocol: sip\r\n\r\n",
          .used = end + 4};
}

}  // namespace tandem::net
