#include "base/timer_wheel.h"

#include <gtest/gtest.h>

#include <map>

#include "base/archive.h"
#include "base/rng.h"

namespace tandem {
namespace {

Instant at(std::int64_t ms) { return Instant(milliseconds(ms)); }

// Pops as the exchange does: again while next_deadline() says that there is something to do.
bool pop(TimerWheel& wheel, Instant now, TimerWheel::Fired& fired) {
  do {
    if (wheel.pop_due(now, fired)) return true;
  } while (wheel.next_deadline() <= now);
  return false;
}

TEST(TimerWheel, equal_instants_fire_in_the_order_they_were_armed) {
  TimerWheel wheel;
  for (std::uint64_t i = 0; i < 1'000; ++i) wheel.arm(at(100'000), i);
  TimerWheel::Fired fired;
  EXPECT_FALSE(pop(wheel, at(99'990), fired));
  for (std::uint64_t i = 1'000; i < 2'000; ++i) wheel.arm(at(100'000), i);

  for (std::uint64_t i = 0; i < 2'000; ++i) {
    ASSERT_TRUE(pop(wheel, at(100'000), fired));
    EXPECT_EQ(fired.owner, i);
    EXPECT_EQ(fired.due, at(100'000));
  }
  EXPECT_FALSE(pop(wheel, at(200'000), fired));
}

TEST(TimerWheel, a_timer_armed_while_its_slot_is_spread_does_not_overtake_older_ones) {
  TimerWheel wheel;
  for (std::uint64_t i = 0; i < 1'000; ++i) wheel.arm(at(64), i);
  TimerWheel::Fired fired;
  ASSERT_TRUE(wheel.pop_due(at(64), fired));

  wheel.arm(at(64), 1'000);

  for (std::uint64_t i = 1; i <= 1'000; ++i) {
    ASSERT_TRUE(pop(wheel, at(64), fired));
    ASSERT_EQ(fired.owner, i);
  }
}

TEST(TimerWheel, one_call_does_bounded_work_when_very_many_timers_come_near) {
  TimerWheel wheel;
  for (std::uint64_t i = 0; i < 100'000; ++i) wheel.arm(at(262'144 + 200'000), i);
  TimerWheel::Fired fired;

  int calls = 0;
  while (wheel.next_deadline() <= at(262'144)) {
    ASSERT_FALSE(wheel.pop_due(at(262'144), fired));
    ++calls;
  }

  EXPECT_GT(calls, 100'000 / 1'000);
  ASSERT_TRUE(pop(wheel, at(262'144 + 200'000), fired));
  EXPECT_EQ(fired.owner, 0u);
}

TEST(TimerWheel, a_stale_id_cancels_nothing_and_moves_nothing) {
  TimerWheel wheel;
  const TimerId first = wheel.arm(at(10), 1);
  wheel.cancel(first);
  wheel.arm(at(10), 2);

  wheel.cancel(first);
  EXPECT_FALSE(wheel.rearm(first, at(20)));
  EXPECT_FALSE(wheel.rearm({}, at(20)));
  EXPECT_FALSE(wheel.rearm({77, 1}, at(20)));

  TimerWheel::Fired fired;
  ASSERT_TRUE(pop(wheel, at(10), fired));
  EXPECT_EQ(fired.owner, 2u);
}

TEST(TimerWheel, a_moved_timer_keeps_its_id_and_fires_once) {
  TimerWheel wheel;
  const TimerId id = wheel.arm(at(10), 1);

  EXPECT_TRUE(wheel.rearm(id, at(5'000)));

  TimerWheel::Fired fired;
  EXPECT_FALSE(pop(wheel, at(4'999), fired));
  ASSERT_TRUE(pop(wheel, at(5'000), fired));
  EXPECT_EQ(fired.timer, id);
  EXPECT_FALSE(wheel.rearm(id, at(6'000)));
  EXPECT_EQ(wheel.next_deadline(), kNever);
}

TEST(TimerWheel, an_instant_in_the_past_fires_at_once_behind_what_is_due_already) {
  TimerWheel wheel;
  TimerWheel::Fired fired;
  wheel.arm(at(5'000), 1);
  wheel.arm(at(5'000), 2);
  ASSERT_TRUE(pop(wheel, at(5'000), fired));
  wheel.arm(at(10), 3);

  EXPECT_LE(wheel.next_deadline(), at(5'000));
  ASSERT_TRUE(pop(wheel, at(5'000), fired));
  EXPECT_EQ(fired.owner, 2u);
  ASSERT_TRUE(pop(wheel, at(5'000), fired));
  EXPECT_EQ(fired.owner, 3u);
  EXPECT_EQ(fired.due, at(10));
}

// The world of the property test: a wheel, and a multimap in the order of instant, then of arming.
struct Both {
  TimerWheel wheel;
  std::multimap<std::int64_t, std::uint64_t> oracle;
  std::map<std::uint64_t, TimerId> ids;
  std::int64_t now = 0;
  std::int64_t position = 0;  // instants before it count as it
  std::uint64_t made = 0;

  std::int64_t draw_due(Rng& rng) const {
    const std::uint64_t spans[] = {1, 70, 5'000, 400'000, 40'000'000, 90'000'000'000};
    const std::int64_t back = rng.below(8) == 0 ? std::int64_t(rng.below(100)) : 0;
    return now - back + std::int64_t(rng.below(spans[rng.below(6)]));
  }
  std::multimap<std::int64_t, std::uint64_t>::iterator draw(Rng& rng) {
    auto victim = oracle.begin();
    std::advance(victim, std::ptrdiff_t(rng.below(oracle.size())));
    return victim;
  }
  void arm(Rng& rng) {
    const std::int64_t due = draw_due(rng);
    ids[made] = wheel.arm(at(due), made);
    oracle.emplace(std::max(due, position), made++);
  }
  void cancel(Rng& rng) {
    const auto victim = draw(rng);
    wheel.cancel(ids[victim->second]);
    oracle.erase(victim);
  }
  void rearm(Rng& rng) {
    const auto moved = draw(rng);
    const std::uint64_t owner = moved->second;
    const std::int64_t due = draw_due(rng);
    ASSERT_TRUE(wheel.rearm(ids[owner], at(due)));
    oracle.erase(moved);
    oracle.emplace(std::max(due, position), owner);
  }
  void save_and_restore() {
    Saver saver;
    saver(wheel);
    Loader loader(saver.bytes());
    loader(wheel);
    ASSERT_FALSE(loader.failed());
    ASSERT_TRUE(loader.at_end());
  }
  void advance(Rng& rng) {
    const bool jump = rng.below(2) == 0 && !oracle.empty();
    now = jump ? std::max(now, oracle.begin()->first) : now + std::int64_t(rng.below(100'000));
    const bool some_only = rng.below(4) == 0;
    TimerWheel::Fired fired;
    while (!oracle.empty() && oracle.begin()->first <= now) {
      ASSERT_LE(wheel.next_deadline(), at(now));
      ASSERT_TRUE(pop(wheel, at(now), fired));
      ASSERT_EQ(fired.owner, oracle.begin()->second);
      position = oracle.begin()->first;
      oracle.erase(oracle.begin());
      if (some_only && rng.below(3) == 0) return;
    }
    ASSERT_FALSE(pop(wheel, at(now), fired));
    position = now;
    if (oracle.empty()) return;
    ASSERT_LE(wheel.next_deadline(), at(oracle.begin()->first));
    ASSERT_GT(wheel.next_deadline(), at(now));
  }
};

TEST(TimerWheel, fires_what_a_sorted_list_would) {
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    SCOPED_TRACE(seed);
    Rng rng({seed, 2, 3, 4});
    Both both;
    both.now = std::int64_t(rng.below(1'000'000));
    for (int step = 0; step < 2'000 && !HasFatalFailure(); ++step) {
      const std::uint64_t kind = rng.below(20);
      if (kind < 10) {
        both.arm(rng);
      } else if (kind < 13 && !both.oracle.empty()) {
        both.cancel(rng);
      } else if (kind < 15 && !both.oracle.empty()) {
        both.rearm(rng);
      } else if (kind == 15 && rng.below(8) == 0) {
        both.save_and_restore();
      } else if (kind > 15) {
        both.advance(rng);
      }
      ASSERT_EQ(both.wheel.size(), both.oracle.size());
    }
  }
}

TEST(TimerWheel, a_damaged_save_is_refused_or_leaves_a_sound_wheel) {
  TimerWheel wheel;
  for (std::uint64_t i = 0; i < 20; ++i) wheel.arm(at(std::int64_t(i) * 977), i);
  Saver saver;
  saver(wheel);
  const std::string good(saver.bytes());

  int refused = 0;
  for (std::size_t i = 0; i < good.size(); ++i) {
    std::string bad = good;
    bad[i] = char(bad[i] ^ 0x55);
    TimerWheel loaded;
    Loader loader(bad);
    loader(loaded);
    if (loader.failed()) ++refused;
    const std::size_t armed = loaded.size();
    for (std::uint64_t n = 0; n < 30; ++n) loaded.arm(at(500), n);
    EXPECT_EQ(loaded.size(), armed + 30);
    TimerWheel::Fired fired;
    for (int n = 0; n < 100 && pop(loaded, at(1'000'000), fired); ++n) {
    }
  }
  EXPECT_GT(refused, 0);
}

}  // namespace
}  // namespace tandem
