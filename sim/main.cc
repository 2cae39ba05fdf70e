// tandem_sim: runs worlds, one seed each, and says which law broke in which seed.

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <string>
#include <string_view>

#include "sim/world.h"

namespace {

using tandem::sim::Handover;
using tandem::sim::Outcome;
using tandem::sim::World;
using tandem::sim::WorldOptions;

constexpr const char* kUsage =
    "usage: tandem_sim --seed N [--seeds K] [--hours H] [--verbose]\n"
    "  --seed N     first seed (default 1)\n"
    "  --seeds K    how many seeds, from N on (default 1)\n"
    "  --hours H    virtual hours of each world until its faults stop (default 0.05)\n"
    "  --verbose    print every message, and what came of each seed\n";

struct Arguments {
  std::uint64_t seed = 1;
  std::uint64_t seeds = 1;
  double hours = 0.05;
  bool verbose = false;
};

volatile std::uint64_t current_seed = 0;

// An assertion of the core ends the process: the seed must be known nevertheless.
void on_abort(int) {
  char text[64];
  const int size = std::snprintf(text, sizeof text, "tandem_sim: aborted in seed %llu\n",
                                 static_cast<unsigned long long>(current_seed));
  std::fwrite(text, 1, std::size_t(size), stderr);
  std::fflush(stderr);
  std::_Exit(134);
}

bool read_arguments(int argc, char** argv, Arguments& arguments) {
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    if (word == "--verbose") {
      arguments.verbose = true;
      continue;
    }
    if (i + 1 == argc) return false;
    const char* value = argv[++i];
    char* end = nullptr;
    if (word == "--seed") {
      arguments.seed = std::strtoull(value, &end, 10);
    } else if (word == "--seeds") {
      arguments.seeds = std::strtoull(value, &end, 10);
    } else if (word == "--hours") {
      arguments.hours = std::strtod(value, &end);
    } else {
      return false;
    }
    if (end == value || *end != '\0') return false;
  }
  return arguments.seeds > 0 && arguments.hours > 0 && arguments.hours <= 1000;
}

Outcome run(const WorldOptions& options) { return World(options).run(); }

// One seed: the world itself; every tenth seed once more, which must give the same bytes; every
// twentieth also in a small world with and without a hand-over after each input.
Outcome run_seed(std::uint64_t seed, const Arguments& arguments) {
  WorldOptions options{.seed = seed, .hours = arguments.hours, .verbose = arguments.verbose};
  Outcome outcome = run(options);
  if (outcome.broken || seed % 10 != 0) return outcome;
  options.verbose = false;
  if (run(options).hash != outcome.hash) {
    outcome.broken = true;
    outcome.law = "the same seed gives the same bytes";
    return outcome;
  }
  if (seed % 20 != 0) return outcome;
  options.hours = std::min(arguments.hours, 0.01);
  options.without_edits = true;
  options.handover = Handover::Never;
  const Outcome alone = run(options);
  options.handover = Handover::Always;
  const Outcome moved = run(options);
  if (alone.broken) return alone;
  if (moved.broken) return moved;
  if (alone.hash != moved.hash) {
    outcome.broken = true;
    outcome.law = "save and restore change nothing";
  }
  return outcome;
}

void report(std::uint64_t seed, const Outcome& outcome) {
  std::printf("seed %llu broke the law: %s\n%s\n%s", static_cast<unsigned long long>(seed),
              outcome.law.c_str(), outcome.detail.c_str(), outcome.ladder.c_str());
  std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv) {
  Arguments arguments;
  if (!read_arguments(argc, argv, arguments)) {
    std::fputs(kUsage, stderr);
    return 2;
  }
  std::signal(SIGABRT, on_abort);
  Outcome sum;
  std::uint64_t failed = 0;
  for (std::uint64_t i = 0; i < arguments.seeds; ++i) {
    const std::uint64_t seed = arguments.seed + i;
    current_seed = seed;
    const Outcome outcome = run_seed(seed, arguments);
    if (outcome.broken) {
      ++failed;
      report(seed, outcome);
    }
    sum.inputs += outcome.inputs;
    sum.messages += outcome.messages;
    sum.calls += outcome.calls;
    sum.answered += outcome.answered;
    sum.handovers += outcome.handovers;
    for (const auto& [reason, count] : outcome.reasons) sum.reasons[reason] += count;
    for (const auto& [status, count] : outcome.statuses) sum.statuses[status] += count;
  }
  if (arguments.verbose) {
    for (const auto& [reason, count] : sum.reasons) {
      std::printf("%8llu  %s\n", static_cast<unsigned long long>(count), reason.c_str());
    }
    for (const auto& [status, count] : sum.statuses) {
      std::printf("%8llu  %d to INVITE\n", static_cast<unsigned long long>(count), status);
    }
  }
  std::printf(
      "%llu seeds, %llu calls, %llu answered, %llu messages sent, %llu inputs, "
      "%llu hand-overs; %llu failed\n",
      static_cast<unsigned long long>(arguments.seeds), static_cast<unsigned long long>(sum.calls),
      static_cast<unsigned long long>(sum.answered), static_cast<unsigned long long>(sum.messages),
      static_cast<unsigned long long>(sum.inputs), static_cast<unsigned long long>(sum.handovers),
      static_cast<unsigned long long>(failed));
  return failed == 0 ? 0 : 1;
}
