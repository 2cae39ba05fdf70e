// Hiding secrets in messages that are shown or kept.
#pragma once

#include <string>
#include <string_view>

namespace tandem::trace {

// The message with an `x` in place of each character of a secret: the digest response and other
// credentials (RFC 3261 §20.7, §20.28), the password of a URI (§19.1.1), media keys of a session
// (RFC 4568 §9.1) and passwords in bodies. Its length and its structure stay. Who it was, the
// realm and the nonce stay too: they are no secrets, and one looks for them.
std::string without_secrets(std::string_view message);

}  // namespace tandem::trace
