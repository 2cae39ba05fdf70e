#include "shell/net/network.h"

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <optional>

#include "shell/net/cares_source.h"
#include "shell/net/kinds.h"
#include "shell/net/local_addresses.h"

namespace tandem::net {
namespace {

// What an entry of the epoll set is: the upper half of its data; the lower half says which.
constexpr std::uint64_t kTagUdp = std::uint64_t{1} << 32;
constexpr std::uint64_t kTagAccept = std::uint64_t{2} << 32;
constexpr std::uint64_t kTagConnection = std::uint64_t{3} << 32;
constexpr std::uint64_t kTagDns = std::uint64_t{4} << 32;
constexpr std::uint64_t kTagWake = std::uint64_t{5} << 32;
constexpr std::uint64_t kTagMask = std::uint64_t{0xffffffff} << 32;

constexpr int kEventsAtOnce = 256;
constexpr int kAcceptsAtOnce = 64;
constexpr int kBacklog = 1024;
constexpr std::size_t kMaxFailedAtOnce = 1024;

struct TcpListener {
  Descriptor socket;
  Endpoint address;
  std::vector<LocalIndex> locals;
  bool paused = false;  // out of descriptors: not in the epoll set, lest it spins

  std::uint16_t local_of(const IpAddress& ip) const {
    for (const LocalIndex& each : locals) {
      if (each.ip == ip) return each.local;
    }
    for (const LocalIndex& each : locals) {
      if (each.ip.is_loopback() == ip.is_loopback()) return each.local;
    }
    return locals.front().local;
  }
};

// Handling a message takes the next ones out of the near cache; they come back meanwhile.
void fetch_ahead(const Arrival& next) {
  constexpr std::size_t kLine = 64;
  constexpr std::size_t kUsualMessage = 768;
  const std::size_t size = std::min(next.bytes.size(), kUsualMessage);
  for (std::size_t at = 0; at < size; at += kLine) __builtin_prefetch(next.bytes.data() + at);
}

void add(int epoll, int descriptor, std::uint64_t data) {
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.u64 = data;
  ::epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, &event);
}

Abilities abilities_of(const std::vector<Listener>& listeners) {
  Abilities abilities{.udp = false, .tcp = false, .tls = false, .v4 = false, .v6 = false};
  for (const Listener& each : listeners) {
    abilities.udp = abilities.udp || each.transport == sip::Transport::Udp;
    abilities.tcp = abilities.tcp || each.transport == sip::Transport::Tcp;
    abilities.tls = abilities.tls || each.transport == sip::Transport::Tls;
    (each.address.ip.is_v4() ? abilities.v4 : abilities.v6) = true;
  }
  return abilities;
}

}  // namespace

struct Network::State {
  Descriptor epoll;
  Descriptor wake;
  std::vector<Listener> listeners;
  std::vector<ListenAddress> bound;
  std::vector<std::unique_ptr<UdpSocket>> udp;
  std::vector<UdpSocket*> udp_by_local;  // nullptr: no UDP listener
  std::vector<TcpListener> tcp;
  std::unique_ptr<TcpConnections> connections;
  std::unique_ptr<CaresSource> dns;
  std::unique_ptr<Resolver> resolver;  // ends before the source it asks
  Settings settings;
  ReceiveRoom room;
  std::array<epoll_event, kEventsAtOnce> events;
  int ready = 0;
  std::vector<sip::Path> failed;
  std::uint64_t paths_failed = 0;

  ~State() { dns.reset(); }

  int listen(const ListenAddress& wanted);
  std::vector<LocalIndex> add_listeners(sip::Transport transport, const Endpoint& bound_to);
  int listen_tcp(const Endpoint& address, Endpoint& bound_to);
  bool receive_udp(UdpSocket& socket, std::uint32_t ready_for, Receiver& receiver);
  void accept(TcpListener& listener, Instant now);
  bool receive_tcp(std::uint32_t number, std::uint32_t ready_for, Receiver& receiver, Instant now);
};

// Answers 0 or an errno.
int Network::State::listen(const ListenAddress& wanted) {
  Endpoint bound_to;
  if (wanted.transport == sip::Transport::Udp) {
    auto opened = UdpSocket::open(wanted.address);
    if (!opened.ok()) return opened.error();
    UdpSocket& socket = *udp.emplace_back(std::move(opened).value());
    bound_to = socket.address();
    auto locals = add_listeners(wanted.transport, bound_to);
    udp_by_local.resize(listeners.size());
    for (const LocalIndex& each : locals) udp_by_local[each.local] = &socket;
    socket.stands_for(std::move(locals));
    add(epoll.get(), socket.descriptor(), kTagUdp | (udp.size() - 1));
  } else {
    if (const int error = listen_tcp(wanted.address, bound_to); error != 0) return error;
    tcp.back().locals = add_listeners(wanted.transport, bound_to);
    for (const LocalIndex& each : tcp.back().locals) {
      connections->add_local(each.local, wanted.transport, each.ip);
    }
    udp_by_local.resize(listeners.size());
  }
  bound.push_back({.transport = wanted.transport, .address = bound_to});
  return 0;
}

