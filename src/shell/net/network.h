// Everything the exchange hears and says through: the sockets of all listen addresses, the
// connections, the DNS, in one epoll set, for one thread. See architecture.md §2.
//
// A wildcard (0.0.0.0, [::]) is one socket but a listener for each address of this machine, so that
// Via and Contact name, and datagrams leave from, the address the peer talks to.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "core/sip/outbox.h"
#include "core/sip/path.h"
#include "shell/net/listen_address.h"
#include "shell/net/resolver.h"
#include "shell/net/tcp_connections.h"
#include "shell/net/tls_context.h"
#include "shell/net/udp_socket.h"

namespace tandem::net {

// An address peers reach us at, by Path::local.
struct Listener {
  sip::Transport transport = sip::Transport::Udp;
  Endpoint address;
};

struct Settings {
  TcpSettings tcp;
  int tos = 0;
};

struct NetworkCounters {
  UdpCounters udp;
  TcpCounters tcp;
  std::uint64_t paths_failed = 0;
  std::size_t connections = 0;
  std::size_t names_asked = 0;
};

// Whoever takes the messages that came in.
class Receiver {
 public:
  virtual ~Receiver() = default;
  virtual void on_message(const sip::Path& path, std::string_view bytes) = 0;
};

class Network {
 public:
  // Listens on all or on none; on secure ones with `tls`, without which there are none.
  // The fault is a sentence.
  static Result<std::unique_ptr<Network>, std::string> open(
      const std::vector<ListenAddress>& addresses, const Rng& rng,
      std::unique_ptr<TlsContext> tls = nullptr);
  ~Network();

  const std::vector<Listener>& listeners() const;
  std::vector<ListenAddress> bound() const;  // as asked for, with the ports the system chose
  void apply(const Settings& settings);

  // Waits until something is ready, at most `limit`; 0 only looks. Wakes up by wake() too.
  void wait(milliseconds limit);
  // Ends the running or the next wait(). Any thread.
  void wake();

  // Gives what is ready to `receiver`: of each socket one batch, so that nobody waits for long.
  // True when more may be there.
  bool receive(Receiver& receiver, Instant now);
  // The message given to the receiver last belongs to this call, or to something else that its
  // connection stays open for.
  void belongs_to(const sip::Path& path, std::uint64_t call);
  void call_ended(std::uint64_t call);

  // Sends all of it; the outbox may be cleared then. To be called after each receive(), also with
  // an empty one: connections have answers of their own.
  void send(const sip::Outbox& outbox, Instant now);

  void ask(const NameQuestion& question, Instant now);
  void take_answers(Instant now, std::vector<NameAnswer>& answers);
  // Paths on which nothing can be sent, each once.
  void take_failed(std::vector<sip::Path>& failed);

  // How much of the room of the fullest UDP socket is full with what waits to be received, 0 to 1.
  double waiting() const;

  // Closes what is idle. Every second or so.
  void look_after(Instant now);
  NetworkCounters counters() const;

 private:
  struct State;
  explicit Network(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace tandem::net
