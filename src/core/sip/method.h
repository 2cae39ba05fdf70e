// SIP methods a switch meets: RFC 3261, 3262 (PRACK), 3311 (UPDATE), 3428 (MESSAGE), 3515 (REFER),
// 3903 (PUBLISH), 6086 (INFO), 6665 (SUBSCRIBE, NOTIFY).
#pragma once

#include <cstdint>
#include <string_view>

namespace tandem::sip {

enum class Method : std::uint8_t {
  Invite,
  Ack,
  Bye,
  Cancel,
  Options,
  Register,
  Prack,
  Update,
  Info,
  Message,
  Refer,
  Notify,
  Subscribe,
  Publish,
  Unknown,
};

std::string_view to_text(Method method);     // "INVITE"; "" for Unknown
Method parse_method(std::string_view text);  // case-sensitive, RFC 3261 §7.1

}  // namespace tandem::sip
