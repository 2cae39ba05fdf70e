#include "shell/api/api.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "shell/api/handlers.h"
#include "shell/api/token.h"

namespace tandem::api {
namespace {

using http::Request;
using http::Response;

// A row with its path cut into segments; "" stands for a variable.
struct Door {
  Operation operation;
  std::vector<std::string> segments;

  bool fits(const std::vector<std::string>& path, std::string& key) const {
    if (path.size() != segments.size()) return false;
    for (std::size_t i = 0; i < path.size(); ++i) {
      if (segments[i].empty()) {
        key = path[i];
      } else if (segments[i] != path[i]) {
        return false;
      }
    }
    return true;
  }
};

Door door_of(Operation operation) {
  Door door{.operation = std::move(operation), .segments = {}};
  std::string_view path = door.operation.path;
  while (!path.empty()) {
    path.remove_prefix(1);
    const std::string_view segment = path.substr(0, path.find('/'));
    if (!segment.empty()) {
      door.segments.emplace_back(segment.starts_with('{') ? std::string_view{} : segment);
    }
    path.remove_prefix(segment.size());
  }
  return door;
}

// Guessing is hopeless, but a client with a wrong token in a loop is to be slowed down.
class FailureLimit {
 public:
  // False when there were too many in this second.
  bool admits(UtcTime now) {
    const std::lock_guard lock(mutex_);
    const auto second = epoch_milliseconds(now) / 1000;
    if (second != second_) count_ = 0;
    second_ = second;
    return ++count_ <= kPerSecond;
  }

 private:
  static constexpr int kPerSecond = 20;
  std::mutex mutex_;
  std::int64_t second_ = 0;
  int count_ = 0;
};

constexpr std::array<std::pair<std::string_view, std::string_view>, 3> kSafeHeaders{{
    {"Cache-Control", "no-store"},
    {"X-Content-Type-Options", "nosniff"},
    {"Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'"},
}};

// What stands in the list of changes must not steer a terminal, nor fill it.
bool is_operator_name(std::string_view name) {
  constexpr std::size_t kLongest = 64;
  return !name.empty() && name.size() <= kLongest && std::ranges::none_of(name, [](char c) {
    return static_cast<unsigned char>(c) < ' ' || c == '\x7f';
  });
}

Response method_not_allowed(const std::string& allowed) {
  Response response = http::problem(405, "This resource answers to " + allowed + ".");
  response.headers.emplace_back("Allow", allowed);
  return response;
}

}  // namespace

struct Api::State {
  explicit State(Services services) : desk(std::move(services)) {
    for (Operation& operation : all_operations()) doors.push_back(door_of(std::move(operation)));
  }

  Response route(const Request& request);
  Response refuse_stranger();
  Response serve(const Door& door, const Request& request, std::string key);

  Desk desk;
  std::vector<Door> doors;
  FailureLimit failures;
};

Response Api::State::route(const Request& request) {
  const std::string_view asked = request.method;
  const std::string_view method = asked == "HEAD" ? "GET" : asked;
  std::string allowed;
  for (const Door& door : doors) {
    std::string key;
    if (!door.fits(request.segments, key)) continue;
    if (door.operation.method == method) return serve(door, request, std::move(key));
    if (!allowed.empty()) allowed += ", ";
    allowed += door.operation.method;
  }
  if (!allowed.empty()) return method_not_allowed(allowed);
  return http::problem(404, "There is nothing at " + request.path +
                                "; GET /api/v1/openapi.json lists what there is.");
}

Response Api::State::refuse_stranger() {
  if (!failures.admits(desk.services.now())) {
    Response response = http::problem(429, "Too many requests without a valid token.");
    response.headers.emplace_back("Retry-After", "1");
    return response;
  }
  Response response = http::problem(
      401,
      "Send `Authorization: Bearer TOKEN`; the token is in the file api-token of the data "
      "directory of the switch.");
  response.headers.emplace_back("WWW-Authenticate", "Bearer realm=\"tandem\"");
  return response;
}

Response Api::State::serve(const Door& door, const Request& request, std::string key) {
  const Services& services = desk.services;
  if (door.operation.access == Access::Token && services.token) {
    const std::string* header = request.header("authorization");
    if (header == nullptr || !admits(*services.token, *header)) return refuse_stranger();
  }
  const std::string* name = request.header(kOperatorHeader);
  if (name != nullptr && !is_operator_name(*name)) {
    return http::problem(400, "X-Operator is to be a name of 1 to 64 visible characters.");
  }
  auto query = Query::read(door.operation.query, request.query, services.now());
  if (!query.ok()) {
    return http::problem(400, query.error().front().message, query.error());
  }
  return door.operation.serve(desk, Visit{.request = request,
                                          .query = *query,
                                          .resource = door.operation.resource,
                                          .key = std::move(key)});
}

Api::Api(Services services) : state_(std::make_unique<State>(std::move(services))) {}

Api::~Api() = default;

bool Api::trusts(std::string_view authorization) const {
  const auto& token = state_->desk.services.token;
  return token && admits(*token, authorization);
}

Response Api::handle(const Request& request) {
  Response response = state_->route(request);
  for (const auto& [name, value] : kSafeHeaders) response.headers.emplace_back(name, value);
  return response;
}

}  // namespace tandem::api
