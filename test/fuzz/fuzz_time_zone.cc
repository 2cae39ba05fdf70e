// Any bytes as a file of the time zone database: refused, or a zone whose offsets are those of some
// place on earth.
#include <cstddef>
#include <cstdint>
#include <span>

#include "base/assert.h"
#include "base/time_zone.h"

using namespace tandem;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::span bytes(reinterpret_cast<const char*>(data), size);
  const auto zone = TimeZone::parse(bytes);
  if (!zone) return 0;
  for (std::int64_t at = -4'000'000'000; at < 8'000'000'000; at += 97'000'000) {
    const UtcTime moment = from_epoch_milliseconds(at * 1'000);
    const auto offset = zone->offset(moment).count();
    TANDEM_ASSERT(offset >= -26 * 3'600 && offset <= 26 * 3'600, "within a day of UTC");
    const LocalTime local = LocalTime::of(moment, *zone);
    TANDEM_ASSERT(local.second >= 0 && local.second < 86'400, "a second of a day");
    TANDEM_ASSERT(local.weekday() >= 0 && local.weekday() < 7, "a day of the week");
  }
  return 0;
}
