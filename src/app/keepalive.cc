// tandem keepalive: the page of figures of the NAT keep-alive.
#include <CLI/CLI.hpp>
#include <cstdio>

#include "app/commands.h"
#include "app/line.h"
#include "app/reply.h"

namespace tandem::app {
namespace {

namespace json = boost::json;

void print(const char* label, const std::string& value) {
  std::printf("%-22s %s\n", label, value.c_str());
}

std::string counted(const json::object& object, std::string_view name) {
  return std::to_string(number_of(object, name));
}

void print_page(const json::object& page) {
  const json::object& cycle = page.at("cycle").as_object();
  const bool on = is_true(page, "enabled");
  print("Keep-alive",
        on ? text_of(page, "method") + ", " +
                 (text_of(page, "scope") == "all" ? "every contact" : "contacts behind NAT")
           : "off (SS_SIP_NAT_KEEP_ALIVE_MESSAGE is empty)");
  print("Contacts", counted(page, "contacts") + ", " + counted(page, "offline") + " offline");
  print("Cycle", counted(page, "period_s") + " s, " + counted(cycle, "batches") +
                     " batches, the last after " + counted(cycle, "last_batch_ms") + " ms");
  print("Batch", counted(cycle, "effective_batch") + " each " + counted(page, "send_interval_ms") +
                     " ms (wanted: " + counted(page, "send_one_time") + ")");
  print("Room", counted(cycle, "capacity") + " contacts fit into one period");
  print("Running cycle", counted(cycle, "sent") + " of " + counted(cycle, "contacts") + " sent");
  print("Sent", counted(page, "sent") + " in " + counted(page, "cycles") + " cycles");
  print("Answers", counted(page, "answers"));
  print("Overruns",
        counted(page, "overruns") + " cycles, " + counted(page, "late_cycles") + " ended late");
  if (is_true(cycle, "overrun")) {
    std::printf(
        "ALARM 21004: more contacts than fit; raise SS_SIP_NAT_KEEP_ALIVE_SEND_ONE_TIME or "
        "SS_SIP_NAT_KEEP_ALIVE_PERIOD\n");
  }
}

int run(const Globals& globals) {
  auto line = Line::open(globals, Needs::Switch);
  if (!line.ok()) return fail(line.error());
  const auto reply = line->ask("GET", "/api/v1/keepalive");
  if (!reply.ok()) return fail(reply.error());
  if (globals.json) {
    std::fputs(reply->c_str(), stdout);
    return 0;
  }
  print_page(object_of(*reply));
  return 0;
}

}  // namespace

void add_keepalive(CLI::App& program, Globals& globals) {
  CLI::App* command = program.add_subcommand("keepalive", "Show the NAT keep-alive in figures");
  command->callback([&globals] { globals.status = run(globals); });
}

}  // namespace tandem::app
