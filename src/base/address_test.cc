#include "base/address.h"

#include <gtest/gtest.h>

namespace tandem {
namespace {

TEST(IpAddress, ipv4_reads_and_writes_in_dotted_form) {
  for (const char* text : {"192.0.2.1", "0.0.0.0", "255.255.255.255", "10.0.0.10"}) {
    const auto address = IpAddress::parse(text);

    ASSERT_TRUE(address) << text;
    EXPECT_TRUE(address->is_v4());
    EXPECT_EQ(address->text(), text);
  }
  EXPECT_EQ(IpAddress::v4(0xc0000201).text(), "192.0.2.1");
  EXPECT_EQ(IpAddress::parse("192.0.2.1")->v4_host_order(), 0xc0000201u);
}

TEST(IpAddress, ipv6_is_written_in_the_one_recommended_form) {  // RFC 5952 §4
  const struct {
    const char* given;
    const char* written;
  } rows[] = {
      {"2001:DB8::1", "2001:db8::1"},
      {"2001:db8:0:0:0:0:0:1", "2001:db8::1"},
      {"2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"},
      {"2001:0:0:1:0:0:0:1", "2001:0:0:1::1"},
      {"2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"},
      {"::", "::"},
      {"::1", "::1"},
      {"1::", "1::"},
      {"1:0:0:0:0:0:0:0", "1::"},
      {"0:0:0:0:0:0:0:1", "::1"},
      {"[fe80::1]", "fe80::1"},
      {"64:ff9b::192.0.2.33", "64:ff9b::c000:221"},
      {"1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8"},
      {"1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"},
      {"::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8"},
  };
  for (const auto& row : rows) {
    const auto address = IpAddress::parse(row.given);

    ASSERT_TRUE(address) << row.given;
    EXPECT_TRUE(address->is_v6()) << row.given;
    EXPECT_EQ(address->text(), row.written);
    EXPECT_EQ(IpAddress::parse(row.written), address);
  }
}

TEST(IpAddress, a_mapped_ipv4_address_is_the_ipv4_address) {
  EXPECT_EQ(IpAddress::parse("::ffff:192.0.2.1"), IpAddress::parse("192.0.2.1"));
  EXPECT_EQ(IpAddress::parse("[::ffff:c000:201]"), IpAddress::parse("192.0.2.1"));
}

TEST(IpAddress, what_is_no_address_is_refused) {
  for (const char* text : {"",
                           "1.2.3",
                           "1.2.3.4.5",
                           "1.2.3.256",
                           "1.2.3.04",
                           "1.2.3.",
                           ".1.2.3",
                           "1..2.3",
                           "1.2.3.4 ",
                           " 1.2.3.4",
                           "1.2.3.-4",
                           "+1.2.3.4",
                           "a.b.c.d",
                           "[1.2.3.4]",
                           "[",
                           "]",
                           "[]",
                           "[::1",
                           "::1]",
                           ":",
                           ":::",
                           "1::2::3",
                           "1:2:3:4:5:6:7",
                           "1:2:3:4:5:6:7:8:9",
                           "1:2:3:4:5:6:7:8::",
                           "12345::",
                           "g::",
                           "::1%eth0",
                           "::1.2.3",
                           "1.2.3.4::",
                           "::1.2.3.4:5",
                           "1:",
                           ":1",
                           "1:2:3:4:5:6:7:",
                           "::192.0.2.1.1",
                           "1:2:3:4:5:6:7:1.2.3.4",
                           "example.com",
                           "2001:0db8:0000:0000:0000:0000:0000:0001:0000000000"}) {
    EXPECT_FALSE(IpAddress::parse(text)) << text;
  }
}

TEST(IpAddress, kinds_of_addresses_are_told_apart) {
  const auto ip = [](const char* text) { return IpAddress::parse(text).value(); };

  EXPECT_TRUE(IpAddress().none());
  EXPECT_FALSE(IpAddress().is_any() || IpAddress().is_private() || IpAddress().is_loopback());
  EXPECT_TRUE(ip("0.0.0.0").is_any() && ip("::").is_any());
  EXPECT_FALSE(ip("0.0.0.1").is_any() || ip("::1").is_any());
  EXPECT_TRUE(ip("127.0.0.1").is_loopback() && ip("127.9.9.9").is_loopback());
  EXPECT_TRUE(ip("::1").is_loopback());
  EXPECT_FALSE(ip("128.0.0.1").is_loopback() || ip("1::1").is_loopback() || ip("::").is_loopback());
  for (const char* text : {"10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.0.1", "100.64.0.1",
                           "100.127.255.255", "169.254.1.1", "fc00::1", "fdff::1", "fe80::1"})
    EXPECT_TRUE(ip(text).is_private()) << text;
  for (const char* text : {"11.0.0.0", "172.32.0.0", "172.15.0.1", "192.169.0.1", "100.128.0.0",
                           "8.8.8.8", "2001:db8::1", "fe00::1", "fec0::1"})
    EXPECT_FALSE(ip(text).is_private()) << text;
}

TEST(IpAddress, text_is_written_into_exactly_the_room_it_needs) {
  const auto address = IpAddress::parse("2001:db8::1").value();
  std::array<char, 13> room{};

  char* const end = address.write(room.data(), room.data() + room.size(), true);

  EXPECT_EQ(std::string_view(room.data(), std::size_t(end - room.data())), "[2001:db8::1]");
}

TEST(Endpoint, reads_what_it_writes) {
  for (const char* text : {"192.0.2.1:5060", "[2001:db8::1]:5060", "[::]:1", "0.0.0.0:65535"}) {
    const auto endpoint = Endpoint::parse(text, 9);

    ASSERT_TRUE(endpoint) << text;
    EXPECT_EQ(endpoint->text(), text);
  }
}

TEST(Endpoint, a_missing_port_is_the_default_one) {
  EXPECT_EQ(Endpoint::parse("192.0.2.1", 5060)->text(), "192.0.2.1:5060");
  EXPECT_EQ(Endpoint::parse("[2001:db8::1]", 5061)->text(), "[2001:db8::1]:5061");
  EXPECT_EQ(Endpoint::parse("2001:db8::1", 5061)->text(), "[2001:db8::1]:5061");
}

TEST(Endpoint, what_is_no_endpoint_is_refused) {
  for (const char* text : {"", ":", ":5060", "192.0.2.1:", "192.0.2.1:65536", "192.0.2.1:-1",
                           "192.0.2.1:5060x", "[::1]5060", "[::1]:", "host:5060", "[::1]:5060:1"})
    EXPECT_FALSE(Endpoint::parse(text, 5060)) << text;
}

TEST(AddressRange, a_single_address_a_block_and_two_ends_are_understood) {
  const struct {
    const char* given;
    const char* first;
    const char* last;
    int bits;
  } rows[] = {
      {"192.0.2.1", "192.0.2.1", "192.0.2.1", 128},
      {"192.0.2.0/24", "192.0.2.0", "192.0.2.255", 120},
      {"192.0.2.77/24", "192.0.2.0", "192.0.2.255", 120},
      {"0.0.0.0/0", "0.0.0.0", "255.255.255.255", 96},
      {"192.0.2.1/32", "192.0.2.1", "192.0.2.1", 128},
      {"192.0.2.1-192.0.2.9", "192.0.2.1", "192.0.2.9", 124},
      {"2001:db8::/32", "2001:db8::", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", 32},
      {"2001:db8::1-2001:db8::2", "2001:db8::1", "2001:db8::2", 126},
      {"::ffff:192.0.2.0/120", "192.0.2.0", "192.0.2.255", 120},
      {"::/0", "::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", 0},
  };
  for (const auto& row : rows) {
    const auto range = AddressRange::parse(row.given);

    ASSERT_TRUE(range) << row.given;
    EXPECT_EQ(range->first.text(), row.first) << row.given;
    EXPECT_EQ(range->last.text(), row.last) << row.given;
    EXPECT_EQ(range->common_prefix_bits(), row.bits) << row.given;
    EXPECT_TRUE(range->contains(range->first) && range->contains(range->last)) << row.given;
  }
}

TEST(AddressRange, what_is_no_range_is_refused) {
  for (const char* text : {"", "/24", "192.0.2.0/33", "192.0.2.0/", "192.0.2.0/-1",
                           "2001:db8::/129", "192.0.2.9-192.0.2.1", "192.0.2.1-2001:db8::1",
                           "192.0.2.1-", "-192.0.2.1", "192.0.2.0/24-192.0.3.0", "::fffe:0:0/95"})
    EXPECT_FALSE(AddressRange::parse(text)) << text;
}

TEST(AddressRange, holds_addresses_of_its_own_family_only) {
  const auto every_v6 = AddressRange::parse("::/0").value();
  const auto every_v4 = AddressRange::parse("0.0.0.0/0").value();

  EXPECT_FALSE(every_v6.contains(IpAddress::parse("192.0.2.1").value()));
  EXPECT_FALSE(every_v4.contains(IpAddress::parse("::1").value()));
  EXPECT_FALSE(every_v6.contains(IpAddress()));
  EXPECT_FALSE(every_v4.contains(IpAddress()));
}

}  // namespace
}  // namespace tandem
