// What the exchange knows beyond the Directory: how many calls each gateway carries, how fast they
// come, whether new ones may come at all. Counters are taken and given back by the call machine.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <string_view>
#include <vector>

#include "base/address.h"
#include "base/time.h"
#include "core/directory/parameters.h"
#include "core/facts/destinations.h"
#include "core/facts/pools.h"
#include "core/facts/quality.h"
#include "core/facts/shares.h"
#include "core/sip/path.h"

namespace tandem::directory {
class Directory;
}

namespace tandem::facts {

// Token bucket of whole calls: `rate` per `unit`, and at most one second's (or minute's) worth at
// once. Exact in integers: a call costs `unit` milliseconds' worth of filling.
class RateBucket {
 public:
  // True and one token less if a call may pass now; rate 0 = no limit.
  bool take(Instant now, std::int64_t rate, milliseconds unit);

  template <class Archive>
  void fields(Archive& archive) {
    archive(level_, filled_);
  }

 private:
  std::int64_t level_ = -1;  // in 1/unit of a call; -1 = never used: full
  Instant filled_{};
};

// Which of the calls that come are refused, evenly, while more come than can be handled.
class Thinning {
 public:
  static constexpr int kAll = 1000;
  // So many of a thousand; 0 = none.
  void set(int share) {
    share_ = share;
    if (share == 0) owed_ = 0;
  }
  // Is the call that comes now one of them?
  bool takes_next() {
    owed_ += share_;
    if (owed_ < kAll) return false;
    owed_ -= kAll;
    return true;
  }

  template <class Archive>
  void fields(Archive& archive) {
    archive(share_, owed_);
  }

 private:
  std::int32_t share_ = 0;
  std::int32_t owed_ = 0;  // thousandths of a refusal
};

// How the sessions of a device can be refreshed, as far as it showed.
enum class Refreshing : std::uint8_t { ByEither, ByReInvite, ByUpdate };
std::string_view to_text(Refreshing how);  // "", "re-INVITE", "UPDATE"

// What was seen of a device's session timers since the start.
struct TimerLive {
  std::uint64_t refreshed = 0;       // refreshes of ours that were accepted
  std::uint64_t refused = 0;         // that failed
  std::uint64_t glares = 0;          // answered 491
  std::uint64_t too_short_sent = 0;  // 422
  std::uint64_t too_short_got = 0;
  std::uint64_t contradictory = 0;   // requests whose Min-SE was above their Session-Expires
  std::uint64_t below_minimum = 0;   // answers with less than the Min-SE we asked for
  std::uint64_t timed = 0;           // answered legs with a timer
  std::uint64_t untimed = 0;         // without
  std::uint32_t asked = 0, granted = 0;  // seconds, of the last 422 either way
  std::int32_t last_status = 0;      // answer to the last refresh; 0 = none came
  Refreshing learned = Refreshing::ByEither;  // what its peer refused is not tried again in a call

  template <class Archive>
  void fields(Archive& archive) {
    archive(refreshed, refused, glares, too_short_sent, too_short_got, contradictory,
            below_minimum, timed, untimed, asked, granted, last_status, learned);
  }
};

// Calls since the last reset, of which there is one each hour or day of UTC.
class History {
 public:
  void count(UtcTime now, directory::HistoryReset reset);
  // Between two resets: asked once for many.
  static std::int64_t period_of(UtcTime now, directory::HistoryReset reset);
  std::uint64_t read(std::int64_t period) const { return period == period_ ? calls_ : 0; }

  template <class Archive>
  void fields(Archive& archive) {
    archive(period_, calls_);
  }

 private:
  std::int64_t period_ = 0;
  std::uint64_t calls_ = 0;
};

// How far an egress gateway is behind its share of the calls: it comes first when it is most behind.
struct Turns {
  std::int64_t shared = 0;     // among gateways of its rank, in units of weight
  std::int64_t forced = 0;     // of the calls that are tried here first, in percent
  std::int64_t throttled = 0;  // of the calls it gets while it is throttled, in percent

  template <class Archive>
  void fields(Archive& archive) {
    archive(shared, forced, throttled);
  }
};

// What a decision asks of each of many candidates stands in front, in one line of the cache.
struct alignas(64) GatewayLive {
  std::int64_t calls = 0;     // now
  History history;
  Instant banned_until{};        // of an egress gateway: by Retry-After
  std::uint16_t banned_by = 0;   // the answer that asked for it
  bool offline = false;          // all its addresses are dead
  std::uint64_t attempts = 0; // since start
  std::uint64_t answered = 0;
  RateBucket rate;
  TimerLive timer;
  Quality quality;
  ShareTurns prefix_turns;  // of an ingress gateway: its proportional_prefixes
  std::vector<std::int64_t> groups;  // it counts in, as configured now: Live::regroup()
  // Of an egress gateway.
  std::vector<Endpoint> dead;    // addresses whose OPTIONS check failed: not used
  std::uint64_t bans = 0;        // since start
  Turns turns;

  bool is_dead(const Endpoint& address) const {
    return std::find(dead.begin(), dead.end(), address) != dead.end();
  }

