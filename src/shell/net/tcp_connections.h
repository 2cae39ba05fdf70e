// SIP over TCP, TLS and WebSocket (RFC 3261 §18, RFC 7118): connections that came in and those we
// open, with what waits to be sent on each. A connection is used for every message to its peer,
// whoever opened it, so answers and requests go back the way they came (RFC 5923). Everything is
// bounded: their number (kMaxConnections, kMaxHandshakes), what waits to be sent
// (kMaxConnectionQueue), the time until the first message, the time nothing is heard.
//
// It waits for nothing: whoever owns the epoll set tells it which connection is ready.
#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "base/time.h"
#include "core/sip/outbox.h"
#include "core/sip/stream.h"
#include "core/sip/transport.h"
#include "shell/net/socket_address.h"
#include "shell/net/tls_context.h"
#include "shell/net/udp_socket.h"

namespace tandem::net {

struct TcpSettings {
  seconds idle_timeout{120};
  bool close_with_reset = false;
  PeerPolicy tls_peers = PeerPolicy::Optional;
  int tos = 0;
};

struct TcpCounters {
  std::uint64_t accepted = 0;
  std::uint64_t opened = 0;
  std::uint64_t refused = 0;   // at the limit
  std::uint64_t failed = 0;    // could not be opened, or broke
  std::uint64_t idle = 0;      // closed because nothing was heard
  std::uint64_t received = 0;  // messages
  std::uint64_t sent = 0;
  std::uint64_t tls_sessions = 0;          // handshakes that were finished
  std::uint64_t tls_sessions_failed = 0;   // that were not
  std::uint64_t tls_peers_unverified = 0;  // whose certificate was asked for and is not believed
  std::uint64_t websockets_refused = 0;    // requests that open none
};

class TcpConnections {
 public:
  // `epoll`: the set; a connection is in it under `tag | its number`.
  // `tls`: for transports that are secure; nullptr = there are none.
  TcpConnections(int epoll, std::uint64_t tag, std::unique_ptr<TlsContext> tls = nullptr);
  ~TcpConnections();

  // The transport and the source address of a Path::local.
  void add_local(std::uint16_t local, sip::Transport transport, const IpAddress& source);
  void apply(const TcpSettings& settings);
  // Whose certificate a TLS server at this address is to show (RFC 5922 §4): it is reached by name.
  void name_peer(const Endpoint& peer, const std::string& host);

  // Takes over an accepted socket.
  void accept(Descriptor socket, const Endpoint& peer, std::uint16_t local, Instant now);

  // Queues a message on the connection of its path; opens one when there is none. Nothing leaves
  // before flush().
  void send(const sip::Outbox::Datagram& datagram, Instant now);
  void flush(Instant now);

  // A connection is ready. Reads what is there (a bounded part of it), after which next() gives the
  // messages, one by one. Line breaks alone, a ping or the answer to one, are given once, as
  // "\r\n": the peer is alive.
  void on_ready(std::uint32_t number, std::uint32_t events, Instant now);
  bool next(Arrival& arrival);

  // Remembers that the message next() gave last, or one sent, belongs to a call: a connection is
  // not idle while its calls last.
  void belongs_to(std::uint32_t number, std::uint64_t call);
  void call_ended(std::uint64_t call);

  // Closes what is idle or could not be opened in time. Every second or so.
  void look_after(Instant now);

  // Paths on which something could not be sent, or that broke; taken away by the call.
  void take_failed(std::vector<sip::Path>& failed);

  std::size_t size() const { return connections_.size(); }
  const TcpCounters& counters() const { return counters_; }

 private:
  struct Connection;
  // Who is at the other end, for us: connections of two listeners to one peer are two.
  struct Way {
    Endpoint peer;
    std::uint16_t local;
    friend auto operator<=>(const Way&, const Way&) = default;
  };

  struct Local {
    sip::Transport transport = sip::Transport::Tcp;
    IpAddress source;
  };
  enum class Opened { ByPeer, ByUs };

  sip::Transport transport_at(std::uint16_t local) const;
  Connection* find(const sip::Path& path);
  Connection* open(const sip::Path& path, Instant now);
  std::unique_ptr<TlsPipe> tls_of(const Way& way, sip::Transport transport, Opened opened);
  Connection* newest_of_client(const sip::Path& path);
  Connection& add(Descriptor socket, const Way& way, Opened opened, Instant now);
  enum class Ended { ByUs, ByPeer, Broken };
  void close(Connection& connection, Ended why);
  void write(Connection& connection, Instant now);
  void watch(Connection& connection);
  void finish_opening(Connection& connection, Instant now);
  void list(Connection& connection);
  void note_open(Connection& connection);
  void part(Connection& connection);
  seconds patience(const Connection& connection) const;

  const int epoll_;
  const std::uint64_t tag_;
  TcpSettings settings_;
  TcpCounters counters_;
  std::unique_ptr<TlsContext> tls_;
  std::vector<Local> locals_;              // by Path::local
  std::map<Endpoint, std::string> names_;  // of TLS servers
  std::size_t handshakes_ = 0;             // of connections that came in and are not open yet
  std::uint32_t last_number_ = 0;
  std::unordered_map<std::uint32_t, std::unique_ptr<Connection>> connections_;
  std::map<Way, std::uint32_t> by_way_;  // the newest connection of each
  std::unordered_map<std::uint64_t, std::vector<std::uint32_t>> by_call_;
  std::vector<std::uint32_t> to_write_;
  std::vector<sip::Path> failed_;
  std::uint32_t reading_ = 0;  // whose messages next() gives
  std::unique_ptr<char[]> room_;
};

}  // namespace tandem::net
