// The platforms the switch registers at (RFC 3261 §10.2): each enabled outbound registration of the
// Directory is kept registered, refreshed before it expires, tried again after failures, and taken
// back when it is removed or the switch stops. What follows from it for calls stands in
// facts::Live::registrations.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/hash.h"
#include "base/rng.h"
#include "base/slot_map.h"
#include "base/time.h"
#include "base/timer_wheel.h"
#include "core/credentials/challenges.h"
#include "core/directory/directory.h"
#include "core/facts/live.h"
#include "core/leg/leg.h"
#include "core/registering/machine.h"
#include "core/transaction/layer.h"

namespace tandem::registering {

struct Registration;
using RegistrationId = SlotId<Registration>;

struct Registration {
  directory::OutboundRegistration row;  // as configured when it began; a copy, kept until it has left
  State state = State::Idle;
  bool current = true;      // false: another has taken its place, or it is not wanted any more
  std::vector<sip::Path> targets;  // of the registrar, best first
  std::uint32_t target = 0;        // the one in use
  transaction::ClientId transaction{};  // of the REGISTER that is out
  std::string call_id, tag;
  std::uint32_t cseq = 0;
  credentials::Challenges challenges;
  int answered = 0;         // challenges of the REGISTER that is out
  int prolonged = 0;        // how often it was too brief
  seconds asked{};          // its Expires
  seconds granted{};        // last
  seconds retry_after{};    // of the last refusal
  Instant due = kNever;
  Instant bound_until = kNever;    // kNever: nothing is bound
  Instant keep_alive_at = kNever;
  TimerId timer{};
  // For people.
  UtcTime since{};          // in this state
  UtcTime registered_until{};
  UtcTime answer_time{};
  int answer = 0;           // last status; 0 = none came
  std::string phrase;       // of it, or what went wrong
  std::uint32_t failures = 0;      // since it was registered

  const sip::Path* path() const { return target < targets.size() ? &targets[target] : nullptr; }

  template <class Archive>
  void fields(Archive& archive) {
    archive(row.id, row.name, row.server, row.signal_port, row.sip_proxy.host, row.sip_proxy.ip,
            row.sip_proxy.port, row.transport, row.user, row.host, row.auth_user, row.password,
            row.contact_user, row.user_agent, row.local_ip, row.local_port, row.expire,
            row.retry_delay, row.keep_alive);
    archive(state, current, targets, target, transaction, call_id, tag, cseq, challenges,
            answered, prolonged, asked, granted, retry_after, due, bound_until, keep_alive_at,
            timer, since, registered_until, answer_time, answer, phrase, failures);
  }
};

// A name whose address is needed; answered by on_resolved().
struct Question {
  std::uint64_t question;
  std::string host;
  std::uint16_t port;
  sip::Transport transport;
};

// Something an operator may want to read.
enum class Weight : std::uint8_t { Info, Warning, Error };
struct News {
  Weight weight;
  std::string_view event;
  std::string text;
};

// What the registrations may use while one input is handled.
struct Desk {
  Now now;
  const directory::Parameters& parameters;
  transaction::TransactionLayer& transactions;
  TimerWheel& wheel;
  Rng& rng;
  sip::Outbox& outbox;
  std::span<const leg::LocalAddress> locals;
  std::span<char> scratch;
  facts::Live& live;
  std::vector<Question>& questions;
  std::vector<News>& news;
  std::uint8_t exchange = 0;
};

struct View {
  std::int64_t id = 0;
  std::string name;
  bool enabled = true;
  State state = State::Idle;
  bool registered = false;
  UtcTime since{}, registered_until{}, answer_time{};
  int answer = 0;
  std::string phrase;
  std::uint32_t failures = 0;
  std::string address;  // of the registrar: "udp:192.0.2.7:5060"
  std::int64_t calls = 0;
};

class Registrations {
 public:
  // A new configuration: what is new begins, what is gone leaves, what changed does either or both.
  void adopt(Desk& desk, const directory::Directory& directory);
  // The switch stops: all leave, or are dropped when SS_SIP_USER_AGENT_SEND_UNREGISTER is off.
  void stop(Desk& desk);
  // Tries at once, whatever was waited for. False when there is none of this id.
  bool retry(Desk& desk, std::int64_t entity);

  void on_response(Desk& desk, RegistrationId id, transaction::ClientId transaction,
                   const sip::Message& response);
  void on_transaction_event(Desk& desk, RegistrationId id,
                            const transaction::TransactionEvent& event);
  void on_timer(Desk& desk, RegistrationId id);
  void on_resolved(Desk& desk, RegistrationId id, const std::vector<sip::Path>& targets);
  // Nothing can be sent there; connections that broke are told too.
  void on_path_failed(Desk& desk, const sip::Path& path);

  bool empty() const { return all_.empty(); }
  std::vector<View> views(const directory::Directory& directory, const facts::Live& live) const;
  bool consistent() const;

  template <class Archive>
  void fields(Archive& archive) {
    archive(all_, by_entity_, stopping_);
  }

 private:
  void take(Desk& desk, RegistrationId id, Event event);
  // The event that follows at once from what was done; Count = none.
  Event carry_out(Desk& desk, RegistrationId id, Registration& one, Effect effect);
  void leave(Desk& desk, RegistrationId id, bool sending);
  void arm(Desk& desk, RegistrationId id, Registration& one);

  // effects
  Event resolve(Desk& desk, RegistrationId id, Registration& one);
  Event aim(Desk& desk, Registration& one, const std::vector<sip::Path>& targets);
  void give_up(Desk& desk, Registration& one);
  Event send(Desk& desk, RegistrationId id, Registration& one);
  void hold(Desk& desk, Registration& one);
  void wait(Desk& desk, Registration& one);
  void suspend(Desk& desk, Registration& one);
  void lapse(Desk& desk, Registration& one);
  void forget(Desk& desk, RegistrationId id, Registration& one);
  void show_calls(Desk& desk, const Registration& one, bool registered);

  // What an answer means (answers.cc).
  Event judge(Desk& desk, Registration& one, const sip::Message& response);
  Event judge_silence(Registration& one);

  SlotMap<Registration, RegistrationId> all_;
  std::map<std::int64_t, RegistrationId> by_entity_;  // those that are current
  bool stopping_ = false;
  Hasher hasher_;
};

// REGISTER as bytes in desk.scratch; empty when it does not fit (register_request.cc).
struct Authorship {
  Hasher& hasher;
  std::string_view branch;
};
std::string_view write_register(Desk& desk, const Authorship& authorship, Registration& one);

}  // namespace tandem::registering
