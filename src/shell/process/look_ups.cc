#include "shell/process/look_ups.h"

#include <netdb.h>
#include <netinet/in.h>
#include <pthread.h>

#include <boost/json.hpp>
#include <cstring>
#include <optional>

#include "base/limits.h"
#include "shell/clock/clock.h"
#include "shell/http/client.h"
#include "shell/http/target.h"

namespace tandem::process {
namespace {

namespace json = boost::json;

constexpr std::size_t kThreads = 8;
constexpr std::size_t kMaxReply = 4096;
constexpr std::size_t kMaxWord = 32;
constexpr int kNotFound = 404;

std::optional<IpAddress> address_of(const std::string& host) {
  if (const auto literal = IpAddress::parse(host)) return literal;
  addrinfo wanted{};
  wanted.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (::getaddrinfo(host.c_str(), nullptr, &wanted, &found) != 0) return std::nullopt;
  std::optional<IpAddress> address;
  for (const addrinfo* each = found; each != nullptr && !address; each = each->ai_next) {
    if (each->ai_family == AF_INET) {
      sockaddr_in named{};
      std::memcpy(&named, each->ai_addr, sizeof named);
      address = IpAddress::v4(ntohl(named.sin_addr.s_addr));
    } else if (each->ai_family == AF_INET6) {
      sockaddr_in6 named{};
      std::memcpy(&named, each->ai_addr, sizeof named);
      std::array<std::uint8_t, 16> bytes{};
      std::memcpy(bytes.data(), &named.sin6_addr, bytes.size());
      address = IpAddress::v6(bytes);
    }
  }
  ::freeaddrinfo(found);
  return address;
}

std::string text_in(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  if (value == nullptr) return {};
  if (value->is_int64() && value->as_int64() >= 0) return std::to_string(value->as_int64());
  if (!value->is_string() || value->as_string().size() > kMaxWord) return {};
  return std::string(value->as_string());
}

lrn::Answer look_up(const exchange::LookUp& question, milliseconds left) {
  const auto ip = address_of(question.host);
  if (!ip) return {};
  http::ClientRequest request;
  request.target = "/lrn?number=" + http::percent_encode(question.number);
  request.connect_timeout = request.reply_timeout = left;
  request.max_body = kMaxReply;
  const auto reply = http::send({*ip, question.port}, request);
  if (!reply.ok()) return {};
  if (reply->status == kNotFound) return {.outcome = lrn::Outcome::Unknown};
  if (reply->status != 200) return {};
  return answer_in_json(reply->body, question.number);
}

}  // namespace

lrn::Answer answer_in_json(std::string_view body, std::string_view asked) {
  std::error_code fault;
  const json::value value = json::parse(json::string_view(body.data(), body.size()), fault);
  if (fault || !value.is_object()) return {};
  const json::object& object = value.as_object();
  if (!object.contains("lrn") && !object.contains("state")) return {};
  lrn::Answer answer;
  answer.lrn = text_in(object, "lrn");
  answer.state = text_in(object, "state");
  answer.ocn = text_in(object, "ocn");
  if (answer.lrn.find_first_not_of("0123456789") != std::string::npos) return {};
  answer.outcome = answer.lrn.empty() || answer.lrn == asked ? lrn::Outcome::NotPorted
                                                             : lrn::Outcome::Ported;
  return answer;
}

LookUps::LookUps(std::function<void(exchange::LookedUp)> told) : told_(std::move(told)) {}

LookUps::~LookUps() {
  {
    const std::lock_guard lock(mutex_);
    over_ = true;
  }
  news_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

void LookUps::ask(exchange::LookUp question, Instant now) {
  {
    const std::lock_guard lock(mutex_);
    if (waiting_.size() < kMaxLookUps) {
      waiting_.push_back({std::move(question), now});
      question.question = 0;
    }
  }
  if (question.question != 0) return told_({question.question, {}});
  if (threads_.empty()) {
    for (std::size_t i = 0; i < kThreads; ++i) threads_.emplace_back([this] { work(); });
  }
  news_.notify_one();
}

void LookUps::work() {
  ::pthread_setname_np(::pthread_self(), "look-up");
  clock::Clock clock;
  for (;;) {
    std::unique_lock lock(mutex_);
    news_.wait(lock, [this] { return over_ || !waiting_.empty(); });
    if (over_) return;
    const Waiting next = std::move(waiting_.front());
    waiting_.pop_front();
    lock.unlock();
    const milliseconds left = next.since + next.question.limit - clock.read().now.mono;
    told_({next.question.question,
           left > milliseconds(0) ? look_up(next.question, left) : lrn::Answer{}});
  }
}

}  // namespace tandem::process
