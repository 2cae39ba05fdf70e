// The first line of a message (RFC 3261 §7.1, §7.2, §25.1), cut into its words.
#pragma once

#include <string_view>

#include "core/sip/message.h"

namespace tandem::sip {

struct StartLine {
  ParseErrorKind fault = ParseErrorKind::None;  // NotSip: neither request nor response
  bool request = false;
  std::string_view method, uri;  // of a request; also of a faulty one, as far as they can be told
  int status = 0;                // of a response
  std::string_view reason;
};

// `line` comes without its line break.
StartLine read_start_line(std::string_view line);

}  // namespace tandem::sip
