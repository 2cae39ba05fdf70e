#include "shell/net/resolver.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/limits.h"
#include "base/text.h"

namespace tandem::net {
namespace {

constexpr seconds kPatience{5};          // with one question, all its queries together
constexpr seconds kLongestKept{3600};    // of a positive answer
constexpr seconds kNegativeKept{10};     // "there is none", or nobody answered
constexpr std::size_t kMaxKnown = 8192;  // answers kept
constexpr std::size_t kMaxServers = 16;  // of one question
constexpr std::size_t kMaxTargets = 16;

std::string service_name(sip::Transport transport, const std::string& host) {
  if (transport == sip::Transport::Tls) return "_sips._tcp." + host;
  return (transport == sip::Transport::Tcp ? "_sip._tcp." : "_sip._udp.") + host;
}

// RFC 3263 §4.1: the service field of NAPTR.
std::optional<sip::Transport> transport_of(const NaptrRecord& record) {
  if (!equal_ignoring_case(record.flags, "s")) return std::nullopt;
  if (equal_ignoring_case(record.service, "SIP+D2U")) return sip::Transport::Udp;
  if (equal_ignoring_case(record.service, "SIP+D2T")) return sip::Transport::Tcp;
  if (equal_ignoring_case(record.service, "SIPS+D2T")) return sip::Transport::Tls;
  return std::nullopt;
}

}  // namespace

struct Resolver::Lookup {
  enum class Step : std::uint8_t { Services, Servers, Addresses };
  struct Service {  // a name that has SRV records
    std::string name;
    sip::Transport transport;
  };
  struct Server {
    std::string host;
    std::uint16_t port;
    sip::Transport transport;
  };

  std::uint64_t number = 0;
  NameQuestion question;
  Instant give_up_at{};
  Step step = Step::Services;
  std::vector<Service> services;
  std::vector<Server> servers;
  std::vector<sip::Path> targets;
  seconds time_to_live = kLongestKept;

