// Which of many equal events are worth a line: the first few of each second; the rest is counted.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "base/time.h"

namespace tandem::process {

class LogLimit {
 public:
  static constexpr int kPerSecond = 20;        // lines of one event
  static constexpr std::size_t kEvents = 256;  // different ones watched; further ones share a place

  bool admits(std::string_view event, UtcTime now) {
    std::string name(places_.size() < kEvents || places_.count(event) != 0 ? event : "others");
    Place& place = places_[std::move(name)];
    const auto second = epoch_milliseconds(now) / 1000;
    if (second != place.second) {
      place.second = second;
      place.lines = 0;
    }
    if (place.lines < kPerSecond) return ++place.lines, true;
    ++place.left_out;
    return false;
  }
  // Calls `tell(event, how many)` for events of which some were left out since it was asked last.
  void take_left_out(const std::function<void(std::string_view, std::uint64_t)>& tell) {
    for (auto& [event, place] : places_) {
      if (place.left_out > 0) tell(event, place.left_out);
      place.left_out = 0;
    }
  }

 private:
  struct Place {
    std::int64_t second = 0;
    int lines = 0;
    std::uint64_t left_out = 0;
  };
  std::map<std::string, Place, std::less<>> places_;
};

}  // namespace tandem::process
