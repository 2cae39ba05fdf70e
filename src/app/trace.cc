// tandem trace: the SIP messages of one call or number, as text or as a ladder.
#include <CLI/CLI.hpp>
#include <cstdio>

#include "app/commands.h"
#include "app/line.h"

namespace tandem::app {
namespace {

struct TraceOptions {
  std::int64_t flow_no = 0;
  std::string number;
  std::string call_id;
  bool ladder = false;
  bool follow = false;
};

int run(const Globals& globals, const TraceOptions& options) {
  auto line = Line::open(globals, Needs::Switch);
  if (!line.ok()) return fail(line.error());
  const char* format = options.ladder ? "ladder" : globals.json ? "ndjson" : "text";
  bool anything = false;
  const auto done = line->stream(
      "/api/v1/trace" +
          query_of({{"format", format},
                    {"flow_no", options.flow_no == 0 ? "" : std::to_string(options.flow_no)},
                    {"number", options.number},
                    {"call_id", options.call_id},
                    {"follow", options.follow ? "true" : ""}}),
      [&](std::string_view piece) {
        anything = anything || !piece.empty();
        std::fwrite(piece.data(), 1, piece.size(), stdout);
        return std::fflush(stdout) == 0;
      });
  if (!done.ok()) return fail(done.error());
  if (!anything && !globals.json) {
    std::fputs("No such message is in the trace: it holds the newest ones only.\n", stderr);
  }
  return 0;
}

}  // namespace

void add_trace(CLI::App& program, Globals& globals) {
  CLI::App* command =
      program.add_subcommand("trace", "Show the SIP messages of one call or one number");
  auto options = std::make_shared<TraceOptions>();
  command->add_option("--call", options->flow_no, "Number of the call (flow_no)");
  command->add_option("--number", options->number, "This text in the number of caller or callee");
  command->add_option("--call-id", options->call_id, "The SIP Call-ID of one of its legs");
  CLI::Option* ladder = command->add_flag("--ladder", options->ladder, "Draw a ladder");
  command->add_flag("--follow", options->follow, "Print messages as they pass")->excludes(ladder);
  command->callback([&globals, options] { globals.status = run(globals, *options); });
}

}  // namespace tandem::app
