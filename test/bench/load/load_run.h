// One run of the generator: starts calls, at most `window` in set-up at any time, gives each
// datagram to the half it is for, and knows when it is over.
//
// Closed loop: `calls` calls that hang up at once; it spins, because a generator that sleeps makes
// the server pay for waking up. Held calls: it takes commands, a line each, and answers with a line
// of JSON:
//   up N      calls 0 to N-1 are up (or failed)
//   hangup    all that are up are hung up
//   status    what is so far
// and ends with the input.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "bench/load/call_plan.h"
#include "bench/load/callee.h"
#include "bench/load/caller.h"
#include "bench/load/tally.h"

namespace tandem::bench {

struct LoadOptions {
  CallPlan plan;
  std::uint32_t calls = 1000;  // held calls: the most there can be
  std::uint32_t window = 64;
  std::uint32_t rate = 0;            // new calls per second; 0 = as the window allows
  std::uint64_t limit_seconds = 60;  // of the whole run
};

class LoadRun {
 public:
  explicit LoadRun(LoadOptions options);
  // Until all is over; prints the result. The exit status of the program.
  int run();

 private:
  bool over(std::uint64_t time);
  bool start_calls(std::uint64_t time);
  bool hang_up_calls();
  bool receive();
  void wait(std::uint64_t time);
  void read_commands();
  void obey(const std::string& command);
  void answer_command();
  std::uint32_t in_setup() const;
  void count_unfinished();
  std::string json() const;
  bool held() const { return options_.plan.ending == Ending::Later; }

  LoadOptions options_;
  std::vector<Call> calls_;
  Tally tally_;
  int caller_socket_, callee_socket_;
  Caller caller_;
  Callee callee_;
  Inbox caller_inbox_, callee_inbox_;
  std::uint32_t started_ = 0, target_ = 0;
  std::uint32_t hung_up_ = 0, next_to_hang_up_ = 0;
  bool hanging_up_ = false, input_open_ = true;
  std::string input_, command_;
  std::uint64_t begin_ = 0, pace_begin_ = 0, last_progress_ = 0, progress_ = 0;
  std::uint32_t pace_base_ = 0;
};

}  // namespace tandem::bench
