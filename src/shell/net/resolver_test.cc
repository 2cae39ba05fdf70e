// RFC 3263 against a DNS made of a table.
#include "shell/net/resolver.h"

#include <gtest/gtest.h>

#include <deque>
#include <set>

namespace tandem::net {
namespace {

using Kind = DnsQuery::Kind;

// Answers at once, or when the test says so.
class TableSource final : public DnsSource {
 public:
  void query(const DnsQuery& query, std::function<void(DnsAnswer)> answered) override {
    asked.push_back(query);
    if (slow) {
      waiting.emplace_back(query, std::move(answered));
    } else {
      answered(table[query]);
    }
  }
  void answer_all() {
    while (!waiting.empty()) {
      auto [query, answered] = std::move(waiting.front());
      waiting.pop_front();
      answered(table[query]);
    }
  }
  void address(const std::string& name, std::vector<std::string> addresses, seconds kept = 60s) {
    DnsAnswer& answer = table[{Kind::Address, name}];
    for (const std::string& each : addresses) answer.addresses.push_back(*IpAddress::parse(each));
    answer.time_to_live = kept;
  }
  void srv(const std::string& name, std::vector<SrvRecord> records, seconds kept = 60s) {
    table[{Kind::Srv, name}] = {
        .naptr = {}, .srv = std::move(records), .addresses = {}, .time_to_live = kept};
  }
  void naptr(const std::string& name, std::vector<NaptrRecord> records) {
    table[{Kind::Naptr, name}] = {
        .naptr = std::move(records), .srv = {}, .addresses = {}, .time_to_live = 60s};
  }

  std::map<DnsQuery, DnsAnswer> table;
  std::vector<DnsQuery> asked;
  std::deque<std::pair<DnsQuery, std::function<void(DnsAnswer)>>> waiting;
  bool slow = false;
};

struct World {
  TableSource dns;
  Abilities abilities;
  Resolver resolver{dns, abilities, Rng({1, 2, 3, 4})};
  Instant now{1000s};

