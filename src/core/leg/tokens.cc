#include "core/leg/tokens.h"

#include "base/text.h"

namespace tandem::leg {
namespace {

constexpr std::size_t kTagSize = 2 + 8 + 8 + 8;  // exchange, slot, generation, nonce in hex

}  // namespace

std::string make_tag(const TagToken& token) {
  char text[kTagSize];
  char* at = write_hex(text, token.exchange, 2);
  at = write_hex(at, token.leg.slot, 8);
  at = write_hex(at, token.leg.generation, 8);
  at = write_hex(at, token.nonce, 8);
  return {text, at};
}

std::string tag_of_branch(std::string_view tag, std::uint8_t branch) {
  std::string result(tag.substr(0, kTagSize));
  if (branch != 0) {
    char text[2];
    result.append(1, '-').append(text, write_hex(text, branch, 2));
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
  token.leg.slot = std::uint32_t(*slot);
  token.leg.generation = std::uint32_t(*generation);
  token.nonce = std::uint32_t(*nonce);
  return token;
}

std::uint8_t branch_of_tag(std::string_view tag) {
  if (tag.size() != kTagSize + 3 || tag[kTagSize] != '-') return 0;
  return std::uint8_t(read_hex(tag.substr(kTagSize + 1)).value_or(0));
}

std::string make_call_id(std::uint8_t exchange, std::uint64_t high, std::uint64_t low) {
  char text[2 + 16 + 16];
  char* const end = write_hex(write_hex(write_hex(text, exchange, 2), high, 16), low, 16);
  return {text, end};
}

}  // namespace tandem::leg
