// Unknown sources that are refused again and again are ignored for a while (SS_SCANNER_BAN_*): they
// get no answers to learn from and cost one look-up a packet. Bounded: a fixed table, in which the
// newest source takes the place of an older one.
#pragma once

#include <cstdint>
#include <vector>

#include "base/address.h"
#include "base/time.h"
#include "core/directory/parameters.h"

namespace tandem::exchange {

class Scanner {
 public:
  Scanner() : sources_(kSources) {}

  bool banned(const IpAddress& source, Instant now) const;
  // Counts one refused request; true when this one starts a ban.
  bool refused(const IpAddress& source, Instant now, const directory::Parameters& parameters);
  // Counts one challenge; true when so many went unanswered that they are worth a refusal.
  bool challenged(const IpAddress& source, Instant now);
  // A challenge was answered rightly: none before it counts.
  void proved(const IpAddress& source);

  template <class Archive>
  void fields(Archive& archive) {
    archive(sources_, any_);
  }

 private:
  static constexpr std::size_t kSources = 4096;
  struct Source {
    IpAddress address;
    Instant window{};       // start of the 60 s its refusals are counted in
    Instant banned_until{};
    std::int32_t count = 0;
    std::int32_t challenges = 0;
    template <class Archive>
    void fields(Archive& archive) {
      archive(address, window, banned_until, count, challenges);
    }
  };
  // A house full of phones that all begin at once is no scanner.
  static constexpr std::int32_t kChallengesOfARefusal = 100;

  static std::size_t place(const IpAddress& address);
  Source& counted(const IpAddress& source, Instant now);

  std::vector<Source> sources_;
  bool any_ = false;  // a ban was ever made: nothing to look up before
};

}  // namespace tandem::exchange
