// tandem trace: the SIP messages of a call, a number, a gateway; and debug traces, which collect
// them for a while.
#include <CLI/CLI.hpp>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <map>

#include "app/commands.h"
#include "app/line.h"
#include "app/reply.h"
#include "app/table.h"
#include "app/trace_wish.h"
#include "base/text.h"

namespace tandem::app {
namespace {

namespace json = boost::json;

struct TraceOptions {
  WishOptions wish;
  std::int64_t id = 0;
  std::string time;    // --for
  std::string format;  // of an export
  std::string file;
  bool until_stopped = false;
  bool to_file = false;
  bool ladder = false;
  bool pcap = false;
  bool follow = false;
};

std::string target_of(const TraceOptions& options) {
  return "/api/v1/traces/" + std::to_string(options.id);
}

// ---- messages

const char* format_of(const Globals& globals, const TraceOptions& options) {
  if (options.ladder) return "ladder";
  if (options.pcap) return "pcap";
  return globals.json ? "ndjson" : "text";
}

// Prints what comes. Answers how many bytes there were.
Result<std::size_t, std::string> print(Line& line, const std::string& target, std::FILE* to) {
  std::size_t bytes = 0;
  const auto done = line.stream(target, [&](std::string_view piece) {
    bytes += piece.size();
    return std::fwrite(piece.data(), 1, piece.size(), to) == piece.size() && std::fflush(to) == 0;
  });
  if (!done.ok()) return Failure{done.error()};
  return bytes;
}

int show_ring(const Globals& globals, const TraceOptions& options) {
  auto line = Line::open(globals, Needs::Switch);
  if (!line.ok()) return fail(line.error());
  http::Fields query = fields_of(options.wish);
  query.emplace_back("format", format_of(globals, options));
  query.emplace_back("follow", options.follow ? "true" : "");
  const auto printed = print(*line, "/api/v1/trace" + query_of(query), stdout);
  if (!printed.ok()) return fail(printed.error());
  if (*printed == 0 && !globals.json) {
    std::fputs("No such message is in the trace: it holds the newest ones only.\n", stderr);
  }
  return 0;
}

// ---- debug traces

void print_traces(const json::array& traces) {
  Table table({{"TRACE", Align::Right},
               {"STATE"},
               {"STARTED"},
               {"UNTIL"},
               {"BY"},
               {"MESSAGES", Align::Right},
               {"CALLS", Align::Right},
               {"WISH"}});
  for (const json::value& item : traces) {
    const json::object& trace = item.as_object();
    const bool runs = text_of(trace, "state") == "running";
    const std::int64_t until = number_of(trace, runs ? "until" : "ended");
    table.add({std::to_string(number_of(trace, "id")), text_of(trace, "state"),
               local_time(number_of(trace, "started")),
               until == 0 ? "stopped by hand" : local_time(until), text_of(trace, "user"),
               std::to_string(number_of(trace, "messages")),
               std::to_string(number_of(trace, "calls")), wish_text(trace)});
  }
  std::fputs(table.text().c_str(), stdout);
}

int list(const Globals& globals, const TraceOptions&) {
  auto line = Line::open(globals, Needs::Switch);
  if (!line.ok()) return fail(line.error());
  const auto reply = line->ask("GET", "/api/v1/traces");
  if (!reply.ok()) return fail(reply.error());
  const json::array traces = items_of(*reply);
  if (globals.json) {
    print_lines(traces);
  } else {
    print_traces(traces);
  }
  return 0;
}

// What there is to say of a trace that may be missing something.
void print_losses(const json::object& trace) {
  if (const std::int64_t count = number_of(trace, "dropped"); count > 0) {
    std::fprintf(stderr, "%lld older messages are no longer in memory.\n",
                 static_cast<long long>(count));
  }
  if (const std::int64_t count = number_of(trace, "missed"); count > 0) {
    std::fprintf(stderr,
                 "%lld messages passed too fast to be looked at; a larger SS_TRACE_MEGABYTES "
                 "leaves more time.\n",
                 static_cast<long long>(count));
  }
  if (const std::string fault = text_of(trace, "fault"); !fault.empty()) {
    std::fprintf(stderr, "%s.\n", fault.c_str());
  }
  for (const json::value& file : trace.at("files").as_array()) {
    std::fprintf(stderr, "Also in %s\n", plain(file).c_str());
  }
}

int start(const Globals& globals, const TraceOptions& options) {
  json::object body;
  for (const auto& [name, value] : fields_of(options.wish)) {
    if (value == "true") {
      body[name] = true;
    } else if (!value.empty()) {
      body[name] = value;
    }
  }
  if (!options.time.empty()) {
    const auto length = parse_duration(options.time);
    if (!length) return fail("--for " + options.time + " is no time; write 90s, 10m or 1h");
    body["seconds"] = length->count();
  }
  if (options.until_stopped) body["until_stopped"] = true;
  if (options.to_file) body["file"] = true;
  auto line = Line::open(globals, Needs::Switch);
  if (!line.ok()) return fail(line.error());
  const auto reply = line->ask("POST", "/api/v1/traces", json::serialize(body));
  if (!reply.ok()) return fail(reply.error());
  if (globals.json) {
    std::printf("%s\n", reply->c_str());
    return 0;
  }
  const json::object trace = object_of(*reply);
  const std::int64_t until = number_of(trace, "until");
  std::printf("debug trace %lld runs until %s; `tandem trace show %lld` shows what it caught\n",
              static_cast<long long>(number_of(trace, "id")),
              until == 0 ? "it is stopped" : local_time(until).c_str(),
              static_cast<long long>(number_of(trace, "id")));
  return 0;
}

int stop(const Globals& globals, const TraceOptions& options) {
  auto line = Line::open(globals, Needs::Switch);
  if (!line.ok()) return fail(line.error());
  const auto reply = line->ask("POST", target_of(options) + "/stop");
  if (!reply.ok()) return fail(reply.error());
  if (globals.json) {
    std::printf("%s\n", reply->c_str());
    return 0;
  }
  const json::object trace = object_of(*reply);
  std::printf("debug trace %lld has ended with %lld messages\n", static_cast<long long>(options.id),
              static_cast<long long>(number_of(trace, "messages")));
  return 0;
}

int forget(const Globals& globals, const TraceOptions& options) {
  auto line = Line::open(globals, Needs::Switch);
  if (!line.ok()) return fail(line.error());
  const auto reply = line->ask("DELETE", target_of(options));
  if (!reply.ok()) return fail(reply.error());
  if (!globals.json) {
    std::printf("debug trace %lld is forgotten\n", static_cast<long long>(options.id));
  }
  return 0;
}

int print_caught(const Globals& globals, const TraceOptions& options, const char* format,
                 std::FILE* to) {
  auto line = Line::open(globals, Needs::Switch);
  if (!line.ok()) return fail(line.error());
  const auto facts = line->ask("GET", target_of(options));
  if (!facts.ok()) return fail(facts.error());
  const auto printed = print(
      *line,
      target_of(options) + "/messages" +
          query_of(
              {{"format", format}, {"limit", "100000"}, {"follow", options.follow ? "true" : ""}}),
      to);
  if (!printed.ok()) return fail(printed.error());
  if (globals.json) return 0;
  if (*printed == 0) std::fputs("It has caught nothing yet.\n", stderr);
  print_losses(object_of(*facts));
  return 0;
}

int show(const Globals& globals, const TraceOptions& options) {
  return print_caught(globals, options, format_of(globals, options), stdout);
}

int export_file(const Globals& globals, const TraceOptions& options) {
  const std::string format = options.format == "json" ? "ndjson" : options.format;
  if (options.file == "-") return print_caught(globals, options, format.c_str(), stdout);
  std::FILE* const file = std::fopen(options.file.c_str(), "wb");
  if (file == nullptr) {
    return fail("cannot write " + options.file + ": " + std::strerror(errno));
  }
  const int status = print_caught(globals, options, format.c_str(), file);
  if (std::fclose(file) != 0) return fail("cannot write " + options.file);
  return status;
}

using Run = int (*)(const Globals&, const TraceOptions&);

CLI::App* add_verb(CLI::App& command, Globals& globals, const std::string& name,
                   const std::string& help, const std::shared_ptr<TraceOptions>& options, Run run) {
  CLI::App* verb = command.add_subcommand(name, help);
  verb->callback([&globals, options, run] { globals.status = run(globals, *options); });
  return verb;
}

void add_id(CLI::App* verb, TraceOptions& options) {
  verb->add_option("TRACE", options.id, "Its number, as `tandem trace list` shows it")->required();
}

void add_forms(CLI::App* verb, TraceOptions& options) {
  CLI::Option* ladder = verb->add_flag("--ladder", options.ladder, "Draw a ladder");
  verb->add_flag("--pcap", options.pcap, "Write a capture (pcapng), for Wireshark or sngrep")
      ->excludes(ladder);
  verb->add_flag("--follow", options.follow, "Print messages as they pass")->excludes(ladder);
}

void add_start(CLI::App& command, Globals& globals, const std::shared_ptr<TraceOptions>& options) {
  CLI::App* verb =
      add_verb(command, globals, "start", "Collect messages from now on", options, start);
  add_wish_options(*verb, options->wish);
  CLI::Option* time =
      verb->add_option("--for", options->time, "So long: 90s, 10m, 1h; 10m when nothing is said");
  verb->add_flag("--until-stopped", options->until_stopped, "Until `tandem trace stop`")
      ->excludes(time);
  verb->add_flag("--file", options->to_file,
                 "Also into capture files in the data directory, the newest 64 MiB");
}

}  // namespace

void add_trace(CLI::App& program, Globals& globals) {
  CLI::App* command = program.add_subcommand(
      "trace", "Show SIP messages: the newest of a call or a number, or what a debug trace caught");
  auto options = std::make_shared<TraceOptions>();
  add_wish_options(*command, options->wish);
  add_forms(command, *options);
  command->callback([&globals, command, options] {
    if (command->get_subcommands().empty()) globals.status = show_ring(globals, *options);
  });

  add_start(*command, globals, options);
  add_verb(*command, globals, "list", "List the debug traces", options, list);
  CLI::App* verb = add_verb(*command, globals, "stop", "End a debug trace", options, stop);
  add_id(verb, *options);
  verb = add_verb(*command, globals, "show", "Show what a debug trace caught", options, show);
  add_id(verb, *options);
  add_forms(verb, *options);
  verb = add_verb(*command, globals, "export", "Write what a debug trace caught into a file",
                  options, export_file);
  add_id(verb, *options);
  verb->add_option("FILE", options->file, "- for the standard output")->required();
  verb->add_option("--format", options->format, "pcap, text, json or ladder")
      ->check(CLI::IsMember({"pcap", "text", "json", "ladder"}))
      ->default_val("pcap");
  verb = add_verb(*command, globals, "forget", "End a debug trace and forget what it caught",
                  options, forget);
  add_id(verb, *options);
}

}  // namespace tandem::app
