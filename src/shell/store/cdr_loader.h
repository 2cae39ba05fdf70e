// Copies call detail records from the journal into the database, on a thread of its own. Records
// and the place in the journal move in one transaction, and flow_no is unique: however often it is
// killed, each record is in the database once. While the database is locked, missing or broken the
// records wait in the journal.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <thread>

#include "core/cdr/cdr.h"
#include "shell/journal/journal.h"
#include "shell/journal/reader.h"
#include "shell/store/sqlite.h"

namespace tandem::store {

using std::chrono::milliseconds;

struct CdrLoaderOptions {
  std::filesystem::path database;      // file, made when missing
  milliseconds batch_interval{30};     // gathers the records of this time into one transaction
  milliseconds retry_interval{1000};   // between two tries when the database fails
  std::uint32_t batch_records = 2000;  // of one transaction, at most
  // Something the operator is to know; called on the loader's thread.
  std::function<void(std::string_view sentence)> notice = [](std::string_view) {};
};

class CdrLoader {
 public:
  // The journal must outlive the loader.
  CdrLoader(journal::Journal& journal, CdrLoaderOptions options);
  ~CdrLoader();
  CdrLoader(const CdrLoader&) = delete;
  CdrLoader& operator=(const CdrLoader&) = delete;

  // Opens the database, to find at the start what only the operator can mend. Before start().
  Result<Done, StoreError> connect();
  void start();
  // Loads what is written so far, unless the database fails; ends the thread.
  void stop();

  // Any thread: records written to the journal and not yet in the database.
  std::uint64_t queue() const;
  // Any thread: waits until what the journal holds now is in the database, so that whoever asks after
  // the end of a call finds its record. Not longer than `patience`, and not while loading fails.
  void catch_up(milliseconds patience);
  // Any thread: records that were met again and not inserted a second time.
  std::uint64_t repeated() const { return repeated_.load(std::memory_order_relaxed); }
  // Any thread: why nothing is loaded at the moment; "" when all is well.
  std::string fault_text() const;

 private:
  struct Connection;

  void loop();
  bool wait(milliseconds time);
  void load();
  Result<Done, StoreError> load_batch(journal::Position tail, bool& more);
  Result<Done, StoreError> store_record(const journal::Record& record);
  Result<Done, StoreError> insert(const cdr::Cdr& cdr);
  Result<Done, StoreError> keep_unread(const journal::Record& record, std::string_view reason);
  Result<Done, StoreError> reload_unread();
  Result<Done, StoreError> save_position();
  void note_damage();
  void tidy_journal();
  void fail(const StoreError& error);

  journal::Journal& journal_;
  const CdrLoaderOptions options_;
  std::thread thread_;

  // Of the thread alone once it runs.
  std::unique_ptr<Connection> connection_;  // none while the database fails
  journal::Position seen_tail_;             // all before it was loaded
  std::uint32_t tidied_before_ = 0;         // files before it are removed
  std::set<std::uint32_t> damaged_files_;

  mutable std::mutex mutex_;
  std::condition_variable stop_changed_;
  std::condition_variable loaded_;
  std::atomic<bool> stopping_{false};
  std::string fault_;
  std::atomic<std::uint64_t> next_sequence_;
  std::atomic<std::uint64_t> repeated_{0};
};

}  // namespace tandem::store
