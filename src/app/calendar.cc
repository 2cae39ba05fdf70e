// tandem calendar list|show|add|set|remove
#include <CLI/CLI.hpp>

#include "app/commands.h"
#include "app/entity_command.h"
#include "app/reply.h"

namespace tandem::app {
namespace {

namespace json = boost::json;

std::string zone_of(const json::object& calendar) {
  const std::string zone = text_of(calendar, "time_zone");
  return zone.empty() ? "of the system" : zone;
}

}  // namespace

void add_calendar(CLI::App& program, Globals& globals) {
  add_entity_command(
      program, globals,
      {.resource = "calendar",
       .command = "calendar",
       .help = "Show and change work calendars",
       .example = "'weekly=mon-fri 08:00-18:00' time_zone=Europe/Berlin",
       .columns = {{{"TIME ZONE"}, zone_of},
                   {{"WEEKLY"},
                    [](const json::object& calendar) { return plain(calendar.at("weekly")); }},
                   {{"DATES"},
                    [](const json::object& calendar) { return plain(calendar.at("dates")); }}}});
}

}  // namespace tandem::app
