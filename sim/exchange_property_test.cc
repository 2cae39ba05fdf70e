// The exchange under bytes nobody meant well: noise, damaged messages, strays, from peers it knows
// and from strangers. Whatever comes, it does not fall over, its state fits together, what it sends
// is a SIP message, and a stranger gets no more than one answer of bounded size.

#include <gtest/gtest.h>

#include <string>

#include "core/exchange/exchange.h"
#include "sim/climate.h"
#include "sim/laws.h"
#include "sim/mischief.h"
#include "sim/wire.h"

namespace tandem::sim {
namespace {

constexpr std::size_t kMostDatagrams = 64;

// A switch with gateways as the simulated world draws them.
class Switch {
 public:
  explicit Switch(std::uint64_t seed) : draw_(seed, "property") {
    Draw population(seed, "population");
    population_ = draw_population(population, Climate{});
    exchange::Identity identity;
    identity.seed = {seed, 2, 3, 4};
    for (const Listener& listener : switch_listeners()) {
      identity.listeners.push_back({listener.transport, listener.address});
    }
    exchange_ = std::make_unique<exchange::Exchange>(
        identity, directory::Directory::compile(population_.source));
  }

  void receive(const Endpoint& from, const std::string& bytes, bool stranger) {
    now_ += draw_.between(0ms, 700ms);
    while (exchange_->next_deadline() <= now_) handle(exchange::Tick{}, exchange_->next_deadline());
    handle(exchange::Received{{sip::Transport::Udp, 0, 0, from}, bytes}, now_);
    check(from, bytes, stranger);
  }

  // Until nothing is waited for; calls that stand are hung up by the operator.
  void settle() {
    handle(exchange::Drain{0ms}, now_);
    while (exchange_->next_deadline() != kNever) {
      now_ = std::max(now_, exchange_->next_deadline());
      handle(exchange::Tick{}, now_);
    }
    EXPECT_EQ(exchange_->live_calls(), 0u);
    EXPECT_EQ(exchange_->live_transactions(), 0u);
  }

  Draw& draw() { return draw_; }
  Endpoint customer() const {
    return population_.hosts[std::size_t(population_.customers.front())].address;
  }
  // The last message that was sent, for damaging it in turn.
  const std::string& last_sent() const { return last_sent_; }

 private:
  void handle(const exchange::Input& input, Instant at) {
    now_ = std::max(now_, at);
    actions_.clear();
    exchange_->handle({now_, UtcTime{milliseconds(1'700'000'000'000)} + now_.time_since_epoch()},
                      input, actions_);
    ASSERT_TRUE(exchange_->consistent());
    for (const cdr::Cdr& record : actions_.cdrs.parsed()) EXPECT_EQ(record_law(record), "");
    for (const auto& datagram : actions_.outbox.datagrams()) {
      EXPECT_EQ(message_law(datagram.bytes, Demand::Form), "") << datagram.bytes;
      last_sent_ = datagram.bytes;
    }
  }

  void check(const Endpoint& from, const std::string& bytes, bool stranger) {
    const auto& datagrams = actions_.outbox.datagrams();
    EXPECT_LE(datagrams.size(), kMostDatagrams);
    if (!stranger) return;
    EXPECT_LE(datagrams.size(), 1u) << bytes;
    for (const auto& datagram : datagrams) {
      EXPECT_EQ(datagram.path.peer.ip, from.ip);
      EXPECT_LE(datagram.bytes.size(), 2 * bytes.size()) << bytes << datagram.bytes;
    }
  }

  Draw draw_;
  Population population_;
  std::unique_ptr<exchange::Exchange> exchange_;
  exchange::Actions actions_;
  Instant now_{};
  std::string last_sent_;
};

std::string invite(Draw& draw, const Endpoint& from) {
  const std::string name = std::to_string(draw.below(1'000'000));
  return wire::put_together(
      "INVITE sip:440" + name + "@192.0.2.10 SIP/2.0",
      {{"Via", "SIP/2.0/UDP " + from.text() + ";branch=z9hG4bK" + name + ";rport"},
       {"Max-Forwards", "70"},
       {"From", "\"A \\\" B\" <sip:331@a.example>;tag=t" + name},
       {"To", "<sip:440" + name + "@192.0.2.10>"},
       {"Call-ID", name + "@a.example"},
       {"CSeq", "1 INVITE"},
       {"Contact", "<sip:331@" + from.text() + ">"},
       {"Supported", "100rel, timer"},
       {"Content-Type", "application/sdp"}},
      "v=0\r\no=- 1 1 IN IP4 192.0.2.9\r\ns=-\r\nc=IN IP4 192.0.2.9\r\nt=0 0\r\n"
      "m=audio 3000 RTP/AVP 8\r\n");
}

TEST(ExchangeProperty, any_bytes_of_a_stranger_are_dropped_or_answered_once) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    SCOPED_TRACE(seed);
    Switch node(seed);
    const Endpoint stranger = *Endpoint::parse("203.0.113.222:5060", 5060);

    for (int i = 0; i < 300; ++i) {
      const bool pure = node.draw().percent(40);
      node.receive(stranger,
                   pure ? noise(node.draw(), 2000)
                        : damaged(node.draw(), stray_request(node.draw(), stranger.text(),
                                                             "z9hG4bK" + std::to_string(i))),
                   true);
    }

    node.settle();
  }
}

TEST(ExchangeProperty, damaged_messages_of_a_customer_leave_a_consistent_exchange) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    SCOPED_TRACE(seed);
    Switch node(seed);
    std::string valid = invite(node.draw(), node.customer());

    for (int i = 0; i < 300; ++i) {
      if (node.draw().percent(20)) valid = invite(node.draw(), node.customer());
      std::string bytes = node.draw().percent(30) ? node.last_sent() : valid;
      for (int faults = node.draw().between(0, 3); faults > 0; --faults) {
        bytes = damaged(node.draw(), bytes);
      }
      if (bytes.size() <= 65'535) node.receive(node.customer(), bytes, false);
    }

    node.settle();
  }
}

}  // namespace
}  // namespace tandem::sim