  void lasts(const DnsAnswer& answer) {
    time_to_live = std::min(time_to_live, answer.time_to_live);
  }
};

Resolver::Resolver(DnsSource& source, const Abilities& abilities, const Rng& rng)
    : source_(source), abilities_(abilities), rng_(rng) {}

Resolver::~Resolver() = default;

bool Resolver::serves(sip::Transport transport) const {
  return transport == sip::Transport::Udp   ? abilities_.udp
         : transport == sip::Transport::Tcp ? abilities_.tcp
         : transport == sip::Transport::Tls ? abilities_.tls
                                            : false;
}

void Resolver::ask(const NameQuestion& question, Instant now) {
  now_ = now;
  if (lookups_.size() >= kMaxAddressQuestions || question.secure || question.host.empty()) {
    ready_.push_back({.question = question.number, .host = question.host, .targets = {}});
    return;
  }
  auto made = std::make_unique<Lookup>();
  Lookup& lookup = *made;
  lookup.number = ++last_lookup_;
  lookup.question = question;
  lookup.give_up_at = now + kPatience;
  const sip::Transport transport = question.transport;
  const bool chosen = transport != sip::Transport::Unknown;
  const bool literal = IpAddress::parse(question.host).has_value();
  if (literal || question.port != 0) {
    // RFC 3263 §4.1: nothing but the address is looked up, and UDP is the default.
    const sip::Transport used = chosen ? transport : sip::Transport::Udp;
    const std::uint16_t port = sip::port_at(used, question.port);
    lookup.servers.push_back({question.host, port, used});
    lookup.step = Lookup::Step::Addresses;
  } else if (chosen) {
    lookup.services.push_back({service_name(transport, question.host), transport});
    lookup.step = Lookup::Step::Servers;
  }
  lookups_.emplace(lookup.number, std::move(made));
  if (advance(lookup)) finish(lookup.number);
}

// The answer when it is known, else it is asked for and the lookup goes on when it comes.
const DnsAnswer* Resolver::look_up(const DnsQuery& query, std::uint64_t lookup) {
  auto found = known_.find(query);
  if (found != known_.end() && !found->second.waiting && now_ < found->second.valid_until) {
    return &found->second.answer;
  }
  if (found != known_.end() && found->second.waiting) {
    found->second.lookups.push_back(lookup);
    return nullptr;
  }
  if (found == known_.end() && known_.size() >= kMaxKnown) forget_old();
  Asked& asked = known_[query];
  asked = {};
  source_.query(query, [this, query](DnsAnswer answer) { answered(query, std::move(answer)); });
  // The map may have moved on while the source answered at once.
  found = known_.find(query);
  if (found == known_.end()) return nullptr;
  if (!found->second.waiting) return &found->second.answer;
  found->second.lookups.push_back(lookup);
  return nullptr;
}

void Resolver::answered(const DnsQuery& query, DnsAnswer answer) {
  const auto found = known_.find(query);
  if (found == known_.end() || !found->second.waiting) return;
  Asked& asked = found->second;
  const seconds kept =
      answer.empty() ? kNegativeKept : std::clamp(answer.time_to_live, 1s, kLongestKept);
  asked.answer = std::move(answer);
  asked.valid_until = now_ + kept;
  asked.waiting = false;
  const std::vector<std::uint64_t> waiting = std::exchange(asked.lookups, {});
  for (const std::uint64_t number : waiting) {
    const auto lookup = lookups_.find(number);
    if (lookup != lookups_.end() && advance(*lookup->second)) finish(number);
  }
}

// True when the lookup has its answer.
bool Resolver::advance(Lookup& lookup) {
  if (lookup.step == Lookup::Step::Services && !find_services(lookup)) return false;
  if (lookup.step == Lookup::Step::Servers && !find_servers(lookup)) return false;
  return find_addresses(lookup);
}

bool Resolver::find_services(Lookup& lookup) {
  const std::string& host = lookup.question.host;
  const DnsAnswer* answer = look_up({DnsQuery::Kind::Naptr, host}, lookup.number);
  if (answer == nullptr) return false;
  std::vector<NaptrRecord> records = answer->naptr;
  std::stable_sort(records.begin(), records.end(), [](const auto& a, const auto& b) {
    return std::tie(a.order, a.preference) < std::tie(b.order, b.preference);
  });
  for (const NaptrRecord& record : records) {
    const auto transport = transport_of(record);
    if (!transport || !serves(*transport) || lookup.services.size() >= kMaxServers) continue;
    lookup.services.push_back({record.replacement, *transport});
  }
  if (!lookup.services.empty()) lookup.lasts(*answer);
  // RFC 3263 §4.1: without NAPTR each transport we have is tried.
  if (lookup.services.empty()) {
    for (const sip::Transport each : {sip::Transport::Udp, sip::Transport::Tcp}) {
      if (serves(each)) lookup.services.push_back({service_name(each, host), each});
    }
  }
  lookup.step = Lookup::Step::Servers;
  return true;
}

bool Resolver::find_servers(Lookup& lookup) {
  std::vector<const DnsAnswer*> answers;
  bool complete = true;
  for (const Lookup::Service& service : lookup.services) {
    answers.push_back(look_up({DnsQuery::Kind::Srv, service.name}, lookup.number));
    complete = complete && answers.back() != nullptr;
  }
  if (!complete) return false;
  // A look-up that was answered at once may have moved what the others point to: ask again, all is
  // known now.
  for (const Lookup::Service& service : lookup.services) {
    const DnsAnswer* answer = look_up({DnsQuery::Kind::Srv, service.name}, lookup.number);
    if (answer == nullptr) return false;
    if (answer->srv.empty()) continue;
    lookup.lasts(*answer);
    add_servers(lookup, service.transport, answer->srv);
  }
  if (lookup.servers.empty()) {
    const sip::Transport transport = lookup.question.transport == sip::Transport::Unknown
                                         ? sip::Transport::Udp
                                         : lookup.question.transport;
    lookup.servers.push_back({lookup.question.host, sip::default_port(transport), transport});
  }
  lookup.step = Lookup::Step::Addresses;
  return true;
}

// RFC 2782: lower priorities first; among equals each is drawn by its weight.
void Resolver::add_servers(Lookup& lookup, sip::Transport transport,
                           std::vector<SrvRecord> records) {
  std::stable_sort(records.begin(), records.end(), [](const SrvRecord& a, const SrvRecord& b) {
    return std::tuple(a.priority, a.weight != 0) < std::tuple(b.priority, b.weight != 0);
  });
  while (!records.empty() && lookup.servers.size() < kMaxServers) {
    std::size_t equal = 0;
    std::uint64_t total = 0;
    while (equal < records.size() && records[equal].priority == records.front().priority) {
      total += records[equal++].weight;
    }
    std::uint64_t drawn = rng_.below(total + 1);
    std::size_t chosen = 0;
    while (chosen + 1 < equal && records[chosen].weight < drawn) {
      drawn -= records[chosen].weight;
      ++chosen;
    }
    const SrvRecord& record = records[chosen];
    // "." says that there is no such service here.
    if (!record.target.empty() && record.target != "." && record.port != 0) {
      lookup.servers.push_back({record.target, record.port, transport});
    }
    records.erase(records.begin() + std::ptrdiff_t(chosen));
  }
}

bool Resolver::find_addresses(Lookup& lookup) {
  bool complete = true;
  for (const Lookup::Server& server : lookup.servers) {
    if (IpAddress::parse(server.host)) continue;
    const DnsAnswer* answer = look_up({DnsQuery::Kind::Address, server.host}, lookup.number);
    complete = complete && answer != nullptr;
  }
  if (!complete) return false;
  for (const Lookup::Server& server : lookup.servers) {
    std::vector<IpAddress> addresses;
    if (const auto literal = IpAddress::parse(server.host)) {
      addresses.push_back(*literal);
    } else if (const DnsAnswer* answer =
                   look_up({DnsQuery::Kind::Address, server.host}, lookup.number)) {
      addresses = answer->addresses;
      lookup.lasts(*answer);
    }
    for (const IpAddress& ip : addresses) {
      if (!(ip.is_v4() ? abilities_.v4 : abilities_.v6)) continue;
      if (!serves(server.transport) || lookup.targets.size() >= kMaxTargets) continue;
      lookup.targets.push_back({.transport = server.transport, .peer = {ip, server.port}});
    }
  }
  return true;
}

void Resolver::finish(std::uint64_t number) {
  const auto found = lookups_.find(number);
  if (found == lookups_.end()) return;
  Lookup& lookup = *found->second;
  ready_.push_back({.question = lookup.question.number,
                    .host = std::move(lookup.question.host),
                    .targets = std::move(lookup.targets),
                    .time_to_live = lookup.time_to_live});
  lookups_.erase(found);
}

void Resolver::take_answers(Instant now, std::vector<NameAnswer>& answers) {
  now_ = now;
  while (!lookups_.empty() && lookups_.begin()->second->give_up_at <= now) {
    lookups_.begin()->second->targets.clear();
    finish(lookups_.begin()->first);
  }
  for (NameAnswer& answer : ready_) answers.push_back(std::move(answer));
  ready_.clear();
}

void Resolver::forget_old() {
  std::erase_if(known_, [this](const auto& each) {
    return !each.second.waiting && each.second.valid_until <= now_;
  });
  if (known_.size() < kMaxKnown) return;
  std::erase_if(known_, [](const auto& each) { return !each.second.waiting; });
}

}  // namespace tandem::net
