// A disk that is full, slow or broken: nothing appended is lost, and the fault comes and goes.
#include <gtest/gtest.h>

#include <atomic>
#include <random>
#include <thread>

#include "shell/journal/journal.h"
#include "support/journal_contents.h"
#include "support/temporary_directory.h"

namespace tandem::journal {
namespace {

using test_support::all_payloads;

using Payloads = std::vector<std::string>;

// What the disk does; read by the journal's threads. Outlives the journal.
struct BadDisk {
  std::atomic<long> room{1L << 40};   // bytes pwrite still takes
  std::atomic<int> write_error{0};    // of every pwrite
  std::atomic<int> sync_error{0};     // of every fdatasync
  std::atomic<int> reserve_error{0};  // of every reserve
  std::atomic<std::uint64_t> free{1ull << 40};
  std::atomic<bool> bad_sector{false};  // in the file written first
  int first_file = -1;                  // its descriptor

  JournalOptions options(const std::filesystem::path& directory) {
    JournalOptions options = test_support::small_journal(directory);
    const DiskCalls real;
    options.disk.pwrite = [this](int descriptor, const void* bytes, std::size_t size,
                                 off_t offset) { return write(descriptor, bytes, size, offset); };
    options.disk.fdatasync = [this, real](int descriptor) {
      errno = sync_error;
      return sync_error != 0 ? -1 : real.fdatasync(descriptor);
    };
    options.disk.reserve = [this, real](int descriptor, std::uint64_t size) {
      return reserve_error != 0 ? reserve_error.load() : real.reserve(descriptor, size);
    };
    options.disk.free_bytes = [this](const std::filesystem::path&) { return free.load(); };
    return options;
  }

  ssize_t write(int descriptor, const void* bytes, std::size_t size, off_t offset) {
    if (first_file < 0) first_file = descriptor;
    errno = EIO;
    if (bad_sector && descriptor == first_file) return -1;
    errno = write_error != 0 ? write_error.load() : ENOSPC;
    if (write_error != 0 || room <= 0) return -1;
    const ssize_t count =
        ::pwrite(descriptor, bytes, std::min(size, static_cast<std::size_t>(room.load())), offset);
    room -= count;
    return count;
  }
};

Payloads numbers(int count) {
  Payloads payloads;
  for (int i = 0; i < count; ++i) payloads.push_back("record " + std::to_string(i));
  return payloads;
}

struct FaultyJournal {
  test_support::TemporaryDirectory directory;
  BadDisk disk;
  std::unique_ptr<Journal> journal;
  int appended = 0;

  explicit FaultyJournal(std::size_t max_pending = 1u << 20) {
    JournalOptions options = disk.options(directory.path());
    options.max_pending = max_pending;
    auto opened = Journal::open(options);
    if (opened.ok()) journal = std::move(*opened);
  }

  void append(int count) {
    for (int i = 0; i < count; ++i)
      ASSERT_TRUE(journal->append(RecordType::Cdr, "record " + std::to_string(appended++)));
  }

