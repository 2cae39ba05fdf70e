// Where a SIP peer known by name can be reached (RFC 3263 §4): NAPTR, SRV, addresses, in the order
// of their preference. Answers are kept for their time to live. Nothing waits: answers are taken
// when they are there, and each question has one, empty when nobody answered in time.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/rng.h"
#include "base/time.h"
#include "core/sip/path.h"
#include "shell/net/dns.h"

namespace tandem::net {

struct NameQuestion {
  std::uint64_t number = 0;  // echoed in the answer
  std::string host;
  std::uint16_t port = 0;                              // 0 = not given
  sip::Transport transport = sip::Transport::Unknown;  // Unknown = not given
  bool secure = false;
};

struct NameAnswer {
  std::uint64_t question = 0;
  std::string host;                // that was asked for
  std::vector<sip::Path> targets;  // best first; transport and peer are set
  seconds time_to_live{0};
};

// What this machine can reach at all.
struct Abilities {
  bool udp = true;
  bool tcp = true;
  bool tls = true;
  bool v4 = true;
  bool v6 = true;
};

class Resolver {
 public:
  Resolver(DnsSource& source, const Abilities& abilities, const Rng& rng);
  ~Resolver();

  void ask(const NameQuestion& question, Instant now);
  // Appends the answers that are there by now.
  void take_answers(Instant now, std::vector<NameAnswer>& answers);
  std::size_t open_questions() const { return lookups_.size(); }

 private:
  struct Lookup;
  struct Asked {  // a query that waits for its answer, or has one
    DnsAnswer answer;
    Instant valid_until{};
    bool waiting = true;
    std::vector<std::uint64_t> lookups;  // that wait for it
  };

  const DnsAnswer* look_up(const DnsQuery& query, std::uint64_t lookup);
  void answered(const DnsQuery& query, DnsAnswer answer);
  bool advance(Lookup& lookup);
  bool find_services(Lookup& lookup);
  bool find_servers(Lookup& lookup);
  bool find_addresses(Lookup& lookup);
  void add_servers(Lookup& lookup, sip::Transport transport, std::vector<SrvRecord> records);
  void finish(std::uint64_t number);
  bool serves(sip::Transport transport) const;
  void forget_old();

  DnsSource& source_;
  const Abilities abilities_;
  Rng rng_;
  Instant now_{};
  std::uint64_t last_lookup_ = 0;
  std::map<std::uint64_t, std::unique_ptr<Lookup>> lookups_;  // in the order they were asked
  std::map<DnsQuery, Asked> known_;
  std::vector<NameAnswer> ready_;
};

}  // namespace tandem::net
