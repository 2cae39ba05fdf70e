#include "base/archive.h"

#include <gtest/gtest.h>

#include "base/rng.h"
#include "base/time.h"

namespace tandem {
namespace {

enum class Colour : std::uint8_t { Red, Green, Count };

struct Inner {
  std::string text;
  std::optional<std::int16_t> number;
  friend bool operator==(const Inner&, const Inner&) = default;
  template <class Archive>
  void fields(Archive& archive) {
    archive(text, number);
  }
};

struct Everything {
  std::uint8_t small = 0;
  std::int64_t large = 0;
  bool yes = false;
  Colour colour = Colour::Red;
  std::string text;
  std::vector<Inner> list;
  std::vector<bool> bits;
  std::array<std::uint32_t, 3> three{};
  std::deque<std::string> queue;
  std::map<std::string, std::vector<int>> map;
  std::pair<int, std::string> pair;
  std::unique_ptr<Inner> owned;
  std::unique_ptr<Inner> absent;
  milliseconds wait{};
  seconds longer{};
  Instant instant{};
  UtcTime wall{};

  template <class Archive>
  void fields(Archive& archive) {
    archive(small, large, yes, colour, text, list, bits, three, queue, map, pair, owned, absent,
            wait, longer, instant, wall);
  }
};

Everything sample() {
  Everything made;
  made.small = 200;
  made.large = INT64_MIN;
  made.yes = true;
  made.colour = Colour::Green;
  made.text = std::string("a\0b", 3);
  made.list = {{"one", 1}, {"", std::nullopt}, {"three", -3}};
  made.bits = {true, false, true};
  made.three = {1, 2, 0xffffffff};
  made.queue = {"x", "y"};
  made.map = {{"k", {1, 2}}, {"l", {}}};
  made.pair = {7, "seven"};
  made.owned = std::make_unique<Inner>(Inner{"owned", 9});
  made.wait = 1500ms;
  made.longer = 60s;
  made.instant = kNever;
  made.wall = from_epoch_milliseconds(1'700'000'000'123);
  return made;
}

std::string bytes_of(const Everything& value) {
  Saver saver;
  saver(value);
  return std::move(saver).take();
}

TEST(Archive, brings_back_every_kind_of_value) {
  const Everything before = sample();
  const std::string bytes = bytes_of(before);

  Everything after;
  Loader loader(bytes);
  loader(after);

  EXPECT_FALSE(loader.failed());
  EXPECT_TRUE(loader.at_end());
  EXPECT_EQ(after.large, before.large);
  EXPECT_EQ(after.colour, before.colour);
  EXPECT_EQ(after.text, before.text);
  EXPECT_EQ(after.list, before.list);
  EXPECT_EQ(after.bits, before.bits);
  EXPECT_EQ(after.map, before.map);
  ASSERT_NE(after.owned, nullptr);
  EXPECT_EQ(*after.owned, *before.owned);
  EXPECT_EQ(after.absent, nullptr);
  EXPECT_EQ(after.wait, before.wait);
  EXPECT_EQ(after.instant, kNever);
  EXPECT_EQ(after.wall, before.wall);
  EXPECT_EQ(bytes_of(after), bytes);
}

TEST(Archive, is_little_endian_everywhere) {
  Saver saver;
  saver(std::uint32_t(0x01020304), std::int16_t(-2));

  EXPECT_EQ(saver.bytes(), std::string("\x04\x03\x02\x01\xfe\xff", 6));
}

TEST(Archive, fails_on_every_cut_and_never_reads_past_the_end) {
  const std::string bytes = bytes_of(sample());

  for (std::size_t size = 0; size < bytes.size(); ++size) {
    Everything loaded;
    Loader loader(std::string_view(bytes).substr(0, size));
    loader(loaded);
    EXPECT_TRUE(loader.failed()) << size;
  }
}

TEST(Archive, survives_random_damage) {
  Rng rng({4, 3, 2, 1});
  const std::string good = bytes_of(sample());

  for (int round = 0; round < 5'000; ++round) {
    std::string bad = good;
    for (std::uint64_t n = 1 + rng.below(4); n > 0; --n) bad[rng.below(bad.size())] = char(rng.next());
    Everything loaded;
    Loader loader(bad);
    loader(loaded);
    EXPECT_LE(loaded.text.size() + loaded.list.size(), bad.size());
  }
}

TEST(Archive, refuses_a_count_that_the_rest_cannot_hold_before_it_allocates) {
  Saver saver;
  saver(std::uint64_t(1) << 60);
  std::vector<std::uint8_t> list;
  std::string text;

  Loader for_list(saver.bytes());
  for_list(list);
  Loader for_text(saver.bytes());
  for_text(text);

  EXPECT_TRUE(for_list.failed());
  EXPECT_TRUE(for_text.failed());
}

TEST(Archive, refuses_a_value_that_its_enumeration_has_no_name_for) {
  Colour colour = Colour::Green;
  Loader loader(std::string_view("\x02", 1));
  loader(colour);

  EXPECT_TRUE(loader.failed());
  EXPECT_EQ(colour, Colour::Red);
}

std::string lasting_bytes(const Everything& value, Now now) {
  LastingSaver saver(LastingCoding{now});
  saver(value);
  return std::move(saver).take();
}

constexpr Now kEarlier{Instant(5'000'000ms), from_epoch_milliseconds(1'700'000'000'000)};
// Another process, 30 seconds later.
constexpr Now kLater{Instant(60'000ms), from_epoch_milliseconds(1'700'000'030'000)};

TEST(LastingArchive, brings_back_every_kind_of_value_in_fewer_bytes) {
  const Everything before = sample();
  const std::string bytes = lasting_bytes(before, kEarlier);

  Everything after;
  LastingLoader loader(bytes, LastingCoding{kEarlier});
  loader(after);

  EXPECT_FALSE(loader.failed());
  EXPECT_TRUE(loader.at_end());
  EXPECT_EQ(bytes_of(after), bytes_of(before));
  EXPECT_LT(bytes.size(), bytes_of(before).size() / 2);
}

TEST(LastingArchive, a_deadline_stays_where_it_was_by_the_wall_clock) {
  const auto in_the_next_life = [](Instant instant) {
    LastingSaver saver(LastingCoding{kEarlier});
    saver(instant);
    Instant read{};
    LastingLoader loader(saver.bytes(), LastingCoding{kLater});
    loader(read);
    return read;
  };

  EXPECT_EQ(in_the_next_life(kEarlier.mono + 90s), kLater.mono + 60s);
  EXPECT_EQ(in_the_next_life(kEarlier.mono + 10s), kLater.mono - 20s);
  EXPECT_EQ(in_the_next_life(kEarlier.mono - 2h), Instant(1ms));
  EXPECT_EQ(in_the_next_life(kNever), kNever);
  EXPECT_EQ(in_the_next_life(Instant{}), Instant{});
}

TEST(LastingArchive, writes_the_end_that_long_texts_share_once) {
  const std::string session(200, 's');
  const std::vector<std::string> before{"head " + session,      session, "short", session,
                                        "SIP/2.0 200 " + session, session + "more",
                                        "x" + session + "more"};
  LastingSaver saver(LastingCoding{kEarlier});
  saver(before);

  std::vector<std::string> after;
  LastingLoader loader(saver.bytes(), LastingCoding{kLater});
  loader(after);

  EXPECT_TRUE(loader.at_end());
  EXPECT_FALSE(loader.failed());
  EXPECT_EQ(after, before);
  EXPECT_LT(saver.bytes().size(), 4 * session.size());
}

TEST(LastingArchive, refuses_an_end_of_a_text_that_was_not_written) {
  LastingSaver saver(LastingCoding{kEarlier});
  saver(LastingCoding::kEndsAlike, std::string("SIP/2.0 200 "));

  std::string text;
  LastingLoader loader(saver.bytes(), LastingCoding{kLater});
  loader(text);

  EXPECT_TRUE(loader.failed());
}

TEST(LastingArchive, brings_back_more_alike_ends_than_it_shares_and_refuses_more) {
  const std::vector<std::string> before(1000, std::string(200, 's'));
  LastingSaver saver(LastingCoding{kEarlier});
  saver(before);
  std::vector<std::string> after;
  LastingLoader loader(saver.bytes(), LastingCoding{kLater});
  loader(after);
  EXPECT_EQ(after, before);

  LastingSaver greedy(LastingCoding{kEarlier});
  greedy(std::uint64_t(1000), before.front());
  for (int i = 1; i < 1000; ++i) greedy(LastingCoding::kEndsAlike, std::uint64_t(0));
  LastingLoader wary(greedy.bytes(), LastingCoding{kLater});
  wary(after);
  EXPECT_TRUE(wary.failed());
}

TEST(LastingArchive, fails_on_every_cut_and_survives_damage) {
  Rng rng({4, 3, 2, 1});
  const std::string good = lasting_bytes(sample(), kEarlier);

  for (std::size_t size = 0; size < good.size(); ++size) {
    Everything loaded;
    LastingLoader loader(std::string_view(good).substr(0, size), LastingCoding{kLater});
    loader(loaded);
    EXPECT_TRUE(loader.failed()) << size;
  }
  for (int round = 0; round < 5'000; ++round) {
    std::string bad = good;
    for (std::uint64_t n = 1 + rng.below(4); n > 0; --n) bad[rng.below(bad.size())] = char(rng.next());
    Everything loaded;
    LastingLoader loader(bad, LastingCoding{kLater});
    loader(loaded);
    EXPECT_LE(loaded.text.size() + loaded.list.size(), bad.size());
  }
}

}  // namespace
}  // namespace tandem
