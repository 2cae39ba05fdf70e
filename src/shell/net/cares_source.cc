#include "shell/net/cares_source.h"

#include <ares.h>
#include <arpa/nameser.h>
#include <netdb.h>
#include <sys/epoll.h>

#include <algorithm>

#include "shell/net/socket_address.h"

namespace tandem::net {
namespace {

constexpr int kTimeout = 1500;  // ms, of the first try at each server
constexpr int kTries = 2;

// One query on its way.
struct Pending {
  std::size_t* open;
  std::function<void(DnsAnswer)> answered;

  // Frees itself: c-ares calls exactly once.
  static void finish(void* argument, DnsAnswer answer) {
    const std::unique_ptr<Pending> pending(static_cast<Pending*>(argument));
    --*pending->open;
    pending->answered(std::move(answer));
  }
};

std::uint16_t word_at(const unsigned char* at) { return std::uint16_t(at[0] << 8 | at[1]); }

// The smallest time to live of the answer section (RFC 1035 §4.1); c-ares does not tell it for SRV
// and NAPTR.
seconds smallest_time_to_live(const unsigned char* bytes, int size) {
  constexpr int kHeader = 12;
  const unsigned char* const end = bytes + size;
  if (size < kHeader) return 0s;
  const unsigned char* at = bytes + kHeader;
  const auto skip_name = [&] {
    char* name = nullptr;
    long length = 0;
    if (at >= end || ares_expand_name(at, bytes, size, &name, &length) != ARES_SUCCESS)
      return false;
    ares_free_string(name);
    at += length;
    return true;
  };
  for (int i = word_at(bytes + 4); i > 0; --i) {
    if (!skip_name()) return 0s;
    at += 4;
  }
  std::uint32_t smallest = UINT32_MAX;
  for (int i = word_at(bytes + 6); i > 0; --i) {
    if (!skip_name() || end - at < 10) return 0s;
    smallest = std::min(smallest, std::uint32_t(word_at(at + 4)) << 16 | word_at(at + 6));
    at += 10 + word_at(at + 8);
  }
  return smallest == UINT32_MAX ? 0s : seconds(smallest & 0x7fffffff);
}

void on_srv(void* argument, int status, int, unsigned char* bytes, int size) {
  DnsAnswer answer;
  ares_srv_reply* records = nullptr;
  if (status == ARES_SUCCESS && ares_parse_srv_reply(bytes, size, &records) == ARES_SUCCESS) {
    for (const ares_srv_reply* each = records; each != nullptr; each = each->next) {
      answer.srv.push_back({each->priority, each->weight, each->port, each->host});
    }
    answer.time_to_live = smallest_time_to_live(bytes, size);
    ares_free_data(records);
  }
  Pending::finish(argument, std::move(answer));
}

std::string text_of(const unsigned char* text) { return reinterpret_cast<const char*>(text); }

void on_naptr(void* argument, int status, int, unsigned char* bytes, int size) {
  DnsAnswer answer;
  ares_naptr_reply* records = nullptr;
  if (status == ARES_SUCCESS && ares_parse_naptr_reply(bytes, size, &records) == ARES_SUCCESS) {
    for (const ares_naptr_reply* each = records; each != nullptr; each = each->next) {
      answer.naptr.push_back({each->order, each->preference, text_of(each->flags),
                              text_of(each->service), each->replacement});
    }
    answer.time_to_live = smallest_time_to_live(bytes, size);
    ares_free_data(records);
  }
  Pending::finish(argument, std::move(answer));
}

void on_addresses(void* argument, int status, int, ares_addrinfo* found) {
  DnsAnswer answer;
  int time_to_live = INT32_MAX;
  for (const ares_addrinfo_node* each = status == ARES_SUCCESS ? found->nodes : nullptr;
       each != nullptr; each = each->ai_next) {
    if (each->ai_family == AF_INET) {
      answer.addresses.push_back(
          from_system(reinterpret_cast<const sockaddr_in*>(each->ai_addr)->sin_addr));
    } else if (each->ai_family == AF_INET6) {
      answer.addresses.push_back(
          from_system(reinterpret_cast<const sockaddr_in6*>(each->ai_addr)->sin6_addr));
    }
    time_to_live = std::min(time_to_live, each->ai_ttl);
  }
  if (found != nullptr) ares_freeaddrinfo(found);
  if (!answer.addresses.empty()) answer.time_to_live = seconds(std::max(time_to_live, 0));
  Pending::finish(argument, std::move(answer));
}

}  // namespace

struct CaresSource::State {
  int epoll = -1;
  std::uint64_t tag = 0;
  ares_channel channel = nullptr;
  std::size_t open = 0;

