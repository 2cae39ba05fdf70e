#include "shell/http/server.h"

#include <pthread.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <mutex>
#include <thread>

#include "shell/http/connection.h"

namespace tandem::http {
namespace {

using asio::ip::tcp;
using Acceptor = asio::basic_socket_acceptor<tcp, Connection::Strand>;
constexpr auto kAwait = asio::as_tuple(asio::use_awaitable);

tcp::endpoint endpoint_of(const Endpoint& endpoint) {
  if (endpoint.ip.is_v4()) {
    return {asio::ip::address_v4(endpoint.ip.v4_host_order()), endpoint.port};
  }
  return {asio::ip::address_v6(endpoint.ip.bytes()), endpoint.port};
}

Endpoint endpoint_of(const tcp::endpoint& endpoint) {
  const asio::ip::address address = endpoint.address();
  return {address.is_v4() ? IpAddress::v4(address.to_v4().to_uint())
                          : IpAddress::v6(address.to_v6().to_bytes()),
          endpoint.port()};
}

std::string sentence(const Endpoint& endpoint, const boost::system::error_code& fault) {
  std::string reason = fault.message();
  if (fault == asio::error::address_in_use) reason = "another program uses this port";
  if (fault == asio::error::access_denied) reason = "ports below 1024 are reserved for root";
  if (fault == boost::system::errc::address_not_available) {
    reason = "this machine does not have the address";
  }
  return "cannot listen on " + endpoint.text() + ": " + reason;
}

boost::system::error_code listen(Acceptor& acceptor, const Endpoint& endpoint) {
  const tcp::endpoint address = endpoint_of(endpoint);
  boost::system::error_code fault;
  acceptor.open(address.protocol(), fault);
  if (!fault) acceptor.set_option(tcp::acceptor::reuse_address(true), fault);
  if (!fault) acceptor.bind(address, fault);
  if (!fault) acceptor.listen(asio::socket_base::max_listen_connections, fault);
  return fault;
}

}  // namespace

struct Server::State {
  asio::io_context context;  // holds what the connections were doing when it ended
  std::shared_ptr<House> house = std::make_shared<House>();
  std::vector<Acceptor> acceptors;
  std::vector<std::thread> threads;
  std::mutex mutex;
  bool stopping = false;                               // guarded by mutex, as is
  std::vector<std::weak_ptr<Connection>> connections;  // gone ones are left out now and then

  asio::awaitable<void> accept(Acceptor& acceptor);
  void welcome(Connection::Socket socket);
  void stop();
};

asio::awaitable<void> Server::State::accept(Acceptor& acceptor) {
  asio::steady_timer pause(acceptor.get_executor());
  while (acceptor.is_open()) {
    Connection::Socket socket(asio::make_strand(context));
    auto [fault] = co_await acceptor.async_accept(socket, kAwait);
    if (!fault) {
      welcome(std::move(socket));
    } else if (acceptor.is_open()) {
      // Out of descriptors, say: a peer waits, and asking again at once would spin.
      pause.expires_after(std::chrono::milliseconds(100));
      co_await pause.async_wait(kAwait);
    }
  }
}

void Server::State::welcome(Connection::Socket socket) {
  const std::size_t others = house->connections();
  const std::size_t limit = house->options.max_connections;
  if (others >= 2 * limit) return;
  boost::system::error_code ignored;
  socket.set_option(tcp::no_delay(true), ignored);
  const auto admission = others < limit ? Admission::Served : Admission::Refused;
  auto connection = std::make_shared<Connection>(house, std::move(socket), admission);
  {
    const std::lock_guard lock(mutex);
    if (stopping) return;
    std::erase_if(connections, [](const auto& weak) { return weak.expired(); });
    connections.push_back(connection);
  }
  connection->start();
}

void Server::State::stop() {
  for (Acceptor& acceptor : acceptors) {
    asio::post(acceptor.get_executor(), [&acceptor] {
      boost::system::error_code ignored;
      acceptor.close(ignored);
    });
  }
  {
    const std::lock_guard lock(mutex);
    stopping = true;
    for (const auto& weak : connections) {
      if (const auto connection = weak.lock()) connection->finish();
    }
  }
  house->wait_until_empty();
  context.stop();
  for (std::thread& thread : threads) thread.join();
}

Server::Server(std::unique_ptr<State> state) : state_(std::move(state)) {}

Server::~Server() { state_->stop(); }

Result<std::unique_ptr<Server>, std::string> Server::start(ServerOptions options, Handler handler) {
  auto state = std::make_unique<State>();
  state->house->options = std::move(options);
  state->house->handler = std::move(handler);
  asio::io_context& context = state->context;
  for (const Endpoint& endpoint : state->house->options.listen) {
    const auto fault = listen(state->acceptors.emplace_back(asio::make_strand(context)), endpoint);
    if (fault) return Failure{sentence(endpoint, fault)};
  }
  for (Acceptor& acceptor : state->acceptors) {
    asio::co_spawn(acceptor.get_executor(), state->accept(acceptor), asio::detached);
  }
  for (int i = 0; i < state->house->options.threads; ++i) {
    state->threads.emplace_back([&context] {
      ::pthread_setname_np(::pthread_self(), "api");  // for top(1) and profiles
      const auto work = asio::make_work_guard(context);
      context.run();
    });
  }
  return std::unique_ptr<Server>(new Server(std::move(state)));
}

std::vector<Endpoint> Server::addresses() const {
  std::vector<Endpoint> addresses;
  for (const Acceptor& acceptor : state_->acceptors) {
    addresses.push_back(endpoint_of(acceptor.local_endpoint()));
  }
  return addresses;
}

}  // namespace tandem::http
