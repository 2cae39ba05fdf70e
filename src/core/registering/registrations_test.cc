// When registrations act: spread at the beginning, in time before they expire, and more and more
// seldom while they fail. What is sent and answered is in test/ladders.
#include "core/registering/registrations.h"

#include <gtest/gtest.h>

#include "base/owner.h"

namespace tandem::registering {
namespace {

constexpr Instant kBegin{milliseconds(1'000'000)};

class RegistrationsTest : public testing::Test {
 protected:
  RegistrationsTest() {
    auto built = directory::build_parameters({});
    parameters_ = *std::move(built);
    locals_.push_back({sip::Transport::Udp, {*IpAddress::parse("192.0.2.1"), 5060}, "192.0.2.1:5060"});
  }

  void configure(int count) {
    directory::Directory::Source source;
    source.parameters = parameters_;
    for (int i = 1; i <= count; ++i) {
      directory::OutboundRegistration& row = source.outbound_registrations.emplace_back();
      row.id = i;
      row.name = "platform" + std::to_string(i);
      row.server = "198.51.100." + std::to_string(i);
      row.user = "tandem";
    }
    directory_ = directory::Directory::compile(std::move(source));
    Desk at = desk();
    registrations_.adopt(at, *directory_);
  }

  Desk desk() {
    return {.now = {now_, from_epoch_milliseconds(1'767'225'600'000)},
            .parameters = parameters_,
            .transactions = transactions_,
            .wheel = wheel_,
            .rng = rng_,
            .outbox = outbox_,
            .locals = locals_,
            .scratch = scratch_,
            .live = live_,
            .questions = questions_,
            .news = news_,
            .exchange = 0};
  }

  // Lets the clock run until something is sent; how long that took.
  milliseconds until_sent() {
    const Instant from = now_;
    outbox_.clear();
    while (outbox_.empty() && wheel_.next_deadline() != kNever) {
      now_ = std::max(now_, wheel_.next_deadline());
      TimerWheel::Fired fired;
      while (wheel_.pop_due(now_, fired)) {
        const Owner owner = Owner::unpack(fired.owner);
        Desk at = desk();
        std::vector<transaction::TransactionEvent> events;
        if (owner.kind == Owner::Kind::Registration) {
          registrations_.on_timer(at, {owner.slot, owner.generation});
        } else {
          transactions_.on_timer(now_, owner, outbox_, events);
        }
      }
    }
    return now_ - from;
  }

  // Answers the REGISTER sent last.
  void answer(int status, const std::string& lines = "") {
    const std::string request(outbox_.datagrams().back().bytes);
    const auto line = [&](std::string_view name) {
      const std::size_t at = request.find("\r\n" + std::string(name)) + 2;
      return request.substr(at, request.find("\r\n", at) + 2 - at);
    };
    std::string text = "SIP/2.0 " + std::to_string(status) + " Answer\r\n" + line("Via:") +
                       line("From:") + line("To:") + line("Call-ID:") + line("CSeq:") + lines +
                       "Content-Length: 0\r\n\r\n";
    ASSERT_EQ(sip::parse(text, message_).kind, sip::ParseErrorKind::None) << text;
    outbox_.clear();
    const auto verdict = transactions_.classify(now_, message_, {}, outbox_);
    ASSERT_EQ(verdict.kind, transaction::Verdict::Kind::Response);
    const Owner owner = Owner::unpack(verdict.user);
    Desk at = desk();
    registrations_.on_response(at, {owner.slot, owner.generation}, verdict.client, message_);
    EXPECT_TRUE(registrations_.consistent());
  }

  Instant now_ = kBegin;
  directory::Parameters parameters_;
  std::shared_ptr<const directory::Directory> directory_;
  TimerWheel wheel_;
  transaction::TransactionLayer transactions_{0, {1, 2}, wheel_};
  Rng rng_;
  sip::Outbox outbox_;
  std::vector<leg::LocalAddress> locals_;
  std::vector<char> scratch_ = std::vector<char>(65536);
  facts::Live live_;
  std::vector<Question> questions_;
  std::vector<News> news_;
  sip::Message message_;
  Registrations registrations_;
};

TEST_F(RegistrationsTest, many_do_not_begin_at_one_moment) {
  configure(50);

  EXPECT_EQ(until_sent(), milliseconds(0));
  EXPECT_EQ(outbox_.datagrams().size(), 1u);
  for (int i = 1; i < 50; ++i) EXPECT_EQ(until_sent(), milliseconds(10)) << i;
}

TEST_F(RegistrationsTest, it_is_refreshed_well_before_it_expires) {
  configure(1);
  until_sent();
  std::vector<milliseconds> waits;

  for (int i = 0; i < 20; ++i) {
    answer(200, "Contact: <sip:tandem-1@192.0.2.1:5060>;expires=600\r\n");
    EXPECT_TRUE(live_.registrations.read(1).registered);
    waits.push_back(until_sent());
  }

  for (const milliseconds wait : waits) {
    EXPECT_GE(wait, seconds(420));
    EXPECT_LE(wait, seconds(510));
  }
  EXPECT_NE(*std::ranges::min_element(waits), *std::ranges::max_element(waits));
}

TEST_F(RegistrationsTest, the_shorter_of_two_lifetimes_counts) {
  configure(1);
  until_sent();

  answer(200, "Contact: <sip:tandem-1@192.0.2.1:5060>;expires=100, <sip:other@192.0.2.7>;expires=9000\r\n"
              "Expires: 3000\r\n");

  EXPECT_LE(until_sent(), seconds(85));
}

TEST_F(RegistrationsTest, a_lifetime_of_no_time_does_not_become_a_storm) {
  configure(1);
  until_sent();

  answer(200, "Expires: 1\r\n");
  EXPECT_GE(until_sent(), seconds(5));
  answer(200, "Expires: 0\r\n");
  EXPECT_GE(until_sent(), seconds(60));
}

TEST_F(RegistrationsTest, each_pause_is_longer_than_the_one_before_up_to_ten_times) {
  configure(1);
  until_sent();
  std::vector<milliseconds> waits;

  for (int i = 0; i < 7; ++i) {
    answer(500);
    waits.push_back(until_sent());
  }

  const std::vector<seconds> least{seconds(60),  seconds(120), seconds(240), seconds(480),
                                   seconds(600), seconds(600), seconds(600)};
  for (std::size_t i = 0; i < waits.size(); ++i) {
    EXPECT_GE(waits[i], least[i]) << i;
    EXPECT_LE(waits[i], least[i] * 11 / 10) << i;
  }
}

TEST_F(RegistrationsTest, news_holds_no_password) {
  configure(1);
  until_sent();

  answer(403);

  ASSERT_EQ(news_.size(), 1u);
  EXPECT_EQ(news_[0].weight, Weight::Error);
  EXPECT_EQ(news_[0].text.find("password"), std::string::npos);
}

}  // namespace
}  // namespace tandem::registering
