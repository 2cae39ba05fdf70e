// What stands in "given": the configuration the exchange runs with, its listening addresses, and
// where each user agent sits.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/directory/directory.h"
#include "core/exchange/exchange.h"
#include "ladders/ladder.h"

namespace tandem::ladder {

// A user agent on the network.
struct Seat {
  std::string address;               // in its Via and Contact: "203.0.113.10:5060"
  std::vector<Endpoint> reached_at;  // where messages may be sent to
  sip::Path path;                    // as the exchange sees what it sends
  std::string switch_address;        // ours that it speaks to
};

class World {
 public:
  explicit World(const Ladder& ladder);
  const std::string& error() const { return error_; }

  const exchange::Identity& identity() const { return identity_; }
  // The configuration as it stands now, under the next number.
  std::shared_ptr<const directory::Directory> compile();
  // Changes one field of a gateway or account, or one parameter; "" or what is wrong.
  std::string set(const std::string& name, const std::string& field, const std::string& value);
  std::string remove(const std::string& name);
  std::string set_parameter(const std::string& name, const std::string& value);

  std::int64_t id_of(const std::string& name) const;  // 0: nobody
  const Seat* seat(const std::string& peer) const;  // nullptr: no such peer
  // The peer that listens at this endpoint; "" = nobody.
  std::string peer_at(const Endpoint& endpoint) const;

 private:
  struct Configured {
    std::string resource;
    std::string name;
    std::int64_t id;
    std::map<std::string, std::string> fields;
  };

  void listen(const Settings& listeners);
  Configured& add(const std::string& resource, const std::string& name);
  void configure(const Peer& peer);
  void configure_registration(const Peer& peer);
  void place(const Peer& peer);
  std::uint16_t listener_for(const Peer& peer, sip::Transport transport, bool six);

  std::string error_;
  exchange::Identity identity_;
  std::vector<Configured> configured_;
  std::map<std::string, std::int64_t> last_ids_;  // by resource
  std::map<std::string, std::string> parameters_;
  std::vector<std::vector<std::string>> ported_;
  std::map<std::string, Seat> seats_;
  std::uint32_t connections_ = 0;
  std::uint64_t number_ = 0;
};

}  // namespace tandem::ladder
