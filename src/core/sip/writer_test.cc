#include "core/sip/writer.h"

#include <gtest/gtest.h>

#include <array>
#include <string>

namespace tandem::sip {
namespace {

TEST(Writer, writes_a_request_line_by_line) {
  std::array<char, 512> room;
  Writer writer(room.data(), room.size());

  writer.request_line("BYE", "sip:alice@192.0.2.1");
  writer.header(HeaderId::Via, {"SIP/2.0/UDP ", "192.0.2.2", ";branch=z9hG4bK", "1"});
  writer.header(HeaderId::MaxForwards, 70);
  writer.header("X-Own", "value");
  writer.begin_header(HeaderId::CSeq);
  writer.number(4294967296);
  writer.text(" BYE");
  writer.end_header();
  writer.raw("Subject: a\r\n");
  writer.finish("body");

  EXPECT_EQ(writer.view(),
            "BYE sip:alice@192.0.2.1 SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.2;branch=z9hG4bK1\r\n"
            "Max-Forwards: 70\r\nX-Own: value\r\nCSeq: 4294967296 BYE\r\nSubject: a\r\n"
            "Content-Length: 4\r\n\r\nbody");
  EXPECT_FALSE(writer.overflowed());
}

TEST(Writer, writes_a_status_line) {
  std::array<char, 128> room;
  Writer writer(room.data(), room.size());

  writer.status_line(180, reason_phrase(180));
  writer.finish({});

  EXPECT_EQ(writer.view(), "SIP/2.0 180 Ringing\r\nContent-Length: 0\r\n\r\n");
}

TEST(Writer, nothing_can_be_injected_through_a_value) {
  using namespace std::literals;
  for (std::size_t length = 0; length < 20; ++length) {
    std::array<char, 512> room;
    Writer writer(room.data(), room.size());
    const std::string filling(length, 'x');

    writer.request_line("BYE\r\n", "sip:a\r\nVia: x");
    writer.header(HeaderId::Subject, filling + "\r\nEvil: 1\0\n\r"s + filling);
    writer.header("X\r\nY", "a\nb");
    writer.finish({});

    EXPECT_EQ(writer.view(), "BYE   sip:a  Via: x SIP/2.0\r\nSubject: " + filling + "  Evil: 1   " +
                                 filling + "\r\nX  Y: a b\r\nContent-Length: 0\r\n\r\n");
  }
}

TEST(Writer, a_message_that_does_not_fit_overflows_and_nothing_is_written_beyond) {
  const std::string whole =
      "SIP/2.0 200 OK\r\nSubject: twelve chars\r\nContent-Length: 3\r\n\r\nabc";
  for (std::size_t capacity = 0; capacity <= whole.size() + 1; ++capacity) {
    std::string room(capacity + 1, '#');
    Writer writer(room.data(), capacity);

    writer.status_line(200, "OK");
    writer.header(HeaderId::Subject, "twelve chars");
    writer.finish("abc");

    EXPECT_EQ(writer.overflowed(), capacity < whole.size());
    EXPECT_EQ(room.back(), '#');
    EXPECT_TRUE(std::string_view(whole).starts_with(writer.view()));
  }
}

}  // namespace
}  // namespace tandem::sip
