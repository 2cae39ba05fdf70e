#include "shell/net/utf8.h"

#include <cstddef>
#include <cstdint>

namespace tandem::net {
namespace {

// How long a character is, and between what its second byte must lie (RFC 3629 §4).
struct Lead {
  std::size_t size = 0;  // 0 = begins no character
  std::uint8_t least = 0x80;
  std::uint8_t most = 0xbf;
};

Lead lead_of(std::uint8_t byte) {
  if (byte < 0x80) return {.size = 1};
  if (byte < 0xc2) return {};
  if (byte < 0xe0) return {.size = 2};
  if (byte == 0xe0) return {.size = 3, .least = 0xa0};
  if (byte == 0xed) return {.size = 3, .most = 0x9f};
  if (byte < 0xf0) return {.size = 3};
  if (byte == 0xf0) return {.size = 4, .least = 0x90};
  if (byte < 0xf4) return {.size = 4};
  if (byte == 0xf4) return {.size = 4, .most = 0x8f};
  return {};
}

}  // namespace

bool is_utf8(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const Lead lead = lead_of(std::uint8_t(text[at]));
    if (lead.size == 0 || at + lead.size > text.size()) return false;
    for (std::size_t i = 1; i < lead.size; ++i) {
      const auto byte = std::uint8_t(text[at + i]);
      const std::uint8_t least = i == 1 ? lead.least : std::uint8_t(0x80);
      const std::uint8_t most = i == 1 ? lead.most : std::uint8_t(0xbf);
      if (byte < least || byte > most) return false;
    }
    at += lead.size;
  }
  return true;
}

}  // namespace tandem::net
