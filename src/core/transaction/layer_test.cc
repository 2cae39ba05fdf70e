// The transaction layer with real messages and virtual time.
#include "core/transaction/layer.h"

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "base/archive.h"

namespace tandem::transaction {
namespace {

// A layer, its clock and what it sent.
class World {
 public:
  explicit World(sip::Transport transport = sip::Transport::Udp) {
    path_.transport = transport;
    path_.peer = {IpAddress::v4(0xc0000201), 5060};
  }

  Verdict receive(const std::string& bytes) {
    sent.clear();
    outbox_.clear();
    kept_.push_back(bytes);
    const sip::ParseError error = sip::parse(kept_.back(), message_);
    EXPECT_EQ(error.kind, sip::ParseErrorKind::None) << bytes;
    const Verdict verdict = layer.classify(now_, message_, path_, outbox_);
    collect();
    return verdict;
  }
  void respond(ServerId id, int status, const std::string& bytes) {
    outbox_.clear();
    sent.clear();
    layer.respond(now_, id, status, bytes, outbox_);
    collect();
  }
  void respond_unkept(ServerId id, int status, const std::string& bytes) {
    outbox_.clear();
    sent.clear();
    layer.respond_unkept(now_, id, status, bytes, outbox_);
    collect();
  }
  // Starts a request; its branch stands in the returned reservation.
  ReservedClient start(ClientKind kind, const std::string& method) {
    outbox_.clear();
    sent.clear();
    const ReservedClient reserved = layer.reserve_client();
    const std::string request = client_request(method, reserved.branch());
    EXPECT_TRUE(layer.start_client(now_, reserved, kind, path_, request, {7, 8}, outbox_));
    collect();
    return reserved;
  }
  void cancel(ClientId id) {
    outbox_.clear();
    sent.clear();
    layer.cancel(now_, id, "Reason: SIP;cause=200\r\n", outbox_);
    collect();
  }
  // Lets `span` pass; returns when something was sent, in milliseconds from its beginning.
  std::vector<std::int64_t> pass(milliseconds span) {
    std::vector<std::int64_t> times;
    const Instant begin = now_;
    const Instant end = now_ + span;
    sent.clear();
    for (Instant due = wheel.next_deadline(); due <= end; due = wheel.next_deadline()) {
      now_ = std::max(now_, due);
      TimerWheel::Fired fired;
      outbox_.clear();
      while (wheel.pop_due(now_, fired)) {
        layer.on_timer(now_, Owner::unpack(fired.owner), outbox_, events);
      }
      if (!outbox_.empty()) times.push_back((now_ - begin).count());
      collect();
      EXPECT_TRUE(layer.consistent());
    }
    now_ = end;
    return times;
  }

  static std::string request(const std::string& method, const std::string& branch,
                             const std::string& to_tag = "") {
    return method + " sip:44@192.0.2.9 SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.1:5060;branch=" + branch +
           "\r\nMax-Forwards: 70\r\nFrom: <sip:33@192.0.2.1>;tag=a\r\nTo: <sip:44@192.0.2.9>" +
           (to_tag.empty() ? "" : ";tag=" + to_tag) +
           "\r\nCall-ID: c1\r\nCSeq: 1 " + method + "\r\nContact: <sip:33@192.0.2.1>\r\n"
           "Content-Length: 0\r\n\r\n";
  }
  static std::string client_request(const std::string& method, std::string_view branch) {
    return method + " sip:44@192.0.2.1 SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.9:5060;branch=" +
           std::string(branch) +
           ";rport\r\nRoute: <sip:p@192.0.2.1;lr>\r\nMax-Forwards: 70\r\n"
           "From: <sip:33@192.0.2.9>;tag=o\r\nTo: <sip:44@192.0.2.1>\r\nCall-ID: c2\r\nCSeq: 5 " +
           method + "\r\nContact: <sip:33@192.0.2.9>\r\nContent-Length: 0\r\n\r\n";
  }
  static std::string answer(int status, std::string_view branch, const std::string& method,
                            const std::string& to_tag = "t") {
    return "SIP/2.0 " + std::to_string(status) + " Said\r\nVia: SIP/2.0/UDP 192.0.2.9:5060;branch=" +
           std::string(branch) + "\r\nFrom: <sip:33@192.0.2.9>;tag=o\r\nTo: <sip:44@192.0.2.1>;tag=" +
           to_tag + "\r\nCall-ID: c2\r\nCSeq: 5 " + method + "\r\nContent-Length: 0\r\n\r\n";
  }
  void collect() {
    for (const auto& datagram : outbox_.datagrams()) sent.emplace_back(datagram.bytes);
  }

