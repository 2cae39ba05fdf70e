// sip_register: registers users with digest, two transactions each (REGISTER, 401, REGISTER, 200), so
// many at a time. User N is the number N, its password "pw-N".
//
//   sip_register SERVER OWN DOMAIN FIRST COUNT WINDOW CONTACTS [RATE]
//
// CONTACTS go into each REGISTER. With RATE that many begin in a second, evenly spaced, WINDOW of them
// open at most; then it spins: a sender that sleeps makes the server pay for being woken. Nothing is
// sent twice; what is not answered in time is a fault. Ends early with SIGTERM. Prints one JSON object.
#include <fmt/format.h>
#include <poll.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "base/hash.h"
#include "bench/load/datagrams.h"
#include "bench/load/sip_text.h"
#include "bench/load/tally.h"

namespace tandem::bench {
namespace {

constexpr std::uint64_t kPatience = 5'000'000'000;

// The value of `name` in a challenge, without quotes.
std::string_view asked(std::string_view challenge, std::string_view name) {
  const std::size_t at = challenge.find(name);
  if (at == challenge.npos) return {};
  std::string_view value = challenge.substr(at + name.size());
  if (value.starts_with('"')) return value.substr(1, value.find('"', 1) - 1);
  return value.substr(0, value.find_first_of(",\r\n"));
}

// The challenge that offers MD5, which both servers know; "" when there is none.
std::string_view challenge_in(std::string_view message) {
  constexpr std::string_view kName = "WWW-Authenticate: ";
  for (std::size_t at = message.find(kName); at != message.npos; at = message.find(kName, at + 1)) {
    const std::string_view value =
        message.substr(at + kName.size(), message.find("\r\n", at) - at - kName.size());
    const std::string_view algorithm = asked(value, "algorithm=");
    if (algorithm.empty() || algorithm == "MD5") return value;
  }
  return {};
}

class Registration {
 public:
  Registration(int count, char** arguments)
      : server_(arguments[1]),
        own_(arguments[2]),
        domain_(arguments[3]),
        first_(std::strtoull(arguments[4], nullptr, 10)),
        count_(std::min<std::uint64_t>(std::strtoull(arguments[5], nullptr, 10), 1'000'000)),
        window_(std::strtoull(arguments[6], nullptr, 10)),
        contacts_(std::min<std::uint64_t>(std::strtoull(arguments[7], nullptr, 10), 10)),
        rate_(count > 8 ? std::strtoull(arguments[8], nullptr, 10) : 0),
        server_address_(loopback(server_)),
        socket_(open_socket(loopback(own_), Waiting::Returns)),
        outbox_(socket_),
        inbox_(socket_),
        begun_(count_),
        run_(now()) {}

