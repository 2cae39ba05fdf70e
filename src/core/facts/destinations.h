// Quality by gateway and destination: the same windows as those of a gateway (quality.h), kept apart for
// the beginnings of called numbers that the system parameters name. They are as many as there is room
// for: those that were not counted in for a whole window go, and when there is no room, the one that
// was not for longest.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/limits.h"
#include "base/time.h"
#include "core/directory/parameters.h"
#include "core/facts/quality.h"

namespace tandem::facts {

// A beginning of called numbers: four bits for each digit or sign, the first one highest; 0 = none.
using Destination = std::uint64_t;
inline constexpr std::size_t kMaxDestinationLength = 15;

// The longest of SS_GATEWAY_QUALITY_PREFIXES that the number begins with, else its first
// SS_GATEWAY_QUALITY_PREFIX_LENGTH characters; 0 while quality is not kept by destination, and for a
// number with letters there.
Destination destination_of(std::string_view number, const directory::Parameters& parameters);
std::string to_text(Destination destination);

class DestinationQuality {
 public:
  struct Entry {
    std::uint64_t number = 0;  // names it among what is kept; never used again
    std::int64_t gateway = 0;
    Destination destination = 0;
    UtcTime counted{};         // when it was last counted in
    Quality quality;

    template <class Archive>
    void fields(Archive& archive) {
      archive(number, gateway, destination, counted, quality);
    }
  };

  // nullptr = nothing was counted.
  const Quality* find(std::int64_t gateway, Destination destination) const;
  Entry* entry(std::int64_t gateway, Destination destination);
  // To be counted in; made when there is none.
  Quality& at(UtcTime now, const QualityTerms& terms, std::int64_t gateway,
              Destination destination);
  // One that an earlier run kept. False: there is no room, or it was too long ago.
  bool adopt(UtcTime now, const QualityTerms& terms, Entry entry);
  // Quality is not kept by destination any more.
  void clear();

  std::size_t size() const { return by_key_.size(); }
  // From the one that was counted in last to the one that was not for longest.
  template <class Visit>
  void for_each(Visit visit) const {
    for (std::uint32_t i = newest_; i != kNone; i = slots_[i].older) visit(slots_[i].entry);
  }
  template <class Visit>
  void for_each(Visit visit) {
    for (std::uint32_t i = newest_; i != kNone; i = slots_[i].older) visit(slots_[i].entry);
  }

  // In the input being handled: entries that were counted in, by gateway and destination, and the
  // numbers of those that are gone. Not saved; whoever reads them empties them.
  struct Changed {
    std::int64_t gateway;
    Destination destination;
  };
  std::vector<Changed> changed;
  std::vector<std::uint64_t> gone;

  template <class Archive>
  void save(Archive& archive) const {
    std::vector<Entry> entries;  // the oldest first
    for (std::uint32_t i = oldest_; i != kNone; i = slots_[i].newer)
      entries.push_back(slots_[i].entry);
    archive(last_number_, entries);
  }
  template <class Archive>
  void load(Archive& archive) {
    std::vector<Entry> entries;
    archive(last_number_, entries);
    rebuild(std::move(entries));
  }

 private:
  static constexpr std::uint32_t kNone = 0xffffffff;
  struct Slot {
    Entry entry;
    std::uint32_t older = kNone;
    std::uint32_t newer = kNone;
  };
  struct Key {
    std::int64_t gateway;
    Destination destination;
    friend bool operator==(const Key&, const Key&) = default;
  };
  struct Hash {
    std::size_t operator()(const Key& key) const {
      return (std::uint64_t(key.gateway) * 0x9e3779b97f4a7c15u ^ key.destination) *
             0xff51afd7ed558ccdu >> 16;
    }
  };

  static std::size_t room(const QualityTerms& terms);
  void rebuild(std::vector<Entry> entries);
  std::uint32_t add(Entry entry);
  void put_in_front(std::uint32_t slot);
  void take_out(std::uint32_t slot);
  void let_go(std::uint32_t slot);
  void make_room(UtcTime now, const QualityTerms& terms);

  std::unordered_map<Key, std::uint32_t, Hash> by_key_;  // only looked up, never walked
  std::vector<Slot> slots_;
  std::vector<std::uint32_t> free_;
  std::uint32_t newest_ = kNone, oldest_ = kNone;
  std::uint64_t last_number_ = 0;
};

}  // namespace tandem::facts
