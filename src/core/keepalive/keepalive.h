// NAT keep-alive (session-timer.md 8): the one who holds open the way to terminals that registered,
// by one small datagram to each contact in each period, and who notices which of them still speak.
//
// Contacts stand in one order; a cursor walks through it once a cycle. What comes and goes does so
// while the cursor walks: it copies whoever is still there into the order of the next cycle, so
// that nothing is ever done for all of them at once. One instant says when there is something to
// do; no contact has a timer of its own.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/rng.h"
#include "base/siphash.h"
#include "base/slot_map.h"
#include "base/time.h"
#include "core/keepalive/pacing.h"
#include "core/sip/path.h"
#include "base/key_table.h"

namespace tandem::keepalive {

struct ContactTag;
using ContactId = SlotId<ContactTag>;

enum class Method : std::uint8_t { Text, Crlf, Options };
enum class Scope : std::uint8_t { NatOnly, All };

// From the parameters of group sip_nat, and SS_ENDPOINTTIMETOLIVE.
struct Settings {
  bool on = true;  // SS_SIP_NAT_KEEP_ALIVE_MESSAGE is not empty
  Rhythm rhythm;
  Method method = Method::Text;
  Scope scope = Scope::All;
  seconds time_to_live{60};  // 0 = off
};

// Somebody to be kept reachable.
struct Contact {
  sip::Path path;           // where its last REGISTER came from, and the local socket it came to
  bool behind_nat = false;  // its Contact names another address than it came from
};

// What is known of one contact, for views.
struct Terminal {
  bool online = true;
  bool unreachable = false;  // a call to it got no answer, and nothing came from it since
  Instant sent{};   // keep-alive; Instant{} = never
  Instant heard{};  // anything; Instant{} = nothing since it was added
};

// The page of figures.
struct Figures {
  std::uint64_t contacts = 0;  // now
  std::uint64_t offline = 0;   // of them
  Pacing pacing;               // of the running cycle
  std::uint64_t cycles = 0;    // begun
  std::uint64_t sent_in_cycle = 0;
  std::uint64_t sent = 0;
  std::uint64_t overruns = 0;     // cycles with more contacts than fit
  std::uint64_t late_cycles = 0;  // that took longer than their period
  std::uint64_t heard = 0;        // messages and other bytes of contacts

  template <class Archive>
  void fields(Archive& archive) {
    archive(contacts, offline, pacing, cycles, sent_in_cycle, sent, overruns, late_cycles, heard);
  }
};

enum class News : std::uint8_t { None, OverrunBegan, OverrunEnded };

class KeepAlive {
 public:
  explicit KeepAlive(SipHashKey key) : key_(key) {}

  // Method, scope and an empty text act at once; the rhythm from the next cycle on, but that a
  // shorter or longer period moves the beginning of it.
  void use(const Settings& settings, Instant now);

  // Its first datagram leaves at a random place of the cycle: at most about one period from now.
  ContactId add(Instant now, const Contact& contact, Rng& rng);
  // The same contact spoke from elsewhere: it keeps its place in the order.
  void move(Instant now, ContactId id, const Contact& contact);
  void remove(ContactId id);

  // Something came from there. True when a contact lives there.
  bool heard(Instant now, const sip::Path& from);
  // A call to there got no answer of any kind.
  void unanswered(const sip::Path& to);
  // The connection is gone: nothing is sent on it any more.
  void lost(const sip::Path& path);

  // What is due now, appended to `paths`; asked again at next_deadline().
  News serve(Instant now, std::vector<sip::Path>& paths);
  Instant next_deadline() const { return next_; }

  std::optional<Terminal> terminal(ContactId id) const;
  const Figures& figures() const { return figures_; }
  const Settings& settings() const { return settings_; }
  std::size_t size() const { return contacts_.size(); }
  bool consistent() const;

