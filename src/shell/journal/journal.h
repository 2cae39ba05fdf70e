// The append-only journal: what was appended and written survives the process, what was synced
// survives the machine. The way of a record: append() copies it into memory; write() hands all of
// this round to the kernel with one write(2), after which kill -9 loses nothing; a thread calls
// fdatasync every few milliseconds, and less often while only such records come that may wait (Sync).
//
// When the disk refuses, nothing appended is lost: it stays in memory, in order, and is tried
// again, while faulty() tells the exchange to take no new calls. faulty() is also true before it
// comes to that: when little space is left, or the next file cannot be reserved.
#pragma once

#include <limits>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "shell/journal/file_keeper.h"
#include "shell/journal/options.h"
#include "shell/journal/recovery.h"

namespace tandem::journal {

// append(), write() and the destructor belong to one thread; the const functions, wait_beyond() and
// wake_readers() to any.
class Journal {
 public:
  // Recovers what an earlier run left, then begins a new file. Fails with a sentence when the
  // directory cannot be used, is in use, or holds a journal of a newer version.
  static Result<std::unique_ptr<Journal>, JournalError> open(const JournalOptions& options);
  // Writes what waits, once more; syncs.
  ~Journal();
  Journal(const Journal&) = delete;
  Journal& operator=(const Journal&) = delete;

  // What open() found.
  const OpenReport& report() const { return report_; }

  // Copies the record, which is `payload` and `rest`, into memory. False when it was not taken: larger than kMaxPayload, or the
  // disk has refused for so long that max_pending bytes wait (half of it for a Keep).
  [[nodiscard]] bool append(RecordType type, std::string_view payload, std::string_view rest = {},
                            Sync sync = Sync::Soon);
  // Writes all that was appended. To be called once per round of the loop, before anything is sent,
  // and at least once a second while faulty(). Costs nothing when nothing was appended.
  void write();

  bool faulty() const { return fault().kind != FaultKind::None; }
  Fault fault() const;
  std::string fault_text() const { return describe(fault(), options_); }
  std::size_t pending_bytes() const { return pending_.size(); }  // of the writer's thread

  // Everything before it was written: the limit for JournalReader.
  Position tail() const { return keeper_->written(); }
  Position synced() const { return keeper_->synced(); }
  // Sequence number of the record behind the last one written.
  std::uint64_t end_sequence() const { return end_sequence_.load(std::memory_order_relaxed); }
  std::uint64_t identity() const { return report_.identity; }
  const std::filesystem::path& directory() const { return options_.directory; }

  // Waits until tail() is behind `position`, `limit` is over, or `cancelled` is true; whoever sets
  // that calls wake_readers() after it.
  void wait_beyond(Position position, milliseconds limit, const std::atomic<bool>& cancelled) {
    keeper_->wait_beyond(position, limit, cancelled);
  }
  void wake_readers() { keeper_->wake_readers(); }

  // Files from this number on are needed by whoever reads what is kept (kept_store.h): they are not
  // to be removed, whatever else was read of them.
  void hold_from(std::uint32_t file) { held_from_.store(file, std::memory_order_relaxed); }
  std::uint32_t held_from() const { return held_from_.load(std::memory_order_relaxed); }
  const JournalOptions& options() const { return options_; }

 private:
  Journal(const JournalOptions& options, std::unique_ptr<FileKeeper> keeper, OpenReport report);

  int begin_file(JournalFile file);
  bool change_file();
  int write_pending();
  void drop_written(std::size_t bytes);
  int write_bytes(int descriptor, std::string_view bytes, std::uint64_t offset,
                  std::size_t& written) const;

  const JournalOptions options_;
  std::unique_ptr<FileKeeper> keeper_;
  OpenReport report_;
  std::uint32_t seed_;
  std::string pending_;
  bool pending_soon_ = false;  // a record of it may not wait
  std::uint64_t next_sequence_;  // of the next record appended
  std::uint64_t first_pending_;  // of the first record in pending_
  JournalFile file_;
  JournalFile spare_;  // taken from the keeper, but its header could not be written
  Position tail_;
  std::atomic<std::uint64_t> end_sequence_;
  std::atomic<int> write_error_{0};
  std::atomic<std::uint32_t> held_from_{std::numeric_limits<std::uint32_t>::max()};
  std::chrono::steady_clock::time_point retry_due_{};
};

}  // namespace tandem::journal
