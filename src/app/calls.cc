// tandem calls, tandem hangup
#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdio>

#include "app/commands.h"
#include "app/line.h"
#include "app/reply.h"
#include "app/table.h"

namespace tandem::app {
namespace {

namespace json = boost::json;

struct CallsOptions {
  std::string number;
  std::string gateway;
  bool without_timer = false;
  std::int64_t limit = 1000;
};

std::int64_t now_seconds() {
  return std::chrono::duration_cast<std::chrono::seconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

// "600 s switch 212 s": the interval, who refreshes, and when we do.
std::string timer_text(const json::object& call, std::string_view side) {
  const json::value* timer = call.if_contains(side);
  if (timer == nullptr || !timer->is_object()) return {};
  const json::object& facts = timer->as_object();
  const std::int64_t interval = number_of(facts, "interval");
  if (interval == 0) return "none (" + text_of(facts, "rule") + ")";
  std::string text = std::to_string(interval) + " s " + text_of(facts, "refresher");
  if (text_of(facts, "refresher") == "switch") {
    text += ' ' + std::to_string(number_of(facts, "next_refresh_s")) + " s";
  }
  return text;
}

// Of the side that was silent longer.
std::string last_sign(const json::object& call) {
  std::int64_t oldest = 0;
  for (const char* side : {"caller_timer", "callee_timer"}) {
    const json::value* timer = call.if_contains(side);
    if (timer == nullptr || !timer->is_object()) continue;
    const std::int64_t time = number_of(timer->as_object(), "last_received");
    if (oldest == 0 || time < oldest) oldest = time;
  }
  return oldest == 0 ? std::string() : local_time(oldest);
}

void print_table(const json::array& calls, std::int64_t total) {
  Table table({{"CALL", Align::Right},
               {"STATE"},
               {"CALLER"},
               {"CALLEE"},
               {"FROM"},
               {"TO"},
               {"BEGAN"},
               {"TALK", Align::Right},
               {"CALLER TIMER"},
               {"CALLEE TIMER"},
               {"LAST SIGN"}});
  for (const json::value& item : calls) {
    const json::object& call = item.as_object();
    const std::int64_t answer = number_of(call, "answer_time") / 1000;
    table.add({std::to_string(number_of(call, "flow_no")), text_of(call, "state"),
               text_of(call, "caller"), text_of(call, "callee"), text_of(call, "caller_gateway"),
               text_of(call, "callee_gateway"), local_time(number_of(call, "start")),
               answer == 0 ? "" : clock_text(now_seconds() - answer),
               timer_text(call, "caller_timer"), timer_text(call, "callee_timer"),
               last_sign(call)});
  }
  std::fputs(table.text().c_str(), stdout);
  std::printf("%zu of %lld calls\n", calls.size(), static_cast<long long>(total));
}

int list(const Globals& globals, const CallsOptions& options) {
  auto line = Line::open(globals, Needs::Switch);
  if (!line.ok()) return fail(line.error());
  json::array calls;
  std::int64_t total = 0;
  std::int64_t after = 0;
  do {
    const auto page = std::min<std::int64_t>(options.limit - std::int64_t(calls.size()), 1000);
    const auto reply = line->ask(
        "GET", "/api/v1/calls" + query_of({{"number", options.number},
                                           {"gateway", options.gateway},
                                           {"without_timer", options.without_timer ? "true" : ""},
                                           {"after", std::to_string(after)},
                                           {"limit", std::to_string(page)}}));
    if (!reply.ok()) return fail(reply.error());
    const json::array items = items_of(*reply);
    calls.insert(calls.end(), items.begin(), items.end());
    total = number_of(object_of(*reply), "total");
    after = number_of(object_of(*reply), "next");
  } while (after != 0 && std::int64_t(calls.size()) < options.limit);
  if (globals.json) {
    print_lines(calls);
  } else {
    print_table(calls, total);
  }
  return 0;
}

int hang_up(const Globals& globals, const std::vector<std::int64_t>& flow_numbers) {
  auto line = Line::open(globals, Needs::Switch);
  if (!line.ok()) return fail(line.error());
  int status = 0;
  for (const std::int64_t flow_no : flow_numbers) {
    const auto reply = line->ask("DELETE", "/api/v1/calls/" + std::to_string(flow_no));
    if (!reply.ok()) {
      status = fail(reply.error());
    } else if (!globals.json) {
      std::printf("call %lld is hung up\n", static_cast<long long>(flow_no));
    }
  }
  return status;
}

}  // namespace

void add_calls(CLI::App& program, Globals& globals) {
  CLI::App* command = program.add_subcommand("calls", "List the live calls");
  auto options = std::make_shared<CallsOptions>();
  command->add_option("--number", options->number, "Only calls with this in caller or callee");
  command->add_option("--gateway", options->gateway, "Only calls from or to this gateway");
  command->add_flag("--without-timer", options->without_timer,
                    "Only answered calls with a leg that has no session timer");
  command->add_option("--limit", options->limit, "At most so many")
      ->check(CLI::Range(1, 1'000'000))
      ->capture_default_str();
  command->callback([&globals, options] { globals.status = list(globals, *options); });
}

void add_hangup(CLI::App& program, Globals& globals) {
  CLI::App* command = program.add_subcommand("hangup", "Hang up live calls");
  auto flow_numbers = std::make_shared<std::vector<std::int64_t>>();
  command->add_option("CALL", *flow_numbers, "Number of the call, as `tandem calls` shows it")
      ->required();
  command->callback([&globals, flow_numbers] { globals.status = hang_up(globals, *flow_numbers); });
}

}  // namespace tandem::app