  template <class Archive>
  void fields(Archive& archive) {
    archive(calls, attempts, answered, rate, timer, history, quality, prefix_turns, dead, offline,
            banned_until, banned_by, bans, turns);
  }
};

// Calls of the members of a gateway group, both ways. Never kept: it follows from theirs.
struct GroupLive {
  std::int64_t calls = 0;  // now
};

// The calls an account pays.
struct AccountLive {
  std::int64_t calls = 0;  // now
  RateBucket rate;

  template <class Archive>
  void fields(Archive& archive) {
    archive(calls, rate);
  }
};

// An outbound registration, for the calls that go over it.
struct RegistrationLive {
  std::int64_t calls = 0;    // now
  std::int64_t capacity = 0; // of them; 0 = no limit
  bool registered = false;   // the platform has our address and it has not expired
  sip::Path path;            // where it registered

  template <class Archive>
  void fields(Archive& archive) {
    archive(calls, capacity, registered, path);
  }
};

// By the id of what is configured. Entries stay while it is configured or carries a call.
template <class Entry>
class TableById {
 public:
  Entry& at(std::int64_t id) {
    const auto place = std::lower_bound(ids_.begin(), ids_.end(), id);
    const auto index = place - ids_.begin();
    if (place == ids_.end() || *place != id) {
      ids_.insert(place, id);
      entries_.insert(entries_.begin() + index, Entry{});
    }
    return entries_[std::size_t(index)];
  }
  // Zeros when unknown.
  const Entry& read(std::int64_t id) const {
    static constexpr Entry kNone{};
    // Ids are given one after the other, so most stand where the first and the distance say.
    const auto guess = ids_.empty() ? 0 : std::uint64_t(id - ids_.front());
    if (guess < ids_.size() && ids_[guess] == id) return entries_[guess];
    const auto place = std::lower_bound(ids_.begin(), ids_.end(), id);
    if (place == ids_.end() || *place != id) return kNone;
    return entries_[std::size_t(place - ids_.begin())];
  }
  // By ascending id.
  template <class Visit>
  void for_each(Visit visit) {
    for (std::size_t i = 0; i < ids_.size(); ++i) visit(ids_[i], entries_[i]);
  }
  template <class Visit>
  void for_each(Visit visit) const {
    for (std::size_t i = 0; i < ids_.size(); ++i) visit(ids_[i], entries_[i]);
  }

  template <class Archive>
  void fields(Archive& archive) {
    archive(ids_, entries_);
  }

 private:
  std::vector<std::int64_t> ids_;  // ascending; parallel to entries_
  std::vector<Entry> entries_;
};
using GatewayTable = TableById<GatewayLive>;

// Calls of one phone now, by direction.
struct PhoneLive {
  std::int64_t in = 0;   // to it
  std::int64_t out = 0;  // from it

  template <class Archive>
  void fields(Archive& archive) {
    archive(in, out);
  }
  friend bool operator==(const PhoneLive&, const PhoneLive&) = default;
};

// Only phones that have a call: most of very many do not.
class PhoneTable {
 public:
  PhoneLive read(std::int64_t id) const {
    const auto found = calls_.find(id);
    return found == calls_.end() ? PhoneLive{} : found->second;
  }
  void count(std::int64_t id, int in, int out) {
    PhoneLive& phone = calls_[id];
    phone.in += in;
    phone.out += out;
    if (phone.in == 0 && phone.out == 0) calls_.erase(id);
  }

  template <class Archive>
  void fields(Archive& archive) {
    archive(calls_);
  }
  friend bool operator==(const PhoneTable&, const PhoneTable&) = default;

 private:
  std::map<std::int64_t, PhoneLive> calls_;
};

// Whose quality was counted in the input being handled.
struct Measured {
  bool egress = false;
  std::int64_t gateway = 0;
};

struct Live {
  GatewayTable ingress;
  GatewayTable egress;
  TableById<GroupLive> groups;
  PhoneTable phones;
  std::map<std::int64_t, AccountLive> accounts;  // those that paid a call
  TableById<RegistrationLive> registrations;
  NumberPools pools;
  DestinationQuality destinations;  // of egress gateways
  std::int64_t calls = 0;        // admitted and not ended
  std::vector<Measured> measured;  // emptied with each input; not saved
  RateBucket system_rate;
  Thinning thinning;
  bool draining = false;         // no new calls: the node stops
  bool storage_faulty = false;   // CDRs cannot be written: no new calls

  // A gateway has `calls` more, or less, and so have its groups.
  void count_ingress(std::int64_t gateway, int calls);
  void count_egress(std::int64_t gateway, int calls);
  // Likewise the account that pays; 0 = nobody does.
  void count_account(std::int64_t account, int calls);
  // Gateways are in the groups that this configuration says, with all calls they have. Wanted
  // whenever the Directory is another one, and after this was restored.
  void regroup(const directory::Directory& directory);
  // Everybody has as many calls here as there.
  bool counts_like(const Live& other) const;

  template <class Archive>
  void fields(Archive& archive) {
    archive(ingress, egress, phones, accounts, registrations, pools, destinations, calls, system_rate,
            thinning, draining, storage_faulty);
  }
};

}  // namespace tandem::facts
