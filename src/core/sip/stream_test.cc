#include "core/sip/stream.h"

#include <gtest/gtest.h>

#include <vector>

namespace tandem::sip {
namespace {

const std::string kFirst = "MESSAGE sip:a@h SIP/2.0\r\nl: 10\r\nSubject: one\r\n\r\n0123\r\n\r\n56";
const std::string kSecond = "SIP/2.0 200 OK\r\nContent-Length:\r\n 0\r\n\r\n";

struct Seen {
  StreamEvent event;
  std::string message;
  bool operator==(const Seen&) const = default;
};

std::vector<Seen> drain(StreamFramer& framer) {
  std::vector<Seen> seen;
  while (true) {
    const StreamEvent event = framer.next();
    if (event == StreamEvent::NeedMore) return seen;
    seen.push_back({event, std::string(framer.message())});
    if (event == StreamEvent::Broken || event == StreamEvent::TooLarge) return seen;
  }
}

TEST(StreamFramer, messages_are_cut_the_same_however_the_bytes_arrive) {
  const std::string bytes = "\r\n\r\n" + kFirst + "\r\n" + kSecond + "\r\n\r\n" + kFirst;
  const std::vector<Seen> expected{{StreamEvent::Ping, ""},
                                   {StreamEvent::Message, kFirst},
                                   {StreamEvent::Message, kSecond},
                                   {StreamEvent::Ping, ""},
                                   {StreamEvent::Message, kFirst}};
  for (std::size_t piece = 1; piece <= bytes.size(); ++piece) {
    StreamFramer framer(1000);
    std::vector<Seen> seen;
    for (std::size_t at = 0; at < bytes.size(); at += piece) {
      framer.append(std::string_view(bytes).substr(at, piece));
      for (Seen& one : drain(framer)) seen.push_back(std::move(one));
    }

    EXPECT_EQ(seen, expected) << "in pieces of " << piece;
    EXPECT_EQ(framer.buffered(), 0u);
  }
}

TEST(StreamFramer, a_lone_line_break_is_no_ping_and_waits) {
  StreamFramer framer(1000);

  framer.append("\r\n");
  EXPECT_EQ(framer.next(), StreamEvent::NeedMore);
  framer.append("\r");
  EXPECT_EQ(framer.next(), StreamEvent::NeedMore);
  framer.append("\n");
  EXPECT_EQ(framer.next(), StreamEvent::Ping);
  EXPECT_EQ(framer.next(), StreamEvent::NeedMore);
}

TEST(StreamFramer, the_answer_to_our_ping_before_a_message_is_passed_over) {
  StreamFramer framer(1000);

  framer.append("\r\n" + kSecond);

  EXPECT_EQ(framer.next(), StreamEvent::Message);
  EXPECT_EQ(framer.message(), kSecond);
}

TEST(StreamFramer, lines_may_end_without_carriage_return) {
  StreamFramer framer(1000);

  framer.append("\nSIP/2.0 200 OK\nl: 2\n\nab");

  EXPECT_EQ(framer.next(), StreamEvent::Message);
  EXPECT_EQ(framer.message(), "SIP/2.0 200 OK\nl: 2\n\nab");
}

TEST(StreamFramer, a_stream_that_cannot_be_cut_is_broken_and_stays_so) {
  for (const char* bytes :
       {"GET / HTTP/1.1\r\n", "hello\r\n", "SIP/2.0 200 OK\r\nVia: x\r\n\r\n",
        "SIP/2.0 200 OK\r\nl: 1\r\nContent-Length: 1\r\n\r\na", "SIP/2.0 200 OK\r\nl: -1\r\n\r\n",
        "SIP/2.0 200 OK\r\nl: 99999999999999999999\r\n\r\n", "SIP/2.0 200 OK\r\nl:\r\n\r\n",
        "SIP/2.0 200 OK\r\n\r\n", "SIP/2.0 200 OK\r\nSubject: \r\n l: 0\r\n\r\n"}) {
    StreamFramer framer(1000);

    framer.append(bytes);
    EXPECT_EQ(framer.next(), StreamEvent::Broken) << bytes;
    framer.append(kSecond);
    EXPECT_EQ(framer.next(), StreamEvent::Broken) << bytes;
  }
}

TEST(StreamFramer, headers_beyond_the_limit_are_too_large_and_can_be_answered) {
  StreamFramer framer(200);

  framer.append("OPTIONS sip:a@h SIP/2.0\r\nVia: SIP/2.0/TCP h;branch=z9hG4bK1\r\n");
  EXPECT_EQ(framer.next(), StreamEvent::NeedMore);
  framer.append("Subject: " + std::string(200, 'x'));
  EXPECT_EQ(framer.next(), StreamEvent::TooLarge);
  EXPECT_TRUE(framer.message().starts_with("OPTIONS sip:a@h SIP/2.0\r\nVia: "));
  EXPECT_EQ(framer.message().size(), 200u);
  EXPECT_EQ(framer.next(), StreamEvent::Broken);
}

TEST(StreamFramer, a_body_beyond_the_limit_is_too_large_before_it_has_come) {
  StreamFramer framer(200);

  framer.append("OPTIONS sip:a@h SIP/2.0\r\nl: 200\r\n\r\n");

  EXPECT_EQ(framer.next(), StreamEvent::TooLarge);
  EXPECT_EQ(framer.message(), "OPTIONS sip:a@h SIP/2.0\r\nl: 200\r\n\r\n");
}

TEST(StreamFramer, bytes_without_any_line_are_held_only_up_to_the_limit) {
  StreamFramer framer(200);
  StreamEvent event = StreamEvent::NeedMore;
  for (int i = 0; i < 100 && event == StreamEvent::NeedMore; ++i) {
    framer.append("0123456789");
    event = framer.next();
  }

  EXPECT_EQ(event, StreamEvent::TooLarge);
  EXPECT_LE(framer.buffered(), 210u);
}

}  // namespace
}  // namespace tandem::sip
