// sip_probe: asks the server with OPTIONS at even intervals and measures how long each answer
// takes. The requests leave at their time whether earlier ones were answered or not, so that a
// stall of the server is seen in full.
//
//   sip_probe SERVER OWN PER_SECOND SECONDS
//
// Ends early with SIGTERM. Prints one JSON object.
#include <fmt/format.h>
#include <poll.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <vector>

#include "bench/load/datagrams.h"
#include "bench/load/sip_text.h"
#include "bench/load/tally.h"

namespace tandem::bench {
namespace {

class Probe {
 public:
  Probe(const char* server, const char* own, std::uint64_t per_second, std::uint64_t seconds)
      : server_(server),
        own_(own),
        server_address_(loopback(server)),
        socket_(open_socket(loopback(own), Waiting::Returns)),
        outbox_(socket_),
        inbox_(socket_),
        interval_(1'000'000'000 / std::max<std::uint64_t>(per_second, 1)),
        sent_at_(std::min<std::uint64_t>(per_second * seconds, 1'000'000)),
        answered_(sent_at_.size()) {}

  void run() {
    const std::uint64_t begin = now();
    std::size_t next = 0;
    std::uint64_t end = begin + interval_ * sent_at_.size();
    // Five more seconds for the answers to the last ones.
    for (auto time = begin; time < end + 5'000'000'000 && count_ < sent_at_.size(); time = now()) {
      if (stop_wanted() && next < sent_at_.size()) {
        sent_at_.resize(next);
        end = time;
      }
      while (next < sent_at_.size() && begin + interval_ * next <= time) ask(next++, begin);
      outbox_.flush();
      receive();
      pollfd readable{socket_, POLLIN, 0};
      const timespec pause{0, 200'000};
      ppoll(&readable, 1, &pause, nullptr);
    }
    fmt::print(R"({{"asked": {}, "answered": {}, "repeated": {}, "delay_us": {}}})"
               "\n",
               sent_at_.size(), count_, repeated_, delays_.json());
  }

 private:
  void ask(std::size_t index, std::uint64_t begin) {
    sent_at_[index] = begin + interval_ * index;
    Draft draft = outbox_.draft();
    draft.text("OPTIONS sip:").text(server_).text(" SIP/2.0\r\nVia: SIP/2.0/UDP ").text(own_);
    draft.text(";branch=z9hG4bKp").number(begin).text("-").number(index);
    draft.text(";rport\r\nMax-Forwards: 70\r\nFrom: <sip:probe@").text(own_).text(">;tag=p");
    draft.number(index).text("\r\nTo: <sip:").text(server_).text(">\r\nCall-ID: p").number(begin);
    draft.text("-").number(index).text("@").text(own_).text("\r\nCSeq: ").number(index + 1);
    draft.text(" OPTIONS\r\nContact: <sip:probe@").text(own_);
    draft.text(">\r\nAccept: application/sdp\r\nContent-Length: 0\r\n\r\n");
    outbox_.put(draft, server_address_);
  }

  void receive() {
    for (std::size_t count = inbox_.receive(); count > 0; count = inbox_.receive()) {
      const std::uint64_t time = now();
      for (std::size_t i = 0; i < count; ++i) {
        const auto sip = read_sip(inbox_.bytes(i));
        const std::size_t index = sip ? number_in(sip->cseq) - 1 : sent_at_.size();
        if (index >= sent_at_.size() || sip->status() < 200) continue;
        if (answered_[index]) {
          ++repeated_;
          continue;
        }
        answered_[index] = true;
        ++count_;
        delays_.add(time - sent_at_[index]);
      }
    }
  }

  std::string server_, own_;
  sockaddr_in server_address_;
  int socket_;
  Outbox outbox_;
  Inbox inbox_;
  std::uint64_t interval_;
  std::vector<std::uint64_t> sent_at_;
  std::vector<bool> answered_;
  std::size_t count_ = 0;
  std::uint64_t repeated_ = 0;
  Delays delays_;
};

}  // namespace
}  // namespace tandem::bench

int main(int count, char** arguments) {
  using namespace tandem::bench;
  if (count != 5) refuse("usage: sip_probe SERVER OWN PER_SECOND SECONDS");
  const auto number = [&](int i) { return std::strtoull(arguments[i], nullptr, 10); };
  stop_on_signals();
  std::make_unique<Probe>(arguments[1], arguments[2], number(3), number(4))->run();
}
