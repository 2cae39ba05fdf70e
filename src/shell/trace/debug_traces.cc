#include "shell/trace/debug_traces.h"

#include <pthread.h>

#include <algorithm>
#include <map>

#include "base/limits.h"
#include "shell/trace/capture_files.h"
#include "shell/trace/search.h"

namespace tandem::trace {
namespace {

constexpr milliseconds kLook{200};
constexpr milliseconds kRest{60'000};  // while none runs: only old ones are removed

std::size_t size_of(const Entry& entry) { return sizeof(Entry) + 64 + entry.bytes.size(); }

}  // namespace

struct DebugTraces::Session {
  DebugTrace facts;
  Catcher catcher;
  std::optional<CaptureFiles> files;
  std::map<std::uint64_t, Entry> entries;
  std::size_t size = 0;  // of the entries

  std::uint64_t overwritten = 0;  // wanted, but gone before they were read
  void keep(std::vector<Entry> caught) {
    if (files) {
      facts.fault = files->append(caught);
      facts.files.clear();
      for (const auto& path : files->paths()) facts.files.push_back(path.string());
    }
    for (Entry& entry : caught) {
      ++facts.messages;
      facts.bytes += entry.bytes.size();
      size += size_of(entry);
      entries.emplace(entry.sequence, std::move(entry));
    }
    while (size > kMaxDebugTraceBytes) {
      size -= size_of(entries.begin()->second);
      entries.erase(entries.begin());
      ++facts.dropped;
    }
    facts.calls = catcher.calls();
    facts.missed = catcher.missed() + overwritten;
  }
};

DebugTraces::DebugTraces(Parts parts) : parts_(std::move(parts)), thread_([this] { run(); }) {}

DebugTraces::~DebugTraces() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void DebugTraces::run() {
  ::pthread_setname_np(::pthread_self(), "debug-trace");
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    changed_.wait_for(lock, any_runs() ? kLook : kRest);
    if (stopping_) return;
    lock.unlock();
    collect();
    lock.lock();
  }
}

bool DebugTraces::any_runs() const {
  return std::any_of(sessions_.begin(), sessions_.end(),
                     [](const auto& each) { return each->facts.runs(); });
}

Result<DebugTrace, std::string> DebugTraces::start(Matcher matcher, const TraceOrder& order) {
  if (parts_.ring.off()) {
    return Failure{std::string("no messages are kept; set SS_TRACE_MEGABYTES above 0")};
  }
  const std::lock_guard lock(mutex_);
  if (sessions_.size() == kMaxDebugTraces) {
    const auto ended = std::find_if(sessions_.begin(), sessions_.end(),
                                    [](const auto& each) { return !each->facts.runs(); });
    if (ended == sessions_.end()) {
      return Failure{std::to_string(kMaxDebugTraces) + " debug traces run already; stop one first"};
    }
    if ((*ended)->files) (*ended)->files->remove();
    sessions_.erase(ended);
  }
  DebugTrace facts;
  facts.id = ++last_id_;
  facts.wish = matcher.wish();
  facts.user = order.user;
  facts.started = parts_.now();
  if (order.length.count() > 0) facts.until = facts.started + order.length;
  auto session = std::make_unique<Session>(
      Session{facts, Catcher(std::move(matcher), parts_.ring.newest()), {}, {}});
  if (order.to_file) {
    // The time tells files of several runs of the switch apart.
    session->files.emplace(
        parts_.folder, "trace-" + std::to_string(epoch_milliseconds(facts.started) / 1000) + '-' +
                           std::to_string(facts.id));
  }
  sessions_.push_back(std::move(session));
  changed_.notify_all();
  return facts;
}

std::vector<DebugTrace> DebugTraces::list() const {
  const std::lock_guard lock(mutex_);
  std::vector<DebugTrace> all;
  for (const auto& each : sessions_) all.push_back(each->facts);
  std::reverse(all.begin(), all.end());
  return all;
}

DebugTraces::Session* DebugTraces::session_of(std::int64_t id) const {
  const auto found = std::find_if(sessions_.begin(), sessions_.end(),
                                  [id](const auto& each) { return each->facts.id == id; });
  return found == sessions_.end() ? nullptr : found->get();
}

std::optional<DebugTrace> DebugTraces::find(std::int64_t id) const {
  const std::lock_guard lock(mutex_);
  const Session* session = session_of(id);
  return session == nullptr ? std::nullopt : std::optional(session->facts);
}

bool DebugTraces::stop(std::int64_t id) {
  const std::lock_guard lock(mutex_);
  Session* session = session_of(id);
  if (session == nullptr) return false;
  if (session->facts.runs()) {
    catch_up(*session);
    end(*session);
  }
  return true;
}

bool DebugTraces::remove(std::int64_t id) {
  const std::lock_guard lock(mutex_);
  Session* session = session_of(id);
  if (session == nullptr) return false;
  if (session->files) session->files->remove();
  std::erase_if(sessions_, [session](const auto& each) { return each.get() == session; });
  return true;
}

std::vector<Entry> DebugTraces::messages(std::int64_t id, const Page& page) const {
  const std::lock_guard lock(mutex_);
  std::vector<Entry> found;
  const Session* session = session_of(id);
  if (session == nullptr) return found;
  auto first = session->entries.upper_bound(page.after);
  const auto there = static_cast<std::size_t>(std::distance(first, session->entries.end()));
  if (page.after == 0 && there > page.limit) {
    std::advance(first, static_cast<std::ptrdiff_t>(there - page.limit));
  }
  for (; first != session->entries.end() && found.size() < page.limit; ++first) {
    found.push_back(first->second);
  }
  return found;
}

void DebugTraces::keep_for(milliseconds time) {
  const std::lock_guard lock(mutex_);
  keep_ = time;
  forget_old_at_ = UtcTime{};
  forget_old();
}

void DebugTraces::collect() {
  const std::lock_guard lock(mutex_);
  for (const auto& session : sessions_) {
    if (!session->facts.runs()) continue;
    catch_up(*session);
    const UtcTime until = session->facts.until;
    if (until != UtcTime{} && parts_.now() >= until) end(*session);
  }
  forget_old();
}

void DebugTraces::catch_up(Session& session) {
  const std::vector<std::uint64_t> wanted = session.catcher.look(parts_.ring);
  auto entries = read_entries(parts_.ring, wanted, parts_.listeners);
  // Others may have taken the place of some between the look and the reading.
  session.overwritten += wanted.size() - entries.size();
  session.keep(std::move(entries));
}

void DebugTraces::end(Session& session) { session.facts.ended = parts_.now(); }

void DebugTraces::forget_old() {
  const UtcTime now = parts_.now();
  if (keep_.count() == 0 || now < forget_old_at_) return;
  forget_old_at_ = now + kRest;
  const UtcTime limit = now - keep_;
  for (const auto& each : sessions_) {
    if (!each->facts.runs() && each->facts.ended < limit && each->files) each->files->remove();
  }
  std::erase_if(sessions_, [limit](const auto& each) {
    return !each->facts.runs() && each->facts.ended < limit;
  });
  remove_old_captures(parts_.folder, limit);
}

}  // namespace tandem::trace
