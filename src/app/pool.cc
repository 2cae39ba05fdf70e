// tandem pool: number groups that gateways take callers or forwarding numbers from, and how full they are.
#include <CLI/CLI.hpp>
#include <cstdio>

#include "app/commands.h"
#include "app/line.h"
#include "app/reply.h"
#include "app/table.h"

namespace tandem::app {
namespace {

namespace json = boost::json;

std::string figure(const json::object& pool, const char* name) {
  return std::to_string(number_of(pool, name));
}

void print_pools(const json::array& pools) {
  Table table({{"POOL"},
               {"NUMBERS", Align::Right},
               {"IN USE", Align::Right},
               {"CALLS", Align::Right},
               {"EXHAUSTED", Align::Right},
               {"USED BY"}});
  for (const json::value& item : pools) {
    const json::object& pool = item.as_object();
    std::string used_by;
    for (const json::value& each : pool.at("used_by").as_array())
      used_by.append(used_by.empty() ? "" : "; ").append(plain(each));
    table.add({text_of(pool, "name"), figure(pool, "numbers"), figure(pool, "busy"),
               figure(pool, "calls"), figure(pool, "exhausted"), used_by});
  }
  std::fputs(table.text().c_str(), stdout);
}

// Of a pool that was asked for by name.
void print_numbers(const json::object& pool) {
  const json::array& in_use = pool.at("in_use").as_array();
  if (in_use.empty()) return;
  Table table({{"NUMBER"}, {"CALLS", Align::Right}});
  for (const json::value& each : in_use)
    table.add({text_of(each.as_object(), "number"), figure(each.as_object(), "calls")});
  std::printf("\n%s", table.text().c_str());
}

int run(const Globals& globals, const std::string& name) {
  auto line = Line::open(globals, Needs::Switch);
  if (!line.ok()) return fail(line.error());
  const auto reply = line->ask("GET", "/api/v1/online_number_pools" + query_of({{"name", name}}));
  if (!reply.ok()) return fail(reply.error());
  const json::array items = items_of(*reply);
  if (items.empty() && !name.empty())
    return fail("no gateway uses " + name + " as a pool; `tandem pool` shows those that are used");
  if (globals.json) {
    print_lines(items);
    return 0;
  }
  print_pools(items);
  if (!name.empty()) print_numbers(items.front().as_object());
  return 0;
}

}  // namespace

void add_pool(CLI::App& program, Globals& globals) {
  CLI::App* command = program.add_subcommand(
      "pool", "Show how full the pools of callers and forwarding numbers are");
  auto name = std::make_shared<std::string>();
  command->add_option("NAME", *name, "Only this number group, with its numbers that carry calls");
  command->callback([&globals, name] { globals.status = run(globals, *name); });
}

}  // namespace tandem::app