  void run() {
    const std::uint64_t begin = now();
    std::uint64_t heard = begin;
    while (done_ < count_ && !stop_wanted() && now() - heard < kPatience) {
      while (next_ < count_ && next_ - done_ < window_ && due(begin)) {
        begun_[next_] = now();
        ask(next_++, {});
      }
      outbox_.flush();
      if (receive()) heard = now();
      if (rate_ != 0) continue;
      pollfd readable{socket_, POLLIN, 0};
      const timespec pause{0, 200'000};
      ppoll(&readable, 1, &pause, nullptr);
    }
    fmt::print(
        R"({{"users": {}, "registered": {}, "challenged": {}, "refused": {}, "seconds": {:.3f}, "us": {}}})"
        "\n",
        count_, registered_, challenged_, refused_, double(now() - begin) * 1e-9, delays_.json());
  }

 private:
  // Whether it is time for the next one.
  bool due(std::uint64_t begin) const {
    return rate_ == 0 || now() - begin >= next_ * 1'000'000'000 / rate_;
  }

  void ask(std::size_t index, std::string_view challenge) {
    const std::string user = std::to_string(first_ + index);
    const std::string uri = "sip:" + domain_;
    Draft draft = outbox_.draft();
    draft.text("REGISTER ").text(uri).text(" SIP/2.0\r\nVia: SIP/2.0/UDP ").text(own_);
    draft.text(";branch=z9hG4bKr").number(run_).text("-").number(index);
    draft.text(challenge.empty() ? "-1" : "-2").text(";rport\r\nMax-Forwards: 70\r\nFrom: <sip:");
    draft.text(user).text("@").text(domain_).text(">;tag=r").number(run_).text("\r\nTo: <sip:");
    draft.text(user).text("@").text(domain_).text(">\r\nCall-ID: r").number(run_).text("-");
    draft.number(index).text("@").text(own_).text("\r\nCSeq: ");
    draft.text(challenge.empty() ? "1" : "2").text(" REGISTER\r\n");
    for (std::uint64_t i = 0; i < contacts_; ++i) {
      draft.text("Contact: <sip:").text(user).text("-").number(i).text("@").text(own_);
      draft.text(">;expires=3600\r\n");
    }
    draft.text("User-Agent: sip_register\r\nAllow: INVITE, ACK, CANCEL, BYE, OPTIONS\r\n");
    if (!challenge.empty()) append_credentials(draft, user, uri, challenge);
    draft.text("Content-Length: 0\r\n\r\n");
    outbox_.put(draft, server_address_);
  }

  void append_credentials(Draft& draft, const std::string& user, const std::string& uri,
                          std::string_view challenge) {
    const std::string_view realm = asked(challenge, "realm=");
    const std::string_view nonce = asked(challenge, "nonce=");
    const HashText a1 = hasher_.hex(HashKind::Md5, {user, ":", realm, ":pw-", user});
    const HashText a2 = hasher_.hex(HashKind::Md5, {"REGISTER:", uri});
    const HashText response = hasher_.hex(
        HashKind::Md5, {a1.view(), ":", nonce, ":00000001:0a4f113b:auth:", a2.view()});
    draft.text("Authorization: Digest username=\"").text(user).text("\", realm=\"").text(realm);
    draft.text("\", nonce=\"").text(nonce).text("\", uri=\"").text(uri).text("\", response=\"");
    draft.text(response.view()).text("\", algorithm=MD5, cnonce=\"0a4f113b\", qop=auth, ");
    draft.text("nc=00000001\r\n");
  }

  bool receive() {
    bool any = false;
    for (std::size_t count = inbox_.receive(); count > 0; count = inbox_.receive()) {
      any = true;
      for (std::size_t i = 0; i < count; ++i) take(inbox_.bytes(i));
    }
    return any;
  }

  void take(std::string_view bytes) {
    const auto sip = read_sip(bytes);
    if (!sip || !sip->is_response()) return;
    const std::size_t dash = sip->call_id.find('-');
    const std::size_t index = dash == sip->call_id.npos ? count_
                                                        : number_in(sip->call_id.substr(dash + 1));
    if (index >= count_ || begun_[index] == 0) return;
    const bool again = sip->cseq.starts_with('2');
    if (sip->status() == 401 && !again) {
      ++challenged_;
      return ask(index, challenge_in(bytes));
    }
    ++done_;
    if (sip->status() == 200) {
      ++registered_;
      delays_.add(now() - begun_[index]);
    } else {
      ++refused_;
    }
    begun_[index] = 0;
  }

  std::string server_, own_, domain_;
  std::uint64_t first_, count_, window_, contacts_, rate_;
  sockaddr_in server_address_;
  int socket_;
  Outbox outbox_;
  Inbox inbox_;
  std::vector<std::uint64_t> begun_;  // 0 = over
  std::uint64_t run_;
  Hasher hasher_;
  std::size_t next_ = 0;
  std::uint64_t done_ = 0, registered_ = 0, challenged_ = 0, refused_ = 0;
  Delays delays_;
};

}  // namespace
}  // namespace tandem::bench

int main(int count, char** arguments) {
  using namespace tandem::bench;
  if (count != 8 && count != 9) {
    refuse("usage: sip_register SERVER OWN DOMAIN FIRST COUNT WINDOW CONTACTS [RATE]");
  }
  stop_on_signals();
  std::make_unique<Registration>(count, arguments)->run();
}
