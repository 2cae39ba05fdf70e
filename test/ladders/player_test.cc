// The player itself: that it notices what is wrong, and says so.
#include <gtest/gtest.h>

#include "ladders/ladder.h"
#include "ladders/laws.h"

namespace tandem::ladder {
namespace {

const std::string kGiven =
    "given\n"
    "  ingress north 203.0.113.10\n"
    "  egress south 198.51.100.20 prefix 44\n"
    "when\n"
    "  0.000 north > INVITE 4915 from 33123 sdp A\n";

std::string fault_of(const std::string& rest) {
  return play(parse("a ladder", kGiven + rest), Restart::Never);
}

bool says(const std::string& fault, const std::string& text) {
  return fault.find(text) != std::string::npos;
}

TEST(Player, is_content_with_what_happens) {
  EXPECT_EQ("", fault_of("north < 100\n north < 404\n 0.1 north > ACK\nthen\n"
                         "  cdr end_reason callee_not_found\n"));
}

TEST(Player, notices_a_message_nobody_expects) {
  EXPECT_TRUE(says(fault_of("north < 100\n 0.1 north > ACK\n"), "not expected"));
}

TEST(Player, notices_a_message_that_does_not_come) {
  EXPECT_TRUE(says(fault_of("north < 100\n north < 404\n north < 503\n"), "was not sent"));
}

TEST(Player, notices_another_message_than_the_expected_one) {
  EXPECT_TRUE(says(fault_of("north < 100\n north < 503\n"), "is 404 INVITE"));
}

TEST(Player, notices_a_missing_header) {
  const std::string fault = fault_of("north < 100 has 'X-Nothing'\n");
  EXPECT_TRUE(says(fault, "lacks 'X-Nothing'"));
}

TEST(Player, shows_the_ladder_as_far_as_it_went) {
  EXPECT_TRUE(says(fault_of("north < 100\n north < 503\n"), "north < 100"));
}

TEST(Player, notices_a_record_that_says_something_else) {
  const std::string fault =
      fault_of("north < 100\n north < 404\n 0.1 north > ACK\nthen\n  cdr end_reason no_way\n");
  EXPECT_TRUE(says(fault, "end_reason is 'callee_not_found', not 'no_way'"));
}

TEST(Player, refuses_a_word_it_does_not_know) {
  EXPECT_TRUE(says(fault_of("north < 100 with pleasure\n"), "unknown word"));
}

TEST(Player, approves_by_writing_down_what_happened) {
  const std::string text =
      kGiven + "        north < 180\n  0.100 north > ACK\nthen\n  cdr end_reason no_way\n";
  Edits edits;

  ASSERT_EQ("", approve(parse("a ladder", text), edits));

  EXPECT_EQ(kGiven +
                "          north < 100\n    0.000 north < 404\n  0.100 north > ACK\nthen\n"
                "  cdr end_reason callee_not_found\n",
            rewritten(edits, text));
}

TEST(Laws, want_the_headers_of_rfc_3261) {
  const std::string good =
      "SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP a;branch=z9hG4bK1\r\nFrom: <sip:a>;tag=1\r\n"
      "To: <sip:b>;tag=2\r\nCall-ID: 1\r\nCSeq: 1 BYE\r\nContent-Length: 0\r\n\r\n";

  EXPECT_EQ("", law_of_message(MessageText(good)));

  for (const char* name : {"Via", "From", "To", "Call-ID", "CSeq", "Content-Length"}) {
    MessageText bad(good);
    bad.remove(name);
    EXPECT_EQ(std::string("has no ") + name, law_of_message(bad));
  }
}

}  // namespace
}  // namespace tandem::ladder
