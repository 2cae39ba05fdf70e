// Any bytes as a datagram: a fault with its place and its answer, or a message that keeps the laws.
#include <cstddef>
#include <cstdint>
#include <memory>

#include "base/assert.h"
#include "core/sip/message.h"
#include "support/sip_laws.h"

using namespace tandem;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  static const auto message = std::make_unique<sip::Message>();
  const sip::ParseError error = sip::parse(bytes, *message);
  if (error.kind == sip::ParseErrorKind::None) {
    test_support::check_laws(*message);
    return 0;
  }
  TANDEM_ASSERT(error.offset <= size, "a fault lies within the bytes");
  TANDEM_ASSERT(!sip::to_text(error.kind).empty(), "a fault has a name");
  TANDEM_ASSERT(error.status == 0 || (message->is_request() && !message->via().host.empty()),
                "only a request with a Via is answered");
  return 0;
}
