// A running switch: the data directory, the network, the exchange with its loop, the API, put
// together and taken apart in the right order.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/address.h"
#include "base/result.h"
#include "shell/net/listen_address.h"
#include "shell/process/log.h"

namespace tandem::process {

struct SwitchOptions {
  std::filesystem::path data;
  std::vector<net::ListenAddress> listen;  // empty: as SS_SIP_PORT and SS_SIP_LOCAL_IP say
  Endpoint api;
  std::string version;  // of the program
};

class Switch {
 public:
  // Takes calls when it is there. The fault is one sentence for the operator. The log outlives it.
  static Result<std::unique_ptr<Switch>, std::string> start(const SwitchOptions& options, Log& log);
  // Ends at once, but with every record in journal and database.
  ~Switch();

  // Any thread: see Loop.
  void drain();
  void release();
  void stop();
  // Reads the configuration again and adopts it; says in the log when it cannot.
  void reload();
  // Readable once the loop has ended, after drain() or stop().
  int ended() const;

 private:
  struct State;
  explicit Switch(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace tandem::process
