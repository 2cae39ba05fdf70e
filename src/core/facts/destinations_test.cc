// Which destination a number has, and what is kept of how many.
#include "core/facts/destinations.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <list>
#include <map>

#include "base/archive.h"
#include "base/rng.h"

namespace tandem::facts {
namespace {

constexpr UtcTime kNow = from_epoch_milliseconds(1'700'006'400'000);

directory::Parameters parameters_of(int length, std::vector<std::string> prefixes) {
  directory::Parameters parameters;
  parameters.gateway_quality_prefix_min_calls = 5;
  parameters.gateway_quality_prefix_length = length;
  parameters.gateway_quality_prefixes = std::move(prefixes);
  return parameters;
}

std::string destination(std::string_view number, const directory::Parameters& parameters) {
  return to_text(destination_of(number, parameters));
}

TEST(Destinations, are_the_longest_listed_beginning_else_so_many_characters) {
  const auto parameters = parameters_of(3, {"44", "4479", "1"});

  EXPECT_EQ(destination("447911123456", parameters), "4479");
  EXPECT_EQ(destination("442071234567", parameters), "44");
  EXPECT_EQ(destination("33123456789", parameters), "331");
  EXPECT_EQ(destination("33", parameters), "33") << "shorter than that";
  EXPECT_EQ(destination("*31#", parameters), "*31");
  EXPECT_EQ(destination("", parameters), "");
  EXPECT_EQ(destination("a442071", parameters), "") << "letters choose a vendor, and no destination";
  EXPECT_EQ(destination("49", parameters_of(0, {"44"})), "") << "only those that are listed";
  EXPECT_EQ(destination("012345678901234567", parameters_of(15, {})), "012345678901234");
}

TEST(Destinations, are_none_while_quality_is_not_kept_by_them) {
  auto parameters = parameters_of(3, {"44"});
  parameters.gateway_quality_prefix_min_calls = 0;

  EXPECT_EQ(destination_of("44207", parameters), 0u);
}

TEST(DestinationQuality, counts_each_gateway_and_destination_by_itself) {
  const QualityTerms terms{.segment = 1'000, .segments = 10};
  DestinationQuality all;
  all.at(kNow, terms, 1, 0x55).attempt(kNow, terms, Reached::Answer);
  all.at(kNow, terms, 1, 0x66).attempt(kNow, terms, Reached::Nothing);
  all.at(kNow, terms, 2, 0x55).attempt(kNow, terms, Reached::Ringing);

  EXPECT_EQ(all.size(), 3u);
  EXPECT_EQ(all.find(1, 0x55)->figures(kNow, terms).answered, 1u);
  EXPECT_EQ(all.find(1, 0x66)->figures(kNow, terms).answered, 0u);
  EXPECT_EQ(all.find(2, 0x55)->figures(kNow, terms).rang, 1u);
  EXPECT_EQ(all.find(2, 0x66), nullptr);
}

TEST(DestinationQuality, those_that_were_silent_for_a_window_go) {
  const QualityTerms terms{.segment = 1'000, .segments = 10};
  DestinationQuality all;
  all.at(kNow, terms, 1, 1);
  all.at(kNow + 5s, terms, 1, 2);
  all.at(kNow + 10s, terms, 1, 3);

  EXPECT_EQ(all.find(1, 1), nullptr);
  EXPECT_NE(all.find(1, 2), nullptr);
  EXPECT_EQ(all.gone, (std::vector<std::uint64_t>{1}));
}

TEST(DestinationQuality, there_is_no_more_than_there_is_room_for) {
  const QualityTerms terms{.segment = 1'000,
                           .segments = std::int64_t(kMaxDestinationSegments) / 3};
  DestinationQuality all;
  for (Destination each : {1u, 2u, 3u}) all.at(kNow, terms, 1, each);
  all.at(kNow, terms, 1, 1);
  all.at(kNow, terms, 1, 4);

  EXPECT_EQ(all.size(), 3u);
  EXPECT_EQ(all.find(1, 2), nullptr) << "the one that was not counted in for longest";
  EXPECT_NE(all.find(1, 1), nullptr);
}

TEST(DestinationQuality, outlives_saving_in_the_same_order) {
  const QualityTerms terms{.segment = 1'000, .segments = 4};
  DestinationQuality all;
  for (Destination each : {1u, 2u, 3u}) all.at(kNow, terms, 1, each).attempt(kNow, terms, Reached::Answer);
  all.at(kNow + 1s, terms, 1, 1);
  Saver saver;
  saver(all);
  DestinationQuality again;
  Loader loader(saver.bytes());
  loader(again);

  ASSERT_FALSE(loader.failed());
  EXPECT_EQ(again.find(1, 2)->figures(kNow, terms).answered, 1u);
  std::vector<Destination> order;
  again.for_each([&](const auto& entry) { order.push_back(entry.destination); });
  EXPECT_EQ(order, (std::vector<Destination>{1, 3, 2}));
  Saver second;
  second(again);
  EXPECT_EQ(std::string(second.bytes()), std::string(saver.bytes()));
}

TEST(DestinationQuality, what_an_earlier_run_kept_is_taken_unless_it_is_old) {
  const QualityTerms terms{.segment = 1'000, .segments = 10};
  DestinationQuality all;

  EXPECT_TRUE(all.adopt(kNow, terms, {7, 1, 2, kNow - 9s, {}}));
  EXPECT_FALSE(all.adopt(kNow, terms, {8, 1, 3, kNow - 10s, {}}));
  EXPECT_FALSE(all.adopt(kNow, terms, {9, 1, 2, kNow, {}})) << "it is there";
  all.at(kNow, terms, 1, 4);
  std::vector<std::uint64_t> numbers;
  all.for_each([&](const auto& entry) { numbers.push_back(entry.number); });
  EXPECT_EQ(numbers, (std::vector<std::uint64_t>{10, 7})) << "no number is given twice";
}

// Against a plain list, the newest in front.
TEST(DestinationQuality, keeps_what_a_list_would_keep) {
  Rng rng({3, 1, 4, 1});
  const std::int64_t room = 20;
  const QualityTerms terms{.segment = 10, .segments = std::int64_t(kMaxDestinationSegments) / room};
  DestinationQuality all;
  struct Plain {
    std::int64_t gateway;
    Destination destination;
    std::uint64_t attempts;
  };
  std::list<Plain> list;
  for (int i = 0; i < 600; ++i) {
    const auto gateway = std::int64_t(1 + rng.next() % 3);
    const Destination destination = 1 + rng.next() % 12;
    const auto same = [&](const Plain& each) {
      return each.gateway == gateway && each.destination == destination;
    };
    Plain now{gateway, destination, 1};
    if (const auto found = std::ranges::find_if(list, same); found != list.end()) {
      now.attempts += found->attempts;
      list.erase(found);
    } else if (std::int64_t(list.size()) == room) {
      list.pop_back();
    }
    list.push_front(now);
    all.at(kNow, terms, gateway, destination).attempt(kNow, terms, Reached::Nothing);
    ASSERT_EQ(all.size(), list.size());
    auto expected = list.begin();
    all.for_each([&](const DestinationQuality::Entry& entry) {
      EXPECT_EQ(entry.gateway, expected->gateway);
      EXPECT_EQ(entry.destination, expected->destination);
      if (i % 50 == 0) {
        EXPECT_EQ(entry.quality.figures(kNow, terms).attempts, expected->attempts);
      }
      ++expected;
    });
  }
}

}  // namespace
}  // namespace tandem::facts
