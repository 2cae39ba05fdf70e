// tandem param list|get|set|reset
#include <CLI/CLI.hpp>
#include <cstdio>

#include "app/commands.h"
#include "app/line.h"
#include "app/reply.h"
#include "app/table.h"
#include "shell/http/target.h"

namespace tandem::app {
namespace {

namespace json = boost::json;

struct ParamOptions {
  std::string name;
  std::string value;
  std::string search;
  bool changed = false;
};

std::string target_of(const std::string& name) {
  return "/api/v1/parameters/" + http::percent_encode(name);
}

void print_one(const Globals& globals, const std::string& body) {
  if (globals.json) {
    std::fputs(body.c_str(), stdout);
    return;
  }
  const json::object parameter = object_of(body);
  std::printf("%s = %s\n", text_of(parameter, "name").c_str(),
              plain(parameter.at("value")).c_str());
  std::printf("  default  %s\n", plain(parameter.at("default")).c_str());
  std::printf("  allowed  %s\n", text_of(parameter, "allowed").c_str());
  std::printf("  applies  %s\n", text_of(parameter, "applies").c_str());
  if (number_of(parameter, "set_at") != 0) {
    std::printf("  set      %s by %s\n", local_time(number_of(parameter, "set_at")).c_str(),
                text_of(parameter, "set_by").c_str());
  }
  std::printf("  %s\n", text_of(parameter, "help").c_str());
}

void print_table(const json::array& parameters) {
  Table table({{"NAME"}, {"VALUE"}, {"DEFAULT"}, {"APPLIES"}});
  for (const json::value& item : parameters) {
    const json::object& parameter = item.as_object();
    const bool changed = is_true(parameter, "changed");
    table.add({text_of(parameter, "name"), plain(parameter.at("value")),
               changed ? plain(parameter.at("default")) : "", text_of(parameter, "applies")});
  }
  std::fputs(table.text().c_str(), stdout);
}

int list(const Globals& globals, const ParamOptions& options) {
  auto line = Line::open(globals, Needs::Data);
  if (!line.ok()) return fail(line.error());
  const auto reply = line->ask(
      "GET", "/api/v1/parameters" + query_of({{"search", options.search},
                                              {"changed", options.changed ? "true" : ""}}));
  if (!reply.ok()) return fail(reply.error());
  if (globals.json) {
    print_lines(items_of(*reply));
  } else {
    print_table(items_of(*reply));
  }
  return 0;
}

int ask(const Globals& globals, const char* method, const ParamOptions& options,
        std::string body = {}) {
  auto line = Line::open(globals, Needs::Data);
  if (!line.ok()) return fail(line.error());
  const auto reply = line->ask(method, target_of(options.name), std::move(body));
  if (!reply.ok()) return fail(reply.error());
  print_one(globals, *reply);
  return 0;
}

int get(const Globals& globals, const ParamOptions& options) {
  return ask(globals, "GET", options);
}

int set(const Globals& globals, const ParamOptions& options) {
  return ask(globals, "PUT", options, json::serialize(json::object{{"value", options.value}}));
}

int reset(const Globals& globals, const ParamOptions& options) {
  return ask(globals, "DELETE", options);
}

using Run = int (*)(const Globals&, const ParamOptions&);

CLI::App* add_verb(CLI::App& command, Globals& globals, const std::string& name,
                   const std::string& help, const std::shared_ptr<ParamOptions>& options, Run run) {
  CLI::App* verb = command.add_subcommand(name, help);
  verb->callback([&globals, options, run] { globals.status = run(globals, *options); });
  return verb;
}

}  // namespace

void add_param(CLI::App& program, Globals& globals) {
  CLI::App* command = program.add_subcommand("param", "Show and change system parameters");
  command->require_subcommand(1);
  auto options = std::make_shared<ParamOptions>();

  CLI::App* verb = add_verb(*command, globals, "list", "List all parameters", options, list);
  verb->add_option("--search", options->search, "Only those that mention this text");
  verb->add_flag("--changed", options->changed, "Only those that are not at their defaults");

  verb = add_verb(*command, globals, "get", "Show one parameter", options, get);
  verb->add_option("NAME", options->name)->required();

  verb = add_verb(*command, globals, "set", "Set a parameter", options, set);
  verb->add_option("NAME", options->name)->required();
  verb->add_option("VALUE", options->value)->required();

  verb =
      add_verb(*command, globals, "reset", "Set a parameter back to its default", options, reset);
  verb->add_option("NAME", options->name)->required();
}

}  // namespace tandem::app
