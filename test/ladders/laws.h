// What holds in every ladder, whatever it is about.
#pragma once

#include <string>

#include "core/cdr/cdr.h"
#include "ladders/message_text.h"

namespace tandem::ladder {

// "" or what is wrong with a message of the switch taken alone (RFC 3261 §8.1.1, §8.2.6, §20).
std::string law_of_message(const MessageText& message);
// "" or what is wrong with a call detail record taken alone.
std::string law_of_record(const cdr::Cdr& record);

}  // namespace tandem::ladder
