// The form of routing tags.
#include <algorithm>

#include "base/limits.h"
#include "core/directory/entity_forms.h"

namespace tandem::directory {
namespace {

constexpr std::size_t kMaxTagLength = 32;

bool canonical_tag(std::string_view text, std::string& to) {
  to = text;
  std::ranges::transform(to, to.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  const auto fits = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  };
  return !to.empty() && to.size() <= kMaxTagLength && std::ranges::all_of(to, fits);
}

}  // namespace

constinit const TextForm kTagForm{.allowed = "1 to 32 letters, digits, _ and -",
                                  .canonical = canonical_tag,
                                  .most_different = kMaxRoutingTags};

}  // namespace tandem::directory
