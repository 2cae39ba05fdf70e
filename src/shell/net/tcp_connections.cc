#include "shell/net/tcp_connections.h"

#include <netinet/tcp.h>
#include <sys/epoll.h>

#include <algorithm>
#include <cerrno>

#include "base/limits.h"
#include "shell/net/stream_layers.h"

namespace tandem::net {
namespace {

constexpr std::size_t kReadAtOnce = 16 * 1024;  // of one connection, so that others have their turn
constexpr seconds kOpenLimit{5};                // until a peer takes our connection
constexpr seconds kHandshakeLimit{10};     // of TLS and WebSocket together, however it dribbles
constexpr seconds kFirstMessageLimit{30};  // until a peer that connected says something whole
constexpr seconds kLongestCall{24h};       // older ones hold no connection open
constexpr std::size_t kMaxCallsNoted = 1'000'000;
constexpr std::size_t kMaxAsked = 1024;

}  // namespace

struct TcpConnections::Connection {
  Connection(std::uint32_t its_number, Descriptor its_socket, const Way& its_way,
             sip::Transport its_transport, std::unique_ptr<TlsPipe> tls)
      : number(its_number),
        socket(std::move(its_socket)),
        way(its_way),
        transport(its_transport),
        layers(its_transport, std::move(tls)) {}

  std::uint32_t number;
  Descriptor socket;
  Way way;
  sip::Transport transport;
  StreamLayers layers;
  std::size_t sent = 0;  // of what the layers want to be sent
  bool connecting = false;
  bool closing = false;     // after what waits was sent
  bool spoke = false;       // at least one whole message came in or went out
  bool secured = false;     // its TLS handshake is over, well or not
  bool opened = false;      // its layers are
  bool handshakes = false;  // and it is counted among those that are not
  bool watched_for_room = false;
  bool listed = false;  // in to_write_
  Instant begun{};
  Instant heard{};  // or sent
  std::unordered_set<std::uint64_t> calls;
  std::vector<std::uint32_t> asked;  // other numbers under which messages came here

