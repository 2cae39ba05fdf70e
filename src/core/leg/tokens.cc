#include "core/leg/tokens.h"


namespace tandem::leg {
namespace {

constexpr std::size_t kTagSize = 2 + 8 + 8 + 8;  // exchange, slot, generation, nonce in hex
constexpr char kHex[] = "0123456789abcdef";

void append_hex(std::string& to, std::uint64_t value, int digits) {
  char text[16];
  for (int i = digits; i > 0; value >>= 4) text[--i] = kHex[value & 15];
  to.append(text, std::size_t(digits));
}

std::optional<std::uint32_t> read_hex(std::string_view text) {
  std::uint32_t value = 0;
  for (const char c : text) {
    if (c >= '0' && c <= '9') {
      value = value << 4 | std::uint32_t(c - '0');
    } else if (c >= 'a' && c <= 'f') {
      value = value << 4 | std::uint32_t(c - 'a' + 10);
    } else {
      return std::nullopt;
    }
  }
  return value;
}

}  // namespace

std::string make_tag(const TagToken& token) {
  std::string tag;
  tag.reserve(kTagSize + 4);
  append_hex(tag, token.exchange, 2);
  append_hex(tag, token.leg.slot, 8);
  append_hex(tag, token.leg.generation, 8);
  append_hex(tag, token.nonce, 8);
  return tag;
}

std::string tag_of_branch(std::string_view tag, std::uint8_t branch) {
  std::string result(tag.substr(0, kTagSize));
  if (branch != 0) {
    result += '-';
    append_hex(result, branch, 2);
  }
  return result;
}

std::optional<TagToken> parse_tag(std::string_view tag) {
  if (tag.size() != kTagSize && tag.size() != kTagSize + 3) return std::nullopt;
  const auto exchange = read_hex(tag.substr(0, 2));
  const auto slot = read_hex(tag.substr(2, 8));
  const auto generation = read_hex(tag.substr(10, 8));
  const auto nonce = read_hex(tag.substr(18, 8));
  if (!exchange || !slot || !generation || !nonce) return std::nullopt;
  TagToken token;
  token.exchange = std::uint8_t(*exchange);
  token.leg.slot = *slot;
  token.leg.generation = *generation;
  token.nonce = *nonce;
  return token;
}

std::uint8_t branch_of_tag(std::string_view tag) {
  if (tag.size() != kTagSize + 3 || tag[kTagSize] != '-') return 0;
  return std::uint8_t(read_hex(tag.substr(kTagSize + 1)).value_or(0));
}

std::string make_call_id(std::uint8_t exchange, std::uint64_t high, std::uint64_t low) {
  std::string id;
  id.reserve(34);
  append_hex(id, exchange, 2);
  append_hex(id, high, 16);
  append_hex(id, low, 16);
  return id;
}

}  // namespace tandem::leg
