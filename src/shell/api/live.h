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
#include "shell/trace/tracing.h"

namespace tandem::api {

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
  // Any thread.
  std::function<ProcessFacts()> facts;
  // What passed on the wire; nullptr: no switch runs. Outlives the Api.
  trace::Tracing* tracing = nullptr;
};

}  // namespace tandem::api
