#include "shell/http/connection.h"

#include <sys/socket.h>

#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http.hpp>
#include <cerrno>
#include <optional>

#include "base/text.h"
#include "shell/http/problem.h"
#include "shell/http/target.h"

namespace tandem::http {
namespace {

namespace beast = boost::beast::http;
using boost::beast::error_code;
using Parser = beast::request_parser<beast::string_body>;

// Errors are values: each operation answers (error, bytes).
constexpr auto kAwait = asio::as_tuple(asio::use_awaitable);

// RFC 9110 §15: what a request that cannot be read is answered with; 0 = nothing, the peer is gone.
int status_of(const error_code& fault) {
  if (fault == beast::error::header_limit || fault == beast::error::buffer_overflow) return 431;
  if (fault == beast::error::body_limit) return 413;
  if (fault == beast::error::end_of_stream || fault == beast::error::partial_message) return 0;
  return fault.category() == beast::make_error_code(beast::error::bad_method).category() ? 400 : 0;
}

std::string_view detail_of(int status) {
  switch (status) {
    case 413:
      return "The body is larger than this server accepts.";
    case 431:
      return "The header is larger than this server accepts.";
    default:
      return "This is no HTTP/1.1 request.";
  }
}

std::optional<Request> request_of(beast::request<beast::string_body>&& message) {
  std::optional<Target> target = parse_target(message.target());
  if (!target) return std::nullopt;
  Request request;
  request.method = message.method_string();
  request.path = std::move(target->path);
  request.segments = std::move(target->segments);
  request.query = std::move(target->query);
  for (const auto& field : message) {
    std::string name = field.name_string();
    for (char& c : name) c = lower(c);
    request.headers.emplace_back(std::move(name), field.value());
  }
  request.body = std::move(message.body());
  return request;
}

template <class Message>
void set_header(Message& message, const Response& response, bool keep_alive) {
  message.result(static_cast<unsigned>(response.status));
  message.reason(reason_phrase(response.status));
  message.version(11);
  message.keep_alive(keep_alive);
  if (response.status != 204) message.set(beast::field::content_type, response.content_type);
  for (const auto& [name, value] : response.headers) message.set(name, value);
}

// The place where a handler leaves its answer, on whatever thread and however late. The connection
// takes its bell away when it stops waiting, also when it is taken down with the whole server.
struct Slot {
  std::mutex mutex;
  std::optional<Response> response;
  asio::steady_timer* bell = nullptr;

  void put(const std::shared_ptr<Slot>& self, Response answer) {
    const std::lock_guard lock(mutex);
    if (bell == nullptr || response) return;
    response = std::move(answer);
    asio::post(bell->get_executor(), [self] {
      const std::lock_guard inner(self->mutex);
      if (self->bell != nullptr) self->bell->cancel();
    });
  }
  bool filled() {
    const std::lock_guard lock(mutex);
    return response.has_value();
  }
};

class Waiting {
 public:
  explicit Waiting(asio::steady_timer& bell) { slot_->bell = &bell; }
  ~Waiting() {
    const std::lock_guard lock(slot_->mutex);
    slot_->bell = nullptr;
  }
  Waiting(const Waiting&) = delete;
  Waiting& operator=(const Waiting&) = delete;
  const std::shared_ptr<Slot>& slot() const { return slot_; }

