#include "shell/doctor/histogram.h"

#include <algorithm>

namespace tandem::doctor {

void Histogram::add(std::int64_t hold, std::uint64_t calls) {
  if (hold < 0) return;
  bins_[std::min(hold, kSeconds)] += calls;
  total_ += calls;
}

std::uint64_t Histogram::count(Span span) const {
  std::uint64_t calls = 0;
  const auto end = bins_.lower_bound(std::min(span.last, kSeconds));
  for (auto each = bins_.lower_bound(span.first); each != end && each != bins_.end(); ++each) {
    calls += each->second;
  }
  return calls;
}

bool Histogram::has_peak(Span span) const {
  const std::uint64_t here = count(span);
  // The same width on each side, a second apart: an edge of the peak is no neighbour.
  const std::int64_t width = span.width();
  const std::uint64_t before = count({span.first - 1 - width, span.first - 1});
  const std::uint64_t after = count({span.last + 1, span.last + 1 + width});
  return here >= kFew && here * 2 >= 3 * (before + after);
}

}  // namespace tandem::doctor
