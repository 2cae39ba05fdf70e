#include "core/leg/alternatives.h"

#include <gtest/gtest.h>

#include "base/limits.h"

namespace tandem::leg {
namespace {

std::string alternatives(const std::string& contacts) {
  const std::string text =
      "SIP/2.0 302 Moved\r\nVia: SIP/2.0/UDP h;branch=z9hG4bK1\r\nFrom: <sip:a@h>;tag=1\r\n"
      "To: <sip:b@h>;tag=2\r\nCall-ID: c\r\nCSeq: 1 INVITE\r\n" +
      contacts + "Content-Length: 0\r\n\r\n";
  static sip::Message message;
  EXPECT_EQ(sip::parse(text, message).kind, sip::ParseErrorKind::None);
  return alternatives_of(message);
}

TEST(Alternatives, come_best_q_first_and_equals_in_their_order) {
  EXPECT_EQ(alternatives("Contact: <sip:a@h>;q=0.5, sip:b@h;q=0.75\r\nm: <sip:c@h>;x, <sip:d@h>;q=0.5\r\n"),
            "sip:c@h\nsip:b@h\nsip:a@h\nsip:d@h\n");
  EXPECT_EQ(alternatives(""), "");
}

TEST(Alternatives, are_few_and_short) {
  std::string many;
  for (int i = 0; i < 40; ++i) many += "Contact: <sip:a" + std::to_string(i) + "@h>\r\n";
  std::string lines = alternatives(many);
  EXPECT_EQ(std::size_t(std::count(lines.begin(), lines.end(), '\n')), kMaxAlternatives);

  EXPECT_EQ(alternatives("Contact: <sip:" + std::string(600, 'a') + "@h>, <sip:b@h>\r\n"),
            "sip:b@h\n");
}

TEST(Alternatives, lines_are_taken_one_by_one) {
  std::string_view lines = "a\nb\n";

  EXPECT_EQ(take_line(lines), "a");
  EXPECT_EQ(take_line(lines), "b");
  EXPECT_EQ(take_line(lines), "");
}

}  // namespace
}  // namespace tandem::leg
