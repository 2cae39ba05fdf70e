// The floor of every comparison: receives the datagrams of a call and sends them on, reading
// nothing. What comes from the callee goes to the caller, everything else to the callee.
//
//   bare_relay LISTEN CALLER CALLEE one|batch [SECONDS]
//
// one: a system call for each datagram, as most servers do; batch: recvmmsg and sendmmsg.
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

#include "bench/load/datagrams.h"

namespace tandem::bench {
namespace {

struct Parties {
  sockaddr_in caller;
  sockaddr_in callee;

  const sockaddr_in& other_side(const sockaddr_in& from) const {
    const bool callee_sent =
        from.sin_addr.s_addr == callee.sin_addr.s_addr && from.sin_port == callee.sin_port;
    return callee_sent ? caller : callee;
  }
};

void relay_one_by_one(int socket, const Parties& parties) {
  std::array<char, kDatagram> bytes;
  while (!stop_wanted()) {
    sockaddr_in from{};
    socklen_t size = sizeof from;
    const ssize_t received =
        recvfrom(socket, bytes.data(), bytes.size(), 0, reinterpret_cast<sockaddr*>(&from), &size);
    if (received < 0) continue;
    const sockaddr_in& to = parties.other_side(from);
    sendto(socket, bytes.data(), static_cast<std::size_t>(received), 0,
           reinterpret_cast<const sockaddr*>(&to), sizeof to);
  }
}

void relay_in_batches(int socket, const Parties& parties) {
  static Inbox inbox(socket);
  std::array<sockaddr_in, kBatch> peers;
  while (!stop_wanted()) {
    const std::size_t count = inbox.receive();
    for (std::size_t i = 0; i < count; ++i) peers[i] = parties.other_side(inbox.peer(i));
    inbox.forward(count, peers);
  }
}

}  // namespace
}  // namespace tandem::bench

int main(int count, char** arguments) {
  using namespace tandem::bench;
  if (count < 5) refuse("usage: bare_relay LISTEN CALLER CALLEE one|batch [SECONDS]");
  const Parties parties{loopback(arguments[2]), loopback(arguments[3])};
  const int socket = open_socket(loopback(arguments[1]), Waiting::Blocks);
  stop_on_signals();
  alarm(count > 5 ? static_cast<unsigned>(std::atoi(arguments[5])) : 3600);
  std::puts("ready");
  std::fflush(stdout);
  if (std::string_view(arguments[4]) == "one") {
    relay_one_by_one(socket, parties);
  } else {
    relay_in_batches(socket, parties);
  }
}
