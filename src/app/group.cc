// tandem group list|show|add|set|remove|online
#include <CLI/CLI.hpp>
#include <cstdio>

#include "app/commands.h"
#include "app/entity_command.h"
#include "app/line.h"
#include "app/reply.h"
#include "app/table.h"

namespace tandem::app {
namespace {

namespace json = boost::json;

std::string capacity_of(const json::object& group) {
  const std::int64_t capacity = number_of(group, "capacity");
  return capacity == 0 ? "no limit" : std::to_string(capacity);
}

int online(const Globals& globals, const std::string& name) {
  auto line = Line::open(globals, Needs::Switch);
  if (!line.ok()) return fail(line.error());
  const auto reply =
      line->ask("GET", "/api/v1/online_gateway_groups" + query_of({{"name", name}}));
  if (!reply.ok()) return fail(reply.error());
  const json::array items = items_of(*reply);
  if (items.empty() && !name.empty()) {
    return fail("there is no gateway group " + name + "; `tandem group list` shows them all");
  }
  if (globals.json) {
    print_lines(items);
    return 0;
  }
  Table table({{"GROUP"},
               {"STATE"},
               {"CALLS", Align::Right},
               {"CAPACITY", Align::Right},
               {"MEMBERS", Align::Right}});
  for (const json::value& item : items) {
    const json::object& group = item.as_object();
    table.add({text_of(group, "name"), text_of(group, "state"),
               std::to_string(number_of(group, "calls")), capacity_of(group),
               std::to_string(number_of(group, "members"))});
  }
  std::fputs(table.text().c_str(), stdout);
  return 0;
}

}  // namespace

void add_group(CLI::App& program, Globals& globals) {
  CLI::App* command = add_entity_command(
      program, globals,
      {.resource = "gateway_group",
       .command = "group",
       .help = "Show and change groups of gateways that share lines",
       .example = "capacity=30",
       .columns = {{{"CAPACITY", Align::Right}, capacity_of},
                   {{"LOCKED"}, [](const json::object& group) -> std::string {
                      return text_of(group, "lock_type") == "none" ? "no" : "yes";
                    }}}});
  CLI::App* verb = command->add_subcommand("online", "Show how they stand now");
  auto name = std::make_shared<std::string>();
  verb->add_option("NAME", *name, "Only this one");
  verb->callback([&globals, name] { globals.status = online(globals, *name); });
}

}  // namespace tandem::app
