#include "shell/http/client.h"

#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <optional>

#include "base/text.h"

namespace tandem::http {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast::http;
using boost::beast::error_code;
using Answer = Result<ClientReply, ClientFault>;

constexpr auto kAwait = asio::as_tuple(asio::use_awaitable);

asio::ip::tcp::endpoint endpoint_of(const Endpoint& endpoint) {
  if (endpoint.ip.is_v4()) {
    return {asio::ip::address_v4(endpoint.ip.v4_host_order()), endpoint.port};
  }
  return {asio::ip::address_v6(endpoint.ip.bytes()), endpoint.port};
}

ClientFault fault_of(const error_code& fault) {
  if (fault == asio::error::connection_refused) return ClientFault::NobodyListens;
  if (fault == boost::beast::error::timeout) return ClientFault::TimedOut;
  return ClientFault::Broken;
}

beast::request<beast::string_body> message_of(const Endpoint& server,
                                              const ClientRequest& request) {
  beast::request<beast::string_body> message;
  message.method_string(request.method);
  message.target(request.target);
  message.version(11);
  message.set(beast::field::host, server.text());
  message.set(beast::field::connection, "close");
  for (const auto& [name, value] : request.headers) message.set(name, value);
  message.body() = request.body;
  message.prepare_payload();
  return message;
}

// One request on its way; lives in send() while the context runs.
struct Errand {
  const Endpoint& server;
  const ClientRequest& request;
  const BodySink& sink;
  boost::beast::tcp_stream layer;
  boost::beast::flat_buffer buffer{};
  beast::response_parser<beast::buffer_body> parser{};
  Answer answer = Failure{ClientFault::Broken};

  asio::awaitable<void> run();
  asio::awaitable<error_code> ask();
  asio::awaitable<error_code> read_body(ClientReply& reply);
};

asio::awaitable<error_code> Errand::ask() {
  layer.expires_after(request.connect_timeout);
  const asio::ip::tcp::endpoint address = endpoint_of(server);
  auto [refused] = co_await layer.async_connect(address, kAwait);
  if (refused) co_return refused;
  layer.expires_after(request.reply_timeout);
  const auto message = message_of(server, request);
  // A server that refuses a body may answer, and close, before it has read all of it.
  co_await beast::async_write(layer, message, kAwait);
  auto [fault, size] = co_await beast::async_read_header(layer, buffer, parser, kAwait);
  co_return fault;
}

asio::awaitable<error_code> Errand::read_body(ClientReply& reply) {
  const bool streaming = sink && reply.status < 300;
  if (streaming) layer.expires_never();
  std::array<char, 16 * 1024> piece;
  while (!parser.is_done()) {
    parser.get().body().data = piece.data();
    parser.get().body().size = piece.size();
    auto [fault, size] = co_await beast::async_read_some(layer, buffer, parser, kAwait);
    if (fault && fault != beast::error::need_buffer) co_return fault;
    const std::string_view bytes(piece.data(), piece.size() - parser.get().body().size);
    if (streaming && !bytes.empty() && !sink(bytes)) break;
    if (!streaming) reply.body += bytes;
    if (reply.body.size() > request.max_body) co_return beast::error::body_limit;
  }
  co_return error_code{};
}

asio::awaitable<void> Errand::run() {
  error_code fault = co_await ask();
  if (!fault) {
    ClientReply reply{.status = static_cast<int>(parser.get().result_int())};
    reply.content_type = parser.get()[beast::field::content_type];
    for (const auto& field : parser.get()) {
      std::string name = field.name_string();
      for (char& c : name) c = lower(c);
      reply.headers.emplace_back(std::move(name), field.value());
    }
    fault = co_await read_body(reply);
    if (!fault) answer = std::move(reply);
  }
  if (fault) answer = Failure{fault_of(fault)};
}

}  // namespace

Answer send(const Endpoint& server, const ClientRequest& request, const BodySink& sink) {
  asio::io_context context(1);
  Errand errand{.server = server,
                .request = request,
                .sink = sink,
                .layer = boost::beast::tcp_stream(context)};
  errand.parser.body_limit(boost::none);
  errand.parser.skip(request.method == "HEAD");
  asio::co_spawn(context, errand.run(), asio::detached);
  context.run();
  return std::move(errand.answer);
}

}  // namespace tandem::http