 private:
  std::shared_ptr<Slot> slot_ = std::make_shared<Slot>();
};

// What a peer may still send after our last word: read away, so that closing does not reset the
// connection under the answer it is to read.
constexpr std::size_t kLastBytes = 4 * 1024 * 1024;
constexpr auto kLastTime = std::chrono::seconds(1);

// Whether a long body may follow.
bool is_trusted(const ServerOptions& options, const Parser& parser) {
  const auto authorization = parser.get()[beast::field::authorization];
  const auto& trusts = options.trusts;
  return trusts && trusts({authorization.data(), authorization.size()});
}

}  // namespace

std::size_t House::connections() {
  const std::lock_guard lock(mutex_);
  return connections_;
}

void House::enter() {
  const std::lock_guard lock(mutex_);
  ++connections_;
}

void House::leave() {
  const std::lock_guard lock(mutex_);
  if (--connections_ == 0) emptied_.notify_all();
}

void House::wait_until_empty() {
  std::unique_lock lock(mutex_);
  emptied_.wait_for(lock, options.stop_limit, [this] { return connections_ == 0; });
}

Connection::Connection(std::shared_ptr<House> house, Socket socket, Admission admission)
    : house_(std::move(house)),
      layer_(std::move(socket)),
      buffer_(house_->options.max_header_bytes + 64 * 1024),
      timer_(layer_.get_executor()),
      admission_(admission) {
  house_->enter();
}

Connection::~Connection() { house_->leave(); }

void Connection::start() {
  asio::co_spawn(
      layer_.get_executor(), [self = shared_from_this()] { return self->serve(); }, asio::detached);
}

void Connection::finish() {
  asio::post(layer_.get_executor(), [self = shared_from_this()] {
    self->finishing_ = true;
    if (self->idle_) self->layer_.cancel();
    self->timer_.cancel();
  });
}

asio::awaitable<void> Connection::serve() {
  while (!finishing_) {
    const bool more = co_await serve_one();
    if (!more) break;
  }
  co_await hang_up();
}

asio::awaitable<void> Connection::hang_up() {
  error_code fault;
  layer_.socket().shutdown(asio::ip::tcp::socket::shutdown_send, fault);
  layer_.expires_after(kLastTime);
  std::array<char, 4096> last;
  std::size_t read = 0;
  while (!fault && !finishing_ && read < kLastBytes) {
    idle_ = true;
    auto [end, size] = co_await layer_.async_read_some(asio::buffer(last), kAwait);
    fault = end;
    read += size;
  }
}

asio::awaitable<bool> Connection::serve_one() {
  const ServerOptions& options = house_->options;
  Parser parser;
  parser.header_limit(static_cast<std::uint32_t>(options.max_header_bytes));
  // The parser asks for the limit when it has read the header, before anybody knows whose it is.
  parser.body_limit(std::max(options.max_body_bytes, options.max_trusted_body_bytes));

  idle_ = true;
  layer_.expires_after(options.idle_timeout);
  auto [header_fault, header_size] =
      co_await beast::async_read_header(layer_, buffer_, parser, kAwait);
  idle_ = false;
  error_code fault = header_fault;
  if (!fault) {
    layer_.expires_after(options.body_timeout);
    if (!is_trusted(options, parser)) {
      if (parser.content_length().value_or(0) > options.max_body_bytes) {
        co_await refuse(413, detail_of(413));
        co_return false;
      }
      parser.body_limit(options.max_body_bytes);
    }
    if (equal_ignoring_case(parser.get()[beast::field::expect], "100-continue")) {
      const std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";
      co_await asio::async_write(layer_, asio::buffer(go_on), kAwait);
    }
    auto [body_fault, body_size] = co_await beast::async_read(layer_, buffer_, parser, kAwait);
    fault = body_fault;
  }
  if (fault) {
    const int status = status_of(fault);
    if (status != 0) co_await refuse(status, detail_of(status));
    co_return false;
  }

  const bool keep_alive = parser.get().keep_alive() && admission_ == Admission::Served;
  const bool head = parser.get().method() == beast::verb::head;
  std::optional<Request> request = request_of(parser.release());
  if (!request) {
    co_await refuse(400, "The target of this request is malformed.");
    co_return false;
  }
  error_code unknown;
  request->peer = layer_.socket().remote_endpoint(unknown).address().to_string();
  Response response = co_await ask(std::move(*request));
  const bool written = co_await write(response, head, keep_alive && !finishing_);
  co_return written&& keep_alive;
}

asio::awaitable<Response> Connection::ask(Request request) {
  if (admission_ == Admission::Refused) {
    Response busy = problem(503, "Too many connections; try again in a second.");
    busy.headers.emplace_back("Retry-After", "1");
    co_return busy;
  }
  const Waiting waiting(timer_);
  timer_.expires_after(house_->options.reply_timeout);
  house_->handler(std::move(request), [slot = waiting.slot()](Response response) {
    slot->put(slot, std::move(response));
  });
  bool expired = false;
  while (!expired && !waiting.slot()->filled()) {
    auto [interrupted] = co_await timer_.async_wait(kAwait);
    expired = !interrupted;
  }
  if (waiting.slot()->filled()) co_return std::move(*waiting.slot()->response);
  co_return problem(503, "The switch did not answer in time; try again.");
}

asio::awaitable<bool> Connection::write(Response& response, bool head, bool keep_alive) {
  layer_.expires_after(house_->options.write_timeout);
  if (head || response.stream.next) {
    beast::response<beast::empty_body> message;
    set_header(message, response, keep_alive);
    if (response.stream.next) {
      message.chunked(true);
    } else {
      message.content_length(response.body.size());
    }
    beast::response_serializer<beast::empty_body> serializer(message);
    auto [fault, size] = co_await beast::async_write_header(layer_, serializer, kAwait);
    if (fault) co_return false;
    if (head || !response.stream.next) co_return true;
    co_return co_await write_stream(response);
  }
  beast::response<beast::string_body> message;
  set_header(message, response, keep_alive);
  message.body() = std::move(response.body);
  message.prepare_payload();
  auto [fault, size] = co_await beast::async_write(layer_, message, kAwait);
  co_return !fault;
}

asio::awaitable<bool> Connection::write_stream(Response& response) {
  watch_peer();
  auto step = Stream::Step::More;
  std::string piece;
  while (step == Stream::Step::More && !peer_gone_ && !finishing_) {
    piece.clear();
    step = response.stream.next(piece);
    if (!piece.empty()) {
      layer_.expires_after(house_->options.write_timeout);
      auto [fault, size] =
          co_await asio::async_write(layer_, beast::make_chunk(asio::buffer(piece)), kAwait);
      if (fault) co_return false;
    } else if (step == Stream::Step::More) {
      timer_.expires_after(response.stream.pause);
      co_await timer_.async_wait(kAwait);
    }
  }
  if (peer_gone_ || step == Stream::Step::Broken) co_return false;
  layer_.expires_after(house_->options.write_timeout);
  co_await asio::async_write(layer_, beast::make_chunk_last(), kAwait);
  layer_.socket().cancel();
  co_return false;
}

// A peer that hangs up while nothing is to be written would never be noticed.
void Connection::watch_peer() {
  layer_.socket().async_wait(Socket::wait_read,
                             [self = shared_from_this()](const error_code& fault) {
                               if (fault) return;
                               // Readiness may be that of bytes that were read since.
                               char byte = 0;
                               const auto size = ::recv(self->layer_.socket().native_handle(), &byte,
                                                        1, MSG_PEEK | MSG_DONTWAIT);
                               if (size > 0) return;
                               if (size < 0 && errno == EAGAIN) return self->watch_peer();
                               self->peer_gone_ = true;
                               self->timer_.cancel();
                             });
}

asio::awaitable<void> Connection::refuse(int status, std::string_view detail) {
  Response response = problem(status, detail);
  co_await write(response, false, false);
}

}  // namespace tandem::http
