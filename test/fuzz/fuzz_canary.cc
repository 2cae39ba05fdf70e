// Has a fault that a fuzzer finds at once: were it not found, no other target would prove anything.
#include <cstddef>
#include <cstdint>

#include "base/assert.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  // Letter by letter: each one found is coverage that leads to the next.
  if (size < 4) return 0;
  if (data[0] != 'b') return 0;
  if (data[1] != 'i') return 0;
  if (data[2] != 'r') return 0;
  TANDEM_ASSERT(data[3] != 'd', "the canary must die");
  return 0;
}
