#include "core/registrar/registrar.h"

#include <gtest/gtest.h>

#include <array>
#include <string>

#include "base/archive.h"
#include "base/owner.h"

namespace tandem::registrar {
namespace {

using namespace std::chrono_literals;

constexpr Subscriber kAlice{Subscriber::Kind::Phone, 7};

class RegistrarTest : public ::testing::Test {
 protected:
  static sip::Path path_from(const char* ip, std::uint16_t port = 5060) {
    sip::Path path;
    path.peer = {*IpAddress::parse(ip), port};
    return path;
  }

  // `lines`: header lines, each with CRLF.
  Outcome put(const std::string& lines, std::uint32_t cseq, const char* call_id = "call-1",
              const sip::Path& path = path_from("192.0.2.1")) {
    const std::string bytes =
        "REGISTER sip:example.org SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1\r\n"
        "From: <sip:7@example.org>;tag=1\r\nTo: <sip:7@example.org>\r\nCall-ID: " +
        std::string(call_id) + "\r\nCSeq: " + std::to_string(cseq) +
        " REGISTER\r\nUser-Agent: acme\r\n" + lines + "Content-Length: 0\r\n\r\n";
    sip::Message message;
    EXPECT_EQ(sip::parse(bytes, message).kind, sip::ParseErrorKind::None) << bytes;
    const Outcome outcome = registrar_.on_register(now_, kAlice, message, path, rules_);
    EXPECT_TRUE(registrar_.consistent());
    return outcome;
  }

  std::string listed() const {
    std::array<char, 16384> room;
    sip::Writer writer(room.data(), room.size());
    registrar_.write_contacts(writer, kAlice, now_.wall);
    return std::string(writer.view());
  }

  void pass(seconds time) {
    now_.mono += time;
    now_.wall += time;
    TimerWheel::Fired fired;
    while (wheel_.next_deadline() <= now_.mono) {
      if (!wheel_.pop_due(now_.mono, fired)) continue;
      const Owner owner = Owner::unpack(fired.owner);
      EXPECT_EQ(owner.kind, Owner::Kind::Binding);
      registrar_.on_timer({owner.slot, owner.generation});
    }
  }

