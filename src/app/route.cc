// tandem route NUMBER: what would happen to a call, and why.
#include <CLI/CLI.hpp>
#include <cstdio>

#include "app/commands.h"
#include "app/line.h"
#include "app/reply.h"
#include "app/table.h"

namespace tandem::app {
namespace {

namespace json = boost::json;

struct RouteOptions {
  std::string callee;
  std::string caller;
  std::string source;
  std::string ingress;
  std::string phone;
  std::string at;
  std::int64_t call = 0;
};

void print(const json::object& explanation) {
  Table table({{"STEP"}, {"SUBJECT"}, {"OUTCOME"}, {"REASON"}});
  for (const json::value& item : explanation.at("lines").as_array()) {
    const json::object& line = item.as_object();
    table.add({text_of(line, "step"), text_of(line, "subject"), text_of(line, "outcome"),
               text_of(line, "reason")});
  }
  std::fputs(table.text().c_str(), stdout);
  for (const json::value& item : explanation.at("warnings").as_array()) {
    const json::object& warning = item.as_object();
    std::printf("Warning: %s: %s.\n", text_of(warning, "subject").c_str(),
                text_of(warning, "warning").c_str());
  }
  if (is_true(explanation, "accepted")) {
    std::printf("The call would be sent to %s.\n", plain(explanation.at("egress")).c_str());
  } else {
    std::printf("The call would be refused: %s.\n", text_of(explanation, "end_reason").c_str());
  }
}

// The decision on a call of the records, beside what became of it.
int explain_call(const Globals& globals, std::int64_t flow_no) {
  auto line = Line::open(globals, Needs::Switch);
  if (!line.ok()) return fail(line.error());
  const auto reply =
      line->ask("GET", "/api/v1/cdrs/" + std::to_string(flow_no) + "/decision");
  if (!reply.ok()) return fail(reply.error());
  if (globals.json) {
    std::fputs(reply->c_str(), stdout);
    return 0;
  }
  const json::object told = object_of(*reply);
  std::printf("Decided under configuration %s; now %s is in force. No other call is counted.\n",
              plain(told.at("configuration")).c_str(), plain(told.at("in_force")).c_str());
  print(told);
  for (const json::value& item : told.at("recorded_attempts").as_array()) {
    const json::object& attempt = item.as_object();
    std::printf("It was sent to %s as %s: %s.\n", text_of(attempt, "gateway").c_str(),
                text_of(attempt, "callee").c_str(), text_of(attempt, "end_reason").c_str());
  }
  std::printf("It ended with %s.\n", text_of(told, "recorded_end_reason").c_str());
  return 0;
}

int run(const Globals& globals, const RouteOptions& options) {
  if (options.call != 0) return explain_call(globals, options.call);
  auto line = Line::open(globals, Needs::Switch);
  if (!line.ok()) return fail(line.error());
  const auto reply = line->ask("GET", "/api/v1/route" + query_of({{"callee", options.callee},
                                                                  {"caller", options.caller},
                                                                  {"source", options.source},
                                                                  {"ingress", options.ingress},
                                                                  {"phone", options.phone},
                                                                  {"at", options.at}}));
  if (!reply.ok()) return fail(reply.error());
  if (globals.json) {
    std::fputs(reply->c_str(), stdout);
  } else {
    print(object_of(*reply));
  }
  return 0;
}

}  // namespace

void add_route(CLI::App& program, Globals& globals) {
  CLI::App* command =
      program.add_subcommand("route", "Say what would happen to a call, and why; nothing is sent");
  auto options = std::make_shared<RouteOptions>();
  CLI::Option_group* which = command->add_option_group("Which call");
  which->add_option("NUMBER", options->callee, "The called number, as the gateway sends it");
  which->add_option("--call", options->call,
                    "Flow number of a call of the records: how it was decided then");
  which->require_option(1);
  command->add_option("--caller", options->caller, "The calling number");
  CLI::Option* source =
      command->add_option("--source", options->source, "IP address the call comes from");
  command
      ->add_option("--ingress", options->ingress,
                   "Ingress gateway it comes from; not needed when there is only one")
      ->excludes(source);
  command->add_option("--phone", options->phone, "Phone that makes the call")->excludes(source);
  command->add_option("--at", options->at,
                      "When it would come: a date, or a time such as 2026-12-24T18:30:00+01:00");
  command->callback([&globals, options] { globals.status = run(globals, *options); });
}

}  // namespace tandem::app
