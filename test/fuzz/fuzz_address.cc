// Any bytes as an address, an endpoint and a range: refused, or written in a form that reads as the
// same.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/address.h"
#include "base/assert.h"

using namespace tandem;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto ip = IpAddress::parse(text)) {
    TANDEM_ASSERT(IpAddress::parse(ip->text()) == ip, "an address reads as it was written");
    TANDEM_ASSERT(ip->text().size() <= 39, "the longest address");
  }
  if (const auto endpoint = Endpoint::parse(text, 5060)) {
    TANDEM_ASSERT(Endpoint::parse(endpoint->text(), 1) == endpoint, "so does an endpoint");
  }
  if (const auto range = AddressRange::parse(text)) {
    TANDEM_ASSERT(range->first <= range->last, "a range is in order");
    TANDEM_ASSERT(range->contains(range->first) && range->contains(range->last), "ends included");
    const auto again = AddressRange::parse(range->first.text() + "-" + range->last.text());
    TANDEM_ASSERT(again == range, "a range reads as it was written");
  }
  return 0;
}
