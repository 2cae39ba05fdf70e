// The server against its own client and against bare sockets on the loopback interface.
#include "shell/http/server.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <condition_variable>
#include <future>
#include <mutex>
#include <thread>

#include "shell/http/client.h"
#include "shell/http/problem.h"

namespace tandem::http {
namespace {

const IpAddress kLoopback = IpAddress::v4(0x7f000001);

std::unique_ptr<Server> start(Handler handler, ServerOptions options = {}) {
  options.listen = {{kLoopback, 0}};
  auto server = Server::start(std::move(options), std::move(handler));
  EXPECT_TRUE(server.ok());
  return std::move(server).value();
}

void echo(Request request, const Respond& respond) {
  Response response{.content_type = "text/plain"};
  response.body = request.method + ' ' + request.path + ' ' + request.body;
  respond(std::move(response));
}

ClientReply get(const Server& server, ClientRequest request) {
  auto reply = send(server.addresses().at(0), request);
  EXPECT_TRUE(reply.ok());
  return reply.ok() ? std::move(reply).value() : ClientReply{};
}

// A connection that sends what it likes.
class RawPeer {
 public:
  explicit RawPeer(const Server& server) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(server.addresses().at(0).port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  }
  ~RawPeer() { ::close(socket_); }
  void send(std::string_view bytes) {
    EXPECT_EQ(::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL), ssize_t(bytes.size()));
  }
  // Everything until the server closes.
  std::string read_all() {
    std::string all;
    char bytes[4096];
    for (ssize_t n; (n = ::recv(socket_, bytes, sizeof bytes, 0)) > 0;) {
      all.append(bytes, static_cast<std::size_t>(n));
    }
    return all;
  }
  std::string read_until(std::string_view end) {
    std::string all;
    for (char c; !all.ends_with(end) && ::recv(socket_, &c, 1, 0) == 1;) all += c;
    return all;
  }

