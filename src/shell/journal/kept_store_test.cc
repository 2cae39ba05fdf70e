// What is kept comes back: the newest of each, in order, over restarts, bases and crashes.
#include "shell/journal/kept_store.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <map>
#include <random>

#include "support/journal_contents.h"
#include "support/shared_count.h"
#include "support/temporary_directory.h"

namespace tandem::journal {
namespace {

using test_support::read_file;
using test_support::small_journal;
using test_support::write_file;

using Contents = std::map<std::uint64_t, std::string>;  // by id, of the kind 1

// A journal and what is kept in it; opened again by restart().
struct World {
  test_support::TemporaryDirectory directory;
  std::atomic<long> room{1L << 40};  // bytes the disk still takes
  std::vector<std::string> notices;
  std::unique_ptr<Journal> journal;
  std::unique_ptr<KeptStore> store;

  World() { restart(); }
  ~World() { stop(); }

  void stop() {
    store.reset();
    journal.reset();
  }
  void restart() {
    stop();
    JournalOptions options = small_journal(directory.path());
    options.disk.pwrite = [this](int descriptor, const void* bytes, std::size_t size,
                                 off_t offset) -> ssize_t {
      errno = ENOSPC;
      if (room <= 0) return -1;
      const auto most = std::min(size, static_cast<std::size_t>(room.load()));
      const ssize_t count = ::pwrite(descriptor, bytes, most, offset);
      room -= count;
      return count;
    };
    auto opened = Journal::open(options);
    ASSERT_TRUE(opened.ok());
    journal = std::move(*opened);
    KeptOptions kept;
    kept.notice = [this](std::string_view sentence) { notices.emplace_back(sentence); };
    store = std::make_unique<KeptStore>(*journal, kept);
  }
  void keep(std::uint64_t id, const std::string& bytes, std::uint8_t kind = 1) {
    std::string payload;
    append_kept(payload, {.kind = kind, .id = id, .bytes = bytes});
    ASSERT_TRUE(journal->append(RecordType::Keep, payload));
    journal->write();
  }
  void wait_until_synced() {
    while (journal->synced() != journal->tail()) ::sched_yield();
  }
  Result<Done, JournalError> write_base() {
    wait_until_synced();
    return store->write_base();
  }
  Contents contents() {
    Contents found;
    const auto read = store->read([&](const KeptRecord& record) {
      EXPECT_EQ(record.kind, 1);
      EXPECT_TRUE(found.emplace(record.id, record.bytes).second) << "shown twice";
    });
    EXPECT_TRUE(read.ok());
    EXPECT_EQ(*read, found.size());
    return found;
  }
};

std::string base_of(const World& world) { return world.directory.path() / "kept.base"; }

TEST(KeptStore, shows_the_newest_of_each_and_nothing_that_was_forgotten) {
  World world;
  world.keep(1, "first");
  world.keep(2, "second");
  world.keep(1, "first again");
  world.keep(3, "third");
  world.keep(2, "");

  world.restart();

  EXPECT_EQ(world.contents(), (Contents{{1, "first again"}, {3, "third"}}));
}

TEST(KeptStore, keeps_kinds_apart_and_shows_records_in_the_order_they_came) {
  World world;
  world.keep(1, "a", 2);
  world.keep(1, "b", 1);
  world.keep(7, "c", 3);
  world.restart();

  std::string order;
  const auto read = world.store->read([&](const KeptRecord& record) {
    order += std::to_string(record.kind) + std::string(record.bytes) + " ";
  });

  ASSERT_TRUE(read.ok());
  EXPECT_EQ(order, "2a 1b 3c ");
}

TEST(KeptStore, reads_a_base_and_the_journal_behind_it) {
  World world;
  for (std::uint64_t id = 1; id <= 100; ++id) world.keep(id, std::string(200, 'x'));
  for (std::uint64_t id = 11; id <= 100; ++id) world.keep(id, "");
  ASSERT_TRUE(world.write_base().ok());
  world.keep(2, "changed");
  world.keep(3, "");
  world.keep(101, "new");

  for (int start = 0; start < 3; ++start) {
    world.restart();
    const Contents contents = world.contents();
    EXPECT_EQ(contents.size(), 10u);
    EXPECT_EQ(contents.at(1), std::string(200, 'x'));
    EXPECT_EQ(contents.at(2), "changed");
    EXPECT_FALSE(contents.contains(3));
    EXPECT_EQ(contents.at(101), "new");
  }
}

TEST(KeptStore, holds_the_files_of_the_journal_until_a_base_is_written) {
  World world;
  std::uint64_t count = 0;
  while (world.journal->tail().file < 3) world.keep(++count, std::string(200, 'x'));
  EXPECT_EQ(world.journal->held_from(), 0u);

  ASSERT_TRUE(world.write_base().ok());

  EXPECT_EQ(world.journal->held_from(), world.journal->synced().file);
  EXPECT_GT(remove_files_before(world.directory.path(), world.journal->held_from()), 0u);
  world.restart();
  EXPECT_EQ(world.contents().size(), count);
}

TEST(KeptStore, writes_a_base_by_itself_when_the_journal_has_grown) {
  World world;
  world.stop();
  auto opened = Journal::open(small_journal(world.directory.path()));
  ASSERT_TRUE(opened.ok());
  world.journal = std::move(*opened);
  world.store = std::make_unique<KeptStore>(
      *world.journal,
      KeptOptions{.min_journal = 20'000, .look_interval = milliseconds{1}});
  world.store->start();

  while (world.journal->held_from() == 0) world.keep(1, std::string(300, 'x'));

  world.restart();
  EXPECT_EQ(world.contents(), (Contents{{1, std::string(300, 'x')}}));
  EXPECT_LT(world.store->base_bytes(), 1000u);
}

TEST(KeptStore, a_base_that_does_not_fit_on_the_disk_leaves_the_old_one) {
  World world;
  world.keep(1, "old");
  ASSERT_TRUE(world.write_base().ok());
  const std::string before = read_file(base_of(world));
  for (std::uint64_t id = 2; id <= 50; ++id) world.keep(id, std::string(200, 'x'));
  world.wait_until_synced();

  for (const long room : {0L, 1L, 47L, 48L, 5000L}) {
    world.room = room;
    EXPECT_FALSE(world.store->write_base().ok());
    EXPECT_EQ(read_file(base_of(world)), before);
    EXPECT_FALSE(std::filesystem::exists(base_of(world) + ".new"));
  }

  world.room = 1L << 40;
  world.restart();
  EXPECT_EQ(world.contents().size(), 50u);
}

TEST(KeptStore, takes_no_notice_of_a_base_that_was_being_written) {
  World world;
  world.keep(1, "kept");
  ASSERT_TRUE(world.write_base().ok());
  const std::string whole = read_file(base_of(world));
  for (std::size_t cut = 0; cut <= whole.size(); cut += 9) {
    write_file(base_of(world) + ".new", whole.substr(0, cut));
    world.restart();
    EXPECT_EQ(world.contents(), (Contents{{1, "kept"}}));
    EXPECT_FALSE(std::filesystem::exists(base_of(world) + ".new"));
  }
  EXPECT_TRUE(world.notices.empty());
}

TEST(KeptStore, says_what_is_lost_by_a_damaged_base_and_goes_on) {
  World world;
  for (std::uint64_t id = 1; id <= 5; ++id) world.keep(id, "bytes of " + std::to_string(id));
  ASSERT_TRUE(world.write_base().ok());
  world.keep(6, "behind it");
  const std::string whole = read_file(base_of(world));

  for (std::size_t byte = 0; byte < whole.size(); byte += 13) {
    SCOPED_TRACE(byte);
    std::string damaged = whole;
    damaged[byte] = static_cast<char>(damaged[byte] ^ 0x10);
    write_file(base_of(world), damaged);
    world.notices.clear();
    world.restart();
    EXPECT_EQ(world.contents().at(6), "behind it");
    EXPECT_FALSE(world.notices.empty());
    std::filesystem::remove(base_of(world) + ".damaged");
  }
}

// ---- kill -9 at any moment ----

// What id number i holds after `count` changes; changes go round over ten ids.
std::string value_at(long change) {
  return change % 7 == 0 ? std::string() : "change " + std::to_string(change);
}

[[noreturn]] void keep_until_killed(const std::filesystem::path& directory, long next,
                                    std::atomic<long>& written) {
  auto journal = Journal::open(small_journal(directory));
  if (!journal.ok()) ::_exit(1);
  KeptStore store(**journal, {.min_journal = 3000, .look_interval = milliseconds{1}});
  store.start();
  std::string payload;
  for (;; ++next) {
    payload.clear();
    append_kept(payload, {.kind = 1, .id = std::uint64_t(next % 10), .bytes = value_at(next)});
    if (!(*journal)->append(RecordType::Keep, payload)) ::_exit(2);
    (*journal)->write();
    written = next + 1;
    remove_files_before(directory, (*journal)->held_from());
  }
}

TEST(KeptStoreCrash, loses_nothing_that_was_written_at_whatever_moment_it_comes) {
  const test_support::TemporaryDirectory directory;
  const test_support::SharedCount count;

  for (std::uint32_t round = 1; round <= 30; ++round) {
    SCOPED_TRACE(round);
    const long target = *count.value + static_cast<long>(std::mt19937(round)() % 2000) + 1;
    const long next = *count.value;
    const pid_t child = ::fork();
    if (child == 0) keep_until_killed(directory.path(), next, *count.value);
    int status = 0;
    while (*count.value < target && ::waitpid(child, &status, WNOHANG) == 0) ::sched_yield();
    ::kill(child, SIGKILL);
    ::waitpid(child, &status, 0);
    ASSERT_TRUE(WIFSIGNALED(status));

    auto journal = Journal::open(small_journal(directory.path()));
    ASSERT_TRUE(journal.ok());
    KeptStore store(**journal, {});
    Contents found;
    ASSERT_TRUE(store
                    .read([&](const KeptRecord& record) {
                      EXPECT_TRUE(found.emplace(record.id, record.bytes).second);
                    })
                    .ok());
    // The last change may be there although the count does not know it yet.
    long changes = *count.value;
    const auto last = found.find(std::uint64_t(changes % 10));
    if (last != found.end() && last->second == value_at(changes)) ++changes;
    if (value_at(changes).empty() && !found.contains(std::uint64_t(changes % 10)) &&
        changes == *count.value)
      ++changes;
    for (long change = std::max(0L, changes - 10); change < changes; ++change) {
      const auto kept = found.find(std::uint64_t(change % 10));
      EXPECT_EQ(kept == found.end() ? std::string() : kept->second, value_at(change)) << change;
    }
    *count.value = changes;
  }
}

}  // namespace
}  // namespace tandem::journal
