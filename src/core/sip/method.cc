#include "core/sip/method.h"

#include <array>
#include <cstddef>

namespace tandem::sip {
namespace {

constexpr std::array<std::string_view, std::size_t(Method::Unknown) + 1> kMethods{
    "INVITE", "ACK",     "BYE",   "CANCEL", "OPTIONS",   "REGISTER", "PRACK", "UPDATE",
    "INFO",   "MESSAGE", "REFER", "NOTIFY", "SUBSCRIBE", "PUBLISH",  "",
};
static_assert(kMethods[std::size_t(Method::Publish)] == "PUBLISH");

}  // namespace

std::string_view to_text(Method method) { return kMethods[std::size_t(method)]; }

Method parse_method(std::string_view text) {
  for (std::size_t i = 0; i < std::size_t(Method::Unknown); ++i) {
    if (kMethods[i].size() == text.size() && kMethods[i][0] == text[0] && kMethods[i] == text) {
      return Method(i);
    }
  }
  return Method::Unknown;
}

}  // namespace tandem::sip
