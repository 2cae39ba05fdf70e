// Which numbers of the pools carry calls now, and which had its turn last (call-handling.md 3.6). A
// number group that gateways take callers from is a pool; it counts over all of them.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "base/rng.h"
#include "core/directory/number_entities.h"

namespace tandem::facts {

struct PoolTerms {
  directory::PoolMode mode = directory::PoolMode::Poll;
  std::int64_t lines = 0;  // concurrent calls of a number; 0 = no limit
};

class NumberPools {
 public:
  // The number for the next call, which counts from now on; "" = none is free.
  std::string take(const directory::NumberGroup& group, const PoolTerms& terms, Rng& rng);
  // One that is not counted; "" = the group has none.
  std::string draw(const directory::NumberGroup& group, directory::PoolMode mode, Rng& rng);
  // This one carries a call, whoever gave it: after a restart.
  void take_again(std::int64_t group, const std::string& number);
  void give_back(std::int64_t group, const std::string& number);

  std::int64_t calls(std::int64_t group, const std::string& number) const;
  // Calls of all its numbers.
  std::int64_t calls(std::int64_t group) const;
  // How often none was free when one was wanted, since the start.
  std::uint64_t exhausted(std::int64_t group) const;
  // Numbers that carry calls, by number; nullptr = none does.
  using Busy = std::map<std::string, std::int64_t>;
  const Busy* busy(std::int64_t group) const;
  // The same numbers carry as many calls here as there.
  bool counts_like(const NumberPools& other) const;

  template <class Archive>
  void fields(Archive& archive) {
    archive(pools_);
  }

 private:
  struct Pool {
    std::uint64_t next = 0;   // place after the last one taken
    std::uint64_t drawn = 0;  // likewise of those that are not counted
    Busy busy;
    std::uint64_t exhausted = 0;

    template <class Archive>
    void fields(Archive& archive) {
      archive(next, drawn, busy, exhausted);
    }
  };

  std::map<std::int64_t, Pool> pools_;  // by the id of the number group
};

}  // namespace tandem::facts
