// The location service (RFC 3261 §10.3, RFC 3327): which contacts each terminal has registered. It
// believes who it is told the terminal is; passwords are judged elsewhere (core/digest).
//
// Bindings have stable slot ids. What changes is told in order, for those who keep something for each
// binding (the journal, the keep-alive).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/key_table.h"
#include "base/slot_map.h"
#include "base/time.h"
#include "base/timer_wheel.h"
#include "core/registrar/binding.h"
#include "core/sip/message.h"
#include "core/sip/path.h"
#include "core/sip/writer.h"

namespace tandem::registrar {

struct Rules {
  seconds longest{3600};  // granted at most, and when nothing is asked for
  seconds shortest{20};   // less is answered 423
  bool replace = true;    // another address takes over; else it is answered 403
};

// The answer to a REGISTER; with 200 it lists the contacts.
struct Outcome {
  int status = 200;
  seconds min_expires{0};  // of 423
};

enum class ChangeKind : std::uint8_t { Added, Updated, Removed, Adopted };
struct Change {
  ChangeKind kind{};
  BindingId id{};          // of Removed: names nothing any more
  std::uint64_t kept = 0;  // its number in the journal
};

// One of our listening addresses, by Path::local.
struct Local {
  sip::Transport transport{};
  Endpoint address;
  friend bool operator==(const Local&, const Local&) = default;
  template <class Archive>
  void fields(Archive& archive) {
    archive(transport, address);
  }
};

class Registrar {
 public:
  // `wheel` outlives it; its timers are of Owner::Kind::Binding.
  explicit Registrar(TimerWheel& wheel) : wheel_(&wheel) {}

  // --- what changes bindings ---

  // A REGISTER of this terminal. All of it is carried out, or nothing.
  Outcome on_register(Now now, Subscriber who, const sip::Message& request, const sip::Path& path,
                      const Rules& rules);
  // Its time is over.
  void on_timer(BindingId id);
  bool remove(BindingId id);
  std::size_t remove_all(Subscriber who);

  // --- what is registered ---

  std::size_t size() const { return bindings_.size(); }
  const Binding* find(BindingId id) const { return bindings_.find(id); }
  // The first of the contacts, `Binding::next` leads to the others; none = not registered.
  BindingId first(Subscriber who) const;
  // Have what first() reads fetched: first the place, some time after it the binding.
  void prefetch_place(Subscriber who) const;
  void prefetch_first(Subscriber who) const;
  bool registered(Subscriber who) const { return first(who) != BindingId{}; }
  // In the order they are to be tried: by q, then the one updated last.
  void reachable(Subscriber who, std::vector<BindingId>& found) const;
  // Any contact whose REGISTER came from this address, or address and port.
  const Binding* from(Subscriber who, const sip::Path& path, bool with_port) const;
  // May somebody registered be at this address? False for certain, true but for chance.
  bool serves(const IpAddress& address) const { return addresses_[place_of(address)] != 0; }
  template <class Visit>
  void for_each(Visit&& visit) const {
    bindings_.for_each(visit);
  }
  // Contact lines of the 200, each with what is left of its time.
  void write_contacts(sip::Writer& writer, Subscriber who, UtcTime now) const;

  // --- what outlives the process ---

  // What changed since the caller cleared it.
  std::vector<Change>& changes() { return changes_; }
  // As the journal keeps it; `local` is our address it came in at, `room` a text whose memory is used.
  static std::string keep(const Binding& binding, const Local& local, std::string&& room = {});
  // What was kept, unless its time is over or the bytes are none. `locals` are our addresses now.
  bool adopt(Now now, std::uint64_t kept, std::string_view bytes, std::span<const Local> locals);

  bool consistent() const;

  template <class Archive>
  void save(Archive& archive) const {
    archive(bindings_, last_kept_);
  }
  template <class Archive>
  void load(Archive& archive) {
    archive(bindings_, last_kept_);
    if (!archive.failed()) rebuild();
  }

 private:
  static constexpr std::size_t kAddressPlaces = 1 << 14;  // counts of bindings by address, hashed
  struct Wish;
  struct Wishes;

  static Outcome read_wishes(const sip::Message& request, const Rules& rules, Wishes& wishes);
  std::optional<int> refuse(const Wishes& wishes, Subscriber who, const sip::Path& path,
                            const Rules& rules) const;
  void remove_other_addresses(Subscriber who, const IpAddress& address, const Wishes& wishes);
  void place(Now now, Subscriber who, const sip::Path& path, const Wishes& wishes,
             const Wish& wish);
  void make_room(Subscriber who);
  BindingId same_contact(Subscriber who, const Wish& wish) const;
  BindingId insert(Subscriber who, Binding binding);
  void arm(Now now, BindingId id, Binding& binding);
  void unlink(BindingId id, const Binding& binding);
  static std::size_t place_of(const IpAddress& address);
  void rebuild();

  TimerWheel* wheel_;
  SlotMap<Binding, BindingId> bindings_;
  KeyTable by_subscriber_;  // to the slot of its first binding
  std::vector<std::uint32_t> addresses_ = std::vector<std::uint32_t>(kAddressPlaces);
  std::uint64_t last_kept_ = 0;
  std::vector<Change> changes_;
};

}  // namespace tandem::registrar
