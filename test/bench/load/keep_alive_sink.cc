// The many terminals that keep-alives go to: contact number i is 127.16.0.0 + i, all at one port.
//
//   keep_alive_sink receive PORT CONTACTS SECONDS   counts what comes, from the first datagram on
//   keep_alive_sink send FROM PORT CONTACTS         the floor: the same datagrams, by sendmmsg
//   alone
//
// Arrivals are counted in slots of ten milliseconds by the time stamps of the kernel, so that it
// does not matter when this program is let run. It takes nothing but what comes over loopback.
#include <arpa/inet.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <vector>

#include "bench/load/datagrams.h"

namespace tandem::bench {
namespace {

constexpr std::uint32_t kFirst = 0x7f100000;  // 127.16.0.0
constexpr std::uint64_t kSlot = 10'000'000;   // ns
constexpr std::uint64_t kPatience = 120'000'000'000;
constexpr std::uint64_t kLate = 200'000'000;  // ns that a datagram may come after its time

int open_at_every_address(std::uint16_t port) {
  const int made = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  const int on = 1;
  const int room = 64 << 20;
  if (setsockopt(made, SOL_SOCKET, SO_BINDTODEVICE, "lo", 3) != 0)
    refuse("cannot bind to loopback");
  setsockopt(made, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof room);
  setsockopt(made, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on);
  setsockopt(made, IPPROTO_IP, IP_PKTINFO, &on, sizeof on);
  sockaddr_in any{};
  any.sin_family = AF_INET;
  any.sin_port = htons(port);
  if (bind(made, reinterpret_cast<const sockaddr*>(&any), sizeof any) != 0) refuse("port is taken");
  return made;
}

struct Arrival {
  std::uint64_t time = 0;  // ns of the wall clock
  std::uint32_t contact = 0;
};

Arrival arrival_of(msghdr& header) {
  Arrival arrival;
  for (cmsghdr* each = CMSG_FIRSTHDR(&header); each != nullptr; each = CMSG_NXTHDR(&header, each)) {
    if (each->cmsg_level == SOL_SOCKET && each->cmsg_type == SCM_TIMESTAMPNS) {
      timespec time{};
      std::memcpy(&time, CMSG_DATA(each), sizeof time);
      arrival.time = std::uint64_t(time.tv_sec) * 1'000'000'000 + std::uint64_t(time.tv_nsec);
    } else if (each->cmsg_level == IPPROTO_IP && each->cmsg_type == IP_PKTINFO) {
      in_pktinfo info{};
      std::memcpy(&info, CMSG_DATA(each), sizeof info);
      arrival.contact = ntohl(info.ipi_addr.s_addr) - kFirst;
    }
  }
  return arrival;
}

class Terminals {
 public:
  Terminals(std::uint32_t contacts, std::uint64_t period) : seen_(contacts), period_(period) {}

  void note(const Arrival& arrival) {
    if (arrival.contact >= seen_.size()) return;
    std::uint64_t& before = seen_[arrival.contact];
    // The period that is looked at ends where the next begins.
    if (before != 0 && arrival.time - before > period_ / 2) return;
    if (total_ == 0) first_ = arrival.time;
    ++total_;
    if (before != 0) ++doubled_;
    before = arrival.time;
    const std::size_t slot = (arrival.time - std::min(first_, arrival.time)) / kSlot;
    if (slots_.size() <= slot) slots_.resize(slot + 1);
    ++slots_[slot];
  }
  std::uint64_t total() const { return total_; }
  void print() const {
    std::vector<std::uint64_t> sorted = slots_;
    std::sort(sorted.begin(), sorted.end());
    const auto at = [&](double part) {
      return sorted.empty() ? 0 : sorted[std::size_t(double(sorted.size() - 1) * part)];
    };
    std::printf(
        "{\"datagrams\": %llu, \"missing\": %llu, \"doubled\": %llu, \"slots\": %zu, "
        "\"largest\": %llu, \"p99\": %llu, \"median\": %llu}\n",
        static_cast<unsigned long long>(total_),
        static_cast<unsigned long long>(seen_.size() - (total_ - doubled_)),
        static_cast<unsigned long long>(doubled_), slots_.size(),
        static_cast<unsigned long long>(at(1)), static_cast<unsigned long long>(at(0.99)),
        static_cast<unsigned long long>(at(0.5)));
  }

