// Tags and Call-IDs of our own making. A tag names its exchange and leg, so that a request in a
// dialog finds its leg without a table; the nonce makes it unguessable (RFC 3261 §19.3).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/leg/primitives.h"

namespace tandem::leg {

struct TagToken {
  std::uint8_t exchange = 0;
  LegId leg{};
  std::uint32_t nonce = 0;
};

std::string make_tag(const TagToken& token);
// The tag of another early dialog of the same leg; branch 0 is the plain tag.
std::string tag_of_branch(std::string_view tag, std::uint8_t branch);
// The token of a tag of ours, whatever its branch; nothing when it cannot be ours.
std::optional<TagToken> parse_tag(std::string_view tag);
// The branch of a tag of ours.
std::uint8_t branch_of_tag(std::string_view tag);

std::string make_call_id(std::uint8_t exchange, std::uint64_t high, std::uint64_t low);

}  // namespace tandem::leg
