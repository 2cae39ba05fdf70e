#include "shell/net/websocket.h"

#include <gtest/gtest.h>

#include <vector>

namespace tandem::net {
namespace {

using namespace std::string_literals;

constexpr std::size_t kLimit = 1000;

// A frame of a client: RFC 6455 §5.2 by hand.
std::string frame(std::uint8_t first, const std::string& payload,
                  const std::string& mask = "abcd") {
  std::string bytes(1, char(first));
  const std::size_t size = payload.size();
  if (size <= 125) {
    bytes += char(0x80 | size);
  } else if (size <= 0xffff) {
    bytes += char(0x80 | 126);
    bytes += char(size >> 8);
    bytes += char(size & 0xff);
  } else {
    bytes += char(0x80 | 127);
    for (int shift = 56; shift >= 0; shift -= 8) bytes += char(size >> shift & 0xff);
  }
  bytes += mask;
  for (std::size_t i = 0; i < size; ++i) bytes += char(payload[i] ^ mask[i % 4]);
  return bytes;
}

struct Seen {
  WebSocketEvent event;
  std::string payload;
  std::uint16_t code = 0;

  friend bool operator==(const Seen&, const Seen&) = default;
};

std::vector<Seen> read(const std::string& bytes, std::size_t piece = 1'000'000) {
  WebSocketReader reader(kLimit);
  std::vector<Seen> seen;
  for (std::size_t at = 0; at < bytes.size(); at += piece) {
    reader.append(std::string_view(bytes).substr(at, piece));
    for (auto event = reader.next(); event != WebSocketEvent::NeedMore; event = reader.next()) {
      seen.push_back({event, std::string(reader.payload()), reader.code()});
    }
  }
  return seen;
}

// The code the reader gives up with; 0 = it does not.
int fault_of(const std::string& bytes) {
  const auto seen = read(bytes);
  return seen.empty() || seen.back().event != WebSocketEvent::Fault ? 0 : seen.back().code;
}

std::string message(const std::string& payload) { return payload; }

TEST(WebSocketReader, reads_the_examples_of_the_standard) {
  // RFC 6455 §5.7: a masked "Hello", and a masked ping.
  const std::string hello = "\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58";
  const std::string ping = "\x89\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58";

  EXPECT_EQ(read(hello), (std::vector<Seen>{{WebSocketEvent::Message, "Hello"}}));
  EXPECT_EQ(read(ping), (std::vector<Seen>{{WebSocketEvent::Ping, "Hello"}}));
}

TEST(WebSocketReader, joins_fragments_with_control_frames_between_them) {
  const std::string bytes =
      frame(0x01, "Hel") + frame(0x89, "are you there") + frame(0x00, "") + frame(0x80, "lo");

  const std::vector<Seen> expected{{WebSocketEvent::Ping, "are you there"},
                                   {WebSocketEvent::Message, "Hello"}};
  EXPECT_EQ(read(bytes), expected);
  EXPECT_EQ(read(bytes, 1), expected) << "however the bytes are cut";
}

TEST(WebSocketReader, takes_lengths_of_each_form_up_to_its_limit) {
  for (const std::size_t size : {std::size_t(0), std::size_t(125), std::size_t(126), kLimit}) {
    const std::string text(size, 'x');
    EXPECT_EQ(read(frame(0x82, text)), (std::vector<Seen>{{WebSocketEvent::Message, text}}));
  }
  EXPECT_EQ(fault_of(frame(0x82, std::string(kLimit + 1, 'x'))), kTooBig);
  EXPECT_EQ(fault_of(frame(0x02, std::string(kLimit, 'x')) + frame(0x80, "x")), kTooBig);
  EXPECT_EQ(fault_of("\x82\xff\x00\x00\x00\x00\x00\x01\x00\x00"s), kTooBig)
      << "before the rest of it came";
}

TEST(WebSocketReader, several_messages_come_one_by_one) {
  EXPECT_EQ(read(frame(0x81, "a") + frame(0x82, "\xff") + frame(0x8a, "pong") + frame(0x81, "c")),
            (std::vector<Seen>{{WebSocketEvent::Message, "a"},
                               {WebSocketEvent::Message, "\xff"},
                               {WebSocketEvent::Message, "c"}}));
}

TEST(WebSocketReader, what_the_standard_forbids_is_a_protocol_error) {
  EXPECT_EQ(fault_of("\x81\x05Hello"), kProtocolError) << "not masked (5.1)";
  EXPECT_EQ(fault_of(frame(0xc1, "a")), kProtocolError) << "RSV1 (5.2)";
  EXPECT_EQ(fault_of(frame(0xa1, "a")), kProtocolError) << "RSV2";
  EXPECT_EQ(fault_of(frame(0x91, "a")), kProtocolError) << "RSV3";
  for (const int opcode : {3, 4, 5, 6, 7, 11, 12, 13, 14, 15}) {
    EXPECT_EQ(fault_of(frame(std::uint8_t(0x80 | opcode), "")), kProtocolError) << opcode;
  }
  EXPECT_EQ(fault_of(frame(0x80, "a")), kProtocolError) << "goes on with nothing (5.4)";
  EXPECT_EQ(fault_of(frame(0x01, "a") + frame(0x81, "b")), kProtocolError) << "begun twice";
  EXPECT_EQ(fault_of(frame(0x09, "a")), kProtocolError) << "a ping in fragments (5.5)";
  EXPECT_EQ(fault_of(frame(0x89, std::string(126, 'x'))), kProtocolError) << "a long ping";
  EXPECT_EQ(fault_of("\x82\xfe\x00\x7d"s), kProtocolError) << "125 in two bytes";
  EXPECT_EQ(fault_of("\x82\xff\x00\x00\x00\x00\x00\x00\xff\xff"s), kProtocolError)
      << "65535 in eight bytes";
  EXPECT_EQ(fault_of("\x82\xff\x80\x00\x00\x00\x00\x00\x00\x00"s), kProtocolError) << "a sign";
}

TEST(WebSocketReader, text_is_utf_8_as_a_whole) {
  EXPECT_EQ(fault_of(frame(0x81, "\xc3(")), kNotUtf8);
  EXPECT_EQ(fault_of(frame(0x01, "\xc3") + frame(0x80, "\xa9")), 0) << "a character in two frames";
  EXPECT_EQ(fault_of(frame(0x82, "\xc3(")), 0) << "binary may be anything";
}

TEST(WebSocketReader, a_close_is_answered_with_its_code) {
  EXPECT_EQ(read(frame(0x88, "\x03\xe8" + message("bye"))),
            (std::vector<Seen>{{WebSocketEvent::Close,
                                "\x03\xe8"
                                "bye",
                                1000}}));
  EXPECT_EQ(read(frame(0x88, "") + frame(0x81, "more")),
            (std::vector<Seen>{{WebSocketEvent::Close, "", kNoCode}}))
      << "nothing is heard behind it";
}

TEST(WebSocketReader, a_close_that_cannot_be_is_a_fault) {
  EXPECT_EQ(fault_of(frame(0x88, "\x03")), kProtocolError) << "half a code";
  for (const int code : {0, 999, 1004, 1005, 1006, 1015, 2999, 5000, 65535}) {
    const std::string bytes{char(code >> 8), char(code & 0xff)};
    EXPECT_EQ(fault_of(frame(0x88, bytes)), kProtocolError) << code;
  }
  EXPECT_EQ(fault_of(frame(0x88, "\x03\xe8\xff")), kNotUtf8);
}

TEST(WebSocketReader, hears_nothing_after_a_fault) {
  const auto seen = read("\x81\x05Hello" + frame(0x81, "more"));

  EXPECT_EQ(seen.size(), 1u);
}

TEST(WebSocketReader, keeps_no_more_than_one_message) {
  WebSocketReader reader(kLimit);
  for (int i = 0; i < 1000; ++i) {
    reader.append(frame(i == 0 ? 0x01 : 0x00, ""));
    while (reader.next() != WebSocketEvent::NeedMore) {
    }
  }

  EXPECT_LT(reader.buffered(), kLimit);
}

TEST(WebSocketFrames, are_written_as_the_examples_of_the_standard) {
  std::string hello;
  std::string long_one;
  std::string longer;
  append_frame(hello, Opcode::Text, "Hello");
  append_frame(long_one, Opcode::Binary, std::string(256, 'x'));
  append_frame(longer, Opcode::Binary, std::string(65536, 'x'));

  EXPECT_EQ(hello, "\x81\x05Hello");
  EXPECT_EQ(long_one.substr(0, 5), "\x82\x7e\x01\x00x"s);
  EXPECT_EQ(longer.substr(0, 11), "\x82\x7f\x00\x00\x00\x00\x00\x01\x00\x00x"s);
}

TEST(WebSocketFrames, close_with_and_without_a_code) {
  std::string with;
  std::string without;
  append_close(with, kProtocolError);
  append_close(without, kNoCode);

  EXPECT_EQ(with, "\x88\x02\x03\xea");
  EXPECT_EQ(without, "\x88\x00"s);
}

}  // namespace
}  // namespace tandem::net