std::vector<LocalIndex> Network::State::add_listeners(sip::Transport transport,
                                                      const Endpoint& bound_to) {
  std::vector<IpAddress> addresses{bound_to.ip};
  if (bound_to.ip.is_any()) {
    if (auto all = local_addresses(bound_to.ip); !all.empty()) addresses = std::move(all);
  }
  std::vector<LocalIndex> locals;
  for (const IpAddress& ip : addresses) {
    const Endpoint address{ip, bound_to.port};
    locals.push_back({ip, static_cast<std::uint16_t>(listeners.size())});
    listeners.push_back({transport, address});
  }
  return locals;
}

int Network::State::listen_tcp(const Endpoint& address, Endpoint& bound_to) {
  Descriptor socket = open_socket(address.ip, Kind::Stream);
  if (!socket) return errno;
  set_option(socket, SOL_SOCKET, SO_REUSEADDR, 1);
  const SocketAddress where(address);
  if (::bind(socket.get(), &where.generic, where.size()) != 0) return errno;
  if (::listen(socket.get(), kBacklog) != 0) return errno;
  bound_to = bound_address(socket);
  add(epoll.get(), socket.get(), kTagAccept | tcp.size());
  tcp.push_back({.socket = std::move(socket), .address = bound_to, .locals = {}});
  return 0;
}

Network::Network(std::unique_ptr<State> state) : state_(std::move(state)) {}

Network::~Network() = default;

Result<std::unique_ptr<Network>, std::string> Network::open(
    const std::vector<ListenAddress>& addresses, const Rng& rng, std::unique_ptr<TlsContext> tls) {
  for (const ListenAddress& wanted : addresses) {
    if (!sip::is_secure(wanted.transport) || tls) continue;
    return Failure{"cannot listen on " + to_text(wanted) +
                   ": SS_SIP_TLS_CERTIFICATE names no certificate"};
  }
  auto state = std::make_unique<State>();
  state->epoll = Descriptor(::epoll_create1(EPOLL_CLOEXEC));
  state->wake = Descriptor(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC));
  if (!state->epoll || !state->wake) return Failure{std::string("no file descriptors are left")};
  add(state->epoll.get(), state->wake.get(), kTagWake);
  state->connections =
      std::make_unique<TcpConnections>(state->epoll.get(), kTagConnection, std::move(tls));
  for (const ListenAddress& wanted : addresses) {
    const int error = state->listen(wanted);
    const bool absent = error == EAFNOSUPPORT || error == EADDRNOTAVAIL;
    if (error != 0 && !(wanted.optional && absent)) {
      return Failure{cannot_listen(to_text(wanted), error)};
    }
  }
  auto dns = CaresSource::open(state->epoll.get(), kTagDns);
  if (!dns.ok()) return Failure{dns.error()};
  state->dns = std::move(dns).value();
  state->resolver = std::make_unique<Resolver>(*state->dns, abilities_of(state->listeners), rng);
  return std::unique_ptr<Network>(new Network(std::move(state)));
}

const std::vector<Listener>& Network::listeners() const { return state_->listeners; }

std::vector<ListenAddress> Network::bound() const { return state_->bound; }

void Network::apply(const Settings& settings) {
  if (settings.tos != state_->settings.tos) {
    for (const auto& socket : state_->udp) socket->mark(settings.tos);
    for (const TcpListener& each : state_->tcp) {
      mark(each.socket, each.address.ip.is_v4(), settings.tos);
    }
  }
  state_->settings = settings;
  state_->settings.tcp.tos = settings.tos;
  state_->connections->apply(state_->settings.tcp);
}

void Network::wait(milliseconds limit) {
  constexpr milliseconds kDnsPause{50};  // c-ares has time-outs of its own to look at
  if (state_->dns->busy() || state_->resolver->open_questions() > 0) {
    limit = std::min(limit, kDnsPause);
  }
  const int count = ::epoll_wait(state_->epoll.get(), state_->events.data(), kEventsAtOnce,
                                 static_cast<int>(limit.count()));
  state_->ready = std::max(count, 0);
}

void Network::wake() {
  const std::uint64_t one = 1;
  [[maybe_unused]] const ssize_t written = ::write(state_->wake.get(), &one, sizeof one);
}

bool Network::receive(Receiver& receiver, Instant now) {
  State& state = *state_;
  bool more = state.ready == kEventsAtOnce;
  for (int i = 0; i < state.ready; ++i) {
    const epoll_event& event = state.events[std::size_t(i)];
    const auto which = static_cast<std::uint32_t>(event.data.u64);
    switch (event.data.u64 & kTagMask) {
      case kTagUdp:
        more = state.receive_udp(*state.udp[which], event.events, receiver) || more;
        break;
      case kTagAccept:
        state.accept(state.tcp[which], now);
        break;
      case kTagConnection:
        more = state.receive_tcp(which, event.events, receiver, now) || more;
        break;
      case kTagDns:
        state.dns->on_ready(static_cast<int>(which), event.events);
        break;
      case kTagWake: {
        std::uint64_t told = 0;
        [[maybe_unused]] const ssize_t read = ::read(state.wake.get(), &told, sizeof told);
        break;
      }
    }
  }
  state.ready = 0;
  if (state.dns->busy()) state.dns->look_after();
  return more;
}

