// Laws of every SIP message that can be read, for property tests, torture and fuzzing alike.
#pragma once

#include <string>
#include <string_view>

#include "core/sip/message.h"

namespace tandem::test_support {

// The message written anew from what was read of it: every header in order, Content-Length last.
std::string rewritten(const sip::Message& message);

// Everything a message says, as text that does not depend on how it was written.
std::string described(const sip::Message& message);

// Asserts that all views lie within the bytes, that each typed reader answers, and that the message
// reads the same when it is written anew, whose writing is stable.
void check_laws(const sip::Message& message);

}  // namespace tandem::test_support
