#include "bench/load/datagrams.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <poll.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <ctime>

namespace tandem::bench {
namespace {

volatile std::sig_atomic_t stopped = 0;

void on_signal(int) { stopped = 1; }

void enlarge(int socket, int forced, int option) {
  const int bytes = 16 << 20;
  // Beyond the limit of the system where that is allowed.
  if (setsockopt(socket, SOL_SOCKET, forced, &bytes, sizeof bytes) != 0) {
    setsockopt(socket, SOL_SOCKET, option, &bytes, sizeof bytes);
  }
}

}  // namespace

void refuse(const std::string& sentence) {
  std::fprintf(stderr, "%s\n", sentence.c_str());
  std::exit(2);
}

sockaddr_in loopback(const std::string& text) {
  const auto colon = text.rfind(':');
  sockaddr_in address{};
  address.sin_family = AF_INET;
  unsigned port = 0;
  const char* const end = text.data() + text.size();
  if (colon == std::string::npos ||
      std::from_chars(text.data() + colon + 1, end, port).ptr != end || port == 0 || port > 65535 ||
      inet_pton(AF_INET, text.substr(0, colon).c_str(), &address.sin_addr) != 1) {
    refuse("'" + text + "' is not an address; it must be like 127.0.10.1:5060");
  }
  if (ntohl(address.sin_addr.s_addr) >> 24 != 127) {
    refuse("'" + text + "' is not loopback; only 127.0.0.0/8 is allowed");
  }
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  return address;
}

int open_socket(const sockaddr_in& address, Waiting waiting) {
  const int kind = SOCK_DGRAM | SOCK_CLOEXEC | (waiting == Waiting::Returns ? SOCK_NONBLOCK : 0);
  const int result = socket(AF_INET, kind, 0);
  if (result < 0) refuse(std::string("no socket: ") + std::strerror(errno));
  enlarge(result, SO_RCVBUFFORCE, SO_RCVBUF);
  enlarge(result, SO_SNDBUFFORCE, SO_SNDBUF);
  if (bind(result, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    refuse(std::string("cannot bind ") + inet_ntoa(address.sin_addr) + ":" +
           std::to_string(ntohs(address.sin_port)) + ": " + std::strerror(errno));
  }
  return result;
}

std::uint64_t now() {
  timespec time{};
  clock_gettime(CLOCK_MONOTONIC, &time);
  return static_cast<std::uint64_t>(time.tv_sec) * 1'000'000'000 +
         static_cast<std::uint64_t>(time.tv_nsec);
}

void stop_on_signals() {
  struct sigaction action {};
  action.sa_handler = on_signal;  // without SA_RESTART: a blocking receive returns
  for (const int signal : {SIGINT, SIGTERM, SIGALRM}) sigaction(signal, &action, nullptr);
}

bool stop_wanted() { return stopped != 0; }

Outbox::Outbox(int socket) : socket_(socket) {
  for (std::size_t i = 0; i < kBatch; ++i) {
    pieces_[i].iov_base = bytes_[i].data();
    headers_[i].msg_hdr.msg_iov = &pieces_[i];
    headers_[i].msg_hdr.msg_iovlen = 1;
    headers_[i].msg_hdr.msg_name = &peers_[i];
    headers_[i].msg_hdr.msg_namelen = sizeof peers_[i];
  }
}

Draft Outbox::draft() {
  if (used_ == kBatch) flush();
  return Draft(bytes_[used_].data());
}

void Outbox::put(const Draft& draft, const sockaddr_in& peer) {
  pieces_[used_].iov_len = draft.size();
  peers_[used_] = peer;
  ++used_;
}

void Outbox::flush() {
  std::size_t done = 0;
  while (done < used_) {
    const int sent =
        sendmmsg(socket_, &headers_[done], static_cast<unsigned>(used_ - done), MSG_DONTWAIT);
    if (sent > 0) {
      done += static_cast<std::size_t>(sent);
      datagrams_ += static_cast<std::size_t>(sent);
    } else if (errno == EAGAIN || errno == ENOBUFS) {
      pollfd writable{socket_, POLLOUT, 0};
      poll(&writable, 1, 1);
    } else if (errno != EINTR) {
      ++failures_;  // as when nobody listens at an earlier peer
      ++done;
    }
  }
  used_ = 0;
}

Inbox::Inbox(int socket) : socket_(socket) {
  for (std::size_t i = 0; i < kBatch; ++i) {
    pieces_[i].iov_base = bytes_[i].data();
    headers_[i].msg_hdr.msg_iov = &pieces_[i];
    headers_[i].msg_hdr.msg_iovlen = 1;
    headers_[i].msg_hdr.msg_name = &peers_[i];
  }
}

std::size_t Inbox::receive() {
  for (std::size_t i = 0; i < kBatch; ++i) {
    pieces_[i].iov_len = kDatagram;
    headers_[i].msg_hdr.msg_namelen = sizeof peers_[i];
  }
  const int received = recvmmsg(socket_, headers_.data(), kBatch, MSG_WAITFORONE, nullptr);
  return received > 0 ? static_cast<std::size_t>(received) : 0;
}

void Inbox::forward(std::size_t count, const std::array<sockaddr_in, kBatch>& peers) {
  for (std::size_t i = 0; i < count; ++i) {
    pieces_[i].iov_len = headers_[i].msg_len;
    peers_[i] = peers[i];
  }
  for (std::size_t done = 0; done < count;) {
    const int sent = sendmmsg(socket_, &headers_[done], static_cast<unsigned>(count - done), 0);
    if (sent > 0) {
      done += static_cast<std::size_t>(sent);
    } else if (errno != EINTR && errno != EAGAIN) {
      ++done;
    }
  }
}

}  // namespace tandem::bench
