// Pairs of datagrams through a relay: a request of one size from the callee's address, an answer of
// another from the caller's, at a steady rate. What a refresh of a session is to the relay that
// stands beside the switch.
//
//   datagram_pairs RELAY CALLER CALLEE RATE SECONDS REQUEST-BYTES ANSWER-BYTES
//
// Prints one JSON object; exit status 1 if a pair was lost.
#include <poll.h>

#include <algorithm>
#include <cstdio>
#include <memory>
#include <string>

#include "bench/load/datagrams.h"
#include "bench/load/sip_text.h"

namespace tandem::bench {
namespace {

constexpr std::uint64_t kSecond = 1'000'000'000;

class Pairs {
 public:
  explicit Pairs(char** arguments)
      : relay_(loopback(arguments[1])),
        caller_(open_socket(loopback(arguments[2]), Waiting::Returns)),
        callee_(open_socket(loopback(arguments[3]), Waiting::Returns)),
        caller_in_(caller_),
        callee_in_(callee_),
        caller_out_(caller_),
        callee_out_(callee_),
        rate_(number_in(arguments[4])),
        seconds_(number_in(arguments[5])),
        request_(std::min(number_in(arguments[6]), kDatagram), 'r'),
        answer_(std::min(number_in(arguments[7]), kDatagram), 'a') {}

  int run() {
    const std::uint64_t begin = now(), whole = rate_ * seconds_;
    std::uint64_t sent = 0, done = 0;
    const std::uint64_t last = begin + (seconds_ + 2) * kSecond;
    while (done < whole && now() < last && !stop_wanted()) {
      const std::uint64_t due = std::min(whole, (now() - begin) * rate_ / kSecond + 1);
      for (; sent < due; ++sent) put(callee_out_, request_);
      callee_out_.flush();
      for (std::size_t asked = caller_in_.receive(); asked > 0; --asked) put(caller_out_, answer_);
      caller_out_.flush();
      done += callee_in_.receive();
      pollfd sources[]{{caller_, POLLIN, 0}, {callee_, POLLIN, 0}};
      const timespec pause{0, 200'000};
      ppoll(sources, 2, &pause, nullptr);
    }
    std::printf("{\"pairs\": %llu, \"lost\": %llu}\n", static_cast<unsigned long long>(done),
                static_cast<unsigned long long>(whole - done));
    return done == whole ? 0 : 1;
  }

 private:
  void put(Outbox& outbox, const std::string& bytes) {
    Draft draft = outbox.draft();
    draft.text(bytes);
    outbox.put(draft, relay_);
  }

  sockaddr_in relay_;
  int caller_, callee_;
  Inbox caller_in_, callee_in_;
  Outbox caller_out_, callee_out_;
  std::uint64_t rate_, seconds_;
  std::string request_, answer_;
};

}  // namespace
}  // namespace tandem::bench

int main(int count, char** arguments) {
  using namespace tandem::bench;
  if (count != 8) {
    refuse("usage: datagram_pairs RELAY CALLER CALLEE RATE SECONDS REQUEST-BYTES ANSWER-BYTES");
  }
  stop_on_signals();
  return std::make_unique<Pairs>(arguments)->run();  // on the heap: the batches are large
}
