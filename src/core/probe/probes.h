// Which addresses of egress gateways live: each one is asked with OPTIONS once in a period
// (call-handling.md 10), a name by way of what it leads to. What comes of it is written into
// facts::Live, where routing and hunting read it.
//
// The first probe of an address comes at a random place of the period, and the others a period
// apart, so that they never go out in step.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "base/rng.h"
#include "base/slot_map.h"
#include "base/time.h"
#include "base/timer_wheel.h"
#include "core/directory/directory.h"
#include "core/facts/live.h"
#include "core/leg/leg.h"
#include "core/probe/machine.h"
#include "core/sip/outbox.h"
#include "core/transaction/layer.h"

namespace tandem::probe {

struct Probe;
using ProbeId = SlotId<Probe>;

// An address that goes out of use, or comes back.
struct News {
  std::int64_t gateway = 0;
  Endpoint address;
  bool alive = false;
};

// A name somebody has to look up.
struct Question {
  std::uint64_t question;
  std::string host;
  std::uint16_t port;
  sip::Transport transport;
};

// What probes may use while one input is handled.
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

// Where a gateway can be reached, as it is configured.
struct Target {
  std::int64_t gateway = 0;
  std::string host;
  IpAddress ip;  // none() for a name
  std::uint16_t port = 0;
  sip::Transport transport = sip::Transport::Udp;
  IpAddress local_ip;
  std::uint16_t local_port = 0;
  friend auto operator<=>(const Target&, const Target&) = default;
  template <class Archive>
  void fields(Archive& archive) {
    archive(gateway, host, ip, port, transport, local_ip, local_port);
  }
};

// One address under watch, or a name whose addresses are.
struct Probe {
  Target target;
  sip::Path path;  // peer is none() for a name
  ProbeId name{};  // the one this address was learned from
  State state = State::Unknown;
  std::uint16_t missed = 0;  // in a row
  std::uint16_t status = 0;  // the last answer; 0 = none yet
  bool waiting = false;      // for an answer to the probe sent last
  Instant answered{};        // Instant{} = never
  transaction::ClientId running{};
  TimerId timer{};
  std::vector<ProbeId> addresses;  // of a name

  bool is_name() const { return path.peer.none(); }
  template <class Archive>
  void fields(Archive& archive) {
    archive(target, path, name, state, missed, status, waiting, answered, running, timer,
            addresses);
  }
};

class Probes {
 public:
  // Watches the addresses of the gateways with options_check and no others; what is known of those
  // that stay is kept.
  void adopt(Desk& desk, const directory::Directory& directory);

  void on_timer(Desk& desk, ProbeId id);
  void on_response(Desk& desk, ProbeId id, int status);
  void on_transaction_event(Desk& desk, ProbeId id, transaction::ClientId transaction);
  void on_resolved(Desk& desk, ProbeId id, const std::vector<sip::Path>& targets);

  // In the order of gateway and configuration; names stand before what they lead to.
  std::vector<const Probe*> of_gateway(std::int64_t gateway) const;
  std::size_t size() const { return probes_.size(); }
  bool consistent() const;

  template <class Archive>
  void fields(Archive& archive) {
    archive(probes_, by_target_, by_gateway_);
  }

 private:
  void watch(Desk& desk, const Target& target);
  void forget(Desk& desk, ProbeId id);
  void follow(Desk& desk, ProbeId id, milliseconds wait);
  void ask(Desk& desk, ProbeId id, Probe& probe);
  void feed(Desk& desk, Probe& probe, bool answered);
  void recount(Desk& desk, std::int64_t gateway);

  SlotMap<Probe, ProbeId> probes_;
  std::map<Target, ProbeId> by_target_;  // what is configured
  std::map<std::int64_t, std::vector<ProbeId>> by_gateway_;
};

}  // namespace tandem::probe
