// What the API needs of the running switch, as functions: the process wires them to its loop, tests
// to a fake. The API depends on nothing else that is alive.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/time.h"
#include "core/directory/directory.h"
#include "core/exchange/exchange.h"

namespace tandem::api {

// Which messages of the trace are wanted. Everything given must hold; "" and 0 do not restrict.
struct TraceFilter {
  std::int64_t flow_no = 0;
  std::string number;       // part of the caller or callee of a message's From, To or Request-URI
  std::string call_id;      // of any leg; the messages of the whole call are found
  std::uint64_t after = 0;  // only entries with a larger sequence: to follow
  std::uint32_t limit = 10'000;
};

// One SIP message that was received or sent.
struct TraceEntry {
  std::uint64_t sequence = 0;  // counts all entries from 1, in the order they happened
  UtcTime time{};
  std::int64_t flow_no = 0;  // the call; 0 = none (an OPTIONS, say)
  bool sent = false;         // by us; false = received
  std::string transport;     // "udp", "tcp"
  std::string local;         // our address, "ip:port"
  std::string peer;          // "ip:port"
  std::string bytes;         // the message as on the wire
};

// What the process says of itself.
struct ProcessFacts {
  UtcTime started{};
  std::vector<std::string> listeners;  // "udp:192.0.2.1:5060"
  bool draining = false;               // stops; takes no new calls
  std::string alarm;                   // why new calls are refused at the moment; "" = they are not
};

// Without functions: no switch runs. A command then works on the files alone.
struct Exchanges {
  // Any thread. Gives a command (ListCalls, HangUp, Explain, Status) to the exchange, between two
  // inputs; sets its `request`. `answer` is called once, on the exchange's thread, and must not
  // block; it is never called when the switch stops before.
  std::function<void(exchange::Input, std::function<void(exchange::Reply)>)> post;
  // Any thread. A new configuration, used from the next input on.
  std::function<void(std::shared_ptr<const directory::Directory>)> adopt;
  // Any thread. Newest `limit` entries that fit, oldest first; with `after` the oldest ones.
  std::function<std::vector<TraceEntry>(const TraceFilter&)> trace;
  // Any thread. The entries as a ladder, for people.
  std::function<std::string(const std::vector<TraceEntry>&)> ladder;
  // Any thread.
  std::function<ProcessFacts()> facts;
};

}  // namespace tandem::api
