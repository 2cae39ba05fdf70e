// Answers that were given a while ago, by number (SS_LRN_CACHE_TTL). Two generations: when the young
// one is full it becomes the old one, and what nobody asked for meanwhile goes.
#pragma once

#include <map>
#include <string>

#include "base/limits.h"
#include "base/time.h"
#include "core/lrn/answer.h"

namespace tandem::lrn {

class Cache {
 public:
  // nullptr when it is not known, or for longer than `life`, which may be another one by now.
  const Answer* find(Instant now, seconds life, const std::string& number) const {
    for (const Generation* each : {&young_, &old_}) {
      const auto found = each->find(number);
      if (found != each->end() && now < found->second.since + life) return &found->second.answer;
    }
    return nullptr;
  }

  void keep(Instant now, seconds life, const std::string& number, const Answer& answer) {
    if (life == 0s || answer.outcome == Outcome::Failed) return;
    if (young_.size() >= kMaxCachedNumbers / 2) {
      old_ = std::move(young_);
      young_.clear();
    }
    young_[number] = {now, answer};
  }

  // Somebody else is asked from now on.
  void clear() {
    young_.clear();
    old_.clear();
  }

  std::size_t size() const { return young_.size() + old_.size(); }

  template <class Archive>
  void fields(Archive& archive) {
    archive(young_, old_);
  }

 private:
  struct Entry {
    Instant since{};
    Answer answer;
    template <class Archive>
    void fields(Archive& archive) {
      archive(since, answer);
    }
  };
  using Generation = std::map<std::string, Entry>;
  Generation young_, old_;
};

}  // namespace tandem::lrn
