// An HTTP/1.1 server (RFC 9112): asynchronous, a few threads of its own, everything limited. It
// knows nothing of what it serves.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/address.h"
#include "base/result.h"
#include "shell/http/message.h"

namespace tandem::http {

// Called on a thread of the server for each request. Answers by calling `respond` once: at once or
// later, on any thread, also when the server is gone. A second call does nothing.
using Respond = std::function<void(Response)>;
using Handler = std::function<void(Request, Respond)>;

struct ServerOptions {
  std::vector<Endpoint> listen;       // port 0 = one the system chooses
  int threads = 4;                    // a handler that blocks holds one
  std::size_t max_connections = 256;  // more are answered 503, twice as many are not accepted
  std::size_t max_header_bytes = 16 * 1024;
  std::size_t max_body_bytes = 16 * 1024 * 1024;
  // Of requests whose Authorization `trusts` says yes to; asked with "" when there is none.
  std::size_t max_trusted_body_bytes = 512 * 1024 * 1024;
  std::function<bool(std::string_view authorization)> trusts = {};
  std::chrono::milliseconds idle_timeout{30'000};  // until a whole request header is there
  std::chrono::milliseconds body_timeout{30'000};
  std::chrono::milliseconds reply_timeout{10'000};  // of the handler; then 503
  std::chrono::milliseconds write_timeout{30'000};  // of a peer that does not read
  std::chrono::milliseconds stop_limit{2'000};      // for running requests when it stops
};

class Server {
 public:
  // Listens on all addresses or on none. The fault is a sentence: "cannot listen on 127.0.0.1:8080:
  // another program uses this port".
  static Result<std::unique_ptr<Server>, std::string> start(ServerOptions options, Handler handler);
  // Accepts nothing more, ends streams, lets running requests finish within stop_limit.
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // As bound, in the order of ServerOptions::listen.
  std::vector<Endpoint> addresses() const;

 private:
  struct State;
  explicit Server(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace tandem::http