bool Network::State::receive_udp(UdpSocket& socket, std::uint32_t ready_for, Receiver& receiver) {
  if ((ready_for & EPOLLERR) != 0) socket.read_errors(failed);
  const auto arrivals = socket.receive(room);
  HandlingOrder order;
  order_by_kind(arrivals, order);
  for (std::size_t i = 0; i < arrivals.size(); ++i) {
    if (i + 1 < arrivals.size()) fetch_ahead(arrivals[order[i + 1]]);
    const Arrival& arrival = arrivals[order[i]];
    receiver.on_message(arrival.path, arrival.bytes);
  }
  return arrivals.size() == kReceiveBatch;
}

void Network::State::accept(TcpListener& listener, Instant now) {
  for (int i = 0; i < kAcceptsAtOnce; ++i) {
    SocketAddress peer;
    socklen_t size = sizeof peer;
    Descriptor socket(
        ::accept4(listener.socket.get(), &peer.generic, &size, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (!socket) {
      if (errno != EMFILE && errno != ENFILE) return;
      listener.paused = true;
      ::epoll_ctl(epoll.get(), EPOLL_CTL_DEL, listener.socket.get(), nullptr);
      return;
    }
    const std::uint16_t local = listener.local_of(bound_address(socket).ip);
    connections->accept(std::move(socket), peer.endpoint(), local, now);
  }
}

bool Network::State::receive_tcp(std::uint32_t number, std::uint32_t ready_for, Receiver& receiver,
                                 Instant now) {
  connections->on_ready(number, ready_for, now);
  bool any = false;
  for (Arrival arrival; connections->next(arrival); any = true) {
    receiver.on_message(arrival.path, arrival.bytes);
  }
  return any;
}

void Network::belongs_to(const sip::Path& path, std::uint64_t call) {
  if (path.reliable()) state_->connections->belongs_to(path.connection, call);
}

void Network::call_ended(std::uint64_t call) { state_->connections->call_ended(call); }

void Network::send(const sip::Outbox& outbox, Instant now) {
  State& state = *state_;
  for (const sip::Outbox::Datagram& each : outbox.datagrams()) {
    if (each.path.reliable()) {
      state.connections->send(each, now);
    } else if (each.path.local < state.udp_by_local.size() &&
               state.udp_by_local[each.path.local] != nullptr) {
      state.udp_by_local[each.path.local]->send(each, state.failed);
    } else {
      state.failed.push_back(each.path);
    }
  }
  for (const auto& socket : state.udp) socket->flush(state.failed);
  state.connections->flush(now);
}

void Network::ask(const NameQuestion& question, Instant now) {
  state_->resolver->ask(question, now);
}

void Network::take_answers(Instant now, std::vector<NameAnswer>& answers) {
  const std::size_t before = answers.size();
  state_->resolver->take_answers(now, answers);
  for (std::size_t i = before; i < answers.size(); ++i) {
    for (const sip::Path& target : answers[i].targets) {
      if (target.transport != sip::Transport::Tls) continue;
      state_->connections->name_peer(target.peer, answers[i].host);
    }
  }
}

void Network::take_failed(std::vector<sip::Path>& failed) {
  State& state = *state_;
  state.connections->take_failed(state.failed);
  if (state.failed.empty()) return;
  std::sort(state.failed.begin(), state.failed.end());
  state.failed.erase(std::unique(state.failed.begin(), state.failed.end()), state.failed.end());
  // A storm of ICMP is told in part: each path is found again when something is sent there.
  if (state.failed.size() > kMaxFailedAtOnce) state.failed.resize(kMaxFailedAtOnce);
  state.paths_failed += state.failed.size();
  failed.insert(failed.end(), state.failed.begin(), state.failed.end());
  state.failed.clear();
}

double Network::waiting() const {
  double most = 0;
  for (const auto& socket : state_->udp) most = std::max(most, socket->waiting());
  return most;
}

void Network::look_after(Instant now) {
  state_->connections->look_after(now);
  for (std::size_t i = 0; i < state_->tcp.size(); ++i) {
    TcpListener& listener = state_->tcp[i];
    if (!std::exchange(listener.paused, false)) continue;
    add(state_->epoll.get(), listener.socket.get(), kTagAccept | i);
  }
}

NetworkCounters Network::counters() const {
  NetworkCounters sum;
  for (const auto& socket : state_->udp) {
    sum.udp.received += socket->counters().received;
    sum.udp.sent += socket->counters().sent;
    sum.udp.trains += socket->counters().trains;
    sum.udp.not_sent += socket->counters().not_sent;
  }
  sum.tcp = state_->connections->counters();
  sum.paths_failed = state_->paths_failed;
  sum.connections = state_->connections->size();
  sum.names_asked = state_->resolver->open_questions();
  return sum;
}

}  // namespace tandem::net
