// The log of the process on the error stream: one line per event, as text for people or as JSON for
// programs. Whoever logs never waits: lines go through a bounded queue to a thread of their own,
// and an event that repeats is told a few times a second and then counted.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/time.h"
#include "core/exchange/exchange.h"

namespace tandem::process {

using exchange::Severity;

enum class LogFormat : std::uint8_t { Text, Json };

struct LogEntry {
  Severity severity = Severity::Info;
  std::string_view event;  // short stable name, "call_refused"
  std::string_view text;
  std::int64_t flow_no = 0;  // of the call concerned; 0 = none
};

// "2026-01-31T12:00:00.123Z warning call_refused call=17 no route"
std::string format_entry(LogFormat format, UtcTime time, const LogEntry& entry);

class Log {
 public:
  Log(LogFormat format, Severity least);
  ~Log();  // writes what waits

  bool wants(Severity severity) const;
  // Any thread.
  void write(const LogEntry& entry);
  void info(std::string_view event, std::string_view text) { write({Severity::Info, event, text}); }
  void warning(std::string_view event, std::string_view text) {
    write({Severity::Warning, event, text});
  }
  void error(std::string_view event, std::string_view text) {
    write({Severity::Error, event, text});
  }
  // Tells how often events were left out. Every second or so.
  void tell_left_out();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace tandem::process
