// tandem status: what the switch says of itself.
#include <CLI/CLI.hpp>
#include <cstdio>

#include "app/commands.h"
#include "app/line.h"
#include "app/reply.h"
#include "app/table.h"

namespace tandem::app {
namespace {

namespace json = boost::json;

void print_head(const json::object& status) {
  std::printf("Tandem %s, up %s, configuration %lld%s\n", text_of(status, "version").c_str(),
              duration_text(number_of(status, "uptime_s")).c_str(),
              static_cast<long long>(number_of(status, "directory_number")),
              is_true(status, "draining") ? ", draining: no new calls" : "");
  std::printf("Listens on %s\n", plain(status.at("listeners")).c_str());
  if (const std::string alarm = text_of(status, "alarm"); !alarm.empty()) {
    std::printf("ALARM: %s\n", alarm.c_str());
  }
  if (const std::string fault = text_of(status, "cdr_fault"); !fault.empty()) {
    std::printf("ALARM: %s\n", fault.c_str());
  }
  std::printf("Call records waiting for the database: %lld\n",
              static_cast<long long>(number_of(status, "cdr_queue")));
}

void print_gateways(const json::array& gateways) {
  Table table({{"KIND"},
               {"GATEWAY"},
               {"CALLS", Align::Right},
               {"ATTEMPTS", Align::Right},
               {"ANSWERED", Align::Right}});
  for (const json::value& item : gateways) {
    const json::object& gateway = item.as_object();
    table.add({text_of(gateway, "kind"), text_of(gateway, "name"),
               std::to_string(number_of(gateway, "calls")),
               std::to_string(number_of(gateway, "attempts")),
               std::to_string(number_of(gateway, "answered"))});
  }
  std::printf("\n%s", table.text().c_str());
}

void print_counters(const json::object& counters) {
  Table table({{"COUNTER"}, {"VALUE", Align::Right}});
  for (const auto& counter : counters) {
    const std::int64_t value = number_of(counters, counter.key());
    if (value != 0) table.add({std::string(counter.key()), std::to_string(value)});
  }
  std::printf("\n%s", table.text().c_str());
}

int run(const Globals& globals) {
  auto line = Line::open(globals, Needs::Switch);
  if (!line.ok()) return fail(line.error());
  const auto reply = line->ask("GET", "/api/v1/status");
  if (!reply.ok()) return fail(reply.error());
  if (globals.json) {
    std::fputs(reply->c_str(), stdout);
    return 0;
  }
  const json::object status = object_of(*reply);
  print_head(status);
  print_gateways(status.at("gateways").as_array());
  print_counters(status.at("counters").as_object());
  return 0;
}

}  // namespace

void add_status(CLI::App& program, Globals& globals) {
  CLI::App* command = program.add_subcommand("status", "Show counters and gateways");
  command->callback([&globals] { globals.status = run(globals); });
}

}  // namespace tandem::app
