// What passed on the wire, and which of it somebody wants to see.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/time.h"

namespace tandem::trace {

// Which messages are wanted. Everything given must hold; "", 0 and empty lists do not restrict.
struct Wish {
  // Of whole calls: when messages of a call fulfil all of these, all messages of the call are
  // wanted, those of both legs.
  std::int64_t flow_no = 0;
  std::string number = {};   // part of the caller or callee in From, To or the Request-URI
  std::string gateway = {};  // name of a configured gateway: the peer of one leg
  std::string address = {};  // of the peer: "192.0.2.1", "192.0.2.1:5060", "192.0.2.0/24"
  std::string call_id = {};  // of any leg

  // Of single messages; each list is fulfilled by one of its entries.
  std::vector<std::string> methods = {};   // of requests and their answers
  std::vector<std::string> statuses = {};  // "422", "4xx"
  std::vector<std::string> headers = {};  // "Session-Expires", "Supported=timer": all must be there
  std::string payload = {};               // this text somewhere in the bytes
  bool keep_alive = false;                // what is no SIP: keep-alives, and answers to them
  // A message that fulfils the latter brings its whole call with it.
  bool whole_calls = false;

  bool restricts() const;
  bool restricts_calls() const;
  bool restricts_messages() const;
};

// A page of what is wanted: the newest `limit`, or with `after` the oldest behind it.
struct Page {
  std::uint64_t after = 0;  // only entries with a larger sequence
  std::uint32_t limit = 10'000;
  UtcTime not_before{};  // only entries of this time or later
};

// One message that was received or sent, without the secrets in it (secrets.h).
struct Entry {
  std::uint64_t sequence = 0;  // counts all entries from 1, in the order they happened
  UtcTime time{};
  std::int64_t flow_no = 0;    // the call; 0 = none (an OPTIONS, say)
  bool sent = false;           // by us; false = received
  std::string transport = {};  // "udp", "tcp"
  std::string local = {};      // our address, "ip:port"
  std::string peer = {};       // "ip:port"
  std::string bytes = {};      // as on the wire
};

}  // namespace tandem::trace
