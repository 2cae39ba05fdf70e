// The Directory: which gateways an address or a number finds, and in which order.
#include "core/directory/directory.h"

#include <gtest/gtest.h>

#include <functional>
#include <initializer_list>
#include <map>
#include <random>
#include <set>

namespace tandem::directory {
namespace {

IngressGateway ingress(std::int64_t id, int priority, std::initializer_list<const char*> ranges) {
  IngressGateway gateway;
  gateway.id = id;
  gateway.priority = priority;
  for (const char* range : ranges) gateway.remote_ips.push_back(*AddressRange::parse(range));
  return gateway;
}

EgressGateway egress(std::int64_t id, std::vector<std::string> prefixes) {
  EgressGateway gateway;
  gateway.id = id;
  gateway.prefixes = std::move(prefixes);
  return gateway;
}

std::vector<std::int64_t> ingress_ids(const Directory& directory, const char* address) {
  std::vector<const IngressGateway*> found;
  directory.ingress_by_address(*IpAddress::parse(address), found);
  std::vector<std::int64_t> ids;
  for (const IngressGateway* gateway : found) ids.push_back(gateway->id);
  return ids;
}

using Groups = std::vector<std::pair<int, std::vector<std::int64_t>>>;

Groups groups(const Directory& directory, std::string_view number) {
  PrefixMatches matches;
  directory.egress_by_prefix(number, matches);
  Groups found;
  for (std::size_t i = 0; i < matches.size(); ++i) {
    const PrefixMatch match = matches[i];
    found.push_back({match.length, {}});
    for (const std::uint32_t index : match.egress)
      found.back().second.push_back(directory.egress_gateways()[index].id);
  }
  return found;
}

std::shared_ptr<const Directory> with_ingress(std::vector<IngressGateway> gateways) {
  Directory::Source source;
  source.ingress_gateways = std::move(gateways);
  return Directory::compile(std::move(source));
}

std::shared_ptr<const Directory> with_egress(std::vector<EgressGateway> gateways) {
  Directory::Source source;
  source.egress_gateways = std::move(gateways);
  return Directory::compile(std::move(source));
}

using Ids = std::vector<std::int64_t>;

TEST(Directory, lists_entities_by_id_and_finds_them_by_it) {
  Directory::Source source;
  source.number = 7;
  for (const std::int64_t id : {30, 10, 20}) {
    Account account;
    account.id = id;
    source.accounts.push_back(account);
    source.ingress_gateways.push_back(ingress(id + 1, 100, {}));
    source.egress_gateways.push_back(egress(id + 2, {}));
  }

  const auto directory = Directory::compile(std::move(source));

  EXPECT_EQ(directory->number(), 7u);
  EXPECT_EQ(directory->accounts().front().id, 10);
  EXPECT_EQ(directory->ingress_gateways().back().id, 31);
  EXPECT_EQ(directory->account(20), &directory->accounts()[1]);
  EXPECT_EQ(directory->ingress_gateway(11), &directory->ingress_gateways()[0]);
  EXPECT_EQ(directory->egress_gateway(32), &directory->egress_gateways()[2]);
  EXPECT_EQ(directory->account(11), nullptr);
  EXPECT_EQ(directory->ingress_gateway(40), nullptr);
  EXPECT_EQ(directory->egress_gateway(0), nullptr);
}

TEST(Directory, an_address_finds_addresses_networks_and_ranges_of_both_families) {
  const auto directory =
      with_ingress({ingress(1, 100, {"192.0.2.7"}), ingress(2, 100, {"198.51.100.0/24"}),
                    ingress(3, 100, {"203.0.113.5-203.0.113.9"}),
                    ingress(4, 100, {"2001:db8::/32", "2001:db9::1"})});

  EXPECT_EQ(ingress_ids(*directory, "192.0.2.7"), Ids{1});
  EXPECT_EQ(ingress_ids(*directory, "192.0.2.8"), Ids{});
  EXPECT_EQ(ingress_ids(*directory, "198.51.100.255"), Ids{2});
  EXPECT_EQ(ingress_ids(*directory, "198.51.101.0"), Ids{});
  EXPECT_EQ(ingress_ids(*directory, "203.0.113.5"), Ids{3});
  EXPECT_EQ(ingress_ids(*directory, "203.0.113.9"), Ids{3});
  EXPECT_EQ(ingress_ids(*directory, "203.0.113.10"), Ids{});
  EXPECT_EQ(ingress_ids(*directory, "2001:db8:ffff::1"), Ids{4});
  EXPECT_EQ(ingress_ids(*directory, "2001:db9::1"), Ids{4});
  EXPECT_EQ(ingress_ids(*directory, "2001:db9::2"), Ids{});
}

TEST(Directory, of_several_gateways_priority_decides_then_the_narrower_range_then_the_id) {
  const auto directory =
      with_ingress({ingress(5, 100, {"10.0.0.0/8"}), ingress(4, 100, {"10.1.0.0/16"}),
                    ingress(3, 100, {"10.1.2.3"}), ingress(2, 100, {"10.1.2.3"}),
                    ingress(6, 50, {"10.0.0.0/8"}), ingress(1, 200, {"10.1.2.3"})});

  EXPECT_EQ(ingress_ids(*directory, "10.1.2.3"), (Ids{6, 2, 3, 4, 5, 1}));
  EXPECT_EQ(ingress_ids(*directory, "10.1.2.4"), (Ids{6, 4, 5}));
}

TEST(Directory, a_gateway_with_overlapping_ranges_is_found_once_by_its_narrowest) {
  const auto directory = with_ingress(
      {ingress(1, 100, {"10.0.0.0/8", "10.1.2.3", "10.1.2.3"}), ingress(2, 100, {"10.1.2.0/24"})});

  EXPECT_EQ(ingress_ids(*directory, "10.1.2.3"), (Ids{1, 2}));
  EXPECT_EQ(ingress_ids(*directory, "10.1.2.4"), (Ids{2, 1}));
}

TEST(Directory, found_gateways_are_appended) {
  const auto directory = with_ingress({ingress(1, 100, {"10.0.0.1"})});
  std::vector<const IngressGateway*> found;

  directory->ingress_by_address(*IpAddress::parse("10.0.0.1"), found);
  directory->ingress_by_address(*IpAddress::parse("10.0.0.1"), found);

  EXPECT_EQ(found.size(), 2u);
}

TEST(Directory, the_whole_of_ipv6_does_not_mean_ipv4) {
  const auto directory = with_ingress({ingress(1, 100, {"::/0"}), ingress(2, 100, {"0.0.0.0/0"})});

  EXPECT_EQ(ingress_ids(*directory, "192.0.2.1"), Ids{2});
  EXPECT_EQ(ingress_ids(*directory, "2001:db8::1"), Ids{1});
}

TEST(Directory, finds_the_same_gateways_by_address_as_a_look_at_every_range) {
  std::mt19937 random(20261124);
  const auto number = [&](std::uint32_t below) {
    return static_cast<std::uint32_t>(random() % below);
  };
  for (int round = 0; round < 50; ++round) {
    std::vector<IngressGateway> gateways;
    for (std::int64_t id = 1; id <= 40; ++id) {
      IngressGateway gateway = ingress(id, static_cast<int>(number(3)), {});
      for (std::uint32_t i = number(4); i > 0; --i) {
        const std::uint32_t first = number(200);
        const std::uint32_t last = first + number(3) * number(100);
        gateway.remote_ips.push_back({IpAddress::v4(first), IpAddress::v4(last)});
      }
      gateways.push_back(gateway);
    }
    const auto directory = with_ingress(gateways);

    for (std::uint32_t address = 0; address < 420; ++address) {
      std::set<std::int64_t> expected;
      for (const IngressGateway& gateway : gateways)
        for (const AddressRange& range : gateway.remote_ips)
          if (range.contains(IpAddress::v4(address))) expected.insert(gateway.id);
      const Ids found = ingress_ids(*directory, IpAddress::v4(address).text().c_str());
      ASSERT_EQ(std::set(found.begin(), found.end()), expected) << "address " << address;
      ASSERT_EQ(found.size(), expected.size()) << "address " << address;
    }
  }
}

TEST(Directory, an_egress_gateway_is_known_by_the_addresses_it_lists) {
  EgressGateway first = egress(1, {});
  first.remote_ips = {{"192.0.2.1", *IpAddress::parse("192.0.2.1"), 5080},
                      {"carrier.example", {}, 0}};
  EgressGateway second = egress(2, {});
  second.remote_ips = {{"2001:db8::9", *IpAddress::parse("2001:db8::9"), 0},
                       {"192.0.2.1", *IpAddress::parse("192.0.2.1"), 0}};

  const auto directory = with_egress({second, first});

  EXPECT_EQ(directory->egress_by_address(*IpAddress::parse("192.0.2.1"))->id, 1);
  EXPECT_EQ(directory->egress_by_address(*IpAddress::parse("2001:db8::9"))->id, 2);
  EXPECT_EQ(directory->egress_by_address(*IpAddress::parse("192.0.2.2")), nullptr);
  EXPECT_EQ(directory->egress_by_address({}), nullptr) << "names have no address";
}

// The table of call-handling.md 6; which groups are tried is the work of routing.
TEST(Directory, groups_gateways_by_the_length_of_their_longest_matching_prefix) {
  const auto rows_1_2 = with_egress({egress(1, {"90080"}), egress(2, {"90080"}),
                                     egress(3, {"9008"}), egress(4, {"900"}), egress(5, {"9"})});
  EXPECT_EQ(groups(*rows_1_2, "90080001"), (Groups{{5, {1, 2}}, {4, {3}}, {3, {4}}, {1, {5}}}));
  EXPECT_EQ(groups(*rows_1_2, "9008"), (Groups{{4, {3}}, {3, {4}}, {1, {5}}}));

  const auto rows_3_4_5 = with_egress({egress(1, {"44"}), egress(2, {""})});
  EXPECT_EQ(groups(*rows_3_4_5, "4420"), (Groups{{2, {1}}, {0, {2}}}));
  EXPECT_EQ(groups(*rows_3_4_5, ""), (Groups{{0, {2}}}));

  const auto row_6 = with_egress({egress(1, {"44", "4420"}), egress(2, {"442"})});
  EXPECT_EQ(groups(*row_6, "44207"), (Groups{{4, {1}}, {3, {2}}})) << "1 only at its longest";
  EXPECT_EQ(groups(*row_6, "44217"), (Groups{{3, {2}}, {2, {1}}}));

  const auto row_7 = with_egress({egress(1, {"1", "1212"}), egress(2, {"12"})});
  EXPECT_EQ(groups(*row_7, "12125550123"), (Groups{{4, {1}}, {2, {2}}}));

  const auto row_8 = with_egress({egress(1, {"a44"}), egress(2, {"44"})});
  EXPECT_EQ(groups(*row_8, "a4420"), (Groups{{3, {1}}}));

  const auto row_9 = with_egress({egress(1, {"7"})});
  EXPECT_EQ(groups(*row_9, "4420"), Groups{});
}

TEST(Directory, a_prefix_listed_twice_counts_once) {
  const auto directory = with_egress({egress(1, {"44", "44"}), egress(2, {"44"})});

  EXPECT_EQ(groups(*directory, "44"), (Groups{{2, {1, 2}}}));
}

TEST(Directory, finds_the_same_groups_as_a_look_at_every_prefix) {
  std::mt19937 random(44207);
  const auto digits = [&] {
    std::string text;
    for (auto length = random() % 5; length > 0; --length)
      text += static_cast<char>('0' + random() % 3);
    return text;
  };
  for (int round = 0; round < 200; ++round) {
    std::vector<EgressGateway> gateways;
    for (std::int64_t id = 1; id <= 8; ++id) {
      std::vector<std::string> prefixes;
      for (auto count = random() % 6; count > 0; --count) prefixes.push_back(digits());
      gateways.push_back(egress(id, prefixes));
    }
    const auto directory = with_egress(gateways);

    for (int call = 0; call < 20; ++call) {
      const std::string number = digits() + digits();
      std::map<int, std::vector<std::int64_t>, std::greater<>> expected;
      for (const EgressGateway& gateway : gateways) {
        int longest = -1;
        for (const std::string_view prefix : gateway.prefixes)
          if (number.starts_with(prefix)) longest = std::max(longest, int(prefix.size()));
        if (longest >= 0) expected[longest].push_back(gateway.id);
      }
      ASSERT_EQ(groups(*directory, number), Groups(expected.begin(), expected.end())) << number;
    }
  }
}

}  // namespace
}  // namespace tandem::directory
