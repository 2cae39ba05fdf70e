// All that can be asked about messages that passed: searches, streams, ladders, debug traces. The
// API works with it; the process gives it the ring that the loop fills.
#pragma once

#include <atomic>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "core/directory/directory.h"
#include "shell/net/network.h"
#include "shell/trace/debug_traces.h"
#include "shell/trace/entry.h"
#include "shell/trace/matcher.h"
#include "shell/trace/ladder_text.h"
#include "shell/trace/ring.h"
#include "shell/trace/search.h"
#include "shell/trace/sessions.h"

namespace tandem::trace {

// Tells what is new, again and again. One thread at a time.
class Follow {
 public:
  Follow(const Ring& ring, const std::vector<net::Listener>& listeners, Catcher catcher)
      : ring_(ring), listeners_(listeners), catcher_(std::move(catcher)) {}
  std::vector<Entry> next() { return read_entries(ring_, catcher_.look(ring_), listeners_); }

 private:
  const Ring& ring_;
  const std::vector<net::Listener>& listeners_;
  Catcher catcher_;
};

class Tracing {
 public:
  struct Parts {
    const Ring& ring;  // it and the listeners outlive this
    const std::vector<net::Listener>& listeners;
    std::filesystem::path folder;  // of capture files
    std::function<UtcTime()> now;
    std::function<std::shared_ptr<const directory::Directory>()> directory;  // the newest
  };
  explicit Tracing(Parts parts);

  // ---- any thread ----

  // Of the ring: what is newer than SERVER_TRACE_KEEP_HOURS.
  Result<std::vector<Entry>, WishFault> find(const Wish& wish, const Page& page) const;
  // With `after` from there on; else what is there of the calls that are wished for, and what
  // comes.
  Result<std::shared_ptr<Follow>, WishFault> follow(const Wish& wish, std::uint64_t after) const;
  // The fault of an order that is refused as a whole has no field.
  Result<DebugTrace, WishFault> start(const Wish& wish, const TraceOrder& order);
  std::string ladder(const std::vector<Entry>& entries) const;
  // Reads all dialogs that are in the ring and not too old; answers how many messages there were.
  std::uint64_t read_sessions(Sessions& sessions, UtcTime from) const;
  // The gateway at an address, "" = there is none.
  // The gateway or phone of a leg; "" = not known.
  std::string device_of(const Leg& leg) const;
  // The longest a debug trace may be ordered for.
  milliseconds longest() const;
  DebugTraces& debug_traces() { return debug_traces_; }

  // After each change of the configuration.
  void use(const directory::Parameters& parameters);

 private:
  Parts parts_;
  std::atomic<milliseconds> keep_;
  std::atomic<milliseconds> longest_;
  DebugTraces debug_traces_;
};

}  // namespace tandem::trace
