#include "shell/journal/journal.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "shell/journal/checksum.h"
#include "support/journal_contents.h"
#include "support/temporary_directory.h"

namespace tandem::journal {
namespace {

using test_support::all_payloads;
using test_support::small_journal;

using Payloads = std::vector<std::string>;

std::unique_ptr<Journal> open_journal(const JournalOptions& options) {
  auto journal = Journal::open(options);
  EXPECT_TRUE(journal.ok()) << (journal.ok() ? "" : journal.error().sentence);
  return journal.ok() ? std::move(*journal) : nullptr;
}

void append_numbers(Journal& journal, int first, int count) {
  for (int i = first; i < first + count; ++i)
    ASSERT_TRUE(journal.append(RecordType::Cdr, "record " + std::to_string(i)));
}

Payloads numbers(int count) {
  Payloads payloads;
  for (int i = 0; i < count; ++i) payloads.push_back("record " + std::to_string(i));
  return payloads;
}

TEST(Journal, gives_back_what_was_written_in_order) {
  const test_support::TemporaryDirectory directory;
  const auto journal = open_journal(small_journal(directory.path()));

  append_numbers(*journal, 0, 3);
  journal->write();

  EXPECT_EQ(all_payloads(directory.path()), numbers(3));
  EXPECT_FALSE(journal->faulty());
}

void wait_until_synced(const Journal& journal) {
  while (journal.synced() != journal.tail()) std::this_thread::yield();
}

TEST(Journal, syncs_what_may_wait_with_what_may_not) {
  const test_support::TemporaryDirectory directory;
  JournalOptions options = small_journal(directory.path());
  options.later_interval = std::chrono::hours{1};
  const auto journal = open_journal(options);
  append_numbers(*journal, 0, 1);
  journal->write();
  wait_until_synced(*journal);
  const Position before = journal->synced();

  ASSERT_TRUE(journal->append(RecordType::Keep, "who registered", {}, Sync::Later));
  journal->write();
  EXPECT_EQ(all_payloads(directory.path()), (Payloads{"record 0", "who registered"}));
  const auto many_rounds = std::chrono::steady_clock::now() + 30 * options.sync_interval;
  while (std::chrono::steady_clock::now() < many_rounds) ASSERT_EQ(journal->synced(), before);

  append_numbers(*journal, 1, 1);
  journal->write();
  wait_until_synced(*journal);
}

TEST(Journal, syncs_what_may_wait_after_a_while) {
  const test_support::TemporaryDirectory directory;
  JournalOptions options = small_journal(directory.path());
  options.later_interval = milliseconds{5};
  const auto journal = open_journal(options);

  for (int i = 0; i < 20; ++i) {
    ASSERT_TRUE(journal->append(RecordType::Keep, "who registered", {}, Sync::Later));
    journal->write();
    wait_until_synced(*journal);
  }
}

TEST(Journal, keeps_empty_payloads_and_every_byte) {
  const test_support::TemporaryDirectory directory;
  const auto journal = open_journal(small_journal(directory.path()));
  std::string bytes;
  for (int i = 0; i < 256; ++i) bytes += static_cast<char>(i);
  const Payloads payloads{"", bytes, std::string(100, '\0')};

  for (const std::string& payload : payloads)
    ASSERT_TRUE(journal->append(RecordType::Cdr, payload));
  journal->write();

  EXPECT_EQ(all_payloads(directory.path()), payloads);
}

TEST(Journal, shows_nothing_before_it_is_written) {
  const test_support::TemporaryDirectory directory;
  const auto journal = open_journal(small_journal(directory.path()));
  const Position before = journal->tail();

  append_numbers(*journal, 0, 3);

  EXPECT_EQ(journal->tail(), before);
  EXPECT_EQ(all_payloads(directory.path()), Payloads{});
}

TEST(Journal, refuses_a_record_that_is_too_large) {
  const test_support::TemporaryDirectory directory;
  const auto journal = open_journal(small_journal(directory.path()));

  EXPECT_FALSE(journal->append(RecordType::Cdr, std::string(kMaxPayload + 1, 'x')));
  EXPECT_TRUE(journal->append(RecordType::Cdr, std::string(kMaxPayload, 'x')));
  journal->write();

  EXPECT_EQ(all_payloads(directory.path()), Payloads{std::string(kMaxPayload, 'x')});
}

TEST(Journal, goes_on_in_further_files_when_one_is_full) {
  const test_support::TemporaryDirectory directory;
  const auto journal = open_journal(small_journal(directory.path()));

  // The next file is made by a thread: until it is there the old one is written on.
  int written = 0;
  while (list_files(directory.path()).size() < 6 && written < 1'000'000) {
    append_numbers(*journal, written++, 1);
    journal->write();
  }

  EXPECT_GE(list_files(directory.path()).size(), 6u);
  EXPECT_EQ(all_payloads(directory.path()), numbers(written));
}

TEST(Journal, can_be_read_from_any_record_on_up_to_its_tail) {
  const test_support::TemporaryDirectory directory;
  const auto journal = open_journal(small_journal(directory.path()));
  append_numbers(*journal, 0, 500);
  journal->write();
  const Position tail = journal->tail();
  append_numbers(*journal, 500, 100);
  journal->write();
  JournalReader first(directory.path());
  Record record;
  for (int i = 0; i < 200; ++i) ASSERT_EQ(first.next(record), JournalReader::Step::Record);

  JournalReader second(directory.path(), first.position(), first.next_sequence());
  const Payloads rest = test_support::remaining_payloads(second, tail);

  const Payloads all = numbers(500);
  EXPECT_EQ(rest, Payloads(all.begin() + 200, all.end()));
  EXPECT_EQ(second.next(record, journal->tail()), JournalReader::Step::Record);
  EXPECT_EQ(record.payload, "record 500");
}

TEST(Journal, can_be_followed_record_by_record_over_many_files) {
  const test_support::TemporaryDirectory directory;
  const auto journal = open_journal(small_journal(directory.path()));
  JournalReader reader(directory.path());
  Record record;

  for (int i = 0; i < 1000; ++i) {
    append_numbers(*journal, i, 1);
    journal->write();
    ASSERT_EQ(reader.next(record, journal->tail()), JournalReader::Step::Record) << i;
    ASSERT_EQ(record.payload, "record " + std::to_string(i));
    ASSERT_EQ(reader.next(record, journal->tail()), JournalReader::Step::End) << i;
  }
  EXPECT_TRUE(reader.damage().empty());
}

TEST(Journal, goes_on_with_the_numbers_of_the_run_before) {
  const test_support::TemporaryDirectory directory;
  for (int run = 0; run < 5; ++run) {
    const auto journal = open_journal(small_journal(directory.path()));
    EXPECT_EQ(journal->report().records, static_cast<std::uint64_t>(run * 10));
    EXPECT_EQ(journal->report().torn_bytes, 0u);
    append_numbers(*journal, run * 10, 10);
    EXPECT_EQ(journal->end_sequence(), static_cast<std::uint64_t>(run * 10 + 1));
    journal->write();
    EXPECT_EQ(journal->end_sequence(), static_cast<std::uint64_t>(run * 10 + 11));
  }

  JournalReader reader(directory.path());
  EXPECT_EQ(test_support::remaining_payloads(reader, kEverything), numbers(50));
  EXPECT_EQ(reader.next_sequence(), 51u);
  EXPECT_TRUE(reader.damage().empty());
}

TEST(Journal, keeps_its_numbers_when_every_file_but_the_last_was_removed) {
  const test_support::TemporaryDirectory directory;
  std::uint64_t identity = 0;
  {
    const auto journal = open_journal(small_journal(directory.path()));
    append_numbers(*journal, 0, 10);
    journal->write();
    identity = journal->identity();
  }
  {
    const auto journal = open_journal(small_journal(directory.path()));
    EXPECT_EQ(remove_files_before(directory.path(), journal->tail().file), 1u);
  }

  const auto journal = open_journal(small_journal(directory.path()));

  EXPECT_EQ(journal->report().records, 0u);
  EXPECT_EQ(journal->report().next_sequence, 11u);
  EXPECT_EQ(journal->identity(), identity);
}

TEST(Journal, writes_what_waits_when_it_is_closed) {
  const test_support::TemporaryDirectory directory;
  {
    const auto journal = open_journal(small_journal(directory.path()));
    append_numbers(*journal, 0, 3);
  }

  EXPECT_EQ(all_payloads(directory.path()), numbers(3));
  EXPECT_EQ(list_files(directory.path()).size(), 1u);
}

TEST(Journal, syncs_what_was_written) {
  const test_support::TemporaryDirectory directory;
  const auto journal = open_journal(small_journal(directory.path()));
  append_numbers(*journal, 0, 3);
  journal->write();

  while (journal->synced() < journal->tail()) std::this_thread::yield();

  EXPECT_EQ(journal->synced(), journal->tail());
}

TEST(Journal, wakes_a_reader_that_waits_for_a_record) {
  const test_support::TemporaryDirectory directory;
  const auto journal = open_journal(small_journal(directory.path()));
  const Position before = journal->tail();
  const std::atomic<bool> never{false};
  Position seen;
  std::thread reader([&] {
    journal->wait_beyond(before, milliseconds{60'000}, never);
    seen = journal->tail();
  });

  append_numbers(*journal, 0, 1);
  journal->write();
  reader.join();

  EXPECT_GT(seen, before);
}

TEST(Journal, lets_a_waiting_reader_go_when_it_is_cancelled) {
  const test_support::TemporaryDirectory directory;
  const auto journal = open_journal(small_journal(directory.path()));
  std::atomic<bool> cancelled{false};
  bool gone = false;
  std::thread reader([&] {
    journal->wait_beyond(journal->tail(), milliseconds{60'000}, cancelled);
    gone = cancelled;
  });

  cancelled = true;
  journal->wake_readers();
  reader.join();

  EXPECT_TRUE(gone);
}

TEST(Journal, is_refused_to_a_second_user) {
  const test_support::TemporaryDirectory directory;
  const auto journal = open_journal(small_journal(directory.path()));

  const auto second = Journal::open(small_journal(directory.path()));

  ASSERT_FALSE(second.ok());
  EXPECT_NE(second.error().sentence.find("used by another process"), std::string::npos);
}

TEST(Journal, is_refused_where_no_directory_can_be) {
  const test_support::TemporaryDirectory directory;
  test_support::write_file(directory.path() / "file", "");

  const auto journal = Journal::open(small_journal(directory.path() / "file" / "journal"));

  ASSERT_FALSE(journal.ok());
  EXPECT_NE(journal.error().sentence.find("cannot make the directory"), std::string::npos);
}

TEST(Journal, is_refused_when_a_newer_version_wrote_it) {
  const test_support::TemporaryDirectory directory;
  std::string header;
  append_file_header(header, {.file = 1, .identity = 5, .first_sequence = 1});
  header[8] = 2;  // format version
  const std::uint32_t checksum = crc32c(0, header.data(), kFileHeaderSize - 4);
  header.replace(kFileHeaderSize - 4, 4, reinterpret_cast<const char*>(&checksum), 4);
  test_support::write_file(file_path(directory.path(), 1), header);

  const auto journal = Journal::open(small_journal(directory.path()));

  ASSERT_FALSE(journal.ok());
  EXPECT_NE(journal.error().sentence.find("newer version"), std::string::npos);
  EXPECT_EQ(test_support::read_file(file_path(directory.path(), 1)), header);
}

}  // namespace
}  // namespace tandem::journal
