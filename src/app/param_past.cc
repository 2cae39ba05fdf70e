// tandem param history, tandem param undo
#include <cstdio>

#include "app/line.h"
#include "app/param.h"
#include "app/plan.h"
#include "app/reply.h"
#include "app/table.h"

namespace tandem::app {
namespace {

namespace json = boost::json;

Table table_of_changes(const char* subject) {
  return Table({{"CHANGE", Align::Right},
                {"TIME"},
                {"BY"},
                {"FROM"},
                {subject},
                {"BEFORE"},
                {"AFTER"},
                {"COMMENT"}});
}

std::string default_or(const json::value& value) {
  return value.is_null() ? "(default)" : plain(value);
}

std::vector<std::string> cells_of(const json::object& row, const std::string& subject) {
  return {std::to_string(number_of(row, "change")),
          local_time(number_of(row, "time")),
          text_of(row, "user"),
          text_of(row, "origin"),
          subject,
          default_or(row.at("before")),
          default_or(row.at("after")),
          text_of(row, "comment")};
}

// "parameter SS_SIP_T1" -> "SS_SIP_T1"
std::string name_of(const json::object& row) {
  const std::string object = text_of(row, "object");
  return object.substr(object.find(' ') + 1);
}

}  // namespace

int parameter_history(const Globals& globals, const ParamOptions& options) {
  auto line = Line::open(globals, Needs::Data);
  if (!line.ok()) return fail(line.error());
  const auto limit = static_cast<std::size_t>(options.limit == 0 ? 100 : options.limit);
  const auto reply = line->ask(
      "GET", options.name.empty() ? "/api/v1/changes" + query_of({{"parameters", "true"},
                                                                  {"limit", std::to_string(limit)}})
                                  : parameter_target(options.name, "/history"));
  if (!reply.ok()) return fail(reply.error());
  json::array rows = items_of(*reply);
  if (rows.size() > limit) rows.resize(limit);
  if (globals.json) {
    print_lines(rows);
    return 0;
  }
  Table table = table_of_changes("PARAMETER");
  for (const json::value& item : rows) {
    const json::object& row = item.as_object();
    table.add(cells_of(row, options.name.empty() ? name_of(row) : options.name));
  }
  std::fputs(table.text().c_str(), stdout);
  return 0;
}

int undo_parameter(const Globals& globals, const ParamOptions& options) {
  std::string target = "/api/v1/parameters/undo";
  if (options.change != 0) target = "/api/v1/changes/" + std::to_string(options.change) + "/undo";
  if (!options.name.empty()) target = parameter_target(options.name, "/undo");
  auto line = Line::open(globals, Needs::Data);
  if (!line.ok()) return fail(line.error());
  const auto reply =
      line->ask("POST", target + query_of({{"dry_run", options.dry_run ? "true" : ""},
                                           {"comment", options.comment}}));
  if (!reply.ok()) return fail(reply.error());
  print_plan(globals, *reply);
  return 0;
}

}  // namespace tandem::app
