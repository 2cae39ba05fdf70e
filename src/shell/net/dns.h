// Questions to the DNS and their answers as values, and who can answer them.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <tuple>
#include <vector>

#include "base/address.h"
#include "base/time.h"

namespace tandem::net {

struct DnsQuery {
  enum class Kind : std::uint8_t { Naptr, Srv, Address } kind = Kind::Address;
  std::string name;

  friend auto operator<=>(const DnsQuery&, const DnsQuery&) = default;
};

// RFC 3403.
struct NaptrRecord {
  std::uint16_t order = 0;
  std::uint16_t preference = 0;
  std::string flags;
  std::string service;
  std::string replacement;
};

// RFC 2782.
struct SrvRecord {
  std::uint16_t priority = 0;
  std::uint16_t weight = 0;
  std::uint16_t port = 0;
  std::string target;
};

// Empty: there is nothing, or nobody could say.
struct DnsAnswer {
  std::vector<NaptrRecord> naptr;
  std::vector<SrvRecord> srv;
  std::vector<IpAddress> addresses;
  seconds time_to_live{0};

  bool empty() const { return naptr.empty() && srv.empty() && addresses.empty(); }
};

class DnsSource {
 public:
  virtual ~DnsSource() = default;
  // Calls `answered` once, at once or later, on the same thread; not when the source ends before.
  virtual void query(const DnsQuery& query, std::function<void(DnsAnswer)> answered) = 0;
};

}  // namespace tandem::net
