#include "core/keepalive/pacing.h"

#include <algorithm>

#include "base/assert.h"

namespace tandem::keepalive {
namespace {

std::uint64_t divided_up(std::uint64_t number, std::uint64_t by) { return (number + by - 1) / by; }

}  // namespace

Pacing pace(const Rhythm& rhythm, std::uint64_t contacts) {
  const auto period = std::uint64_t(rhythm.period.count());
  const auto interval = std::uint64_t(rhythm.interval.count());
  TANDEM_ASSERT(interval > 0 && rhythm.batch > 0, "the ranges of the parameters begin at 1");
  Pacing pacing;
  pacing.contacts = contacts;
  pacing.batches = divided_up(contacts, rhythm.batch);
  // An interval longer than the period (SEND_INTERVAL may be 10 s, PERIOD too) leaves one batch.
  pacing.slots = std::max<std::uint64_t>(period / interval, 1);
  pacing.capacity = pacing.slots * rhythm.batch;
  if (pacing.batches > 0) pacing.last_batch = rhythm.interval * std::int64_t(pacing.batches - 1);
  pacing.overrun = contacts > pacing.capacity;
  pacing.batch = pacing.overrun ? divided_up(contacts, pacing.slots) : rhythm.batch;
  return pacing;
}

milliseconds due(const Rhythm& rhythm, const Pacing& pacing, std::uint64_t index) {
  const milliseconds start = rhythm.interval * std::int64_t(index / pacing.batch);
  if (!rhythm.spread) return start;
  const std::uint64_t place = index % pacing.batch;
  const auto interval = std::uint64_t(rhythm.interval.count());
  return start + milliseconds(place * interval / pacing.batch);
}

std::uint64_t due_by(const Rhythm& rhythm, const Pacing& pacing, milliseconds elapsed) {
  if (elapsed < milliseconds(0)) return 0;
  const auto interval = std::uint64_t(rhythm.interval.count());
  const auto whole = std::uint64_t(elapsed.count()) / interval;
  const auto rest = std::uint64_t(elapsed.count()) % interval;
  const std::uint64_t before = whole * pacing.batch;
  if (!rhythm.spread) return before + pacing.batch;
  // Place i leaves at floor(i * G / B_eff): it has left when i * G < (rest + 1) * B_eff.
  return before + std::min(pacing.batch, divided_up((rest + 1) * pacing.batch, interval));
}

}  // namespace tandem::keepalive
