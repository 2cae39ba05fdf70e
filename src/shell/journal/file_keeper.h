// The journal's work that may take long, on a thread of its own: syncs what was written, has the
// next file ready before it is needed, closes finished ones, watches the free space, and wakes
// those who read along.
#pragma once

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "base/result.h"
#include "shell/journal/format.h"
#include "shell/journal/options.h"
#include "shell/journal/recovery.h"

namespace tandem::journal {

// An open file of the journal, its space reserved, nothing but zeros in it yet.
struct JournalFile {
  int descriptor = -1;
  std::uint32_t number = 0;
};

class FileKeeper {
 public:
  // Keeps `directory` locked against other processes until the end. `last_file`: new ones get
  // higher numbers.
  static Result<std::unique_ptr<FileKeeper>, JournalError> start(const JournalOptions& options);
  ~FileKeeper();
  FileKeeper(const FileKeeper&) = delete;
  FileKeeper& operator=(const FileKeeper&) = delete;

  // ---- for the writer ----

  // Makes a file at once; used to begin with.
  Result<JournalFile, JournalError> make_first_file(std::uint32_t number);
  // Starts the thread; `file` is the one written first.
  void run(JournalFile file);
  // The next file, if it is ready; from now on `next` is written and the one before, which ends at
  // `end`, is finished.
  std::optional<JournalFile> take_next();
  void finish_current(std::uint32_t end, JournalFile next);
  // Everything before `tail` was written.
  void publish(Position tail, Sync sync);
  // Whether the current file cannot be synced, so that another should be begun.
  bool wants_new_file() const { return wants_new_file_.load(std::memory_order_relaxed); }
  // Ends the thread; the current file is synced and cut at `end`.
  void stop(std::uint32_t end);

  // ---- for any thread ----

  Position written() const;
  Position synced() const;
  Fault fault() const;
  // Waits until something lies behind `position`, `limit` is over, or `cancelled` is true; whoever
  // sets that calls wake_readers() after it.
  void wait_beyond(Position position, milliseconds limit, const std::atomic<bool>& cancelled);
  void wake_readers();

 private:
  explicit FileKeeper(const JournalOptions& options);

  Result<Done, JournalError> lock_directory();
  Result<JournalFile, int> make_file();
  void loop();
  void pause(std::unique_lock<std::mutex>& lock);
  void notify_readers();
  void sync_finished();
  void sync_current();
  void look_after();
  bool haste() const;  // something written is to be synced soon
  bool sync_due() const;
  static void close_file(int descriptor, std::uint32_t end);

  struct Finished {
    int descriptor;
    std::uint32_t end;
  };

  const JournalOptions options_;
  int directory_ = -1;  // locked
  std::uint32_t next_number_ = 1;
  std::thread thread_;

  std::mutex mutex_;
  std::condition_variable wake_;        // the thread has work, or is to stop
  std::condition_variable tail_moved_;  // for readers
  bool stopping_ = false;
  JournalFile current_;
  std::optional<JournalFile> next_;
  std::vector<Finished> finished_;

  std::atomic<std::uint64_t> written_{0};
  std::atomic<std::uint64_t> soon_{0};  // what lies before it is to be synced soon
  std::atomic<std::uint64_t> synced_{0};
  std::atomic<bool> asleep_{false};
  std::atomic<bool> wants_new_file_{false};
  std::atomic<int> sync_error_{0};
  std::atomic<int> reserve_error_{0};
  std::atomic<bool> low_space_{false};

  // Of the thread alone.
  std::uint64_t told_readers_ = 0;
  int idle_rounds_ = 0;
  std::chrono::steady_clock::time_point later_due_{};
  std::chrono::steady_clock::time_point look_after_due_{};
};

}  // namespace tandem::journal
