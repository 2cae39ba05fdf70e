// Rules of the session timer, refreshes and abilities, read from messages.
#include "shell/trace/sessions.h"

#include <gtest/gtest.h>

namespace tandem::trace {
namespace {

constexpr std::uint32_t kMinSe = 90;
constexpr std::uint32_t kCeiling = 7200;

// Writes the messages of one dialog, and has them read.
class Dialog {
 public:
  explicit Dialog(bool we_called) : we_called_(we_called) {}

  Dialog& request(bool sent, const std::string& method, std::uint32_t number,
                  const std::string& more = {}) {
    return pass(sent, method + " sip:a@b SIP/2.0", method, number, more);
  }
  Dialog& response(bool sent, int status, const std::string& method, std::uint32_t number,
                   const std::string& more = {}) {
    const bool invite = number == 1;
    in_dialog_ = in_dialog_ || (invite && status == 200);
    return pass(sent, "SIP/2.0 " + std::to_string(status) + " x", method, number, more);
  }
  // The INVITE, and its final answer.
  Dialog& setup(const std::string& offer, int status, const std::string& answer) {
    request(we_called_, "INVITE", 1, offer);
    return later(2s).response(!we_called_, status, "INVITE", 1, answer);
  }
  Dialog& later(milliseconds time) {
    now_ += time;
    return *this;
  }
  const Leg& leg() const { return sessions_.legs().at(0); }
  std::string rule() const {
    const TimerRule* found = timer_rule(leg(), kMinSe, kCeiling);
    return found == nullptr ? "" : std::string(found->code);
  }

 private:
  Dialog& pass(bool sent, const std::string& start, const std::string& method, std::uint32_t number,
               const std::string& more) {
    Entry entry{.sequence = 1,
                .time = now_,
                .flow_no = 17,
                .sent = sent,
                .transport = "udp",
                .local = "127.0.0.1:5060",
                .peer = "127.0.0.2:5060",
                .bytes = start +
                         "\r\nVia: SIP/2.0/UDP h;branch=z9hG4bK1\r\n"
                         "From: <sip:a@h>;tag=f\r\nTo: <sip:b@h>" +
                         (in_dialog_ ? ";tag=t" : "") + "\r\nCall-ID: c\r\nCSeq: " +
                         std::to_string(number) + ' ' + method + "\r\n" + more + "\r\n"};
    sessions_.read(entry);
    return *this;
  }