  TimerWheel wheel_;
  Registrar registrar_{wheel_};
  Rules rules_;
  Now now_{Instant(1000s), UtcTime(1'700'000'000s)};
};

TEST_F(RegistrarTest, a_contact_is_listed_with_its_time_until_it_is_over) {
  EXPECT_EQ(put("Contact: <sip:7@192.0.2.1:5070>;expires=60\r\n", 1).status, 200);
  EXPECT_EQ(listed(), "Contact: <sip:7@192.0.2.1:5070>;expires=60\r\n");

  pass(45s);
  EXPECT_EQ(listed(), "Contact: <sip:7@192.0.2.1:5070>;expires=15\r\n");

  pass(15s);
  EXPECT_EQ(listed(), "");
  EXPECT_EQ(registrar_.size(), 0u);
  EXPECT_FALSE(registrar_.registered(kAlice));
}

TEST_F(RegistrarTest, the_time_is_that_of_the_contact_then_of_the_request_then_the_longest) {
  put("Contact: <sip:a@192.0.2.1>;expires=100, <sip:b@192.0.2.1>\r\nExpires: 200\r\n", 1);
  EXPECT_NE(listed().find("<sip:a@192.0.2.1>;expires=100"), std::string::npos);
  EXPECT_NE(listed().find("<sip:b@192.0.2.1>;expires=200"), std::string::npos);

  put("Contact: <sip:c@192.0.2.1>\r\n", 2);
  EXPECT_NE(listed().find("<sip:c@192.0.2.1>;expires=3600"), std::string::npos);

  put("Contact: <sip:d@192.0.2.1>;expires=90000, <sip:e@192.0.2.1>;expires=soon\r\n", 3);
  EXPECT_NE(listed().find("<sip:d@192.0.2.1>;expires=3600"), std::string::npos);
  EXPECT_NE(listed().find("<sip:e@192.0.2.1>;expires=3600"), std::string::npos);
}

TEST_F(RegistrarTest, too_short_a_time_is_refused_as_a_whole) {
  const Outcome outcome =
      put("Contact: <sip:a@192.0.2.1>;expires=60, <sip:b@192.0.2.1>;expires=19\r\n", 1);

  EXPECT_EQ(outcome.status, 423);
  EXPECT_EQ(outcome.min_expires, 20s);
  EXPECT_EQ(registrar_.size(), 0u);
}

TEST_F(RegistrarTest, a_refresh_keeps_the_binding_and_its_beginning) {
  put("Contact: <sip:7@192.0.2.1:5070>;expires=60\r\n", 1);
  const BindingId id = registrar_.first(kAlice);
  const UtcTime since = now_.wall;
  pass(30s);

  put("Contact: <sip:7@192.0.2.1:5070;transport=udp>;expires=60\r\n", 2);
  put("Contact: <SIP:7@192.0.2.1:5070>;expires=60\r\n", 3);

  const Binding* binding = registrar_.find(id);
  ASSERT_NE(binding, nullptr);
  EXPECT_EQ(binding->since, since);
  EXPECT_EQ(binding->updates, 1u);
  EXPECT_EQ(binding->user_agent(), "acme");
  EXPECT_EQ(registrar_.size(), 2u) << "a transport parameter makes another URI (RFC 3261 19.1.4)";
  EXPECT_EQ(wheel_.size(), 2u);
}

TEST_F(RegistrarTest, one_id_of_different_kinds_is_not_one_subscriber) {
  using Kind = Subscriber::Kind;
  put("Contact: <sip:a@192.0.2.1>\r\n", 1);

  EXPECT_NE(registrar_.first(kAlice), BindingId{});
  for (const Kind kind : {Kind::IngressGateway, Kind::EgressGateway})
    for (const std::int64_t id : {kAlice.id, kAlice.id * 2, kAlice.id * 4})
      EXPECT_EQ(registrar_.first({kind, id}), BindingId{});
  EXPECT_EQ(registrar_.remove_all({Kind::EgressGateway, kAlice.id}), 0u);
}

TEST_F(RegistrarTest, expires_0_removes_one_contact_and_a_star_all_of_them) {
  put("Contact: <sip:a@192.0.2.1>, <sip:b@192.0.2.1>, <sip:c@192.0.2.1>\r\n", 1);

  put("Contact: <sip:b@192.0.2.1>;expires=0\r\n", 2);
  EXPECT_EQ(registrar_.size(), 2u);

  EXPECT_EQ(put("Contact: *\r\n", 3).status, 400) << "without Expires: 0";
  EXPECT_EQ(put("Contact: *\r\nExpires: 60\r\n", 4).status, 400);
  EXPECT_EQ(put("Contact: *\r\nContact: <sip:a@192.0.2.1>\r\nExpires: 0\r\n", 5).status, 400);
  EXPECT_EQ(registrar_.size(), 2u);

  EXPECT_EQ(put("Contact: *\r\nExpires: 0\r\n", 6).status, 200);
  EXPECT_EQ(registrar_.size(), 0u);
  EXPECT_EQ(wheel_.size(), 0u);
}

TEST_F(RegistrarTest, without_a_contact_nothing_changes) {
  put("Contact: <sip:a@192.0.2.1>\r\n", 1);
  registrar_.changes().clear();

  EXPECT_EQ(put("", 2).status, 200);
  EXPECT_EQ(registrar_.size(), 1u);
  EXPECT_TRUE(registrar_.changes().empty());
}

TEST_F(RegistrarTest, an_older_request_of_the_same_call_id_changes_nothing) {
  put("Contact: <sip:a@192.0.2.1>\r\n", 5);

  EXPECT_EQ(put("Contact: <sip:a@192.0.2.1>;expires=0\r\n", 5).status, 500);
  EXPECT_EQ(put("Contact: <sip:a@192.0.2.1>;expires=0\r\n", 4).status, 500);
  EXPECT_EQ(put("Contact: *\r\nExpires: 0\r\n", 4).status, 500);
  EXPECT_EQ(put("Contact: <sip:b@192.0.2.1>, <sip:a@192.0.2.1>\r\n", 4).status, 500);
  EXPECT_EQ(registrar_.size(), 1u) << "all of it or nothing";

  EXPECT_EQ(put("Contact: <sip:a@192.0.2.1>;expires=0\r\n", 1, "call-2").status, 200)
      << "a phone that started anew";
  EXPECT_EQ(registrar_.size(), 0u);
}

TEST_F(RegistrarTest, another_address_takes_over_or_is_refused) {
  put("Contact: <sip:a@10.0.0.1>\r\n", 1);
  put("Contact: <sip:b@10.0.0.2>\r\n", 1, "call-2");
  EXPECT_EQ(registrar_.size(), 2u) << "two phones behind one address";

  rules_.replace = false;
  EXPECT_EQ(put("Contact: <sip:a@10.0.0.1>\r\n", 9, "call-3", path_from("192.0.2.9")).status, 403);
  EXPECT_EQ(registrar_.size(), 2u);

  rules_.replace = true;
  EXPECT_EQ(put("Contact: <sip:a@10.0.0.1>\r\n", 9, "call-3", path_from("192.0.2.9")).status, 200);
  EXPECT_EQ(registrar_.size(), 1u);
  EXPECT_TRUE(registrar_.serves(*IpAddress::parse("192.0.2.9")));
  EXPECT_FALSE(registrar_.serves(*IpAddress::parse("192.0.2.1")));
  EXPECT_NE(registrar_.from(kAlice, path_from("192.0.2.9", 1), false), nullptr);
  EXPECT_EQ(registrar_.from(kAlice, path_from("192.0.2.9", 1), true), nullptr);
  EXPECT_EQ(registrar_.from(kAlice, path_from("192.0.2.1"), false), nullptr);
}

TEST_F(RegistrarTest, an_instance_that_moves_keeps_one_contact) {
  const std::string instance = ";+sip.instance=\"<urn:uuid:1>\";reg-id=1";
  put("Contact: <sip:7@192.0.2.1:5070>" + instance + "\r\n", 1);

  put("Contact: <sip:7@192.0.2.1:6000>" + instance + "\r\n", 1, "call-2");

  EXPECT_EQ(listed(), "Contact: <sip:7@192.0.2.1:6000>;expires=3600\r\n");
}

TEST_F(RegistrarTest, contacts_are_reached_by_q_then_the_newest) {
  put("Contact: <sip:a@192.0.2.1>;q=0.5, <sip:b@192.0.2.1>;q=0.75\r\n", 1);
  pass(1s);
  put("Contact: <sip:c@192.0.2.1>;q=0.5\r\n", 2);

  std::vector<BindingId> found;
  registrar_.reachable(kAlice, found);

  std::string order;
  for (const BindingId id : found) order += registrar_.find(id)->contact().substr(4, 1);
  EXPECT_EQ(order, "bca");
  EXPECT_NE(listed().find("<sip:b@192.0.2.1>;q=0.75;expires="), std::string::npos);
  EXPECT_NE(listed().find("<sip:a@192.0.2.1>;q=0.5;expires="), std::string::npos);
}

TEST_F(RegistrarTest, of_too_many_contacts_the_one_not_refreshed_longest_goes) {
  for (int i = 0; i < 12; ++i) {
    const std::string user(1, char('a' + i));
    EXPECT_EQ(put("Contact: <sip:" + user + "@192.0.2.1>\r\n", std::uint32_t(i + 1)).status, 200);
    pass(1s);
  }

  EXPECT_EQ(registrar_.size(), 10u);
  EXPECT_EQ(listed().find("<sip:b@"), std::string::npos);
  EXPECT_NE(listed().find("<sip:c@"), std::string::npos);
}

TEST_F(RegistrarTest, what_is_no_sip_contact_is_refused) {
  EXPECT_EQ(put("Contact: <tel:+4420>\r\n", 1).status, 400);
  EXPECT_EQ(put("Contact: <sip:a@" + std::string(2000, 'b') + ">\r\n", 2).status, 400);
  std::string eleven = "Contact: <sip:0@192.0.2.1>";
  for (int i = 1; i < 11; ++i) eleven += ", <sip:" + std::to_string(i) + "@192.0.2.1>";
  EXPECT_EQ(put(eleven + "\r\n", 3).status, 403);
  EXPECT_EQ(registrar_.size(), 0u);
}

TEST_F(RegistrarTest, the_path_becomes_the_route) {
  put("Path: <sip:edge1;lr>, <sip:edge2;lr>\r\nPath: <sip:edge3;lr>\r\n"
      "Contact: <sip:a@192.0.2.1>\r\n", 1);

  EXPECT_EQ(registrar_.find(registrar_.first(kAlice))->route(),
            "<sip:edge1;lr>, <sip:edge2;lr>, <sip:edge3;lr>");
}

TEST_F(RegistrarTest, what_was_kept_comes_back_with_what_is_left_of_its_time) {
  const std::array locals{Local{sip::Transport::Udp, {*IpAddress::parse("192.0.2.99"), 5060}}};
  put("Contact: <sip:a@192.0.2.1>;expires=100;q=0.3\r\nPath: <sip:edge;lr>\r\n", 3);
  const Binding& binding = *registrar_.find(registrar_.first(kAlice));
  const std::string bytes = Registrar::keep(binding, locals[0]);
  TimerWheel wheel;
  Registrar later(wheel);
  const Now then{Instant(5s), now_.wall + 40s};

  EXPECT_TRUE(later.adopt(then, binding.kept, bytes, locals));

  const Binding* adopted = later.find(later.first(kAlice));
  ASSERT_NE(adopted, nullptr);
  EXPECT_EQ(adopted->contact(), "sip:a@192.0.2.1");
  EXPECT_EQ(adopted->route(), "<sip:edge;lr>");
  EXPECT_EQ(adopted->q, 300);
  EXPECT_EQ(adopted->path.peer, binding.path.peer);
  EXPECT_EQ(adopted->expires, binding.expires);
  EXPECT_LE(wheel.next_deadline(), Instant(65s));
  EXPECT_TRUE(later.consistent());

  EXPECT_FALSE(later.adopt({Instant(5s), now_.wall + 100s}, 9, bytes, locals)) << "over";
  EXPECT_FALSE(later.adopt(then, 9, bytes.substr(1), locals));
  EXPECT_FALSE(later.adopt(then, 9, bytes, {})) << "we do not listen there any more";
}

TEST_F(RegistrarTest, changes_are_told_in_order) {
  put("Contact: <sip:a@192.0.2.1>\r\n", 1);
  put("Contact: <sip:a@192.0.2.1>\r\n", 2);
  put("Contact: <sip:a@192.0.2.1>;expires=0\r\n", 3);

  ASSERT_EQ(registrar_.changes().size(), 3u);
  EXPECT_EQ(registrar_.changes()[0].kind, ChangeKind::Added);
  EXPECT_EQ(registrar_.changes()[1].kind, ChangeKind::Updated);
  EXPECT_EQ(registrar_.changes()[2].kind, ChangeKind::Removed);
  EXPECT_EQ(registrar_.changes()[0].kept, registrar_.changes()[2].kept);
}

TEST_F(RegistrarTest, is_saved_and_restored_as_it_is) {
  put("Contact: <sip:a@192.0.2.1>, <sip:b@192.0.2.1>, <sip:c@192.0.2.1>\r\n", 1);
  put("Contact: <sip:b@192.0.2.1>;expires=0\r\n", 2);
  Saver saver;
  registrar_.save(saver);
  const std::string bytes = std::move(saver).take();

  TimerWheel wheel;
  Registrar restored(wheel);
  Loader loader(bytes);
  restored.load(loader);

  EXPECT_FALSE(loader.failed());
  EXPECT_TRUE(loader.at_end());
  EXPECT_TRUE(restored.consistent());
  EXPECT_EQ(restored.first(kAlice), registrar_.first(kAlice));
  EXPECT_TRUE(restored.serves(*IpAddress::parse("192.0.2.1")));
}

}  // namespace
}  // namespace tandem::registrar
