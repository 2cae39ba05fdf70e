// What the index says does not depend on the base it was given: it is compared with one of its own.
#include "core/directory/prefix_index.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

namespace tandem::directory {
namespace {

EgressGateway gateway(std::int64_t id, TextList prefixes) {
  EgressGateway made;
  made.id = id;
  made.prefixes = std::move(prefixes);
  return made;
}

// "length:index,index ..." from longest to shortest.
std::string found(const PrefixIndex& index, std::string_view number) {
  PrefixMatches matches;
  index.find(number, matches);
  std::string text;
  for (std::size_t i = 0; i < matches.size(); ++i) {
    if (!text.empty()) text += ' ';
    text += std::to_string(matches[i].length);
    char separator = ':';
    for (const std::uint32_t position : matches[i].egress) {
      text += separator + std::to_string(position);
      separator = ',';
    }
  }
  return text;
}

// So many that the index does not simply make everything anew.
TextList very_many(const std::string& beginning) {
  TextList list;
  for (int i = 10'000; i < 99'999; ++i) list.push_back(beginning + std::to_string(i));
  return list;
}

TEST(PrefixIndex, a_gateway_stands_at_its_longest_prefix_only) {
  const std::vector<EgressGateway> gateways = {gateway(3, {"44", "4420", "4"}), gateway(5, {"442"}),
                                               gateway(9, {"", "44"})};
  const PrefixIndex index(gateways, nullptr);

  EXPECT_EQ(found(index, "44207"), "4:0 3:1 2:2");
  EXPECT_EQ(found(index, "4421"), "3:1 2:0,2");
  EXPECT_EQ(found(index, "1"), "0:2");
}

TEST(PrefixIndex, of_thousands_of_gateways_each_stands_once) {
  std::vector<EgressGateway> gateways;
  for (std::int64_t id = 1; id <= 3'000; ++id) gateways.push_back(gateway(id, {"44", "4"}));
  const PrefixIndex index(gateways, nullptr);
  PrefixMatches matches;

  index.find("4420", matches);

  ASSERT_EQ(matches.size(), 1u);
  EXPECT_EQ(matches[0].egress.size(), 3'000u);
}

TEST(PrefixIndex, takes_from_its_base_what_did_not_change) {
  std::vector<EgressGateway> gateways = {gateway(1, very_many("1")), gateway(2, {"110", "2"}),
                                         gateway(3, {"110000", "3"})};
  const PrefixIndex before(gateways, nullptr);
  ASSERT_EQ(found(before, "1100001"), "6:0,2 3:1");

  gateways[1].prefixes = {"110000", "21"};          // changed
  gateways.erase(gateways.begin() + 2);             // gone
  gateways.push_back(gateway(7, {"1100", "1100001"}));  // new
  const PrefixIndex after(gateways, before.base());

  EXPECT_EQ(after.base(), before.base());
  EXPECT_FALSE(after.is_worn());
  EXPECT_EQ(found(after, "1100001"), "7:2 6:0,1");
  EXPECT_EQ(found(after, "2"), "");
  EXPECT_EQ(found(after, "210"), "2:1");
  EXPECT_EQ(found(after, "3"), "");
}

TEST(PrefixIndex, is_worn_when_much_has_changed) {
  std::vector<EgressGateway> gateways = {gateway(1, very_many("1")), gateway(2, very_many("2")),
                                         gateway(3, very_many("3")), gateway(4, {"4"})};
  PrefixIndex index(gateways, nullptr);
  for (const char* beginning : {"5", "6", "7"}) {
    EXPECT_FALSE(index.is_worn());
    gateways[std::size_t(*beginning - '5')].prefixes = very_many(beginning);
    index = PrefixIndex(gateways, index.base());
  }

  EXPECT_TRUE(index.is_worn());
  EXPECT_EQ(found(index, "5100001"), "6:0");
  EXPECT_EQ(found(index, "1100001"), "");
  const PrefixIndex renewed(gateways, PrefixIndex::make_base(gateways));
  EXPECT_FALSE(renewed.is_worn());
  EXPECT_EQ(found(renewed, "5100001"), "6:0");
}

TEST(PrefixIndex, says_the_same_over_any_base) {
  std::mt19937 random(11);
  const auto digits = [&](std::size_t longest) {
    std::string text;
    for (auto length = random() % (longest + 1); length > 0; --length)
      text += static_cast<char>('0' + random() % 3);
    return text;
  };
  std::vector<EgressGateway> gateways = {gateway(1, very_many("9"))};
  PrefixIndex::Base base = PrefixIndex::make_base(gateways);
  for (int round = 0; round < 30; ++round) {
    const auto at = random() % gateways.size();
    if (random() % 4 == 0 && gateways.size() > 4 && at != 0) {
      gateways.erase(gateways.begin() + std::ptrdiff_t(at));
    } else {
      TextList prefixes;
      for (auto count = random() % 6; count > 0; --count) prefixes.push_back(digits(5));
      if (at != 0 && random() % 2 == 0)
        gateways[at].prefixes = prefixes;
      else
        gateways.push_back(gateway(gateways.back().id + 1, prefixes));
    }
    if (random() % 20 == 0) base = PrefixIndex::make_base(gateways);
    const PrefixIndex index(gateways, base);
    const PrefixIndex alone(gateways, nullptr);
    for (int call = 0; call < 50; ++call) {
      const std::string number = digits(7);
      ASSERT_EQ(found(index, number), found(alone, number)) << number;
    }
  }
}

}  // namespace
}  // namespace tandem::directory
