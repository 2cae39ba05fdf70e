// The bytes of a capture, read back block by block. That other programs open it is shown by the
// interop cases.
#include "shell/trace/capture.h"

#include <gtest/gtest.h>

#include <cstring>

namespace tandem::trace {
namespace {

Entry entry(bool sent, std::string transport, std::string peer, std::string bytes) {
  return {.sequence = 1,
          .time = from_epoch_milliseconds(1'769'860'800'123),
          .flow_no = 17,
          .sent = sent,
          .transport = std::move(transport),
          .local = peer.starts_with('[') ? "[::1]:5060" : "127.0.0.1:5060",
          .peer = std::move(peer),
          .bytes = std::move(bytes)};
}

std::uint32_t little(std::string_view bytes, std::size_t at) {
  std::uint32_t number = 0;
  std::memcpy(&number, bytes.data() + at, sizeof number);
  return number;
}

unsigned big16(std::string_view bytes, std::size_t at) {
  return static_cast<unsigned char>(bytes[at]) << 8 | static_cast<unsigned char>(bytes[at + 1]);
}

// The packets of the file; the blocks before them are checked on the way.
std::vector<std::string> packets_of(std::string_view file) {
  std::vector<std::string> packets;
  EXPECT_EQ(little(file, 0), 0x0A0D0D0Au);
  while (!file.empty()) {
    const std::uint32_t size = little(file, 4);
    EXPECT_EQ(size % 4, 0u);
    EXPECT_EQ(little(file, size - 4), size);
    if (little(file, 0) == 6) packets.emplace_back(file.substr(28, little(file, 20)));
    file.remove_prefix(size);
  }
  return packets;
}

unsigned sum_of(std::string_view bytes) {
  unsigned sum = 0;
  for (std::size_t i = 0; i < bytes.size(); i += 2) {
    sum += i + 1 < bytes.size() ? big16(bytes, i)
                                : unsigned(static_cast<unsigned char>(bytes[i])) << 8;
  }
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >> 16);
  return sum;
}

TEST(Capture, a_datagram_is_one_packet_from_its_sender) {
  const auto packets =
      packets_of(capture_file({entry(false, "udp", "127.0.0.2:5070", "OPTIONS x"),
                               entry(true, "udp", "127.0.0.2:5070", "SIP/2.0 200")}));

  ASSERT_EQ(packets.size(), 2u);
  const std::string& first = packets[0];
  EXPECT_EQ(first.substr(0, 1), "\x45");
  EXPECT_EQ(big16(first, 2), first.size());
  EXPECT_EQ(sum_of(first.substr(0, 20)), 0xffffu);
  EXPECT_EQ(first.substr(12, 8), std::string("\x7f\0\0\2\x7f\0\0\1", 8));
  EXPECT_EQ(big16(first, 20), 5070u);
  EXPECT_EQ(big16(first, 22), 5060u);
  EXPECT_EQ(first.substr(28), "OPTIONS x");
  EXPECT_EQ(sum_of(std::string("\0\x11", 2) + first.substr(24, 2) + first.substr(12)), 0xffffu);
  EXPECT_EQ(packets[1].substr(12, 8), std::string("\x7f\0\0\1\x7f\0\0\2", 8));
}

TEST(Capture, a_stream_is_cut_into_segments_that_follow_each_other) {
  const std::string large(3000, 'a');
  const auto packets = packets_of(capture_file({entry(false, "tcp", "127.0.0.2:5070", large),
                                                entry(true, "tcp", "127.0.0.2:5070", "ok"),
                                                entry(false, "tcp", "127.0.0.2:5070", "b")}));

  ASSERT_EQ(packets.size(), 5u);
  const auto position = [&](std::size_t i) { return big16(packets[i], 26); };
  const auto acknowledged = [&](std::size_t i) { return big16(packets[i], 30); };
  EXPECT_EQ(position(0), 1u);
  EXPECT_EQ(position(1), 1401u);
  EXPECT_EQ(position(2), 2801u);
  EXPECT_EQ(acknowledged(3), 3001u);
  EXPECT_EQ(position(3), 1u);
  EXPECT_EQ(position(4), 3001u);
  EXPECT_EQ(acknowledged(4), 3u);
  EXPECT_EQ(packets[2].substr(40), std::string(200, 'a'));
}

TEST(Capture, ipv6_is_written_as_ipv6) {
  const auto packets = packets_of(capture_file({entry(false, "udp", "[::2]:5070", "x")}));

  ASSERT_EQ(packets.size(), 1u);
  EXPECT_EQ(packets[0].substr(0, 1), "\x60");
  EXPECT_EQ(big16(packets[0], 4), 9u);
  EXPECT_EQ(packets[0].size(), 49u);
}

TEST(Capture, what_has_no_address_is_left_out) {
  EXPECT_TRUE(packets_of(capture_file({entry(false, "udp", "nowhere", "x")})).empty());
}

}  // namespace
}  // namespace tandem::trace
