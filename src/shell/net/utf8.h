// Is this text UTF-8 (RFC 3629)? Overlong forms, surrogates and what lies beyond U+10FFFF are not.
#pragma once

#include <string_view>

namespace tandem::net {

bool is_utf8(std::string_view text);

}  // namespace tandem::net
