#include "base/time_zone.h"

#include <algorithm>
#include <array>
#include <chrono>

#include "base/posix_zone.h"

namespace tandem {
namespace {

constexpr std::size_t kHeader = 44;  // RFC 8536 §3.1
// More than any zone has, so that a damaged file costs no memory.
constexpr std::uint32_t kMostTimes = 4'096;
constexpr std::uint32_t kMostTypes = 256;
constexpr std::uint32_t kMostOthers = 65'536;
constexpr std::int32_t kFurthest = 26 * 3'600;  // from UTC (RFC 8536 §3.2)

struct Counts {
  std::uint32_t is_utc, is_standard, leaps, times, types, letters;

  bool sensible() const {
    return times <= kMostTimes && types >= 1 && types <= kMostTypes && is_utc <= kMostOthers &&
           is_standard <= kMostOthers && leaps <= kMostOthers && letters <= kMostOthers;
  }
  // Bytes of the block that follows the header.
  std::size_t block(std::size_t time_size) const {
    return times * time_size + times + types * std::size_t{6} + letters +
           leaps * (time_size + 4) + is_standard + is_utc;
  }
};

}  // namespace

class TimeZoneReader {
 public:
  explicit TimeZoneReader(std::span<const char> bytes) : rest_(bytes) {}

  std::optional<TimeZone> read() {
    std::uint8_t version = 0;
    std::optional<Counts> counts = header(version);
    if (!counts) return std::nullopt;
    if (version == 0) return block(*counts, 4) ? std::optional(finished()) : std::nullopt;
    // RFC 8536 §3: a newer file says it all again in 64 bits, behind the old block.
    if (!skip(counts->block(4))) return std::nullopt;
    counts = header(version);
    if (!counts || !block(*counts, 8) || !footer()) return std::nullopt;
    return finished();
  }

 private:
  bool skip(std::size_t size) {
    if (rest_.size() < size) return false;
    rest_ = rest_.subspan(size);
    return true;
  }

  static std::int64_t number(std::span<const char> bytes) {
    std::uint64_t value = 0;
    for (const char byte : bytes) value = value << 8 | static_cast<unsigned char>(byte);
    return bytes.size() == 4 ? static_cast<std::int32_t>(value) : static_cast<std::int64_t>(value);
  }

  std::optional<Counts> header(std::uint8_t& version) {
    constexpr std::string_view kMagic = "TZif";
    if (rest_.size() < kHeader) return std::nullopt;
    if (std::string_view(rest_.data(), kMagic.size()) != kMagic) return std::nullopt;
    version = static_cast<std::uint8_t>(rest_[4]);
    const auto count = [&](std::size_t place) {
      return static_cast<std::uint32_t>(number(rest_.subspan(20 + place * 4, 4)));
    };
    const Counts counts{count(0), count(1), count(2), count(3), count(4), count(5)};
    skip(kHeader);
    return counts.sensible() ? std::optional(counts) : std::nullopt;
  }

  bool block(const Counts& counts, std::size_t time_size) {
    const std::size_t size = counts.block(time_size);
    if (rest_.size() < size) return false;
    const auto times = rest_.first(counts.times * time_size);
    const auto kinds = rest_.subspan(times.size(), counts.times);
    const auto types = rest_.subspan(times.size() + kinds.size(), counts.types * std::size_t{6});
    const auto offset_of = [&](std::size_t type) {
      return static_cast<std::int32_t>(number(types.subspan(type * 6, 4)));
    };
    for (std::size_t type = 0; type < counts.types; ++type) {
      if (offset_of(type) < -kFurthest || offset_of(type) > kFurthest) return false;
    }
    zone_.first_ = offset_of(0);
    for (std::size_t i = 0; i < counts.times; ++i) {
      const auto type = static_cast<unsigned char>(kinds[i]);
      const std::int64_t at = number(times.subspan(i * time_size, time_size));
      const bool later = zone_.transitions_.empty() || at > zone_.transitions_.back().at;
      if (type >= counts.types || !later) return false;
      zone_.transitions_.push_back({at, offset_of(type)});
    }
    return skip(size);
  }

  // RFC 8536 §3.3: between two line ends, how it goes on after the last transition; perhaps nothing.
  bool footer() {
    const std::string_view text(rest_.data(), rest_.size());
    const std::size_t end = text.find('\n', 1);
    if (!text.starts_with('\n') || end == std::string_view::npos) return false;
    const std::string_view rule = text.substr(1, end - 1);
    if (rule.empty()) return true;
    const auto goes_on = PosixZone::parse(rule);
    if (!goes_on) return false;
    const std::int64_t after =
        zone_.transitions_.empty() ? INT64_MIN : zone_.transitions_.back().at;
    if (zone_.transitions_.empty()) zone_.first_ = goes_on->standard_offset();
    goes_on->for_each_change(1970, 2200, [&](std::int64_t at, std::int32_t offset) {
      if (at > after) zone_.transitions_.push_back({at, offset});
    });
    return true;
  }

  TimeZone finished() { return std::move(zone_); }

  std::span<const char> rest_;
  TimeZone zone_;
};

std::optional<TimeZone> TimeZone::parse(std::span<const char> bytes) {
  return TimeZoneReader(bytes).read();
}

seconds TimeZone::offset(UtcTime at) const {
  const std::int64_t now = std::chrono::floor<seconds>(at).time_since_epoch().count();
  const auto next = std::ranges::upper_bound(transitions_, now, {}, &Transition::at);
  return seconds(next == transitions_.begin() ? first_ : std::prev(next)->offset);
}

LocalTime LocalTime::of(UtcTime at, const TimeZone& zone) {
  const auto local =
      std::chrono::floor<seconds>(at).time_since_epoch() + zone.offset(at);
  const auto day = std::chrono::floor<std::chrono::days>(local);
  return {day.count(), static_cast<std::int32_t>((local - day).count())};
}

int LocalTime::weekday() const {
  constexpr std::int64_t kThursday = 4;  // 1970-01-01
  return static_cast<int>(((day + kThursday) % 7 + 7) % 7);
}

}  // namespace tandem
