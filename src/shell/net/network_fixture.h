// A network of its own, and all it was given, as tests drive it. Only for tests.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "shell/net/network.h"

namespace tandem::net {

struct NetworkNode : Receiver {
  explicit NetworkNode(const std::vector<ListenAddress>& listen,
                       std::unique_ptr<TlsContext> tls = nullptr) {
    auto opened = Network::open(listen, Rng(), std::move(tls));
    EXPECT_TRUE(opened.ok()) << opened.error();
    network = std::move(opened).value();
  }
  void on_message(const sip::Path& path, std::string_view bytes) override {
    paths.push_back(path);
    messages.emplace_back(bytes);
  }
  void turn() {
    network->wait(milliseconds(5));
    network->receive(*this, now);
    network->send({}, now);
    network->take_failed(failed);
  }
  void send(const sip::Path& path, std::string_view bytes, std::uint64_t call = 0) {
    sip::Outbox outbox;
    outbox.send(path, bytes, call);
    network->send(outbox, now);
  }
  // The way to a listener of another, from the listener of the same number here.
  sip::Path to(const NetworkNode& other, std::uint16_t number = 0) const {
    const Listener& listener = other.network->listeners()[number];
    return {.transport = listener.transport,
            .local = number,
            .connection = 0,
            .peer = listener.address};
  }

  std::unique_ptr<Network> network;
  Instant now{seconds(1000)};
  std::vector<sip::Path> paths;
  std::vector<std::string> messages;
  std::vector<sip::Path> failed;
};

}  // namespace tandem::net
