// An API as it stands in a switch: server, token, configuration and call records in a directory of
// their own; only the exchange behind it is told what to answer.
#pragma once

#include <memory>
#include <string>

#include "shell/api/api.h"
#include "shell/http/server.h"
#include "shell/journal/journal.h"
#include "shell/store/cdr_store.h"
#include "shell/store/config_store.h"
#include "shell/trace/tracing.h"
#include "support/temporary_directory.h"

namespace tandem::test_api {

// Two live calls (17, 18), some trace, five call records; 2026-01-31T12:00:00Z.
class World {
 public:
  World();
  ~World();

  Endpoint address() const { return server_->addresses().at(0); }
  const std::string& token() const { return token_; }
  const std::filesystem::path& data() const { return directory_.path(); }
  // Adds a record to the journal, as a call that ended.
  void end_call(std::int64_t number);
  // Numbers of the configurations the exchange was given.
  std::vector<std::uint64_t> adopted() const;

 private:
  struct FakeExchange;

  void trace_messages();

  test_support::TemporaryDirectory directory_;
  std::string token_;
  std::unique_ptr<store::ConfigStore> configuration_;
  std::unique_ptr<journal::Journal> journal_;
  std::unique_ptr<store::CdrStore> cdrs_;
  std::unique_ptr<FakeExchange> exchange_;
  trace::Ring ring_{1 << 20};
  std::vector<net::Listener> listeners_{{sip::Transport::Udp, *Endpoint::parse("127.0.0.1:5060", 0)}};
  std::unique_ptr<trace::Tracing> tracing_;
  std::unique_ptr<api::Api> api_;
  std::unique_ptr<http::Server> server_;
};

}  // namespace tandem::test_api
