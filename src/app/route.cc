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
};

void print(const json::object& explanation) {
  Table table({{"STEP"}, {"SUBJECT"}, {"OUTCOME"}, {"REASON"}});
  for (const json::value& item : explanation.at("lines").as_array()) {
    const json::object& line = item.as_object();
    table.add({text_of(line, "step"), text_of(line, "subject"), text_of(line, "outcome"),
               text_of(line, "reason")});
  }
  std::fputs(table.text().c_str(), stdout);
  if (is_true(explanation, "accepted")) {
    std::printf("The call would be sent to %s.\n", plain(explanation.at("egress")).c_str());
  } else {
    std::printf("The call would be refused: %s.\n", text_of(explanation, "end_reason").c_str());
  }
}

int run(const Globals& globals, const RouteOptions& options) {
  auto line = Line::open(globals, Needs::Switch);
  if (!line.ok()) return fail(line.error());
  const auto reply = line->ask("GET", "/api/v1/route" + query_of({{"callee", options.callee},
                                                                  {"caller", options.caller},
                                                                  {"source", options.source},
                                                                  {"ingress", options.ingress},
                                                                  {"phone", options.phone}}));
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
  command->add_option("NUMBER", options->callee, "The called number, as the gateway sends it")
      ->required();
  command->add_option("--caller", options->caller, "The calling number");
  CLI::Option* source =
      command->add_option("--source", options->source, "IP address the call comes from");
  command
      ->add_option("--ingress", options->ingress,
                   "Ingress gateway it comes from; not needed when there is only one")
      ->excludes(source);
  command->add_option("--phone", options->phone, "Phone that makes the call")->excludes(source);
  command->callback([&globals, options] { globals.status = run(globals, *options); });
}

}  // namespace tandem::app
