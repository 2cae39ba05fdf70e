// An operation of the API as a row: what it is called, what it takes, who serves it. The router and
// the OpenAPI document read the rows.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "shell/api/api.h"
#include "shell/api/query.h"
#include "shell/http/message.h"
#include "shell/http/problem.h"

namespace tandem::api {

class NumberUploads;

// What the operations work with; one per Api.
struct Desk {
  explicit Desk(Services given);
  ~Desk();

  Services services;
  std::mutex configuration_mutex;  // services.configuration is for one thread at a time
  std::atomic<int> followers{0};   // streams that wait for news
  std::unique_ptr<NumberUploads> uploads;  // ends before the rest
};

struct Visit {
  const http::Request& request;
  const Query& query;
  const directory::ResourceRow* resource;  // nullptr: the operation has none
  std::string key;                         // the variable of the path, decoded
};

using Serve = http::Response (*)(Desk&, const Visit&);

enum class Access : std::uint8_t { Token, Public };

struct Operation {
  std::string_view method;
  std::string path;  // "/api/v1/calls/{flow_no}"; at most one variable
  std::string summary;
  std::string_view tag;  // groups them in the document
  Serve serve;
  std::span<const QueryRow> query = {};
  std::string body = {};   // schema of the request in the document; "" = none
  std::string reply = {};  // schema of the reply; "" = none
  int success = 200;
  const directory::ResourceRow* resource = nullptr;
  Access access = Access::Token;
  std::string_view body_type = "application/json";
  std::string_view reply_type = "application/json";
};

// All of them: those written down, and those of each resource.
std::vector<Operation> all_operations();

// The text of the OpenAPI 3.1 document.
std::string openapi_document(std::span<const Operation> operations, std::string_view version);

}  // namespace tandem::api
