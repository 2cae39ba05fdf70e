// tandem param: list, search, show, set, reset; the other verbs are in param_past.cc and
// param_file.cc.
#include "app/param.h"

#include <CLI/CLI.hpp>
#include <cstdio>

#include "app/line.h"
#include "app/plan.h"
#include "app/reply.h"
#include "app/table.h"
#include "shell/http/target.h"

namespace tandem::app {
namespace {

namespace json = boost::json;

std::string last_change(const json::object& parameter) {
  return local_time(number_of(parameter, "changed_at")) + " by " +
         text_of(parameter, "changed_by") + ", change " +
         std::to_string(number_of(parameter, "change"));
}

void print_one(const Globals& globals, const std::string& body) {
  if (globals.json) {
    std::fputs(body.c_str(), stdout);
    return;
  }
  const json::object parameter = object_of(body);
  const auto line = [](const char* title, const std::string& text) {
    if (!text.empty()) std::printf("  %-8s %s\n", title, text.c_str());
  };
  std::printf("%s = %s\n", text_of(parameter, "name").c_str(),
              plain(parameter.at("value")).c_str());
  line("alias", text_of(parameter, "alias"));
  line("default", plain(parameter.at("default")));
  line("allowed", text_of(parameter, "allowed"));
  if (text_of(parameter, "type") != "enum") line("unit", text_of(parameter, "unit"));
  line("group", text_of(parameter, "group"));
  line("applies", acts_when(text_of(parameter, "applies")));
  line("changed", number_of(parameter, "change") == 0 ? "never" : last_change(parameter));
  std::printf("  %s\n", text_of(parameter, "help").c_str());
  if (!is_true(parameter, "available")) {
    std::printf("This version keeps the value and does not act on it.\n");
  } else if (is_true(parameter, "restart_needed")) {
    std::printf("It takes effect after a restart: the switch acts on another value until then.\n");
  }
}

void print_table(const json::array& parameters) {
  Table table({{"NAME"}, {"VALUE"}, {"DEFAULT"}, {"APPLIES"}, {"CHANGED"}, {"BY"}});
  for (const json::value& item : parameters) {
    const json::object& parameter = item.as_object();
    const bool changed = is_true(parameter, "changed");
    const bool ever = number_of(parameter, "change") != 0;
    table.add({text_of(parameter, "name"), plain(parameter.at("value")),
               changed ? plain(parameter.at("default")) : "", text_of(parameter, "applies"),
               ever ? local_time(number_of(parameter, "changed_at")) : "",
               text_of(parameter, "changed_by")});
  }
  std::fputs(table.text().c_str(), stdout);
}

int list(const Globals& globals, const ParamOptions& options) {
  auto line = Line::open(globals, Needs::Data);
  if (!line.ok()) return fail(line.error());
  const auto reply = line->ask(
      "GET", "/api/v1/parameters" + query_of({{"search", options.search},
                                              {"group", options.group},
                                              {"since", options.since},
                                              {"changed", options.changed ? "true" : ""}}));
  if (!reply.ok()) return fail(reply.error());
  if (globals.json) {
    print_lines(items_of(*reply));
  } else {
    print_table(items_of(*reply));
  }
  return 0;
}

// What was found, with its help: names alone would not say why.
int search(const Globals& globals, const ParamOptions& options) {
  std::string words;
  for (const std::string& word : options.words) words += (words.empty() ? "" : " ") + word;
  auto line = Line::open(globals, Needs::Data);
  if (!line.ok()) return fail(line.error());
  const auto reply = line->ask("GET", "/api/v1/parameters" + query_of({{"search", words}}));
  if (!reply.ok()) return fail(reply.error());
  const json::array found = items_of(*reply);
  if (globals.json) {
    print_lines(found);
    return 0;
  }
  for (const json::value& item : found) {
    const json::object& parameter = item.as_object();
    const std::string alias = text_of(parameter, "alias");
    std::printf("%s = %s%s\n    %s\n", text_of(parameter, "name").c_str(),
                plain(parameter.at("value")).c_str(),
                alias.empty() ? "" : (" (also " + alias + ")").c_str(),
                text_of(parameter, "help").c_str());
  }
  if (found.empty()) return fail("no parameter mentions " + words);
  return 0;
}

int ask(const Globals& globals, const char* method, const std::string& target,
        std::string body = {}) {
  auto line = Line::open(globals, Needs::Data);
  if (!line.ok()) return fail(line.error());
  const auto reply = line->ask(method, target, std::move(body));
  if (!reply.ok()) return fail(reply.error());
  print_one(globals, *reply);
  return 0;
}

int show(const Globals& globals, const ParamOptions& options) {
  return ask(globals, "GET", parameter_target(options.name));
}

int set(const Globals& globals, const ParamOptions& options) {
  return ask(globals, "PUT",
             parameter_target(options.name) + query_of({{"comment", options.comment}}),
             json::serialize(json::object{{"value", options.value}}));
}

int reset(const Globals& globals, const ParamOptions& options) {
  json::object values;
  for (const std::string& name : options.names) values[name] = nullptr;
  auto line = Line::open(globals, Needs::Data);
  if (!line.ok()) return fail(line.error());
  const auto reply =
      line->ask("PATCH", "/api/v1/parameters" + query_of({{"comment", options.comment}}),
                json::serialize(values));
  if (!reply.ok()) return fail(reply.error());
  print_plan(globals, *reply);
  return 0;
}

using Options = std::shared_ptr<ParamOptions>;

CLI::App* add_verb(CLI::App& command, Globals& globals, const std::string& name,
                   const std::string& help, const Options& options, ParamRun run) {
  CLI::App* verb = command.add_subcommand(name, help);
  verb->callback([&globals, options, run] { globals.status = run(globals, *options); });
  return verb;
}

void add_comment(CLI::App* verb, const Options& options) {
  verb->add_option("--comment", options->comment, "Why; kept with the change");
}

void add_dry_run(CLI::App* verb, const Options& options) {
  verb->add_flag("--dry-run", options->dry_run, "Only show what would change");
}

void add_readers(CLI::App& command, Globals& globals, const Options& options) {
  CLI::App* verb = add_verb(command, globals, "list", "List the parameters", options, list);
  verb->add_option("--search", options->search, "Only those that mention each of these words");
  verb->add_option("--group", options->group, "Only those of this group: sip_timer");
  verb->add_flag("--changed", options->changed, "Only those that are not at their defaults");
  verb->add_option("--since", options->since,
                   "Only those changed since: 2026-01-31, 2026-01-31T12:00:00Z, -2h, -7d");

  verb = add_verb(command, globals, "search",
                  "Find parameters by words of their names, other names and help", options, search);
  verb->add_option("WORDS", options->words)->required();

  for (const char* name : {"show", "get"}) {
    verb = add_verb(command, globals, name, "Show one parameter and all that is known of it",
                    options, show);
    verb->add_option("NAME", options->name)->required();
  }

  verb = add_verb(command, globals, "history", "Who changed a parameter, or any, newest first",
                  options, parameter_history);
  verb->add_option("NAME", options->name);
  verb->add_option("--limit", options->limit, "At most so many lines; else 100")
      ->check(CLI::Range(1, 1000));

  verb = add_verb(command, globals, "export",
                  "Print the parameters as tab-separated values, as import takes them", options,
                  export_parameters);
  verb->add_flag("--changed", options->changed, "Only those that are not at their defaults");
}

void add_changers(CLI::App& command, Globals& globals, const Options& options) {
  CLI::App* verb = add_verb(command, globals, "set", "Set a parameter", options, set);
  verb->add_option("NAME", options->name)->required();
  verb->add_option("VALUE", options->value)->required();
  add_comment(verb, options);

  verb =
      add_verb(command, globals, "reset", "Set parameters back to their defaults", options, reset);
  verb->add_option("NAME", options->names)->required();
  add_comment(verb, options);

  verb = add_verb(command, globals, "undo",
                  "Take back the last change of a parameter, all of one change, or the last change",
                  options, undo_parameter);
  CLI::Option* name = verb->add_option("NAME", options->name);
  verb->add_option("--change", options->change, "The number of the change to take back")
      ->check(CLI::PositiveNumber)
      ->excludes(name);
  add_dry_run(verb, options);
  add_comment(verb, options);

  verb = add_verb(command, globals, "import",
                  "Set the parameters of a list as one change: an export, or a VOS3000 list",
                  options, import_parameters);
  verb->add_option("FILE", options->file, "The list; - reads the standard input")->required();
  add_dry_run(verb, options);
  verb->add_flag("--skip-unknown", options->skip_unknown,
                 "Leave out names that no parameter has instead of refusing the list");
  add_comment(verb, options);
  verb->footer(
      "A line is a name and a value, with tabs, blanks, = or : between them. With one wrong value\n"
      "or unknown name nothing is changed.");
}

}  // namespace

std::string parameter_target(const std::string& name, std::string_view rest) {
  return "/api/v1/parameters/" + http::percent_encode(name) + std::string(rest);
}

void add_param(CLI::App& program, Globals& globals) {
  CLI::App* command = program.add_subcommand("param", "Show and change system parameters");
  command->require_subcommand(1);
  auto options = std::make_shared<ParamOptions>();
  add_readers(*command, globals, options);
  add_changers(*command, globals, options);
}

}  // namespace tandem::app
