// One connection of the server: reads requests and writes responses, one after the other. Only for
// server.cc and connection.cc: it shows the library.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <condition_variable>
#include <memory>
#include <mutex>

#include "shell/http/server.h"

namespace tandem::http {

namespace asio = boost::asio;

// What all connections of a server share.
struct House {
  ServerOptions options;
  Handler handler;

  // The connections that live. Any thread.
  std::size_t connections();
  void enter();
  void leave();
  void wait_until_empty();  // at most options.stop_limit

 private:
  std::mutex mutex_;
  std::condition_variable emptied_;
  std::size_t connections_ = 0;
};

enum class Admission { Served, Refused };  // refused ones are told so

class Connection : public std::enable_shared_from_this<Connection> {
 public:
  using Strand = asio::strand<asio::io_context::executor_type>;
  using Socket = asio::basic_stream_socket<asio::ip::tcp, Strand>;

  Connection(std::shared_ptr<House> house, Socket socket, Admission admission);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  void start();
  // Any thread: ends as soon as the running request is answered.
  void finish();

 private:
  using Layer = boost::beast::basic_stream<asio::ip::tcp, Strand>;

  asio::awaitable<void> serve();
  asio::awaitable<bool> serve_one();  // true = another request may follow on this connection
  asio::awaitable<Response> ask(Request request);
  asio::awaitable<bool> write(Response& response, bool head, bool keep_alive);
  asio::awaitable<bool> write_stream(Response& response);
  asio::awaitable<void> refuse(int status, std::string_view detail);
  asio::awaitable<void> hang_up();
  void watch_peer();

  std::shared_ptr<House> house_;
  Layer layer_;
  boost::beast::flat_buffer buffer_;
  asio::steady_timer timer_;  // rings when the handler answered, or a stream is to go on
  Admission admission_;
  bool finishing_ = false;
  bool idle_ = false;       // waits for a request
  bool peer_gone_ = false;  // seen while a stream runs
};

}  // namespace tandem::http
