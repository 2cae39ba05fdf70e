// sip_load: caller and callee of thousands of calls a second in one program, for measuring what
// lies between them. Speaks only to loopback, is bounded in calls and time, and checks every
// message.
//
//   INVITE >  < 100  < 180  < 200  ACK >  BYE >  < 200     (the callee sends 100, too)
//
// Prints one JSON object; exit status 1 if anything was lost, repeated or wrong.
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>

#include "bench/load/load_run.h"

namespace tandem::bench {
namespace {

constexpr std::string_view kUsage =
    "usage: sip_load --server A:P --caller A:P --callee A:P [--calls N] [--window N] [--rate N]\n"
    "                [--prefix DIGIT] [--group-size N] [--limit SECONDS] [--hidden] [--hold]\n"
    "  --hidden   the server must show nothing of one leg on the other\n"
    "  --hold     calls stay up; commands on standard input: up N, hangup, status";

std::uint32_t bounded(std::string_view name, const char* text, std::uint32_t most) {
  char* end = nullptr;
  const unsigned long value = std::strtoul(text, &end, 10);
  if (end == text || *end != '\0' || value > most) {
    refuse("--" + std::string(name) + " must be a number from 0 to " + std::to_string(most));
  }
  return static_cast<std::uint32_t>(value);
}

LoadOptions read_options(int count, char** arguments) {
  LoadOptions options;
  CallPlan& plan = options.plan;
  for (int i = 1; i < count; ++i) {
    const std::string_view name = arguments[i];
    if (name == "--hidden") {
      plan.topology = Topology::Hidden;
      continue;
    }
    if (name == "--hold") {
      plan.ending = Ending::Later;
      continue;
    }
    if (i + 1 == count) refuse(std::string(kUsage));
    const char* const value = arguments[++i];
    if (name == "--server")
      plan.server = value;
    else if (name == "--caller")
      plan.caller = value;
    else if (name == "--callee")
      plan.callee = value;
    else if (name == "--prefix")
      plan.prefix = value[0];
    else if (name == "--calls")
      options.calls = bounded("calls", value, 2'000'000);
    else if (name == "--window")
      options.window = bounded("window", value, 100'000);
    else if (name == "--rate")
      options.rate = bounded("rate", value, 100'000);
    else if (name == "--group-size")
      plan.group_size = bounded("group-size", value, 2'000'000);
    else if (name == "--limit")
      options.limit_seconds = bounded("limit", value, 3600);
    else
      refuse(std::string(kUsage));
  }
  plan.complete();
  return options;
}

}  // namespace
}  // namespace tandem::bench

int main(int count, char** arguments) {
  using namespace tandem::bench;
  stop_on_signals();
  // On the heap: the batches of datagrams are large.
  return std::make_unique<LoadRun>(read_options(count, arguments))->run();
}