  TimerWheel wheel;
  TransactionLayer layer{3, {1, 2}, wheel};
  std::vector<std::string> sent;
  std::vector<TransactionEvent> events;

 private:
  Instant now_{};
  sip::Path path_;
  sip::Outbox outbox_;
  sip::Message message_;
  std::deque<std::string> kept_;
};

TEST(TransactionLayer, a_repeated_request_gets_the_last_answer_and_reaches_nobody) {
  World world;
  const Verdict first = world.receive(World::request("INVITE", "z9hG4bK1"));
  ASSERT_EQ(first.kind, Verdict::Kind::NewRequest);

  EXPECT_EQ(world.receive(World::request("INVITE", "z9hG4bK1")).kind, Verdict::Kind::Absorbed);
  EXPECT_TRUE(world.sent.empty());
  world.respond(first.server, 180, "ringing");
  EXPECT_EQ(world.receive(World::request("INVITE", "z9hG4bK1")).kind, Verdict::Kind::Absorbed);

  EXPECT_EQ(world.sent, std::vector<std::string>{"ringing"});
}

TEST(TransactionLayer, an_answer_that_is_not_kept_is_asked_for_again_until_timer_j) {
  World world;
  const Verdict first = world.receive(World::request("REGISTER", "z9hG4bK1"));
  const std::uint32_t salt = world.layer.salt_of(first.server);
  world.respond_unkept(first.server, 200, "ok");
  ASSERT_EQ(world.sent, std::vector<std::string>{"ok"});

  const Verdict again = world.receive(World::request("REGISTER", "z9hG4bK1"));
  EXPECT_EQ(again.kind, Verdict::Kind::Repeated);
  EXPECT_EQ(again.server, first.server);
  EXPECT_EQ(world.layer.salt_of(again.server), salt);
  EXPECT_TRUE(world.sent.empty());
  world.pass(31'999ms);
  EXPECT_EQ(world.receive(World::request("REGISTER", "z9hG4bK1")).kind, Verdict::Kind::Repeated);
  world.pass(1ms);
  EXPECT_EQ(world.layer.size(), 0u);
  EXPECT_EQ(world.receive(World::request("REGISTER", "z9hG4bK1")).kind, Verdict::Kind::NewRequest);
}

TEST(TransactionLayer, a_request_that_comes_again_before_its_answer_reaches_nobody) {
  World world;
  world.receive(World::request("REGISTER", "z9hG4bK1"));

  EXPECT_EQ(world.receive(World::request("REGISTER", "z9hG4bK1")).kind, Verdict::Kind::Absorbed);
  EXPECT_TRUE(world.sent.empty());
}

TEST(TransactionLayer, the_same_request_under_another_branch_is_merged) {
  World world;
  world.receive(World::request("INVITE", "z9hG4bK1"));

  EXPECT_EQ(world.receive(World::request("INVITE", "z9hG4bK2")).kind, Verdict::Kind::Merged);
  EXPECT_EQ(world.receive(World::request("BYE", "z9hG4bK3", "x")).kind, Verdict::Kind::NewRequest);
}

TEST(TransactionLayer, a_refused_invite_is_answered_again_until_the_ack_comes) {
  World world;
  const Verdict invite = world.receive(World::request("INVITE", "z9hG4bK1"));
  world.respond(invite.server, 486, "busy");

  EXPECT_EQ(world.pass(8s), (std::vector<std::int64_t>{500, 1500, 3500, 7500}));
  EXPECT_EQ(world.receive(World::request("ACK", "z9hG4bK1", "t")).kind, Verdict::Kind::Absorbed);
  EXPECT_TRUE(world.pass(60s).empty());
  EXPECT_EQ(world.layer.size(), 0u);
  EXPECT_EQ(world.wheel.size(), 0u);
}

TEST(TransactionLayer, without_an_ack_a_refused_invite_is_forgotten_after_timer_h) {
  World world;
  const Verdict invite = world.receive(World::request("INVITE", "z9hG4bK1"));
  world.respond(invite.server, 486, "busy");

  world.pass(31'999ms);
  EXPECT_EQ(world.layer.size(), 1u);
  world.pass(1ms);
  EXPECT_EQ(world.layer.size(), 0u);
}

TEST(TransactionLayer, an_accepted_invite_absorbs_its_repetitions_for_64_t1) {
  World world;
  const Verdict invite = world.receive(World::request("INVITE", "z9hG4bK1"));
  world.respond(invite.server, 200, "ok");

  EXPECT_EQ(world.receive(World::request("INVITE", "z9hG4bK1")).kind, Verdict::Kind::Absorbed);
  EXPECT_TRUE(world.sent.empty());
  EXPECT_EQ(world.receive(World::request("ACK", "z9hG4bK9", "t")).kind, Verdict::Kind::AckToUser);
  EXPECT_EQ(world.receive(World::request("ACK", "z9hG4bK1", "t")).kind, Verdict::Kind::AckToUser);
  world.pass(32s);
  EXPECT_EQ(world.layer.size(), 0u);
}

TEST(TransactionLayer, a_cancel_finds_its_invite_and_a_stray_one_nothing) {
  World world;
  const Verdict invite = world.receive(World::request("INVITE", "z9hG4bK1"));
  world.layer.set_user(invite.server, {42, 1});

  const Verdict cancel = world.receive(World::request("CANCEL", "z9hG4bK1"));
  EXPECT_EQ(cancel.kind, Verdict::Kind::Cancel);
  EXPECT_EQ(cancel.cancelled, invite.server);
  EXPECT_EQ(cancel.user, 42u);
  EXPECT_EQ(world.receive(World::request("CANCEL", "z9hG4bK2")).kind,
            Verdict::Kind::CancelUnknown);
}

TEST(TransactionLayer, an_invite_is_repeated_as_the_parameter_says_and_then_times_out) {
  World world;
  const ReservedClient invite = world.start(ClientKind::InitialInvite, "INVITE");

  EXPECT_EQ(world.pass(60s), (std::vector<std::int64_t>{500, 1500, 3500}));
  ASSERT_EQ(world.events.size(), 1u);
  EXPECT_EQ(world.events[0].kind, TransactionEventKind::Timeout);
  EXPECT_EQ(world.events[0].client, invite.id);
  EXPECT_EQ(world.events[0].user, 7u);
  EXPECT_EQ(world.layer.size(), 0u);
}

TEST(TransactionLayer, a_call_goes_on_with_the_waits_it_began_with) {
  World world;
  const Timers of_call{.invite_resend = {milliseconds(300), milliseconds(600)}};
  world.layer.act_for(&of_call);
  const auto reserved = world.start(ClientKind::InitialInvite, "INVITE");

  EXPECT_EQ(world.pass(1s), (std::vector<std::int64_t>{300}));
  ASSERT_EQ(world.events.size(), 1u);
  EXPECT_EQ(world.events[0].kind, TransactionEventKind::Timeout);
  EXPECT_EQ(world.events[0].client, reserved.id);

  world.layer.act_for(nullptr);
  world.start(ClientKind::InitialInvite, "INVITE");
  EXPECT_EQ(world.pass(1s), (std::vector<std::int64_t>{500}));
}

TEST(TransactionLayer, over_a_stream_nothing_is_repeated) {
  World world(sip::Transport::Tcp);
  world.start(ClientKind::InitialInvite, "INVITE");
  world.start(ClientKind::NonInvite, "BYE");

  EXPECT_TRUE(world.pass(60s).empty());
  EXPECT_EQ(world.events.size(), 2u);
}

TEST(TransactionLayer, other_requests_are_repeated_by_t1_and_t2) {
  World world;
  world.start(ClientKind::NonInvite, "BYE");

  EXPECT_EQ(world.pass(32s), (std::vector<std::int64_t>{500, 1500, 3500, 7500, 11500, 15500, 19500,
                                                        23500, 27500, 31500}));
  ASSERT_EQ(world.events.size(), 1u);
  EXPECT_EQ(world.events[0].kind, TransactionEventKind::Timeout);
}

TEST(TransactionLayer, a_refusal_is_acknowledged_each_time_and_passed_up_once) {
  World world;
  const ReservedClient invite = world.start(ClientKind::InitialInvite, "INVITE");

  const Verdict first = world.receive(World::answer(486, invite.branch(), "INVITE"));
  EXPECT_EQ(first.kind, Verdict::Kind::Response);
  ASSERT_EQ(world.sent.size(), 1u);
  EXPECT_EQ(world.sent[0],
            "ACK sip:44@192.0.2.1 SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.9:5060;branch=" +
                std::string(invite.branch()) +
                ";rport\r\nRoute: <sip:p@192.0.2.1;lr>\r\nMax-Forwards: 70\r\n"
                "From: <sip:33@192.0.2.9>;tag=o\r\nTo: <sip:44@192.0.2.1>;tag=t\r\nCall-ID: c2\r\n"
                "CSeq: 5 ACK\r\nContent-Length: 0\r\n\r\n");
  const std::string ack = world.sent[0];
  EXPECT_EQ(world.receive(World::answer(486, invite.branch(), "INVITE")).kind,
            Verdict::Kind::Absorbed);
  EXPECT_EQ(world.sent, std::vector<std::string>{ack});
}

TEST(TransactionLayer, every_2xx_is_passed_up_until_timer_m) {
  World world;
  const ReservedClient invite = world.start(ClientKind::InitialInvite, "INVITE");

  EXPECT_EQ(world.receive(World::answer(200, invite.branch(), "INVITE")).kind,
            Verdict::Kind::Response);
  EXPECT_EQ(world.receive(World::answer(200, invite.branch(), "INVITE", "other")).kind,
            Verdict::Kind::Response);
  world.pass(32s);
  ASSERT_EQ(world.events.size(), 1u);
  EXPECT_EQ(world.events[0].kind, TransactionEventKind::Terminated);
  EXPECT_EQ(world.receive(World::answer(200, invite.branch(), "INVITE")).kind,
            Verdict::Kind::StrayResponse);
}

TEST(TransactionLayer, a_cancel_waits_for_a_provisional_answer) {
  World world;
  const ReservedClient invite = world.start(ClientKind::InitialInvite, "INVITE");

  world.cancel(invite.id);
  EXPECT_TRUE(world.sent.empty());
  EXPECT_EQ(world.receive(World::answer(100, invite.branch(), "INVITE")).kind,
            Verdict::Kind::Response);
  ASSERT_EQ(world.sent.size(), 1u);
  EXPECT_EQ(world.sent[0].substr(0, 24), "CANCEL sip:44@192.0.2.1 ");
  EXPECT_NE(world.sent[0].find("branch=" + std::string(invite.branch())), std::string::npos);
  EXPECT_NE(world.sent[0].find("CSeq: 5 CANCEL\r\nReason: SIP;cause=200\r\n"), std::string::npos);

  EXPECT_EQ(world.receive(World::answer(200, invite.branch(), "CANCEL")).kind,
            Verdict::Kind::Absorbed);
  EXPECT_EQ(world.receive(World::answer(487, invite.branch(), "INVITE")).kind,
            Verdict::Kind::Response);
  world.pass(60s);
  EXPECT_EQ(world.layer.size(), 0u);
}

TEST(TransactionLayer, a_cancelled_invite_without_a_final_answer_ends_by_the_parameter) {
  World world;
  const ReservedClient invite = world.start(ClientKind::InitialInvite, "INVITE");
  world.receive(World::answer(180, invite.branch(), "INVITE"));
  world.cancel(invite.id);

  world.pass(31'999ms);
  EXPECT_TRUE(world.events.empty());
  world.pass(1ms);
  ASSERT_EQ(world.events.size(), 1u);
  EXPECT_EQ(world.events[0].kind, TransactionEventKind::Timeout);
}

TEST(TransactionLayer, a_guessed_branch_finds_nothing) {
  World world;
  const ReservedClient invite = world.start(ClientKind::InitialInvite, "INVITE");
  std::string guessed(invite.branch());
  guessed.back() = guessed.back() == '0' ? '1' : '0';

  EXPECT_EQ(world.receive(World::answer(200, guessed, "INVITE")).kind,
            Verdict::Kind::StrayResponse);
  EXPECT_EQ(world.receive(World::answer(200, invite.branch(), "BYE")).kind,
            Verdict::Kind::StrayResponse);
}

TEST(TransactionLayer, only_unanswered_requests_to_a_dead_peer_fail) {
  World world;
  const ReservedClient answered = world.start(ClientKind::InitialInvite, "INVITE");
  world.receive(World::answer(100, answered.branch(), "INVITE"));
  const ReservedClient open = world.start(ClientKind::InitialInvite, "INVITE");
  sip::Path dead;
  dead.peer = {IpAddress::v4(0xc0000201), 5060};

  world.layer.on_path_failed(Instant{}, dead, world.events);

  ASSERT_EQ(world.events.size(), 1u);
  EXPECT_EQ(world.events[0].kind, TransactionEventKind::Failure);
  EXPECT_EQ(world.events[0].client, open.id);
  EXPECT_TRUE(world.layer.consistent());
}

TEST(TransactionLayer, goes_on_after_a_restore_as_if_nothing_had_happened) {
  World before;
  const Verdict invite = before.receive(World::request("INVITE", "z9hG4bK1"));
  before.respond(invite.server, 486, "busy");
  const ReservedClient bye = before.start(ClientKind::NonInvite, "BYE");
  Saver saver;
  saver(before.wheel, before.layer);

  World after;
  Loader loader(saver.bytes());
  loader(after.wheel, after.layer);
  ASSERT_FALSE(loader.failed());
  ASSERT_TRUE(loader.at_end());

  EXPECT_TRUE(after.layer.consistent());
  EXPECT_EQ(after.receive(World::request("INVITE", "z9hG4bK1")).kind, Verdict::Kind::Absorbed);
  EXPECT_EQ(after.sent, std::vector<std::string>{"busy"});
  EXPECT_EQ(after.receive(World::answer(200, bye.branch(), "BYE")).kind, Verdict::Kind::Response);
  EXPECT_EQ(before.pass(40s), after.pass(40s));
  EXPECT_EQ(after.layer.size(), 0u);
}

TEST(KeyTable, finds_what_a_map_finds_whatever_is_put_in_and_taken_out) {
  KeyTable table;
  std::map<std::uint64_t, std::uint32_t> oracle;
  std::vector<std::uint64_t> key_of;  // by slot
  const auto find = [&](std::uint64_t key) {
    return table.find(key, [&](std::uint32_t slot) { return key_of[slot] == key; });
  };
  std::uint64_t state = 42;
  for (int i = 0; i < 200'000; ++i) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    // Keys that crowd a few places, so that runs wrap and holes must be filled, and of which some
    // have the upper half in common.
    const std::uint64_t key = (1014 + (state >> 33) % 350) << 32 | (1 + (state >> 50) % 3);
    key_of.push_back(key);
    const auto known = oracle.find(key);
    if (known != oracle.end()) {
      table.erase(key, known->second);
      oracle.erase(known);
    }
    if ((state >> 20) % 3 != 0) {
      table.insert(key, std::uint32_t(i));
      oracle[key] = std::uint32_t(i);
    }
    ASSERT_EQ(table.size(), oracle.size());
    const auto found = oracle.find(key);
    ASSERT_EQ(find(key), found == oracle.end() ? KeyTable::kNone : found->second);
  }
  for (const auto& [key, value] : oracle) ASSERT_EQ(find(key), value);
}

}  // namespace
}  // namespace tandem::transaction
