// The forms of what entities say about gateway groups.
#include <charconv>

#include "core/directory/entity_binding.h"
#include "core/directory/entity_forms.h"

namespace tandem::directory {
namespace {

constexpr std::int32_t kMaxReserved = 1'000'000;

bool canonical_plain_name(std::string_view text, std::string& to) {
  return text.find(':') == std::string_view::npos && kNameForm.canonical(text, to);
}

std::string_view group_in(std::string_view text) { return text.substr(0, text.find(':')); }

// The lines behind the colon; -1 = they are none.
std::int32_t lines_in(std::string_view text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos) return 0;
  std::int32_t lines = -1;
  const char* last = text.data() + text.size();
  const auto [end, error] = std::from_chars(text.data() + colon + 1, last, lines);
  return error == std::errc{} && end == last && lines >= 0 && lines <= kMaxReserved ? lines : -1;
}

std::string membership_text(std::string_view group, std::int32_t lines) {
  return std::string(group) + (lines == 0 ? "" : ":" + std::to_string(lines));
}

bool canonical_membership(std::string_view text, std::string& to) {
  const std::int32_t lines = lines_in(text);
  if (lines < 0 || !canonical_plain_name(group_in(text), to)) return false;
  to = membership_text(to, lines);
  return true;
}

}  // namespace

constinit const TextForm kPlainNameForm{"1 to 64 printable characters without comma and colon",
                                        canonical_plain_name};
constinit const TextForm kMembershipForm{
    .allowed = "the name of a gateway group, or group:lines with the lines it leaves to other members "
               "(0 to 1000000): vendors:5",
    .canonical = canonical_membership,
    .key_end = ':',
    .reference = group_in};

std::string text_of(const GroupMembership& membership) {
  return membership_text(std::to_string(membership.group), membership.reserve_lines);
}

void read_text(std::string_view text, GroupMembership& member) {
  const std::string_view group = group_in(text);
  std::from_chars(group.data(), group.data() + group.size(), member.group);
  member.reserve_lines = lines_in(text);
}

}  // namespace tandem::directory
