// How long answered calls lasted, second by second; where more of them end than around it.
#pragma once

#include <cstdint>
#include <map>

namespace tandem::doctor {

// Whole seconds, first inclusive, last exclusive.
struct Span {
  std::int64_t first = 0;
  std::int64_t last = 0;

  std::int64_t width() const { return last - first; }
};

class Histogram {
 public:
  static constexpr std::int64_t kSeconds = 2 * 3600;  // longer calls are counted together

  void add(std::int64_t hold, std::uint64_t calls);
  std::uint64_t count(Span span) const;
  std::uint64_t total() const { return total_; }
  // At least kFew calls, and three times as many as beside the span.
  bool has_peak(Span span) const;

  static constexpr std::uint64_t kFew = 5;

 private:
  std::map<std::int64_t, std::uint64_t> bins_;
  std::uint64_t total_ = 0;
};

}  // namespace tandem::doctor
