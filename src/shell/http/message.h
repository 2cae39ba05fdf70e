// HTTP requests and responses as values (RFC 9110), as handlers see them. No library shows here.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tandem::http {

using Fields = std::vector<std::pair<std::string, std::string>>;

struct Request {
  std::string method;                 // "GET"
  std::string path;                   // as sent, without the query: "/api/v1/egress_gateways/a%2Fb"
  std::vector<std::string> segments;  // of the path, decoded: "api", "v1", "egress_gateways", "a/b"
  Fields query;                       // decoded, in the order they came
  Fields headers;                     // names in lower case
  std::string body;
  std::string peer;  // its IP address

  // The first value of this name; nullptr when there is none.
  const std::string* parameter(std::string_view name) const;
  const std::string* header(std::string_view lower_case_name) const;
};

// A body that comes bit by bit, in chunks (RFC 9112 §7.1).
struct Stream {
  enum class Step : std::uint8_t {
    More,
    Last,    // this was all
    Broken,  // there is more and it cannot be had: the reader sees a body cut off, not a whole one
  };
  // Appends what is there. Called on a thread of the server, one call at a time; again at once when
  // it appended something, else after `pause`. Ends with the connection.
  std::function<Step(std::string& out)> next = {};
  std::chrono::milliseconds pause{200};
};

struct Response {
  int status = 200;
  std::string content_type = "application/json";
  std::string body = {};
  Fields headers = {};
  Stream stream = {};  // when it has `next`, the body is this instead
};

}  // namespace tandem::http
