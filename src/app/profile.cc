// tandem profile list|show|apply
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <iostream>

#include "app/commands.h"
#include "app/line.h"
#include "app/plan.h"
#include "app/reply.h"
#include "app/table.h"
#include "shell/http/target.h"

namespace tandem::app {
namespace {

namespace json = boost::json;

struct ProfileOptions {
  std::string name;
  bool dry_run = false;
  bool yes = false;
  std::string comment;
};

std::string target_of(const ProfileOptions& options, std::string_view rest = {}) {
  return "/api/v1/profiles/" + http::percent_encode(options.name) + std::string(rest);
}

std::size_t differences(const json::object& profile) {
  std::size_t count = 0;
  for (const json::value& item : profile.at("parameters").as_array()) {
    const json::object& row = item.as_object();
    count += text_of(row, "value") != text_of(row, "current") ? 1 : 0;
  }
  return count;
}

int list(const Globals& globals, const ProfileOptions&) {
  auto line = Line::open(globals, Needs::Data);
  if (!line.ok()) return fail(line.error());
  const auto reply = line->ask("GET", "/api/v1/profiles");
  if (!reply.ok()) return fail(reply.error());
  if (globals.json) {
    print_lines(items_of(*reply));
    return 0;
  }
  Table table({{"NAME"}, {"TITLE"}, {"IN FORCE"}, {"FOR"}});
  for (const json::value& item : items_of(*reply)) {
    const json::object& profile = item.as_object();
    table.add({text_of(profile, "name"), text_of(profile, "title"),
               differences(profile) == 0 ? "yes" : "no", text_of(profile, "help")});
  }
  std::fputs(table.text().c_str(), stdout);
  return 0;
}

int show(const Globals& globals, const ProfileOptions& options) {
  auto line = Line::open(globals, Needs::Data);
  if (!line.ok()) return fail(line.error());
  const auto reply = line->ask("GET", target_of(options));
  if (!reply.ok()) return fail(reply.error());
  if (globals.json) {
    std::fputs(reply->c_str(), stdout);
    return 0;
  }
  const json::object profile = object_of(*reply);
  std::printf("%s: %s\n\n", text_of(profile, "title").c_str(), text_of(profile, "help").c_str());
  Table table({{"PARAMETER"}, {"PROFILE", Align::Right}, {"IN FORCE", Align::Right}, {""}});
  for (const json::value& item : profile.at("parameters").as_array()) {
    const json::object& row = item.as_object();
    const std::string value = text_of(row, "value");
    const std::string current = text_of(row, "current");
    table.add({text_of(row, "name"), value, current, value == current ? "" : "differs"});
  }
  std::fputs(table.text().c_str(), stdout);
  return 0;
}

bool agrees() {
  std::fputs("Apply? [y/N] ", stdout);
  std::fflush(stdout);
  std::string answer;
  std::getline(std::cin, answer);
  return answer == "y" || answer == "Y" || answer == "yes";
}

// The differences are shown before anything is done.
int apply(const Globals& globals, const ProfileOptions& options) {
  auto line = Line::open(globals, Needs::Data);
  if (!line.ok()) return fail(line.error());
  const auto ask = [&](const char* dry_run) {
    return line->ask("POST", target_of(options, "/apply") +
                                 query_of({{"dry_run", dry_run}, {"comment", options.comment}}));
  };
  if (!options.yes) {
    const auto shown = ask("true");
    if (!shown.ok()) return fail(shown.error());
    const bool asks = !options.dry_run && is_true(object_of(*shown), "changes_anything");
    if (!globals.json || !asks) print_plan(globals, *shown);
    if (!asks) return 0;
    if (globals.json || ::isatty(STDIN_FILENO) == 0) {
      return fail("add --yes to apply the profile " + options.name);
    }
    if (!agrees()) return 0;
  }
  const auto reply = ask("");
  if (!reply.ok()) return fail(reply.error());
  print_plan(globals, *reply);
  return 0;
}

using Run = int (*)(const Globals&, const ProfileOptions&);

CLI::App* add_verb(CLI::App& command, Globals& globals, const std::string& name,
                   const std::string& help, const std::shared_ptr<ProfileOptions>& options,
                   Run run) {
  CLI::App* verb = command.add_subcommand(name, help);
  verb->callback([&globals, options, run] { globals.status = run(globals, *options); });
  return verb;
}

}  // namespace

void add_profile(CLI::App& program, Globals& globals) {
  CLI::App* command =
      program.add_subcommand("profile", "Sets of parameter values that fit a way of use");
  command->require_subcommand(1);
  auto options = std::make_shared<ProfileOptions>();

  add_verb(*command, globals, "list", "List the profiles", options, list);

  CLI::App* verb =
      add_verb(*command, globals, "show", "Show a profile beside what is in force", options, show);
  verb->add_option("NAME", options->name)->required();

  verb =
      add_verb(*command, globals, "apply",
               "Show what a profile would change, ask, and apply it as one change", options, apply);
  verb->add_option("NAME", options->name)->required();
  verb->add_flag("--dry-run", options->dry_run, "Only show what would change");
  verb->add_flag("--yes", options->yes, "Do not ask");
  verb->add_option("--comment", options->comment, "Why; kept with the change");
}

}  // namespace tandem::app
