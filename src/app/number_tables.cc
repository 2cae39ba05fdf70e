// tandem transform, tandem area, tandem section: the tables about numbers.
#include <CLI/CLI.hpp>

#include "app/commands.h"
#include "app/entity_command.h"
#include "app/reply.h"

namespace tandem::app {
namespace {

namespace json = boost::json;

std::string count_of(const json::object& entity, std::string_view list) {
  const json::value* entries = entity.if_contains(list);
  return std::to_string(entries == nullptr ? 0 : entries->as_array().size());
}

std::string account(const json::object& row) { return text_of(row, "account"); }
std::string ingress_caller(const json::object& row) { return text_of(row, "ingress_caller"); }
std::string egress_callee(const json::object& row) { return text_of(row, "egress_callee"); }
std::string code(const json::object& area) { return text_of(area, "code"); }
std::string prefixes(const json::object& area) { return count_of(area, "prefixes"); }
std::string mobile_prefixes(const json::object& area) { return count_of(area, "mobile_prefixes"); }
std::string range(const json::object& section) { return text_of(section, "range"); }
std::string area_of(const json::object& section) { return text_of(section, "area"); }
std::string class_of(const json::object& section) { return text_of(section, "class"); }
std::string changed_to(const json::object& section) { return text_of(section, "changed_to"); }

}  // namespace

void add_number_tables(CLI::App& program, Globals& globals) {
  add_entity_command(program, globals,
                     {.resource = "number_transform",
                      .command = "transform",
                      .help = "Show and change the number transform table",
                      .example = "ingress_caller=100 egress_callee=200",
                      .columns = {{{"ACCOUNT"}, account},
                                  {{"INGRESS CALLER"}, ingress_caller},
                                  {{"EGRESS CALLEE"}, egress_callee}}});
  add_entity_command(program, globals,
                     {.resource = "area",
                      .command = "area",
                      .help = "Show and change areas: cities and regions by beginnings of numbers",
                      .example = "code=021 prefixes=021 mobile_prefixes=1381600,1381601",
                      .columns = {{{"CODE"}, code},
                                  {{"PREFIXES", Align::Right}, prefixes},
                                  {{"MOBILE PREFIXES", Align::Right}, mobile_prefixes}}});
  add_entity_command(program, globals,
                     {.resource = "number_section",
                      .command = "section",
                      .help = "Show and change number sections: ranges of one class",
                      .example = "range=02188880000-02188889999 class=mobile",
                      .columns = {{{"RANGE"}, range},
                                  {{"AREA"}, area_of},
                                  {{"CLASS"}, class_of},
                                  {{"CHANGED TO"}, changed_to}}});
}

}  // namespace tandem::app
