// kill -9 at any moment: every record whose write() returned is there, once.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <random>

#include "shell/journal/journal.h"
#include "support/journal_contents.h"
#include "support/shared_count.h"
#include "support/temporary_directory.h"

namespace tandem::journal {
namespace {

std::string payload(long number, std::mt19937& random) {
  return std::to_string(number) + " " + std::string(random() % 700, 'x');
}

// The child: appends and writes numbered records, from `next` on, until it is killed.
[[noreturn]] void write_until_killed(const std::filesystem::path& directory, long next,
                                     std::uint32_t seed, std::atomic<long>& written) {
  std::mt19937 random(seed);
  auto journal = Journal::open(test_support::small_journal(directory));
  if (!journal.ok()) ::_exit(1);
  for (;;) {
    for (auto count = random() % 5; count > 0; --count)
      if (!(*journal)->append(RecordType::Cdr, payload(next++, random))) ::_exit(2);
    (*journal)->write();
    written = next;
  }
}

// False when the writer ended by itself.
bool run_and_kill(const std::filesystem::path& directory, long next, std::uint32_t seed,
                  std::atomic<long>& written) {
  const long target = written + static_cast<long>(std::mt19937(seed)() % 400);
  const pid_t child = ::fork();
  if (child == 0) write_until_killed(directory, next, seed, written);
  int status = 0;
  while (written < target && ::waitpid(child, &status, WNOHANG) == 0) ::sched_yield();
  ::kill(child, SIGKILL);
  ::waitpid(child, &status, 0);
  return WIFSIGNALED(status);
}

TEST(JournalCrash, loses_and_doubles_no_written_record) {
  const test_support::TemporaryDirectory directory;
  const test_support::SharedCount count;
  long next = 0;

  for (std::uint32_t round = 1; round <= 30; ++round) {
    SCOPED_TRACE(round);
    ASSERT_TRUE(run_and_kill(directory.path(), next, round, *count.value));

    JournalReader reader(directory.path());
    next = 0;
    Record record;
    while (reader.next(record) == JournalReader::Step::Record)
      ASSERT_EQ(std::stol(std::string(record.payload)), next++);
    ASSERT_GE(next, count.value->load());
    ASSERT_TRUE(reader.damage().empty());
    *count.value = next;
  }
  EXPECT_GT(next, 1000);
}

}  // namespace
}  // namespace tandem::journal
