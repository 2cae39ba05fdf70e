// tandem changes list|show|undo: what was changed in the configuration, by whom, and back.
#include <CLI/CLI.hpp>
#include <cstdio>

#include "app/commands.h"
#include "app/line.h"
#include "app/plan.h"
#include "app/reply.h"
#include "app/table.h"

namespace tandem::app {
namespace {

namespace json = boost::json;

struct ChangesOptions {
  std::int64_t number = 0;
  std::int64_t limit = 100;
  std::string since;
  bool dry_run = false;
  std::string comment;
};

// A change a paragraph: who, when, from where and why, then each field.
void print_changes(const json::array& rows) {
  std::int64_t number = 0;
  for (const json::value& item : rows) {
    const json::object& row = item.as_object();
    if (number_of(row, "change") != number) {
      const std::string origin = text_of(row, "origin");
      const std::string address = text_of(row, "address");
      const std::string comment = text_of(row, "comment");
      std::printf("%schange %lld  %s  %s%s%s%s\n", number == 0 ? "" : "\n",
                  static_cast<long long>(number_of(row, "change")),
                  local_time(number_of(row, "time")).c_str(), text_of(row, "user").c_str(),
                  origin.empty() ? "" : (" by " + origin).c_str(),
                  address.empty() ? "" : (" from " + address).c_str(),
                  comment.empty() ? "" : (": " + comment).c_str());
    }
    number = number_of(row, "change");
    std::printf("    %s  %s: %s -> %s\n", text_of(row, "object").c_str(),
                text_of(row, "field").c_str(), plain(row.at("before")).c_str(),
                plain(row.at("after")).c_str());
  }
}

int print(const Globals& globals, const http::Fields& query) {
  auto line = Line::open(globals, Needs::Data);
  if (!line.ok()) return fail(line.error());
  const auto reply = line->ask("GET", "/api/v1/changes" + query_of(query));
  if (!reply.ok()) return fail(reply.error());
  const json::array rows = items_of(*reply);
  if (globals.json) {
    print_lines(rows);
  } else {
    print_changes(rows);
  }
  return 0;
}

int list(const Globals& globals, const ChangesOptions& options) {
  return print(globals, {{"limit", std::to_string(options.limit)}, {"since", options.since}});
}

int show(const Globals& globals, const ChangesOptions& options) {
  return print(globals, {{"limit", "1000"}, {"change", std::to_string(options.number)}});
}

int undo(const Globals& globals, const ChangesOptions& options) {
  auto line = Line::open(globals, Needs::Data);
  if (!line.ok()) return fail(line.error());
  const auto reply = line->ask(
      "POST",
      "/api/v1/changes/" + std::to_string(options.number) + "/undo" +
          query_of({{"dry_run", options.dry_run ? "true" : ""}, {"comment", options.comment}}));
  if (!reply.ok()) return fail(reply.error());
  print_plan(globals, *reply);
  return 0;
}

using Run = int (*)(const Globals&, const ChangesOptions&);

CLI::App* add_verb(CLI::App& command, Globals& globals, const std::string& name,
                   const std::string& help, const std::shared_ptr<ChangesOptions>& options,
                   Run run) {
  CLI::App* verb = command.add_subcommand(name, help);
  verb->callback([&globals, options, run] { globals.status = run(globals, *options); });
  return verb;
}

}  // namespace

void add_changes(CLI::App& program, Globals& globals) {
  CLI::App* command =
      program.add_subcommand("changes", "Who changed what in the configuration, and take it back");
  command->require_subcommand(1);
  auto options = std::make_shared<ChangesOptions>();

  CLI::App* verb =
      add_verb(*command, globals, "list", "List the changes, newest first", options, list);
  verb->add_option("--limit", options->limit, "At most so many fields")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  verb->add_option("--since", options->since,
                   "Only since: 2026-01-31, 2026-01-31T12:00:00Z, -2h, -7d");

  verb = add_verb(*command, globals, "show", "Show one change", options, show);
  verb->add_option("NUMBER", options->number)->required()->check(CLI::PositiveNumber);

  verb = add_verb(*command, globals, "undo",
                  "Take back all of one change, gateways and accounts too, as a new change",
                  options, undo);
  verb->add_option("NUMBER", options->number)->required()->check(CLI::PositiveNumber);
  verb->add_flag("--dry-run", options->dry_run, "Only show what would change");
  verb->add_option("--comment", options->comment, "Why; kept with the change");
}

}  // namespace tandem::app