  std::size_t waiting() const { return layers.waiting() - sent; }
  std::string_view to_send() const { return std::string_view(layers.wire()).substr(sent); }
  sip::Path path() const {
    return {.transport = transport, .local = way.local, .connection = number, .peer = way.peer};
  }
};

TcpConnections::TcpConnections(int epoll, std::uint64_t tag, std::unique_ptr<TlsContext> tls)
    : epoll_(epoll),
      tag_(tag),
      tls_(std::move(tls)),
      room_(std::make_unique_for_overwrite<char[]>(kReadAtOnce)) {}

TcpConnections::~TcpConnections() = default;

void TcpConnections::add_local(std::uint16_t local, sip::Transport transport,
                               const IpAddress& source) {
  if (locals_.size() <= local) locals_.resize(std::size_t(local) + 1);
  locals_[local] = {transport, source};
}

sip::Transport TcpConnections::transport_at(std::uint16_t local) const {
  return local < locals_.size() ? locals_[local].transport : Local{}.transport;
}

void TcpConnections::name_peer(const Endpoint& peer, const std::string& host) {
  if (names_.size() >= kMaxPeerNames && names_.count(peer) == 0) names_.clear();
  names_[peer] = host;
}

void TcpConnections::apply(const TcpSettings& settings) {
  const bool marked = settings.tos != settings_.tos;
  settings_ = settings;
  if (tls_) tls_->ask_of_peers(settings.tls_peers);
  if (!marked) return;
  for (const auto& [number, each] : connections_) {
    mark(each->socket, each->way.peer.ip.is_v4(), settings_.tos);
  }
}

void TcpConnections::accept(Descriptor socket, const Endpoint& peer, std::uint16_t local,
                            Instant now) {
  const bool shakes = transport_at(local) != sip::Transport::Tcp;
  const bool full = connections_.size() >= kMaxConnections;
  if (full || (shakes && handshakes_ >= kMaxHandshakes)) {
    ++counters_.refused;
    return;
  }
  ++counters_.accepted;
  Connection& connection = add(std::move(socket), {peer, local}, Opened::ByPeer, now);
  if (shakes) {
    connection.handshakes = true;
    ++handshakes_;
  }
  watch(connection);
}

std::unique_ptr<TlsPipe> TcpConnections::tls_of(const Way& way, sip::Transport transport,
                                                Opened opened) {
  if (!sip::is_secure(transport)) return nullptr;
  if (opened == Opened::ByPeer) return tls_->accept();
  const auto name = names_.find(way.peer);
  return tls_->connect(name != names_.end() ? name->second : way.peer.ip.text());
}

TcpConnections::Connection& TcpConnections::add(Descriptor socket, const Way& way, Opened opened,
                                                Instant now) {
  do {
    ++last_number_;
  } while (last_number_ == 0 || last_number_ == sip::kGone ||
           connections_.count(last_number_) != 0);
  set_option(socket, IPPROTO_TCP, TCP_NODELAY, 1);
  set_option(socket, SOL_SOCKET, SO_KEEPALIVE, 1);
  set_option(socket, IPPROTO_TCP, TCP_KEEPIDLE, 60);
  set_option(socket, IPPROTO_TCP, TCP_KEEPINTVL, 20);
  set_option(socket, IPPROTO_TCP, TCP_KEEPCNT, 3);
  if (settings_.tos != 0) mark(socket, way.peer.ip.is_v4(), settings_.tos);
  const sip::Transport transport = transport_at(way.local);
  auto made = std::make_unique<Connection>(last_number_, std::move(socket), way, transport,
                                           tls_of(way, transport, opened));
  Connection& connection = *made;
  connection.connecting = opened == Opened::ByUs;
  connection.opened = connection.layers.open();
  connection.begun = connection.heard = now;
  connections_.emplace(last_number_, std::move(made));
  by_way_[way] = connection.number;
  return connection;
}

// Puts it into the epoll set, or changes what it waits for there.
void TcpConnections::watch(Connection& connection) {
  const bool for_room = connection.connecting || !connection.to_send().empty();
  epoll_event event{};
  event.events = EPOLLIN | (for_room ? EPOLLOUT : 0u);
  event.data.u64 = tag_ | connection.number;
  if (::epoll_ctl(epoll_, EPOLL_CTL_MOD, connection.socket.get(), &event) != 0) {
    ::epoll_ctl(epoll_, EPOLL_CTL_ADD, connection.socket.get(), &event);
  }
  connection.watched_for_room = for_room;
}

TcpConnections::Connection* TcpConnections::find(const sip::Path& path) {
  if (path.connection != 0) {
    const auto found = connections_.find(path.connection);
    // A path that outlived the process may name what is the connection of somebody else by now.
    if (found != connections_.end() && found->second->way == Way{path.peer, path.local}) {
      return found->second.get();
    }
  }
  const auto way = by_way_.find({path.peer, path.local});
  if (way == by_way_.end()) {
    // A path that named a connection is not for others who come from the same address.
    const bool any = sip::is_web_socket(path.transport) && path.connection == 0;
    return any ? newest_of_client(path) : nullptr;
  }
  const auto found = connections_.find(way->second);
  if (found == connections_.end() || found->second->closing) return nullptr;
  return found->second.get();
}

// A client of WebSocket comes from whatever port, and cannot be connected to (RFC 7118 §5): what is
// configured names its address, and the newest connection from there is meant.
TcpConnections::Connection* TcpConnections::newest_of_client(const sip::Path& path) {
  Connection* newest = nullptr;
  for (auto way = by_way_.lower_bound({{path.peer.ip, 0}, 0});
       way != by_way_.end() && way->first.peer.ip == path.peer.ip; ++way) {
    const auto found = connections_.find(way->second);
    if (found == connections_.end()) continue;
    Connection& each = *found->second;
    const bool usable = each.transport == path.transport && each.opened && !each.closing;
    if (usable && (newest == nullptr || each.begun >= newest->begun)) newest = &each;
  }
  return newest;
}

TcpConnections::Connection* TcpConnections::open(const sip::Path& path, Instant now) {
  if (connections_.size() >= kMaxConnections) {
    ++counters_.refused;
    return nullptr;
  }
  if (sip::is_web_socket(path.transport)) return nullptr;
  Descriptor socket = open_socket(path.peer.ip, Kind::Stream);
  if (!socket || path.peer.port == 0) return nullptr;
  const IpAddress source = path.local < locals_.size() ? locals_[path.local].source : IpAddress{};
  if (!source.none() && !source.is_any() && source.is_v4() == path.peer.ip.is_v4()) {
    set_option(socket, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, 1);
    const SocketAddress from({source, 0});
    ::bind(socket.get(), &from.generic, from.size());
  }
  const SocketAddress to(path.peer);
  if (::connect(socket.get(), &to.generic, to.size()) != 0 && errno != EINPROGRESS) return nullptr;
  ++counters_.opened;
  Connection& connection = add(std::move(socket), {path.peer, path.local}, Opened::ByUs, now);
  watch(connection);
  return &connection;
}

void TcpConnections::send(const sip::Outbox::Datagram& datagram, Instant now) {
  // What was meant for TLS goes over nothing else, whoever mistook the address.
  const bool meant = transport_at(datagram.path.local) == datagram.path.transport;
  Connection* connection = meant ? find(datagram.path) : nullptr;
  if (meant && connection == nullptr) connection = open(datagram.path, now);
  if (connection == nullptr) {
    ++counters_.failed;
    failed_.push_back(datagram.path);
    return;
  }
  if (connection->waiting() + datagram.bytes.size() > kMaxConnectionQueue) {
    failed_.push_back(datagram.path);
    return close(*connection, Ended::Broken);
  }
  const std::uint32_t asked = datagram.path.connection;
  std::vector<std::uint32_t>& others = connection->asked;
  if (asked != connection->number &&
      std::find(others.begin(), others.end(), asked) == others.end() && others.size() < kMaxAsked) {
    others.push_back(asked);
  }
  connection->layers.send(datagram.bytes);
  connection->spoke = true;
  ++counters_.sent;
  if (datagram.call != 0) belongs_to(connection->number, datagram.call);
  list(*connection);
}

// To be written when the round ends; one that is connecting is when it has.
void TcpConnections::list(Connection& connection) {
  if (!connection.listed && !connection.connecting) to_write_.push_back(connection.number);
  connection.listed = true;
}

void TcpConnections::flush(Instant now) {
  for (std::size_t i = 0; i < to_write_.size(); ++i) {
    const auto found = connections_.find(to_write_[i]);
    if (found != connections_.end()) write(*found->second, now);
  }
  to_write_.clear();
}

void TcpConnections::write(Connection& connection, Instant now) {
  connection.listed = false;
  while (!connection.to_send().empty()) {
    const std::string_view rest = connection.to_send();
    const ssize_t taken = ::send(connection.socket.get(), rest.data(), rest.size(), MSG_NOSIGNAL);
    if (taken < 0 && errno == EINTR) continue;
    if (taken < 0 && errno == EAGAIN) break;
    if (taken < 0) return close(connection, Ended::Broken);
    connection.sent += std::size_t(taken);
    connection.heard = now;
  }
  if (connection.to_send().empty()) {
    connection.layers.wire().clear();
    connection.sent = 0;
    if (connection.closing) return close(connection, Ended::ByUs);
  } else if (connection.sent > kMaxConnectionQueue / 4) {
    connection.layers.wire().erase(0, connection.sent);
    connection.sent = 0;
  }
  if (connection.watched_for_room != !connection.to_send().empty()) watch(connection);
}

void TcpConnections::finish_opening(Connection& connection, Instant now) {
  int error = 0;
  socklen_t size = sizeof error;
  ::getsockopt(connection.socket.get(), SOL_SOCKET, SO_ERROR, &error, &size);
  if (error != 0) return close(connection, Ended::Broken);
  connection.connecting = false;
  connection.begun = connection.heard = now;
  write(connection, now);
}

void TcpConnections::on_ready(std::uint32_t number, std::uint32_t events, Instant now) {
  reading_ = 0;
  if (connections_.count(number) == 0) return;
  if (connections_[number]->connecting) {
    if ((events & (EPOLLOUT | EPOLLERR | EPOLLHUP)) == 0) return;
    finish_opening(*connections_[number], now);
  } else if ((events & EPOLLOUT) != 0) {
    write(*connections_[number], now);
  }
  const auto found = connections_.find(number);  // unless that was its end
  if (found == connections_.end() || (events & (EPOLLIN | EPOLLERR | EPOLLHUP)) == 0) return;
  Connection& connection = *found->second;
  const ssize_t count = ::recv(connection.socket.get(), room_.get(), kReadAtOnce, 0);
  if (count < 0 && (errno == EAGAIN || errno == EINTR)) return;
  // Also a peer that ends politely leaves our requests without an answer.
  if (count == 0) return close(connection, Ended::ByPeer);
  if (count < 0) return close(connection, Ended::Broken);
  if (connection.closing) return;  // what it says now is of no interest
  connection.layers.receive({room_.get(), std::size_t(count)});
  connection.heard = now;
  note_open(connection);
  reading_ = number;
}

// What became of its handshakes.
void TcpConnections::note_open(Connection& connection) {
  const TlsPipe* tls = connection.layers.tls();
  if (tls != nullptr && tls->state() != TlsPipe::State::Opening && !connection.secured) {
    connection.secured = true;
    if (tls->state() == TlsPipe::State::Broken) return void(++counters_.tls_sessions_failed);
    ++counters_.tls_sessions;
    if (!tls->verified() && tls->policy() != PeerPolicy::Off) ++counters_.tls_peers_unverified;
  }
  if (connection.opened || !connection.layers.open()) return;
  connection.opened = true;
  if (std::exchange(connection.handshakes, false)) --handshakes_;
}

bool TcpConnections::next(Arrival& arrival) {
  while (reading_ != 0) {
    const auto found = connections_.find(reading_);
    if (found == connections_.end() || found->second->closing) break;
    Connection& connection = *found->second;
    const sip::StreamEvent event = connection.layers.next();
    if (connection.waiting() > kMaxConnectionQueue) {
      close(connection, Ended::Broken);
      break;
    }
    if (!connection.to_send().empty()) list(connection);
    switch (event) {
      case sip::StreamEvent::NeedMore: {
        reading_ = 0;
        const bool alive = connection.layers.only_line_breaks();
        arrival = {.path = connection.path(), .bytes = "\r\n"};
        // Also a peer that ends politely leaves our requests without an answer.
        if (connection.layers.ended()) close(connection, Ended::ByPeer);
        return alive;
      }
      case sip::StreamEvent::Ping:
        connection.layers.answer_ping();
        list(connection);
        continue;
      case sip::StreamEvent::Message:
      case sip::StreamEvent::TooLarge:
        connection.spoke = true;
        ++counters_.received;
        arrival = {.path = connection.path(), .bytes = connection.layers.message()};
        if (event == sip::StreamEvent::Message) return true;
        // What follows cannot be told apart: it is answered, then closed.
        connection.closing = true;
        list(connection);
        reading_ = 0;
        return !arrival.bytes.empty();
      case sip::StreamEvent::Broken:
        if (connection.layers.upgrade_refused()) ++counters_.websockets_refused;
        close(connection, Ended::Broken);
        reading_ = 0;
        return false;
    }
  }
  reading_ = 0;
  return false;
}

void TcpConnections::close(Connection& connection, Ended why) {
  if (why == Ended::Broken) ++counters_.failed;
  if (connection.layers.tls() != nullptr && !std::exchange(connection.secured, true)) {
    ++counters_.tls_sessions_failed;
  }
  if (std::exchange(connection.handshakes, false)) --handshakes_;
  part(connection);
  if (why != Ended::ByUs) {
    sip::Path path = connection.path();
    failed_.push_back(path);
    for (const std::uint32_t asked : connection.asked) {
      path.connection = asked;
      failed_.push_back(path);
    }
  }
  const auto way = by_way_.find(connection.way);
  if (way != by_way_.end() && way->second == connection.number) by_way_.erase(way);
  for (const std::uint64_t call : connection.calls) {
    const auto noted = by_call_.find(call);
    if (noted == by_call_.end()) continue;
    std::erase(noted->second, connection.number);
    if (noted->second.empty()) by_call_.erase(noted);
  }
  if (settings_.close_with_reset) {
    const linger at_once{.l_onoff = 1, .l_linger = 0};
    ::setsockopt(connection.socket.get(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  }
  connections_.erase(connection.number);  // the system takes it out of the epoll set
}

// What its layers have to say last, as far as the system takes it at once.
void TcpConnections::part(Connection& connection) {
  if (connection.layers.plain() || connection.connecting) return;
  connection.layers.end();
  const std::string_view rest = connection.to_send();
  if (rest.empty()) return;
  [[maybe_unused]] const ssize_t taken =
      ::send(connection.socket.get(), rest.data(), rest.size(), MSG_NOSIGNAL);
}

void TcpConnections::belongs_to(std::uint32_t number, std::uint64_t call) {
  const auto found = connections_.find(number);
  if (found == connections_.end() || by_call_.size() >= kMaxCallsNoted) return;
  if (found->second->calls.insert(call).second) by_call_[call].push_back(number);
}

void TcpConnections::call_ended(std::uint64_t call) {
  const auto noted = by_call_.find(call);
  if (noted == by_call_.end()) return;
  for (const std::uint32_t number : noted->second) {
    const auto found = connections_.find(number);
    if (found != connections_.end()) found->second->calls.erase(call);
  }
  by_call_.erase(noted);
}

void TcpConnections::look_after(Instant now) {
  std::vector<std::uint32_t> late;
  for (const auto& [number, each] : connections_) {
    // Bytes alone, without a whole message, gain it no time.
    const bool speaks = each->opened && each->spoke;
    const auto silent = now - (speaks || each->connecting ? each->heard : each->begun);
    if (silent < patience(*each)) continue;
    if (speaks && !each->connecting && each->waiting() == 0 && !each->calls.empty() &&
        silent < kLongestCall) {
      continue;
    }
    late.push_back(number);
  }
  std::sort(late.begin(), late.end());
  for (const std::uint32_t number : late) {
    Connection& connection = *connections_[number];
    const bool broken = connection.connecting || connection.waiting() > 0;
    if (!broken) ++counters_.idle;
    close(connection, broken ? Ended::Broken : Ended::ByUs);
  }
}

seconds TcpConnections::patience(const Connection& connection) const {
  if (connection.connecting) return kOpenLimit;
  if (!connection.opened) return kHandshakeLimit;
  if (connection.spoke) return settings_.idle_timeout;
  return std::min(kFirstMessageLimit, settings_.idle_timeout);
}

void TcpConnections::take_failed(std::vector<sip::Path>& failed) {
  failed.insert(failed.end(), failed_.begin(), failed_.end());
  failed_.clear();
}

}  // namespace tandem::net
