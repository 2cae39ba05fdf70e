// A request of ours sent a second time with a change the peer asked for: a longer session interval,
// an extension left out, credentials.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "core/sip/header_id.h"
#include "core/sip/writer.h"

namespace tandem::leg {

struct Again {
  std::string_view branch;   // of the new transaction
  std::uint32_t cseq = 0;
  std::span<const sip::HeaderId> without;  // headers left out
  std::string_view not_supported;  // option taken out of Supported; "" = none
  std::string_view lines;          // further ones, each with CRLF
};

// Writes `request`, bytes of our own making, with those changes.
void write_again(sip::Writer& writer, std::string_view request, const Again& again);

}  // namespace tandem::leg
