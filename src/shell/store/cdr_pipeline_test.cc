// kill -9 between call and database: every record whose write() returned is found, once.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <random>

#include "core/cdr/cdr_record.h"
#include "shell/store/cdr_store.h"
#include "support/journal_contents.h"
#include "support/sample_cdr.h"
#include "support/shared_count.h"
#include "support/temporary_directory.h"

namespace tandem::store {
namespace {

struct Switch {
  std::unique_ptr<journal::Journal> journal;
  std::unique_ptr<CdrStore> store;

  explicit Switch(const std::filesystem::path& directory) {
    auto opened = journal::Journal::open(test_support::small_journal(directory / "journal"));
    if (!opened.ok()) return;
    journal = std::move(*opened);
    auto loading = CdrStore::open(*journal, {.database = directory / "cdr.db",
                                             .batch_interval = milliseconds{1},
                                             .retry_interval = milliseconds{10},
                                             .batch_records = 20});
    if (loading.ok()) store = std::move(*loading);
  }
  bool up() const { return store != nullptr; }
};

constexpr long kRoundSize = 1'000'000;  // numbers of round n are n * kRoundSize and up

// The child: ends calls until it is killed.
[[noreturn]] void end_calls_until_killed(const std::filesystem::path& directory,
                                         std::uint32_t round, std::atomic<long>& written) {
  std::mt19937 random(round);
  Switch running(directory);
  if (!running.up()) ::_exit(1);
  std::string bytes;
  for (long next = 0; next < kRoundSize - 5; written = next) {
    for (auto count = random() % 5; count > 0; --count) {
      bytes.clear();
      cdr::append_record(bytes, test_support::sample_cdr(round * kRoundSize + next++));
      if (!running.journal->append(journal::RecordType::Cdr, bytes)) ::_exit(2);
    }
    running.journal->write();
  }
  ::_exit(3);
}

// How many records were written for certain; -1 when the child ended by itself.
long run_and_kill(const std::filesystem::path& directory, std::uint32_t round) {
  const test_support::SharedCount written;
  const long target = static_cast<long>(std::mt19937(round)() % 600);
  const pid_t child = ::fork();
  if (child == 0) end_calls_until_killed(directory, round, *written.value);
  int status = 0;
  while (*written.value < target && ::waitpid(child, &status, WNOHANG) == 0) ::sched_yield();
  ::kill(child, SIGKILL);
  ::waitpid(child, &status, 0);
  return WIFSIGNALED(status) ? written.value->load() : -1;
}

// Of one round: how many records the database holds; -1 when one is missing or there twice.
long found_of_round(Database& database, std::uint32_t round) {
  const std::string first = std::to_string(round * kRoundSize);
  const auto number = [&](const std::string& what) {
    return database.number("SELECT " + what + " FROM cdr WHERE node_call_id / " +
                           std::to_string(kRoundSize) + " = " + std::to_string(round));
  };
  const auto all = number("count(*)");
  const auto distinct = number("count(DISTINCT node_call_id)");
  const auto span = number("coalesce(max(node_call_id) + 1 - " + first + ", 0)");
  if (!all || !distinct || !span) return -1;
  return *all == *distinct && *all == *span ? *all : -1;
}

TEST(CdrPipeline, brings_every_written_record_into_the_database_once_whenever_it_is_killed) {
  const test_support::TemporaryDirectory directory;
  std::vector<long> written;

  for (std::uint32_t round = 0; round < 24; ++round) {
    SCOPED_TRACE(round);
    written.push_back(run_and_kill(directory.path(), round));
    ASSERT_GE(written.back(), 0);
    // Mostly it is killed again while it still loads what the last one left.
    if (round % 4 != 3) continue;
    Switch(directory.path()).store.reset();
    auto database = Database::open(directory.path() / "cdr.db", Database::Access::ReadOnly);
    ASSERT_TRUE(database.ok());
    for (std::uint32_t earlier = 0; earlier <= round; ++earlier)
      ASSERT_GE(found_of_round(*database, earlier), written[earlier]) << earlier;
  }
}

}  // namespace
}  // namespace tandem::store