  std::vector<std::string> resolve(NameQuestion question) {
    question.number = 7;
    resolver.ask(question, now);
    return answers();
  }
  // "udp 192.0.2.1:5060", of the one answer there must be.
  std::vector<std::string> answers() {
    std::vector<NameAnswer> all;
    resolver.take_answers(now, all);
    EXPECT_EQ(all.size(), 1u);
    std::vector<std::string> texts;
    if (all.empty()) return texts;
    EXPECT_EQ(all[0].question, 7u);
    last = all[0];
    for (const sip::Path& path : all[0].targets) {
      texts.push_back(std::string(sip::name_of(path.transport)) + ' ' + path.peer.text());
    }
    return texts;
  }
  NameAnswer last;
};

using Targets = std::vector<std::string>;

NameQuestion named(std::string host, std::uint16_t port = 0,
                   sip::Transport transport = sip::Transport::Unknown) {
  NameQuestion question;
  question.host = std::move(host);
  question.port = port;
  question.transport = transport;
  return question;
}

TEST(Resolver, a_literal_address_asks_nobody) {
  World world;

  EXPECT_EQ(world.resolve(named("192.0.2.7")), Targets{"udp 192.0.2.7:5060"});
  EXPECT_TRUE(world.dns.asked.empty());
}

TEST(Resolver, with_a_port_only_addresses_are_asked_for) {
  World world;
  world.dns.address("gw.example.net", {"192.0.2.1", "2001:db8::1"});

  EXPECT_EQ(world.resolve(named("gw.example.net", 5070, sip::Transport::Tcp)),
            (Targets{"tcp 192.0.2.1:5070", "tcp [2001:db8::1]:5070"}));
  EXPECT_EQ(world.dns.asked.size(), 1u);
}

TEST(Resolver, tls_has_a_service_and_a_port_of_its_own) {
  World world;
  world.dns.srv("_sips._tcp.example.net", {{1, 1, 5071, "a.example.net"}});
  world.dns.address("a.example.net", {"192.0.2.1"});
  world.dns.address("gw.example.net", {"192.0.2.2"});

  EXPECT_EQ(world.resolve(named("example.net", 0, sip::Transport::Tls)),
            Targets{"tls 192.0.2.1:5071"});
  EXPECT_EQ(world.last.host, "example.net") << "whose certificate is to be shown (RFC 5922 4)";
  EXPECT_EQ(world.resolve(named("gw.example.net", 0, sip::Transport::Tls)),
            Targets{"tls 192.0.2.2:5061"});
  EXPECT_EQ(world.resolve(named("gw.example.net", 5060, sip::Transport::Wss)), Targets{})
      << "nobody connects to a client of WebSocket";
}

TEST(Resolver, naptr_names_tls_where_there_is_tls) {
  World world;
  world.dns.naptr("example.net", {{10, 10, "s", "SIPS+D2T", "_s.example.net"}});
  world.dns.srv("_s.example.net", {{1, 1, 5061, "a.example.net"}});
  world.dns.address("a.example.net", {"192.0.2.1"});

  EXPECT_EQ(world.resolve(named("example.net")), Targets{"tls 192.0.2.1:5061"});
}

TEST(Resolver, naptr_chooses_the_transport_in_its_order) {
  World world;
  world.dns.naptr("example.net", {{20, 10, "s", "SIP+D2U", "_u.example.net"},
                                  {10, 20, "s", "SIP+D2T", "_t.example.net"},
                                  {5, 1, "s", "SIPS+D2T", "_s.example.net"},
                                  {1, 1, "u", "SIP+D2U", "_no.example.net"}});
  world.dns.srv("_u.example.net", {{1, 1, 5061, "a.example.net"}});
  world.dns.srv("_t.example.net", {{1, 1, 5062, "a.example.net"}});
  world.dns.address("a.example.net", {"192.0.2.1"});

  EXPECT_EQ(world.resolve(named("example.net")),
            (Targets{"tcp 192.0.2.1:5062", "udp 192.0.2.1:5061"}));
}

TEST(Resolver, without_naptr_the_services_of_each_transport_are_tried) {
  World world;
  world.dns.srv("_sip._tcp.example.net", {{1, 1, 5080, "b.example.net"}});
  world.dns.address("b.example.net", {"192.0.2.2"});

  EXPECT_EQ(world.resolve(named("example.net")), Targets{"tcp 192.0.2.2:5080"});
}

TEST(Resolver, without_any_service_the_name_itself_is_asked_for) {
  World world;
  world.dns.address("example.net", {"192.0.2.3"});

  EXPECT_EQ(world.resolve(named("example.net")), Targets{"udp 192.0.2.3:5060"});
  EXPECT_EQ(world.resolve(named("example.net", 0, sip::Transport::Tcp)),
            Targets{"tcp 192.0.2.3:5060"});
}

TEST(Resolver, servers_come_by_priority_then_drawn_by_weight) {
  World world;
  world.dns.srv("_sip._udp.example.net", {{20, 100, 5060, "spare.example.net"},
                                          {10, 90, 5060, "big.example.net"},
                                          {10, 10, 5060, "small.example.net"},
                                          {10, 0, 0, "."}});
  world.dns.address("big.example.net", {"192.0.2.1"});
  world.dns.address("small.example.net", {"192.0.2.2"});
  world.dns.address("spare.example.net", {"192.0.2.3"});

  int big_first = 0;
  for (int i = 0; i < 1000; ++i) {
    const Targets targets = world.resolve(named("example.net", 0, sip::Transport::Udp));
    ASSERT_EQ(targets.size(), 3u);
    EXPECT_EQ(targets[2], "udp 192.0.2.3:5060");
    if (targets[0] == "udp 192.0.2.1:5060") ++big_first;
  }
  EXPECT_GT(big_first, 840);
  EXPECT_LT(big_first, 950);
}

TEST(Resolver, a_name_that_nobody_knows_has_an_empty_answer) {
  World world;

  EXPECT_EQ(world.resolve(named("nowhere.example.net")), Targets{});
  EXPECT_EQ(world.resolve(named("")), Targets{});
}

TEST(Resolver, sips_has_no_answer_while_there_is_no_tls) {
  World world;
  NameQuestion question = named("192.0.2.1");
  question.secure = true;

  EXPECT_EQ(world.resolve(question), Targets{});
}

TEST(Resolver, families_and_transports_this_machine_lacks_are_left_out) {
  World world;
  Resolver resolver(world.dns, {.udp = true, .tcp = false, .v4 = true, .v6 = false}, Rng());
  world.dns.address("gw.example.net", {"2001:db8::1", "192.0.2.1"});
  NameQuestion over_tcp = named("gw.example.net", 5060, sip::Transport::Tcp);
  std::vector<NameAnswer> answers;

  resolver.ask(named("gw.example.net", 5060), world.now);
  resolver.ask(over_tcp, world.now);
  resolver.take_answers(world.now, answers);

  ASSERT_EQ(answers.size(), 2u);
  ASSERT_EQ(answers[0].targets.size(), 1u);
  EXPECT_TRUE(answers[0].targets[0].peer.ip.is_v4());
  EXPECT_TRUE(answers[1].targets.empty());
}

TEST(Resolver, answers_are_kept_as_long_as_they_live) {
  World world;
  world.dns.address("gw.example.net", {"192.0.2.1"}, 30s);
  world.resolve(named("gw.example.net", 5060));
  EXPECT_EQ(world.last.time_to_live, 30s);

  world.now += 29s;
  world.resolve(named("gw.example.net", 5060));
  EXPECT_EQ(world.dns.asked.size(), 1u);
  world.now += 1s;
  world.resolve(named("gw.example.net", 5060));
  EXPECT_EQ(world.dns.asked.size(), 2u);
}

TEST(Resolver, the_same_question_twice_asks_once_and_answers_both) {
  World world;
  world.dns.slow = true;
  world.dns.address("gw.example.net", {"192.0.2.1"});
  NameQuestion question = named("gw.example.net", 5060);
  for (question.number = 1; question.number <= 2; ++question.number) {
    world.resolver.ask(question, world.now);
  }
  std::vector<NameAnswer> answers;
  world.resolver.take_answers(world.now, answers);
  EXPECT_TRUE(answers.empty());
  EXPECT_EQ(world.dns.asked.size(), 1u);

  world.dns.answer_all();
  world.resolver.take_answers(world.now, answers);

  ASSERT_EQ(answers.size(), 2u);
  EXPECT_EQ(answers[0].targets.size(), 1u);
  EXPECT_EQ(answers[1].targets.size(), 1u);
  EXPECT_EQ(world.resolver.open_questions(), 0u);
}

TEST(Resolver, a_whole_chain_is_followed_when_answers_are_slow) {
  World world;
  world.dns.slow = true;
  world.dns.srv("_sip._udp.example.net",
                {{1, 1, 5090, "a.example.net"}, {2, 1, 5091, "b.example.net"}});
  world.dns.address("a.example.net", {"192.0.2.1"});
  world.dns.address("b.example.net", {"192.0.2.2"});
  NameQuestion question = named("example.net");
  question.number = 7;

  world.resolver.ask(question, world.now);
  world.dns.answer_all();

  EXPECT_EQ(world.answers(), (Targets{"udp 192.0.2.1:5090", "udp 192.0.2.2:5091"}));
}

TEST(Resolver, who_is_not_answered_in_time_has_an_empty_answer_once) {
  World world;
  world.dns.slow = true;
  world.dns.address("gw.example.net", {"192.0.2.1"});
  NameQuestion question = named("gw.example.net", 5060);
  question.number = 7;
  world.resolver.ask(question, world.now);

  world.now += 5s;
  EXPECT_EQ(world.answers(), Targets{});
  world.dns.answer_all();

  std::vector<NameAnswer> late;
  world.resolver.take_answers(world.now, late);
  EXPECT_TRUE(late.empty());
}

}  // namespace
}  // namespace tandem::net