 private:
  std::vector<std::uint64_t> seen_;  // when, by contact; 0 = not yet
  std::uint64_t period_;
  std::vector<std::uint64_t> slots_;
  std::uint64_t first_ = 0;
  std::uint64_t total_ = 0;
  std::uint64_t doubled_ = 0;
};

void receive(std::uint16_t port, std::uint32_t contacts, std::uint64_t time) {
  const int from = open_at_every_address(port);
  Terminals terminals(contacts, time);
  std::array<mmsghdr, kBatch> headers{};
  std::array<iovec, kBatch> pieces{};
  std::array<std::array<char, 64>, kBatch> bytes{};
  struct alignas(cmsghdr) Control {
    std::array<char, 128> bytes;
  };
  std::array<Control, kBatch> controls{};
  std::puts("ready");
  std::fflush(stdout);
  std::uint64_t end = now() + kPatience;
  while (!stop_wanted() && now() < end) {
    pollfd wanted{.fd = from, .events = POLLIN, .revents = 0};
    poll(&wanted, 1, 20);
    for (std::size_t i = 0; i < kBatch; ++i) {
      pieces[i] = {.iov_base = bytes[i].data(), .iov_len = bytes[i].size()};
      headers[i].msg_hdr.msg_iov = &pieces[i];
      headers[i].msg_hdr.msg_iovlen = 1;
      headers[i].msg_hdr.msg_control = &controls[i];
      headers[i].msg_hdr.msg_controllen = sizeof controls[i];
    }
    const int count = recvmmsg(from, headers.data(), kBatch, MSG_DONTWAIT, nullptr);
    for (int i = 0; i < count; ++i) {
      const bool first = terminals.total() == 0;
      terminals.note(arrival_of(headers[std::size_t(i)].msg_hdr));
      if (!first || terminals.total() == 0) continue;
      end = now() + time + kLate;
      std::puts("first");
      std::fflush(stdout);
    }
  }
  terminals.print();
}

void send(const sockaddr_in& from, std::uint16_t port, std::uint32_t contacts) {
  const int to = open_socket(from, Waiting::Returns);
  static Outbox outbox(to);
  for (std::uint32_t i = 0; i < contacts; ++i) {
    sockaddr_in peer{};
    peer.sin_family = AF_INET;
    peer.sin_addr.s_addr = htonl(kFirst + i);
    peer.sin_port = htons(port);
    Draft draft = outbox.draft();
    draft.text("HELLO");
    outbox.put(draft, peer);
  }
  outbox.flush();
  timespec used{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
  std::printf("{\"datagrams\": %u, \"us\": %.1f}\n", contacts,
              double(used.tv_sec) * 1e6 + double(used.tv_nsec) / 1e3);
}

}  // namespace
}  // namespace tandem::bench

int main(int count, char** arguments) {
  using namespace tandem::bench;
  stop_on_signals();
  alarm(600);
  const auto number = [&](int at) { return std::strtoul(arguments[at], nullptr, 10); };
  if (count == 5 && std::string_view(arguments[1]) == "receive") {
    receive(std::uint16_t(number(2)), std::uint32_t(number(3)), number(4) * 1'000'000'000);
  } else if (count == 5 && std::string_view(arguments[1]) == "send") {
    send(loopback(arguments[2]), std::uint16_t(number(3)), std::uint32_t(number(4)));
  } else {
    refuse("usage: keep_alive_sink receive PORT CONTACTS SECONDS | send FROM PORT CONTACTS");
  }
}