  template <class Archive>
  void save(Archive& archive) const {
    archive(contacts_, sources_, order_, next_order_, joining_, joining_next_, figures_, rhythm_,
            begun_, next_, served_, gap_, recent_, cursor_, walked_, joined_, behind_nat_, running_,
            overrun_);
  }
  template <class Archive>
  void load(Archive& archive) {
    archive(contacts_, sources_, order_, next_order_, joining_, joining_next_, figures_, rhythm_,
            begun_, next_, served_, gap_, recent_, cursor_, walked_, joined_, behind_nat_, running_,
            overrun_);
    if (!archive.failed()) rebuild();
  }

 private:
  struct SourceTag;
  using SourceId = SlotId<SourceTag>;

  // One place that datagrams come from and go to; several contacts may share it.
  struct Source {
    sip::Path path;
    std::uint32_t contacts = 0;
    std::uint32_t cycle = 0;  // it was judged in
    Instant sent{};
    Instant asked{};  // by OPTIONS, in the last cycle; Instant{} = not
    Instant heard{};
    Instant regular_since{};  // no pause longer than SS_ENDPOINTTIMETOLIVE since then
    std::uint8_t unanswered = 0;
    bool offline = false;
    bool unreachable = false;
    bool lost = false;  // its connection
    template <class Archive>
    void fields(Archive& archive) {
      archive(path, contacts, cycle, sent, asked, heard, regular_since, unanswered, offline,
              unreachable, lost);
    }
  };
  struct Entry {
    SourceId source;
    bool behind_nat = false;
    template <class Archive>
    void fields(Archive& archive) {
      archive(source, behind_nat);
    }
  };
  // One that comes in between: before the contact that stands at `place` of an order.
  struct Joining {
    std::uint64_t place = 0;
    std::uint64_t number = 0;  // of equals the earlier first
    ContactId contact;
    friend bool operator<(const Joining& a, const Joining& b) {
      return a.place != b.place ? a.place > b.place : a.number > b.number;  // heap: smallest on top
    }
    template <class Archive>
    void fields(Archive& archive) {
      archive(place, number, contact);
    }
  };

  bool working() const;
  bool eligible(const Entry& entry) const;
  std::uint64_t places() const;
  bool walked_through() const { return cursor_ == order_.size() && joining_.empty(); }
  std::uint64_t key_of(const sip::Path& path) const;
  std::uint32_t slot_of(std::uint64_t key, const sip::Path& path) const;
  Source* source_of(const sip::Path& path);
  SourceId join(Instant now, const sip::Path& path);
  void leave(SourceId id);
  void rebuild();

  News begin_cycle(Instant now);
  void place(ContactId id, Rng& rng);
  void forget_gone(std::vector<Joining>& joining);
  std::uint64_t allowed(Instant now);
  std::uint64_t limit_of_window() const;
  ContactId step();
  void serve_contact(Instant now, const Entry& entry, std::vector<sip::Path>& paths);
  void judge(Instant now, Source& source);
  void set_offline(Source& source, bool offline);
  void plan(Instant now);

  SipHashKey key_;
  Settings settings_;
  SlotMap<Entry, ContactId> contacts_;
  SlotMap<Source, SourceId> sources_;
  KeyTable by_path_;
  std::vector<ContactId> order_;       // of the running cycle; may name what is gone
  std::vector<ContactId> next_order_;  // as far as the cursor has come
  std::vector<Joining> joining_;       // heaps: in this cycle, in the next one
  std::vector<Joining> joining_next_;
  Figures figures_;
  Rhythm rhythm_;    // of the running cycle
  Instant begun_{};  // the running cycle
  Instant next_ = kNever;
  Instant served_{};                        // when serve() ran last
  milliseconds gap_{};                      // before that
  std::array<std::uint32_t, 10> recent_{};  // sent in each of the last milliseconds, newest first
  std::uint64_t cursor_ = 0;                // in order_
  std::uint64_t walked_ = 0;                // places of this cycle that are used up
  std::uint64_t joined_ = 0;                // numbers for Joining
  std::uint64_t behind_nat_ = 0;            // contacts
  bool running_ = false;
  bool overrun_ = false;
};

// The payload as bytes: `\r` and `\n` are understood, everything else stands for itself.
std::string payload_of(std::string_view text);

}  // namespace tandem::keepalive
