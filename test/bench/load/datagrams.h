// Datagrams on loopback in batches: what the generator, the relay and the probe send and receive
// by. Addresses outside 127.0.0.0/8 are refused, so that no program here can be aimed elsewhere.
#pragma once

#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace tandem::bench {

// Ends the program with a sentence on standard error.
[[noreturn]] void refuse(const std::string& sentence);

// "127.0.10.1:5060"; everything that is not loopback is refused.
sockaddr_in loopback(const std::string& text);

enum class Waiting : std::uint8_t { Blocks, Returns };

// A bound UDP socket with large buffers.
int open_socket(const sockaddr_in& address, Waiting waiting);

// Nanoseconds of the monotonic clock.
std::uint64_t now();

// Signals that end a program politely set this.
void stop_on_signals();
bool stop_wanted();

inline constexpr std::size_t kBatch = 64;
inline constexpr std::size_t kDatagram = 2048;

// A datagram being written: pieces are appended, what does not fit is a fault of the caller.
class Draft {
 public:
  explicit Draft(char* start) : start_(start), at_(start) {}

  Draft& text(std::string_view piece) {
    if (size() + piece.size() > kDatagram) refuse("a message does not fit into a datagram");
    std::memcpy(at_, piece.data(), piece.size());
    at_ += piece.size();
    return *this;
  }
  Draft& number(std::uint64_t value) {
    std::array<char, 20> digits;
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
    return text({digits.data(), static_cast<std::size_t>(end - digits.data())});
  }
  std::size_t size() const { return static_cast<std::size_t>(at_ - start_); }
  std::string_view view() const { return {start_, size()}; }

 private:
  char* start_;
  char* at_;
};

// Collects datagrams and sends them together.
class Outbox {
 public:
  explicit Outbox(int socket);
  Outbox(const Outbox&) = delete;
  Outbox& operator=(const Outbox&) = delete;

  Draft draft();
  void put(const Draft& draft, const sockaddr_in& peer);
  void flush();

  std::uint64_t datagrams() const { return datagrams_; }
  std::uint64_t failures() const { return failures_; }

 private:
  int socket_;
  std::size_t used_ = 0;
  std::uint64_t datagrams_ = 0;
  std::uint64_t failures_ = 0;
  std::array<mmsghdr, kBatch> headers_{};
  std::array<iovec, kBatch> pieces_{};
  std::array<sockaddr_in, kBatch> peers_{};
  std::array<std::array<char, kDatagram>, kBatch> bytes_;
};

// Receives what is there, up to one batch.
class Inbox {
 public:
  explicit Inbox(int socket);
  Inbox(const Inbox&) = delete;
  Inbox& operator=(const Inbox&) = delete;

  // How many came in; 0 = none (a blocking socket waits for the first).
  std::size_t receive();
  std::string_view bytes(std::size_t index) const {
    return {bytes_[index].data(), headers_[index].msg_len};
  }
  const sockaddr_in& peer(std::size_t index) const { return peers_[index]; }

  // Sends the received datagrams on, each to its place in `peers`, from the same socket.
  void forward(std::size_t count, const std::array<sockaddr_in, kBatch>& peers);

 private:
  int socket_;
  std::array<mmsghdr, kBatch> headers_{};
  std::array<iovec, kBatch> pieces_{};
  std::array<sockaddr_in, kBatch> peers_{};
  std::array<std::array<char, kDatagram>, kBatch> bytes_;
};

}  // namespace tandem::bench