  bool we_called_;
  bool in_dialog_ = false;
  UtcTime now_ = from_epoch_milliseconds(1'769'860'800'000);
  Sessions sessions_;
};

struct Negotiation {
  const char* rule;
  const char* offer;
  int status;
  const char* answer;
};

void PrintTo(const Negotiation& each, std::ostream* out) { *out << each.rule; }

class CallerRules : public testing::TestWithParam<Negotiation> {};

TEST_P(CallerRules, are_told_by_number) {
  const Negotiation& given = GetParam();
  Dialog dialog(false);
  dialog.setup(given.offer, given.status, given.answer);
  EXPECT_EQ(dialog.rule(), given.rule);
}

INSTANTIATE_TEST_SUITE_P(
    TimerRules, CallerRules,
    testing::Values(
        Negotiation{"A1", "", 200, ""},
        Negotiation{"A2", "Session-Expires: 600\r\n", 200,
                    "Session-Expires: 600;refresher=uas\r\n"},
        Negotiation{"A3", "Session-Expires: 60\r\n", 200, "Session-Expires: 60;refresher=uas\r\n"},
        Negotiation{"A4", "Supported: timer\r\n", 200, "Session-Expires: 600;refresher=uas\r\n"},
        Negotiation{"A5", "k: timer\r\nx: 600\r\n", 200, "x: 600;refresher=uas\r\n"},
        Negotiation{"A6", "k: timer\r\nx: 600;refresher=uac\r\n", 200, "x: 600;refresher=uac\r\n"},
        Negotiation{"A7", "k: timer\r\nx: 600;refresher=uas\r\n", 200, "x: 600;refresher=uas\r\n"},
        Negotiation{"A8", "k: timer\r\nx: 60\r\n", 422, "Min-SE: 90\r\n"},
        Negotiation{"A9", "Require: timer\r\nx: 600\r\n", 200, "x: 600;refresher=uas\r\n"},
        Negotiation{"A10", "Require: timer\r\n", 420, "Unsupported: timer\r\n"},
        Negotiation{"A11", "k: timer\r\nx: 600\r\n", 200, ""},
        Negotiation{"A12", "k: timer\r\nx: soon\r\n", 400, ""},
        Negotiation{"A13", "k: timer\r\nx: 600\r\nMin-SE: 900\r\n", 200,
                    "x: 600;refresher=uas\r\n"},
        Negotiation{"A14", "k: timer\r\nx: 9000\r\n", 200, "x: 7200;refresher=uas\r\n"},
        Negotiation{"", "k: timer\r\n", 486, ""}),
    [](const auto& each) { return std::string(*each.param.rule ? each.param.rule : "none"); });

class CalleeRules : public testing::TestWithParam<Negotiation> {};

TEST_P(CalleeRules, are_told_by_number) {
  const Negotiation& given = GetParam();
  Dialog dialog(true);
  dialog.setup(given.offer, given.status, given.answer);
  EXPECT_EQ(dialog.rule(), given.rule);
}

INSTANTIATE_TEST_SUITE_P(
    TimerRules, CalleeRules,
    testing::Values(Negotiation{"B1", "x: 600\r\n", 200, ""},
                    Negotiation{"B2", "x: 600\r\n", 200, "x: 600;refresher=uas\r\n"},
                    Negotiation{"B3", "x: 600\r\n", 200, "x: 600;refresher=uac\r\n"},
                    Negotiation{"B4", "x: 600\r\n", 200, "x: 600\r\n"},
                    Negotiation{"B5", "x: 600\r\n", 200, "x: 60;refresher=uac\r\n"},
                    Negotiation{"B6", "x: 600\r\n", 200, "x: 900;refresher=uac\r\n"},
                    Negotiation{"B7", "x: 600\r\n", 422, "Min-SE: 900\r\n"},
                    Negotiation{"B8", "x: 600\r\n", 420, "Unsupported: timer\r\n"}),
    [](const auto& each) { return std::string(each.param.rule); });

TEST(TimerRules, are_all_of_both_tables) { EXPECT_EQ(all_timer_rules().size(), 22u); }

TEST(Sessions, a_422_is_told_with_both_values_and_a_repeated_call_keeps_its_leg) {
  Dialog dialog(true);

  dialog.setup("x: 600\r\n", 422, "Min-SE: 900\r\n");
  dialog.request(true, "INVITE", 2, "x: 900\r\nMin-SE: 900\r\n");
  dialog.response(false, 200, "INVITE", 2, "x: 900;refresher=uac\r\n");

  ASSERT_EQ(dialog.leg().too_small.size(), 1u);
  EXPECT_FALSE(dialog.leg().too_small[0].by_us);
  EXPECT_EQ(dialog.leg().too_small[0].asked, 600u);
  EXPECT_EQ(dialog.leg().too_small[0].wanted, 900u);
  EXPECT_EQ(dialog.rule(), "B7");
  EXPECT_EQ(dialog.leg().interval, 900u);
}

TEST(Sessions, each_refresh_has_its_method_answer_and_delay) {
  Dialog dialog(false);
  dialog.setup("k: timer\r\n", 200, "x: 600;refresher=uas\r\n");
  EXPECT_TRUE(dialog.leg().we_refresh);

  dialog.later(300s).request(true, "UPDATE", 5, "x: 600;refresher=uac\r\n");
  dialog.later(500ms).request(true, "UPDATE", 5, "x: 600;refresher=uac\r\n");
  dialog.later(100ms).response(false, 200, "UPDATE", 5, "x: 600;refresher=uac\r\n");
  dialog.later(300s).request(false, "INVITE", 2, "x: 300;refresher=uac\r\n");
  dialog.later(10ms).response(true, 200, "INVITE", 2, "x: 300;refresher=uac\r\n");
  dialog.later(10s).request(false, "UPDATE", 3);

  const auto& refreshes = dialog.leg().refreshes;
  ASSERT_EQ(refreshes.size(), 3u);
  EXPECT_EQ(refreshes[0].method, "UPDATE");
  EXPECT_TRUE(refreshes[0].by_us);
  EXPECT_EQ(refreshes[0].status, 200);
  EXPECT_EQ(refreshes[0].delay, 600ms);
  EXPECT_EQ(refreshes[1].method, "INVITE");
  EXPECT_FALSE(refreshes[1].by_us);
  EXPECT_FALSE(dialog.leg().we_refresh);
  EXPECT_EQ(dialog.leg().interval, 300u);
  EXPECT_FALSE(refreshes[2].refreshes);
  EXPECT_EQ(refreshes[2].status, 0);
}

TEST(Sessions, of_glare_the_waiting_time_is_told) {
  Dialog dialog(true);
  dialog.setup("x: 600\r\n", 200, "x: 600;refresher=uac\r\n");

  dialog.later(300s).request(true, "INVITE", 2, "x: 600\r\n");
  dialog.later(20ms).response(false, 491, "INVITE", 2);
  dialog.later(2340ms).request(true, "INVITE", 3, "x: 600\r\n");
  dialog.later(20ms).response(false, 200, "INVITE", 3, "x: 600;refresher=uac\r\n");

  ASSERT_EQ(dialog.leg().refreshes.size(), 2u);
  EXPECT_EQ(dialog.leg().refreshes[0].status, 491);
  EXPECT_EQ(dialog.leg().refreshes[0].again_after, 2340ms);
}

TEST(Sessions, abilities_are_what_the_peer_said_last_and_since_when) {
  Dialog dialog(false);
  dialog.setup(
      "Supported: timer, 100rel\r\nAllow: INVITE,ACK,UPDATE\r\nUser-Agent: P/1\r\n"
      "Contact: <sip:a@10.0.0.1>\r\nRecord-Route: <sip:p;lr>\r\n",
      200, "x: 600;refresher=uas\r\n");
  const UtcTime since = dialog.leg().abilities.since;

  dialog.later(1s).request(false, "INVITE", 2, "Supported: timer, 100rel\r\n");
  EXPECT_EQ(dialog.leg().abilities.since, since);
  EXPECT_EQ(dialog.leg().abilities.allow, "INVITE, ACK, UPDATE");
  EXPECT_EQ(dialog.leg().abilities.product, "P/1");
  EXPECT_EQ(dialog.leg().contact, "<sip:a@10.0.0.1>");
  EXPECT_EQ(dialog.leg().routes, "<sip:p;lr>");
  EXPECT_EQ(dialog.leg().local_tag, "t");

  dialog.later(1s).request(false, "INVITE", 3, "Allow: INVITE\r\n");
  EXPECT_GT(dialog.leg().abilities.since, since);
  EXPECT_EQ(dialog.leg().abilities.allow, "INVITE");
  EXPECT_EQ(dialog.leg().abilities.supported, "");
}

TEST(Sessions, an_answer_to_bye_says_nothing_of_abilities) {
  Dialog dialog(true);
  dialog.setup("x: 600\r\n", 200, "Supported: timer\r\nContact: <sip:a@10.0.0.1>\r\n");

  dialog.later(1s).request(true, "BYE", 2).response(false, 200, "BYE", 2);

  EXPECT_EQ(dialog.leg().abilities.supported, "timer");
  EXPECT_EQ(dialog.leg().contact, "<sip:a@10.0.0.1>");
}

TEST(Sessions, a_dialog_whose_beginning_is_gone_is_not_known) {
  Dialog dialog(true);
  Sessions sessions;
  sessions.read(Entry{.bytes = "BYE sip:a@b SIP/2.0\r\nVia: SIP/2.0/UDP h;branch=z9hG4bK1\r\n"
                               "From: <sip:a@h>;tag=f\r\nTo: <sip:b@h>;tag=t\r\nCall-ID: c\r\n"
                               "CSeq: 2 BYE\r\nMax-Forwards: 70\r\n\r\n"});
  sessions.read(Entry{.bytes = "HELLO"});
  EXPECT_TRUE(sessions.legs().empty());
}

}  // namespace
}  // namespace tandem::trace
