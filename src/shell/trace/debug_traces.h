// Debug traces: orders to collect what fulfils a wish, for a while or until they are stopped. A
// thread of their own looks at the ring while one runs; the signalling loop does nothing for them.
// What they caught is kept in memory, of limited size, and on wish in capture files.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "shell/net/network.h"
#include "shell/trace/entry.h"
#include "shell/trace/matcher.h"
#include "shell/trace/ring.h"

namespace tandem::trace {

struct DebugTrace {
  std::int64_t id = 0;
  Wish wish;
  std::string user;  // who started it
  UtcTime started{};
  UtcTime until{};  // UtcTime{} = until it is stopped
  UtcTime ended{};  // UtcTime{} = it runs
  std::uint64_t messages = 0;
  std::uint64_t calls = 0;    // chosen; 0 when the wish is of single messages
  std::uint64_t bytes = 0;    // of all messages caught
  std::uint64_t dropped = 0;  // caught, but no longer in memory
  std::uint64_t missed = 0;   // passed too fast to be looked at
  std::vector<std::string> files;
  std::string fault;  // why there is no file; "" = all is well

  bool runs() const { return ended == UtcTime{}; }
};

struct TraceOrder {
  milliseconds length{0};  // 0 = until it is stopped
  bool to_file = false;
  std::string user = {};
};

class DebugTraces {
 public:
  struct Parts {
    const Ring& ring;
    const std::vector<net::Listener>& listeners;
    std::filesystem::path folder;
    std::function<UtcTime()> now;
  };
  explicit DebugTraces(Parts parts);
  // Ends them all.
  ~DebugTraces();

  // ---- any thread ----

  // Refused, with a sentence, when too many run or the ring is off.
  Result<DebugTrace, std::string> start(Matcher matcher, const TraceOrder& order);
  std::vector<DebugTrace> list() const;  // newest first
  std::optional<DebugTrace> find(std::int64_t id) const;
  // What it caught stays. False when there is none; one that has ended stays as it is.
  bool stop(std::int64_t id);
  // Stops it and forgets what it caught, files too.
  bool remove(std::int64_t id);
  std::vector<Entry> messages(std::int64_t id, const Page& page) const;
  // How long ended ones are kept; older ones, and old files, are removed now and later.
  void keep_for(milliseconds time);

  // Looks at the ring and ends what is over. The thread does it several times a second.
  void collect();

 private:
  struct Session;
  void run();
  bool any_runs() const;
  Session* session_of(std::int64_t id) const;
  void catch_up(Session& session);
  void end(Session& session);
  void forget_old();

  Parts parts_;
  mutable std::mutex mutex_;  // of all below
  std::condition_variable changed_;
  std::vector<std::unique_ptr<Session>> sessions_;  // oldest first
  std::int64_t last_id_ = 0;
  milliseconds keep_{0};  // 0 = for ever
  UtcTime forget_old_at_{};
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace tandem::trace
