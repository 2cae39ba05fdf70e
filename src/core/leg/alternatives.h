// Where else a peer that redirects says the call should go: the Contacts of its 3xx, best q first
// (RFC 3261 §8.1.3.4, §20.10).
#pragma once

#include <string>
#include <string_view>

#include "core/sip/message.h"

namespace tandem::leg {

// URIs, one a line, without those that are too long or come after the first kMaxAlternatives.
std::string alternatives_of(const sip::Message& response);
// Cuts the next line off the front; "" when there is none.
std::string_view take_line(std::string_view& lines);

}  // namespace tandem::leg
