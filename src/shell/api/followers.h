// Streams that wait for news: each looks every so often, so their number is limited.
#pragma once

#include <memory>

#include "shell/api/operation.h"

namespace tandem::api {

inline constexpr int kMaxFollowers = 32;

// One place among them, held as long as the stream lives.
class Follower {
 public:
  // nullptr when there are too many.
  static std::shared_ptr<Follower> admit(Desk& desk) {
    auto follower = std::shared_ptr<Follower>(new Follower(desk));
    return desk.followers.load() > kMaxFollowers ? nullptr : follower;
  }
  ~Follower() { --desk_.followers; }
  Follower(const Follower&) = delete;
  Follower& operator=(const Follower&) = delete;

 private:
  explicit Follower(Desk& desk) : desk_(desk) { ++desk_.followers; }
  Desk& desk_;
};

inline http::Response too_many_followers() {
  http::Response response = http::problem(
      429, "Too many streams follow already; at most " + std::to_string(kMaxFollowers) + " may.");
  response.headers.emplace_back("Retry-After", "10");
  return response;
}

}  // namespace tandem::api