  ~State() {
    if (channel != nullptr) ares_destroy(channel);
  }

  static void watch(void* self, ares_socket_t socket, int readable, int writable) {
    const auto& state = *static_cast<State*>(self);
    epoll_event event{};
    event.events = (readable != 0 ? EPOLLIN : 0u) | (writable != 0 ? EPOLLOUT : 0u);
    event.data.u64 = state.tag | std::uint32_t(socket);
    if (event.events == 0) {
      ::epoll_ctl(state.epoll, EPOLL_CTL_DEL, socket, nullptr);
    } else if (::epoll_ctl(state.epoll, EPOLL_CTL_MOD, socket, &event) != 0) {
      ::epoll_ctl(state.epoll, EPOLL_CTL_ADD, socket, &event);
    }
  }
};

CaresSource::CaresSource(std::unique_ptr<State> state) : state_(std::move(state)) {}

CaresSource::~CaresSource() = default;

Result<std::unique_ptr<CaresSource>, std::string> CaresSource::open(int epoll, std::uint64_t tag) {
  auto state = std::make_unique<State>();
  state->epoll = epoll;
  state->tag = tag;
  ares_options options{};
  options.timeout = kTimeout;
  options.tries = kTries;
  options.sock_state_cb = State::watch;
  options.sock_state_cb_data = state.get();
  int status = ares_library_init(ARES_LIB_INIT_ALL);
  if (status == ARES_SUCCESS) {
    status = ares_init_options(&state->channel, &options,
                               ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_SOCK_STATE_CB);
  }
  if (status != ARES_SUCCESS) {
    return Failure{"cannot prepare to ask the DNS: " + std::string(ares_strerror(status))};
  }
  return std::unique_ptr<CaresSource>(new CaresSource(std::move(state)));
}

void CaresSource::query(const DnsQuery& query, std::function<void(DnsAnswer)> answered) {
  ++state_->open;
  auto* pending = new Pending{&state_->open, std::move(answered)};
  switch (query.kind) {
    case DnsQuery::Kind::Naptr:
      return ares_query(state_->channel, query.name.c_str(), ns_c_in, ns_t_naptr, on_naptr,
                        pending);
    case DnsQuery::Kind::Srv:
      return ares_query(state_->channel, query.name.c_str(), ns_c_in, ns_t_srv, on_srv, pending);
    case DnsQuery::Kind::Address: {
      ares_addrinfo_hints hints{};
      hints.ai_family = AF_UNSPEC;
      hints.ai_flags = ARES_AI_NOSORT;
      return ares_getaddrinfo(state_->channel, query.name.c_str(), nullptr, &hints, on_addresses,
                              pending);
    }
  }
}

void CaresSource::on_ready(int descriptor, std::uint32_t events) {
  const bool readable = (events & (EPOLLIN | EPOLLERR | EPOLLHUP)) != 0;
  const bool writable = (events & EPOLLOUT) != 0;
  ares_process_fd(state_->channel, readable ? descriptor : ARES_SOCKET_BAD,
                  writable ? descriptor : ARES_SOCKET_BAD);
}

void CaresSource::look_after() {
  ares_process_fd(state_->channel, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
}

bool CaresSource::busy() const { return state_->open > 0; }

}  // namespace tandem::net