 private:
  int socket_;
};

TEST(HttpServer, answers_a_request_with_path_query_and_body) {
  Request seen;
  const auto server = start([&](Request request, const Respond& respond) {
    seen = request;
    respond({.status = 201, .body = "made"});
  });

  const ClientReply reply = get(*server, {.method = "POST",
                                          .target = "/a/b%20c?x=1",
                                          .headers = {{"If-Match", "\"7\""}},
                                          .body = "{}"});

  EXPECT_EQ(reply.status, 201);
  EXPECT_EQ(reply.body, "made");
  EXPECT_EQ(reply.content_type, "application/json");
  EXPECT_EQ(seen.method, "POST");
  EXPECT_EQ(seen.segments, (std::vector<std::string>{"a", "b c"}));
  EXPECT_EQ(*seen.parameter("x"), "1");
  EXPECT_EQ(*seen.header("if-match"), "\"7\"");
  EXPECT_EQ(seen.body, "{}");
}

TEST(HttpServer, keeps_the_connection_for_further_requests_in_order) {
  const auto server = start(echo);
  RawPeer peer(*server);

  peer.send(
      "GET /1 HTTP/1.1\r\nHost: x\r\n\r\nGET /2 HTTP/1.1\r\nHost: x\r\n"
      "Connection: close\r\n\r\n");
  const std::string all = peer.read_all();

  EXPECT_LT(all.find("GET /1"), all.find("GET /2"));
  EXPECT_NE(all.find("GET /2"), all.npos);
}

TEST(HttpServer, answers_HEAD_with_the_length_and_no_body) {
  const auto server = start(echo);
  RawPeer peer(*server);

  peer.send("HEAD /1 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  const std::string all = peer.read_all();

  EXPECT_NE(all.find("Content-Length: 8\r\n"), all.npos) << all;
  EXPECT_TRUE(all.ends_with("\r\n\r\n"));
}

TEST(HttpServer, takes_an_answer_that_comes_later_on_another_thread) {
  std::thread later;
  const auto server = start([&](const Request&, Respond respond) {
    later = std::thread([respond = std::move(respond)] {
      respond({.body = "first"});
      respond({.body = "second"});
    });
  });

  EXPECT_EQ(get(*server, {.target = "/"}).body, "first");

  later.join();
}

TEST(HttpServer, says_503_when_the_handler_does_not_answer_in_time) {
  Respond kept;
  ServerOptions options;
  options.reply_timeout = std::chrono::milliseconds(20);
  auto server = start([&](const Request&, Respond respond) { kept = std::move(respond); }, options);

  const ClientReply reply = get(*server, {.target = "/"});

  EXPECT_EQ(reply.status, 503);
  EXPECT_EQ(reply.content_type, "application/problem+json");
  server.reset();
  kept({.body = "nobody hears it"});
}

TEST(HttpServer, refuses_too_large_headers_and_bodies_and_what_is_no_http) {
  ServerOptions options;
  options.max_header_bytes = 1024;
  options.max_body_bytes = 1000;
  options.max_trusted_body_bytes = 2000;
  options.trusts = [](std::string_view authorization) { return authorization == "Bearer friend"; };
  const auto server = start(echo, options);
  const std::string head = "POST / HTTP/1.1\r\nHost: x\r\n";
  struct {
    std::string bytes;
    int status;
  } const cases[] = {
      {head + "X: " + std::string(5000, 'x') + "\r\n\r\n", 431},
      {head + "Content-Length: 1001\r\n\r\n" + std::string(1001, 'x'), 413},
      {head + "Transfer-Encoding: chunked\r\n\r\n3e9\r\n" + std::string(1001, 'x') +
           "\r\n0\r\n\r\n",
       413},
      {head + "Authorization: Bearer friend\r\nContent-Length: 1001\r\n\r\n" +
           std::string(1001, 'x'),
       200},
      {head + "Authorization: Bearer friend\r\nContent-Length: 2001\r\n\r\n" +
           std::string(2001, 'x'),
       413},
      {head + "Authorization: Bearer foe\r\nContent-Length: 1001\r\n\r\n" +
           std::string(1001, 'x'),
       413},
      {"\x16\x03\x01 hello\r\n\r\n", 400},
      {"GET /%zz HTTP/1.1\r\nHost: x\r\n\r\n", 400},
      {head + "Content-Length: 1\r\nContent-Length: 2\r\n\r\n12", 400},
  };
  for (const auto& [bytes, status] : cases) {
    RawPeer peer(*server);
    peer.send(bytes);
    const std::string all = peer.read_until("\r\n");
    EXPECT_TRUE(all.starts_with("HTTP/1.1 " + std::to_string(status))) << bytes << "\n" << all;
  }
}

TEST(HttpServer, lets_a_client_ask_before_it_sends_a_body) {
  const auto server = start(echo);
  RawPeer peer(*server);

  peer.send(
      "POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 4\r\n"
      "Connection: close\r\n\r\n");
  const std::string go_on = peer.read_until("\r\n\r\n");
  peer.send("late");

  EXPECT_EQ(go_on, "HTTP/1.1 100 Continue\r\n\r\n");
  EXPECT_TRUE(peer.read_all().ends_with("POST / late"));
}

TEST(HttpServer, closes_a_connection_that_does_not_finish_its_header) {
  ServerOptions options;
  options.idle_timeout = std::chrono::milliseconds(20);
  const auto server = start(echo, options);
  RawPeer peer(*server);

  peer.send("GET / HT");

  EXPECT_EQ(peer.read_all(), "");
}

TEST(HttpServer, sends_a_stream_in_chunks_until_it_ends) {
  const auto server = start([](const Request&, const Respond& respond) {
    Response response{.content_type = "application/x-ndjson"};
    response.stream.pause = std::chrono::milliseconds(1);
    response.stream.next = [step = 0](std::string& out) mutable {
      ++step;
      if (step % 2 == 1) out = std::to_string(step) + '\n';
      return step < 5 ? Stream::Step::More : Stream::Step::Last;
    };
    respond(std::move(response));
  });
  std::string streamed;

  const auto reply = send(server->addresses().at(0), {.target = "/"}, [&](std::string_view bytes) {
    streamed += bytes;
    return true;
  });

  ASSERT_TRUE(reply.ok());
  EXPECT_EQ(streamed, "1\n3\n5\n");
}

TEST(HttpServer, a_stream_that_breaks_is_no_whole_body) {
  const auto server = start([](const Request&, const Respond& respond) {
    Response response;
    response.stream.next = [first = true](std::string& out) mutable {
      if (!first) return Stream::Step::Broken;
      first = false;
      out = "half";
      return Stream::Step::More;
    };
    respond(std::move(response));
  });

  const auto reply =
      send(server->addresses().at(0), {.target = "/"}, [](std::string_view) { return true; });

  ASSERT_FALSE(reply.ok());
  EXPECT_EQ(reply.error(), ClientFault::Broken);
}

TEST(HttpServer, ends_a_stream_whose_reader_has_gone) {
  // Given a stream that has nothing more to say
  std::mutex mutex;
  std::condition_variable changed;
  bool released = false;
  const auto server = start([&](const Request&, const Respond& respond) {
    std::shared_ptr<void> guard(nullptr, [&](void*) {
      const std::lock_guard lock(mutex);
      released = true;
      changed.notify_all();
    });
    Response response;
    response.stream.pause = std::chrono::hours(1);
    response.stream.next = [guard, first = true](std::string& out) mutable {
      if (first) out = "hello";
      first = false;
      return Stream::Step::More;
    };
    respond(std::move(response));
  });

  // When the reader leaves after the first bytes
  const auto reply =
      send(server->addresses().at(0), {.target = "/"}, [](std::string_view) { return false; });

  // Then the stream is given up
  ASSERT_TRUE(reply.ok());
  std::unique_lock lock(mutex);
  EXPECT_TRUE(changed.wait_for(lock, std::chrono::seconds(5), [&] { return released; }));
}

TEST(HttpServer, says_when_it_has_too_many_connections) {
  ServerOptions options;
  options.max_connections = 1;
  const auto server = start(echo, options);
  RawPeer first(*server);
  first.send("GET /1 HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_TRUE(first.read_until("GET /1 ").ends_with("GET /1 "));

  const ClientReply reply = get(*server, {.target = "/2"});

  EXPECT_EQ(reply.status, 503);
}

TEST(HttpServer, names_a_port_that_is_in_use) {
  const auto server = start(echo);
  ServerOptions options;
  options.listen = {server->addresses().at(0)};

  const auto second = Server::start(options, echo);

  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.error(), "cannot listen on " + server->addresses().at(0).text() +
                                ": another program uses this port");
}

TEST(HttpServer, stops_while_connections_are_idle_and_streams_run) {
  auto server = start([](const Request&, const Respond& respond) {
    Response response;
    response.stream.next = [first = true](std::string& out) mutable {
      if (first) out = "hello";
      first = false;
      return Stream::Step::More;
    };
    respond(std::move(response));
  });
  RawPeer idle(*server);
  RawPeer streaming(*server);
  streaming.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_TRUE(streaming.read_until("hello").ends_with("hello"));

  const auto begin = std::chrono::steady_clock::now();
  server.reset();

  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(2));
  EXPECT_TRUE(streaming.read_all().ends_with("0\r\n\r\n"));
  EXPECT_EQ(idle.read_all(), "");
}

TEST(HttpServer, serves_many_clients_at_once) {
  const auto server = start(echo);
  std::atomic<int> good{0};
  std::vector<std::thread> clients;

  for (int i = 0; i < 8; ++i) {
    clients.emplace_back([&, i] {
      for (int j = 0; j < 20; ++j) {
        const std::string path = "/" + std::to_string(i * 100 + j);
        if (get(*server, {.target = path}).body == "GET " + path + " ") ++good;
      }
    });
  }
  for (std::thread& client : clients) client.join();

  EXPECT_EQ(good, 160);
}

TEST(HttpClient, tells_that_nobody_listens) {
  auto server = start(echo);
  const Endpoint address = server->addresses().at(0);
  server.reset();

  const auto reply = send(address, {.target = "/"});

  ASSERT_FALSE(reply.ok());
  EXPECT_EQ(reply.error(), ClientFault::NobodyListens);
}

TEST(HttpClient, expects_no_body_after_HEAD) {
  const auto server = start(echo);

  const ClientReply reply = get(*server, {.method = "HEAD", .target = "/"});

  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.body, "");
}

TEST(HttpClient, reads_no_more_of_a_body_than_it_was_told_to) {
  const auto server = start([](const Request&, const Respond& respond) {
    respond({.status = 200, .body = std::string(100'000, 'x')});
  });

  ClientRequest request{.target = "/"};
  request.max_body = 4096;
  const auto reply = send(server->addresses().at(0), request);

  ASSERT_FALSE(reply.ok());
  EXPECT_EQ(reply.error(), ClientFault::Broken);
}

TEST(HttpClient, gives_up_on_a_server_that_does_not_answer) {
  std::promise<Respond> kept;
  const auto server =
      start([&](const Request&, Respond respond) { kept.set_value(std::move(respond)); });

  ClientRequest request{.target = "/"};
  request.reply_timeout = std::chrono::milliseconds(20);
  const auto reply = send(server->addresses().at(0), request);

  ASSERT_FALSE(reply.ok());
  EXPECT_EQ(reply.error(), ClientFault::TimedOut);
  kept.get_future().get()({});
}

}  // namespace
}  // namespace tandem::http