  // Writes round after round, as the loop does, until `done`; false when it takes too long.
  template <class Condition>
  bool write_until(Condition done) {
    const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds{20};
    while (!done()) {
      if (std::chrono::steady_clock::now() > limit) return false;
      journal->write();
      std::this_thread::yield();
    }
    return true;
  }
  bool write_until_well() {
    return write_until([this] { return journal->pending_bytes() == 0 && !journal->faulty(); });
  }
  bool write_until_fault(FaultKind kind) {
    return write_until([this, kind] { return journal->fault().kind == kind; });
  }
  Payloads contents() const { return all_payloads(directory.path()); }
};

TEST(JournalFault, keeps_records_in_memory_while_the_disk_is_full_and_writes_them_when_it_is_not) {
  FaultyJournal world;
  world.append(3);
  world.journal->write();

  world.disk.room = 0;
  world.append(4);
  world.journal->write();

  EXPECT_EQ(world.journal->fault(), (Fault{FaultKind::CannotWrite, ENOSPC}));
  EXPECT_NE(world.journal->fault_text().find("No space left"), std::string::npos);
  EXPECT_GT(world.journal->pending_bytes(), 0u);
  EXPECT_EQ(world.contents(), numbers(3));

  world.disk.room = 1 << 20;
  world.append(2);

  EXPECT_TRUE(world.write_until_well());
  EXPECT_EQ(world.journal->fault_text(), "");
  EXPECT_EQ(world.contents(), numbers(9));
}

TEST(JournalFault, loses_and_doubles_nothing_when_the_disk_fills_at_any_byte) {
  for (int room = 0; room < 200; ++room) {
    SCOPED_TRACE(room);
    FaultyJournal world;
    world.disk.room = room;
    world.append(6);
    world.journal->write();
    EXPECT_EQ(world.journal->faulty(), world.journal->pending_bytes() > 0);

    world.disk.room = 1 << 20;
    world.append(1);

    ASSERT_TRUE(world.write_until_well());
    ASSERT_EQ(world.contents(), numbers(7));
  }
}

TEST(JournalFault, says_what_was_written_before_a_failed_piece_was_written) {
  FaultyJournal world;
  world.disk.room = 100;
  world.append(10);
  world.journal->write();

  JournalReader reader(world.directory.path());
  const Payloads written = test_support::remaining_payloads(reader, world.journal->tail());

  EXPECT_GT(written.size(), 0u);
  EXPECT_LT(written.size(), 10u);
  EXPECT_EQ(written, numbers(static_cast<int>(written.size())));
}

TEST(JournalFault, takes_no_more_than_its_share_of_memory) {
  FaultyJournal world(1000);
  world.disk.write_error = EIO;
  int taken = 0;
  while (taken < 1000 && world.journal->append(RecordType::Cdr, "record " + std::to_string(taken)))
    ++taken;
  EXPECT_GT(taken, 20);
  EXPECT_LT(taken, 1000);
  EXPECT_LE(world.journal->pending_bytes(), 1100u);

  world.disk.write_error = 0;

  EXPECT_TRUE(world.write_until_well());
  EXPECT_EQ(world.contents(), numbers(taken));
}

TEST(JournalFault, goes_on_in_another_file_when_one_cannot_be_written) {
  FaultyJournal world;
  world.append(3);
  world.journal->write();
  world.disk.bad_sector = true;
  world.append(3);

  EXPECT_TRUE(world.write_until_well());
  EXPECT_EQ(world.contents(), numbers(6));
}

TEST(JournalFault, begins_another_file_when_one_cannot_be_synced) {
  FaultyJournal world;
  world.append(3);
  world.journal->write();
  const std::uint32_t before = world.journal->tail().file;

  world.disk.sync_error = EIO;
  world.append(3);
  ASSERT_TRUE(world.write_until_fault(FaultKind::CannotSync));
  world.disk.sync_error = 0;

  // Nothing is appended any more: the fault goes by itself.
  EXPECT_TRUE(world.write_until_well());
  EXPECT_GT(world.journal->tail().file, before);
  EXPECT_EQ(world.contents(), numbers(6));
}

TEST(JournalFault, still_takes_records_when_no_further_file_can_be_reserved) {
  FaultyJournal world;
  world.disk.reserve_error = ENOSPC;
  int rounds = 0;
  const auto reserve_failed = [&] {
    world.append(1);
    ++rounds;
    return world.journal->fault().kind == FaultKind::CannotReserve;
  };
  ASSERT_TRUE(world.write_until(reserve_failed));
  const std::uint32_t file = world.journal->tail().file;

  world.append(500);
  world.journal->write();

  EXPECT_EQ(world.journal->pending_bytes(), 0u);
  EXPECT_EQ(world.journal->tail().file, file);
  EXPECT_GT(world.journal->tail().offset, 4096u);
  EXPECT_EQ(world.contents(), numbers(rounds + 500));

  world.disk.reserve_error = 0;

  EXPECT_TRUE(world.write_until_well());
}

TEST(JournalFault, is_raised_before_the_disk_is_full_and_cleared_when_there_is_room_again) {
  const test_support::TemporaryDirectory directory;
  BadDisk disk;
  JournalOptions options = disk.options(directory.path());
  options.free_reserve = 8 << 20;
  disk.free = 100 << 20;
  auto opened = Journal::open(options);
  ASSERT_TRUE(opened.ok());
  Journal& journal = **opened;
  const auto wait_for = [&](bool faulty) {
    const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds{20};
    while (journal.faulty() != faulty && std::chrono::steady_clock::now() < limit)
      std::this_thread::yield();
    return journal.faulty() == faulty;
  };

  disk.free = (8 << 20) - 1;
  EXPECT_TRUE(wait_for(true));
  EXPECT_EQ(journal.fault().kind, FaultKind::DiskAlmostFull);
  EXPECT_NE(journal.fault_text().find("less than 8 MiB free"), std::string::npos);
  EXPECT_TRUE(journal.append(RecordType::Cdr, "of a call that was up"));
  journal.write();
  EXPECT_EQ(all_payloads(directory.path()), Payloads{"of a call that was up"});

  disk.free = 10 << 20;
  EXPECT_TRUE(wait_for(false));
}

TEST(JournalFault, loses_and_doubles_nothing_on_a_disk_that_fails_at_random) {
  for (std::uint32_t seed = 1; seed <= 20; ++seed) {
    SCOPED_TRACE(seed);
    std::mt19937 random(seed);
    FaultyJournal world;
    for (int round = 0; round < 300; ++round) {
      world.append(static_cast<int>(random() % 4));
      if (random() % 4 == 0) world.disk.room = static_cast<long>(random() % 300);
      if (random() % 3 == 0) world.disk.room = 1 << 20;
      world.disk.write_error = random() % 10 == 0 ? EIO : 0;
      world.disk.sync_error = random() % 20 == 0 ? EIO : 0;
      world.disk.reserve_error = random() % 5 == 0 ? ENOSPC : 0;
      world.journal->write();
    }
    world.disk.room = 1 << 20;
    world.disk.write_error = world.disk.sync_error = world.disk.reserve_error = 0;

    ASSERT_TRUE(world.write_until_well());
    JournalReader reader(world.directory.path());
    ASSERT_EQ(test_support::remaining_payloads(reader, kEverything), numbers(world.appended));
    ASSERT_TRUE(reader.damage().empty());
  }
}

TEST(JournalFault, reports_a_full_disk_when_it_is_opened) {
  const test_support::TemporaryDirectory directory;
  BadDisk disk;
  disk.reserve_error = ENOSPC;

  const auto journal = Journal::open(disk.options(directory.path()));

  ASSERT_FALSE(journal.ok());
  EXPECT_NE(journal.error().sentence.find("No space left on device"), std::string::npos);
}

}  // namespace
}  // namespace tandem::journal
