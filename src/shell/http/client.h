// A small blocking HTTP/1.1 client: one request, one connection. For the command line and for
// tests.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "base/address.h"
#include "base/result.h"
#include "shell/http/message.h"

namespace tandem::http {

struct ClientRequest {
  std::string method = "GET";
  std::string target;  // "/api/v1/calls?limit=10", already encoded
  Fields headers = {};
  std::string body = {};
  std::chrono::milliseconds connect_timeout{3'000};
  std::chrono::milliseconds reply_timeout{30'000};  // until the header of the reply is there
  std::size_t max_body = SIZE_MAX;                  // bytes; a longer reply is broken
};

struct ClientReply {
  int status = 0;
  std::string content_type = {};
  Fields headers = {};  // names in lower case
  std::string body = {};
};

enum class ClientFault { NobodyListens, TimedOut, Broken };

// Takes the body of a successful reply piece by piece as it comes; false = enough.
using BodySink = std::function<bool(std::string_view)>;

// With a sink a body may take as long as it likes; without one, as long as reply_timeout.
Result<ClientReply, ClientFault> send(const Endpoint& server, const ClientRequest& request,
                                      const BodySink& sink = {});

}  // namespace tandem::http
