// The walk through the contacts, with virtual time.
#include "core/keepalive/keepalive.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>

#include "base/archive.h"

namespace tandem::keepalive {
namespace {

constexpr Instant kStart{milliseconds(1'000'000)};

sip::Path path_of(std::uint32_t number, sip::Transport transport = sip::Transport::Udp) {
  return {.transport = transport,
          .local = 0,
          .connection = transport == sip::Transport::Udp ? 0 : number + 1,
          .peer = {IpAddress::v4(0x0a000000 + number), 5060}};
}

// A keep-alive with its clock: notes when each datagram left.
struct World {
  struct Sent {
    Instant at;
    sip::Path path;
  };

  KeepAlive all{{1, 2}};
  Rng rng;
  Instant now = kStart;
  std::vector<Sent> sent;
  std::vector<News> news;
  milliseconds lateness{0};  // of every look

  explicit World(Settings settings = {}) { all.use(settings, now); }

  ContactId add(std::uint32_t number, bool behind_nat = false) {
    return all.add(now, {path_of(number), behind_nat}, rng);
  }
  void run(milliseconds time) {
    const Instant end = now + time;
    while (all.next_deadline() <= end) {
      now = std::min(std::max(now, all.next_deadline()) + lateness, end);
      look();
      if (now == end && lateness > 0ms) break;
    }
    now = end;
  }
  void look() {
    std::vector<sip::Path> due;
    if (const News told = all.serve(now, due); told != News::None) news.push_back(told);
    for (const sip::Path& path : due) sent.push_back({now, path});
    if (all.size() < 100) {  // it asks everybody
      ASSERT_TRUE(all.consistent());
    }
  }
  std::map<std::string, int> counts() const {
    std::map<std::string, int> by_peer;
    for (const Sent& each : sent) ++by_peer[each.path.peer.text()];
    return by_peer;
  }
  std::uint64_t most_in_ten_milliseconds() const {
    std::map<std::int64_t, std::uint64_t> slots;
    for (const Sent& each : sent) ++slots[(each.at - kStart) / 10ms];
    std::uint64_t most = 0;
    for (const auto& [slot, count] : slots) most = std::max(most, count);
    return most;
  }
};

Settings every(seconds period) {
  Settings settings;
  settings.rhythm.period = period;
  return settings;
}

TEST(KeepAlive, of_one_contact_leaves_once_in_each_period) {
  World world;
  world.add(1);

  world.run(95s);

  ASSERT_EQ(world.sent.size(), 3u);
  EXPECT_EQ(world.sent[0].at, kStart + 30s);
  EXPECT_EQ(world.sent[1].at, kStart + 60s);
  EXPECT_EQ(world.sent[2].at, kStart + 90s);
  EXPECT_EQ(world.sent[0].path, path_of(1));
}

TEST(KeepAlive, a_contact_that_a_call_did_not_reach_is_told_until_something_comes_from_it) {
  World world;
  const ContactId first = world.add(1);
  const ContactId second = world.add(2);

  world.all.unanswered(path_of(1));
  world.all.unanswered(path_of(9));

  EXPECT_TRUE(world.all.terminal(first)->unreachable);
  EXPECT_FALSE(world.all.terminal(second)->unreachable);
  world.all.heard(world.now, path_of(1));
  EXPECT_FALSE(world.all.terminal(first)->unreachable);
}

TEST(KeepAlive, nothing_is_due_when_nobody_is_there) {
  World world;
  EXPECT_EQ(world.all.next_deadline(), kNever);

  const ContactId id = world.add(1);
  EXPECT_NE(world.all.next_deadline(), kNever);
  world.all.remove(id);

  EXPECT_EQ(world.all.next_deadline(), kNever);
  EXPECT_EQ(world.all.size(), 0u);
}

TEST(KeepAlive, everybody_gets_exactly_one_in_each_cycle) {
  World world;
  for (std::uint32_t i = 0; i < 5000; ++i) world.add(i);

  world.run(119s);

  for (const auto& [peer, count] : world.counts()) EXPECT_EQ(count, 3) << peer;
  EXPECT_EQ(world.counts().size(), 5000u);
  EXPECT_EQ(world.all.figures().sent, 15'000u);
}

// The rows of session-timer.md 8.1, each counted as its datagrams leave, over a whole cycle.
TEST(KeepAlive, each_row_of_the_specification_is_spread_over_its_batches) {
  struct Row {
    std::uint32_t contacts;
    int period;  // s
    std::uint64_t batch;
    int interval;  // ms
    std::uint64_t effective;
  };
  constexpr Row kRows[] = {{1, 30, 3000, 500, 3000},         {3'000, 30, 3000, 500, 3000},
                           {3'001, 30, 3000, 500, 3000},     {50'000, 30, 3000, 500, 3000},
                           {50'000, 15, 3000, 500, 3000},    {180'000, 30, 3000, 500, 3000},
                           {250'000, 30, 3000, 500, 4167},   {50'000, 30, 1000, 1000, 1667},
                           {50'000, 10, 300, 100, 500},      {1'000'000, 30, 3000, 500, 16667},
                           {500, 20, 10, 500, 13}};
  for (const Row& row : kRows) {
    SCOPED_TRACE(std::to_string(row.contacts) + " in " + std::to_string(row.period));
    Settings settings = every(seconds(row.period));
    settings.rhythm.batch = row.batch;
    settings.rhythm.interval = milliseconds(row.interval);
    World world(settings);
    for (std::uint32_t i = 0; i < row.contacts; ++i) world.add(i);
    world.run(seconds(row.period) - 1ms);  // the second cycle begins, with everybody in it

    world.sent.clear();
    world.run(seconds(row.period));

    EXPECT_EQ(world.sent.size(), row.contacts);
    EXPECT_EQ(world.all.figures().pacing.batch, row.effective);
    const std::uint64_t share = row.effective * 1000 / std::uint64_t(row.interval);  // in 1/100
    EXPECT_LE(world.most_in_ten_milliseconds() * 100, std::max<std::uint64_t>(share * 12 / 10, 100));
  }
}

TEST(KeepAlive, the_datagrams_of_many_contacts_are_spread) {
  Settings settings;
  settings.rhythm.batch = 3334;
  World world(settings);
  for (std::uint32_t i = 0; i < 200'000; ++i) world.add(i);
  world.run(29s);

  world.sent.clear();
  world.run(30s);

  EXPECT_EQ(world.sent.size() / 1000, 193u);         // the second 29 of the first cycle
  EXPECT_LE(world.most_in_ten_milliseconds(), 80u);  // 1.2 * 66.7
}

TEST(KeepAlive, a_pause_of_the_machine_is_not_made_good_in_one_burst) {
  Settings settings;
  settings.rhythm.batch = 3334;
  World world(settings);
  for (std::uint32_t i = 0; i < 200'000; ++i) world.add(i);
  world.run(35s);
  world.sent.clear();

  world.now += 200ms;
  world.look();
  EXPECT_LE(world.sent.size(), 80u);  // of more than 1300
  world.run(3s);

  EXPECT_LE(world.most_in_ten_milliseconds(), 80u);
  EXPECT_GE(world.sent.size(), 21'300u);  // and yet nothing is lost
}

TEST(KeepAlive, a_busy_switch_still_comes_round_in_time) {
  Settings settings;
  settings.rhythm.batch = 3334;
  World world(settings);
  for (std::uint32_t i = 0; i < 200'000; ++i) world.add(i);
  world.lateness = 19ms;

  world.run(61s);

  EXPECT_GE(world.all.figures().sent, 199'000u);
}

TEST(KeepAlive, the_first_one_of_a_newcomer_comes_within_about_a_period) {
  World world;
  for (std::uint32_t i = 0; i < 50'000; ++i) world.add(i);
  world.run(32s);
  world.sent.clear();

  std::map<std::string, Instant> joined;
  for (std::uint32_t i = 0; i < 200; ++i) {
    world.run(250ms);
    world.add(1'000'000 + i);
    joined[path_of(1'000'000 + i).peer.text()] = world.now;
  }
  world.run(60s);

  std::map<std::string, Instant> first;
  for (const World::Sent& each : world.sent) first.try_emplace(each.path.peer.text(), each.at);
  milliseconds earliest{100'000};
  for (const auto& [peer, at] : joined) {
    ASSERT_TRUE(first.count(peer) == 1) << peer;
    EXPECT_LE(first[peer] - at, 30s + 200ms) << peer;
    earliest = std::min(earliest, milliseconds(first[peer] - at));
  }
  EXPECT_LT(earliest, 3s);  // anywhere, not always at the end
}

TEST(KeepAlive, who_comes_and_goes_disturbs_nobody) {
  World world;
  std::vector<ContactId> ids;
  for (std::uint32_t i = 0; i < 20'000; ++i) ids.push_back(world.add(i));
  world.run(35s);
  world.sent.clear();
  world.run(30s);
  const auto before = world.sent;
  world.sent.clear();
  world.run(26s);  // the walk of 90 s is under way

  for (std::uint32_t i = 0; i < 1'000; ++i) {
    world.all.remove(ids[i * 7]);
    world.add(500'000 + i);
  }
  world.run(4s);

  std::map<std::string, Instant> last;
  for (const World::Sent& each : before) last[each.path.peer.text()] = each.at;
  std::size_t stayed = 0;
  for (const World::Sent& each : world.sent) {
    const auto known = last.find(each.path.peer.text());
    if (known == last.end()) continue;
    ++stayed;
    EXPECT_LE(each.at - known->second, 30s + 350ms);
    EXPECT_GE(each.at - known->second, 30s - 350ms);
  }
  EXPECT_GE(stayed, 19'000u);
}

TEST(KeepAlive, contacts_at_the_same_place_each_get_their_own) {
  World world;
  world.add(1);
  const ContactId second = world.add(1);
  world.run(31s);
  EXPECT_EQ(world.sent.size(), 2u);

  world.all.remove(second);
  world.run(30s);

  EXPECT_EQ(world.sent.size(), 3u);
  EXPECT_TRUE(world.all.heard(world.now, path_of(1)));
}

TEST(KeepAlive, goes_to_where_the_contact_moved) {
  World world;
  const ContactId id = world.add(1);

  world.all.move(world.now, id, {path_of(2), false});
  world.run(31s);

  ASSERT_EQ(world.sent.size(), 1u);
  EXPECT_EQ(world.sent[0].path, path_of(2));
  EXPECT_FALSE(world.all.heard(world.now, path_of(1)));
}

TEST(KeepAlive, batch_and_interval_act_from_the_next_cycle) {
  World world;
  for (std::uint32_t i = 0; i < 6'000; ++i) world.add(i);
  world.run(30'100ms);
  Settings settings;
  settings.rhythm.batch = 100;
  settings.rhythm.interval = 100ms;
  world.all.use(settings, world.now);

  world.run(1'400ms);
  EXPECT_EQ(world.all.figures().sent_in_cycle, 6'000u);  // 3,000 each 500 ms still
  world.sent.clear();
  world.run(29s);
  world.run(1s);

  EXPECT_EQ(world.sent.size(), 1'501u);  // 100 each 100 ms since 1.5 s
}

TEST(KeepAlive, a_new_period_moves_the_next_cycle) {
  World world(every(3600s));
  world.add(1);
  world.run(20s);

  world.all.use(every(30s), world.now);
  world.run(11s);

  EXPECT_EQ(world.sent.size(), 1u);
}

TEST(KeepAlive, switched_off_and_on_again_it_goes_on) {
  World world;
  for (std::uint32_t i = 0; i < 6'000; ++i) world.add(i);
  world.run(30'300ms);
  Settings off;
  off.on = false;
  off.time_to_live = 0s;
  world.all.use(off, world.now);
  EXPECT_EQ(world.all.next_deadline(), kNever);
  world.sent.clear();
  world.run(100s);
  EXPECT_TRUE(world.sent.empty());

  world.all.use({}, world.now);
  world.run(61s);

  std::map<std::string, int> counts = world.counts();
  EXPECT_EQ(counts.size(), 6'000u);
  for (const auto& [peer, count] : counts) EXPECT_GE(count, 2) << peer;
}

TEST(KeepAlive, only_those_behind_nat_when_wanted) {
  Settings settings;
  settings.scope = Scope::NatOnly;
  World world(settings);
  world.add(1, false);
  world.add(2, true);

  world.run(31s);

  ASSERT_EQ(world.sent.size(), 1u);
  EXPECT_EQ(world.sent[0].path, path_of(2));
  EXPECT_EQ(world.all.figures().pacing.contacts, 1u);
}

TEST(KeepAlive, more_contacts_than_fit_make_larger_batches_and_are_told_once) {
  Settings settings;
  settings.rhythm.batch = 10;
  settings.rhythm.period = 20s;
  World world(settings);
  std::vector<ContactId> ids;
  for (std::uint32_t i = 0; i < 500; ++i) ids.push_back(world.add(i));

  world.run(61s);
  EXPECT_EQ(world.news, (std::vector<News>{News::OverrunBegan}));
  EXPECT_EQ(world.all.figures().pacing.batch, 13u);
  EXPECT_EQ(world.all.figures().overruns, 3u);
  for (std::uint32_t i = 0; i < 200; ++i) world.all.remove(ids[i]);
  world.run(20s);

  EXPECT_EQ(world.news, (std::vector<News>{News::OverrunBegan, News::OverrunEnded}));
}

TEST(KeepAlive, three_unanswered_options_make_a_terminal_offline_until_it_speaks) {
  Settings settings;
  settings.method = Method::Options;
  settings.time_to_live = 0s;
  World world(settings);
  const ContactId id = world.add(1);

  world.run(119s);  // asked at 30, 60 and 90
  EXPECT_TRUE(world.all.terminal(id)->online);
  world.run(2s);
  EXPECT_FALSE(world.all.terminal(id)->online);
  EXPECT_EQ(world.all.figures().offline, 1u);

  EXPECT_TRUE(world.all.heard(world.now, path_of(1)));
  EXPECT_TRUE(world.all.terminal(id)->online);
  EXPECT_EQ(world.all.figures().offline, 0u);
}

TEST(KeepAlive, an_answer_in_between_starts_the_count_anew) {
  Settings settings;
  settings.method = Method::Options;
  settings.time_to_live = 0s;
  World world(settings);
  const ContactId id = world.add(1);
  world.run(91s);
  world.all.heard(world.now, path_of(1));

  world.run(90s);
  EXPECT_TRUE(world.all.terminal(id)->online);
  world.run(60s);

  EXPECT_FALSE(world.all.terminal(id)->online);
}

TEST(KeepAlive, silence_says_nothing_of_a_terminal_that_never_spoke_often) {
  World world;
  const ContactId id = world.add(1);

  world.run(3000s);

  EXPECT_TRUE(world.all.terminal(id)->online);
}

TEST(KeepAlive, silence_of_one_that_always_spoke_means_that_it_is_gone) {
  World world;
  const ContactId id = world.add(1);
  for (int i = 0; i < 12; ++i) {
    world.run(30s);
    world.all.heard(world.now, path_of(1));
  }

  world.run(179s);
  EXPECT_TRUE(world.all.terminal(id)->online);
  world.run(40s);

  EXPECT_FALSE(world.all.terminal(id)->online);
}

TEST(KeepAlive, nothing_is_sent_on_a_connection_that_is_lost) {
  World world;
  const ContactId id =
      world.all.add(world.now, {path_of(1, sip::Transport::Tcp), false}, world.rng);
  world.run(31s);
  EXPECT_EQ(world.sent.size(), 1u);

  world.all.lost(path_of(1, sip::Transport::Tcp));
  world.run(60s);

  EXPECT_EQ(world.sent.size(), 1u);
  EXPECT_FALSE(world.all.terminal(id)->online);
}

TEST(KeepAlive, goes_on_from_a_save_as_if_nothing_had_happened) {
  World world;
  std::vector<ContactId> ids;
  for (std::uint32_t i = 0; i < 7'000; ++i) ids.push_back(world.add(i));
  world.run(30'400ms);
  for (std::uint32_t i = 0; i < 50; ++i) {
    world.add(100'000 + i);
    world.all.remove(ids[i * 3]);
  }
  World other;
  other.now = world.now;
  Saver saver;
  saver(world.all);
  Loader loader(saver.bytes());
  loader(other.all);
  ASSERT_TRUE(loader.at_end());

  world.sent.clear();
  world.run(61s);
  other.run(61s);

  ASSERT_EQ(other.sent.size(), world.sent.size());
  for (std::size_t i = 0; i < world.sent.size(); ++i) {
    ASSERT_EQ(other.sent[i].at, world.sent[i].at);
    ASSERT_EQ(other.sent[i].path, world.sent[i].path);
  }
}

TEST(KeepAlive, those_that_come_and_go_while_it_is_off_are_not_remembered_for_ever) {
  Settings off;
  off.on = false;
  off.time_to_live = 0s;
  World world(off);
  world.add(1);

  for (std::uint32_t i = 0; i < 20'000; ++i) world.all.remove(world.add(100 + i));

  Saver saver;
  saver(world.all);
  EXPECT_LT(saver.bytes().size(), 100'000u);
}

TEST(KeepAlive, understands_line_ends_in_its_text) {
  EXPECT_EQ(payload_of("HELLO"), "HELLO");
  EXPECT_EQ(payload_of("a\\r\\nb"), "a\r\nb");
  EXPECT_EQ(payload_of("\\x\\"), "\\x\\");
}

}  // namespace
}  // namespace tandem::keepalive
