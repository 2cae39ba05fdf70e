// Any bytes as a stream, arriving in pieces of the size that the first byte says: the same messages
// come out as when they arrive at once, and memory stays within the limit.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/assert.h"
#include "core/sip/stream.h"

using namespace tandem;

namespace {

constexpr std::size_t kLimit = 2048;

bool is_end(sip::StreamEvent event) {
  return event == sip::StreamEvent::Broken || event == sip::StreamEvent::TooLarge;
}

// What comes out, as text.
std::string events(std::string_view bytes, std::size_t piece) {
  sip::StreamFramer framer(kLimit);
  std::string seen;
  for (std::size_t at = 0; at < bytes.size(); at += piece) {
    framer.append(bytes.substr(at, piece));
    for (auto event = framer.next(); event != sip::StreamEvent::NeedMore; event = framer.next()) {
      seen.append(1, char('0' + int(event))).append(framer.message()).append("\n");
      if (is_end(event)) return seen;
    }
    TANDEM_ASSERT(framer.buffered() <= kLimit + piece, "memory is bounded");
  }
  return seen;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  const std::size_t piece = 1 + data[0];
  TANDEM_ASSERT(events(bytes, piece) == events(bytes, std::max<std::size_t>(bytes.size(), 1)),
                "the cut does not depend on the pieces");
  return 0;
}
