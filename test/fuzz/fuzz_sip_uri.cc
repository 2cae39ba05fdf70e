// Any bytes as a URI, and as a user part to be escaped.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/assert.h"
#include "core/sip/uri.h"

using namespace tandem;

namespace {

// The URI put together again from its parts.
std::string joined(const sip::Uri& uri) {
  std::string text(uri.scheme_text);
  text += ':';
  text += uri.user;
  if (uri.scheme != sip::Scheme::Tel) {
    if (!uri.password.empty()) text.append(":").append(uri.password);
    if (!uri.user.empty()) text += '@';
    text += uri.host_is_ipv6 ? "[" + std::string(uri.host) + "]" : std::string(uri.host);
    if (uri.port != 0) text.append(":").append(std::to_string(uri.port));
  }
  if (!uri.parameters.empty()) text.append(";").append(uri.parameters);
  if (!uri.headers.empty()) text.append("?").append(uri.headers);
  return text;
}

void check_uri(const sip::Uri& uri) {
  uri.parameter("transport");
  uri.user_number();
  uri.user_parameter("rn");
  sip::equivalent(uri, uri);
  if (uri.scheme == sip::Scheme::Other) return;
  const std::string text = joined(uri);
  const auto again = sip::parse_uri(text);
  TANDEM_ASSERT(again.has_value(), "a URI made of the parts of one reads");
  TANDEM_ASSERT(joined(*again) == text, "and has the same parts");
  TANDEM_ASSERT(sip::equivalent(uri, *again) == sip::equivalent(uri, uri), "and is as equal");
}

void check_user(std::string_view user) {
  std::string escaped;
  sip::append_escaped_user(escaped, user);
  std::string back;
  sip::append_unescaped(back, escaped);
  TANDEM_ASSERT(back == user, "an escaped user part comes back");
  if (user.empty()) return;
  const std::string text = "sip:" + escaped + "@h";
  const auto uri = sip::parse_uri(text);
  TANDEM_ASSERT(uri && uri->user == escaped, "an escaped user part can stand in a URI");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto uri = sip::parse_uri(text)) check_uri(*uri);
  check_user(text);
  return 0;
}
