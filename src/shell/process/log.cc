#include "shell/process/log.h"

#include <spdlog/async.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <array>
#include <ctime>
#include <mutex>

#include "core/cdr/cdr_text.h"
#include "shell/clock/clock.h"
#include "shell/process/log_limit.h"

namespace tandem::process {
namespace {

constexpr std::size_t kQueue = 8192;  // lines that wait; then the oldest are lost

std::string_view name_of(Severity severity) {
  switch (severity) {
    case Severity::Debug:
      return "debug";
    case Severity::Info:
      return "info";
    case Severity::Warning:
      return "warning";
    case Severity::Error:
      return "error";
  }
  return "";
}

// "2026-01-31T12:00:00.123Z"
std::string time_text(UtcTime time) {
  const std::int64_t value = epoch_milliseconds(time);
  const std::time_t whole = value / 1000;
  std::tm parts{};
  ::gmtime_r(&whole, &parts);
  std::array<char, 32> text{};
  const std::size_t size = std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%S", &parts);
  return fmt::format("{}.{:03}Z", std::string_view(text.data(), size), value % 1000);
}

}  // namespace

std::string format_entry(LogFormat format, UtcTime time, const LogEntry& entry) {
  std::string line;
  if (format == LogFormat::Json) {
    line = fmt::format(R"({{"time":"{}","level":"{}","event":)", time_text(time),
                       name_of(entry.severity));
    cdr::append_json_string(line, entry.event);
    if (entry.flow_no != 0) line += fmt::format(R"(,"call":{})", entry.flow_no);
    line += R"(,"text":)";
    cdr::append_json_string(line, entry.text);
    return line + '}';
  }
  line = fmt::format("{} {} {}", time_text(time), name_of(entry.severity), entry.event);
  if (entry.flow_no != 0) line += fmt::format(" call={}", entry.flow_no);
  line += ' ';
  // One event is one line, whatever somebody sent us.
  for (const char c : entry.text) line += static_cast<unsigned char>(c) < ' ' ? ' ' : c;
  return line;
}

struct Log::State {
  LogFormat format;
  Severity least;
  std::mutex mutex;
  LogLimit limit;  // guarded by mutex
  std::shared_ptr<spdlog::details::thread_pool> pool;
  std::shared_ptr<spdlog::async_logger> logger;
};

Log::Log(LogFormat format, Severity least) : state_(std::make_unique<State>()) {
  state_->format = format;
  state_->least = least;
  state_->pool = std::make_shared<spdlog::details::thread_pool>(kQueue, 1);
  state_->logger = std::make_shared<spdlog::async_logger>(
      "tandem", std::make_shared<spdlog::sinks::stderr_sink_mt>(), state_->pool,
      spdlog::async_overflow_policy::overrun_oldest);
  state_->logger->set_pattern("%v");
  state_->logger->set_level(spdlog::level::trace);
}

Log::~Log() = default;

bool Log::wants(Severity severity) const { return severity >= state_->least; }

void Log::write(const LogEntry& entry) {
  if (!wants(entry.severity)) return;
  const UtcTime now = clock::wall_time();
  {
    const std::lock_guard lock(state_->mutex);
    if (!state_->limit.admits(entry.event, now)) return;
  }
  const std::string line = format_entry(state_->format, now, entry);
  state_->logger->log(spdlog::level::info, spdlog::string_view_t(line.data(), line.size()));
}

void Log::tell_left_out() {
  const std::lock_guard lock(state_->mutex);
  state_->limit.take_left_out([this](std::string_view event, std::uint64_t count) {
    const std::string line =
        format_entry(state_->format, clock::wall_time(),
                     {Severity::Warning, event, fmt::format("{} more were left out", count)});
    state_->logger->log(spdlog::level::info, spdlog::string_view_t(line.data(), line.size()));
  });
}

}  // namespace tandem::process
