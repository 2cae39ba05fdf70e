// tandem call show: one call on one page.
#include <CLI/CLI.hpp>
#include <cstdio>

#include "app/commands.h"
#include "app/line.h"
#include "app/reply.h"
#include "app/table.h"

namespace tandem::app {
namespace {

namespace json = boost::json;

const json::object& member(const json::object& object, std::string_view name) {
  static const json::object kNone;
  const json::value* value = object.if_contains(name);
  return value != nullptr && value->is_object() ? value->as_object() : kNone;
}

json::array list_of(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  return value != nullptr && value->is_array() ? value->as_array() : json::array();
}

// "  Name        value", unless there is none.
void print_fact(const char* name, const std::string& value) {
  if (!value.empty()) std::printf("  %-14s %s\n", name, value.c_str());
}

std::string time_fact(const json::object& object, std::string_view name) {
  const std::int64_t time = number_of(object, name);
  return time == 0 ? std::string() : local_time(time);
}

std::string side_text(const json::object& call, const std::string& side) {
  const std::string gateway = text_of(call, side + "_gateway");
  const std::string ip = text_of(call, side + "_ip");
  if (gateway.empty() && ip.empty()) return {};
  return (gateway.empty() ? "unknown" : gateway) + (ip.empty() ? "" : " at " + ip);
}

void print_call(const json::object& page) {
  const bool live = text_of(page, "state") != "ended";
  const json::object& call = member(page, live ? "call" : "record");
  std::printf("Call %lld is %s\n", static_cast<long long>(number_of(page, "flow_no")),
              live ? text_of(page, "state").c_str() : "over");
  print_fact("caller", text_of(call, "caller"));
  print_fact("callee", text_of(call, "callee"));
  print_fact("from", side_text(call, "caller"));
  print_fact("to", side_text(call, "callee"));
  print_fact("arrived", time_fact(call, "start"));
  print_fact("rang", time_fact(call, "ring_time"));
  print_fact("answered", time_fact(call, "answer_time"));
  if (live) {
    print_fact("attempt", std::to_string(number_of(call, "attempt")));
    return;
  }
  print_fact("ended", time_fact(call, "stop"));
  if (number_of(call, "answer_time") != 0) {
    print_fact("talked", clock_text(number_of(call, "hold_time")));
  }
  print_fact("end", text_of(call, "end_reason") + " by the " + text_of(call, "end_side"));
  if (const std::int64_t status = number_of(call, "sip_status"); status != 0) {
    print_fact("SIP status", std::to_string(status));
  }
}

void print_attempts(const json::object& page) {
  const json::array attempts = list_of(member(page, "record"), "attempts");
  if (attempts.empty()) return;
  Table table({{"ATTEMPT"}, {"ADDRESS"}, {"PDD", Align::Right}, {"STATUS", Align::Right}, {"END"}});
  for (const json::value& item : attempts) {
    const json::object& attempt = item.as_object();
    const std::int64_t pdd = number_of(attempt, "pdd");
    const std::int64_t status = number_of(attempt, "sip_status");
    table.add({text_of(attempt, "gateway"), text_of(attempt, "address"),
               pdd <= 0 ? "-" : std::to_string(pdd) + " ms",
               status == 0 ? "-" : std::to_string(status), text_of(attempt, "end_reason")});
  }
  std::printf("\n%s", table.text().c_str());
}

void print_decision(const json::object& page) {
  const json::object& decision = member(page, "decision");
  const json::array lines = list_of(decision, "lines");
  if (lines.empty()) return;
  std::printf("\nThe decision, as configuration %lld makes it now\n",
              static_cast<long long>(number_of(decision, "configuration")));
  const std::int64_t then = number_of(member(page, "record"), "config_snapshot");
  if (then != 0 && then != number_of(decision, "configuration")) {
    std::printf("(the call was decided under configuration %lld)\n", static_cast<long long>(then));
  }
  Table table({{"STEP"}, {"SUBJECT"}, {"OUTCOME"}, {"REASON"}});
  for (const json::value& item : lines) {
    const json::object& line = item.as_object();
    table.add({text_of(line, "step"), text_of(line, "subject"), text_of(line, "outcome"),
               text_of(line, "reason")});
  }
  std::fputs(table.text().c_str(), stdout);
}

// "600 s, the switch refreshes, next in 120 s"
std::string timer_text(const json::object& timer, bool live) {
  const std::int64_t interval = number_of(timer, "interval");
  if (interval == 0) return "none";
  const bool ours = text_of(timer, "refresher") == "switch";
  std::string text =
      std::to_string(interval) + " s, the " + (ours ? "switch" : "peer") + " refreshes";
  if (is_true(timer, "one_sided")) text += ", one-sided";
  if (const std::int64_t last = number_of(timer, "refreshed"); last != 0) {
    text += ", last " + local_time(last);
  }
  if (!live) return text;
  if (ours) text += ", next in " + std::to_string(number_of(timer, "next_refresh_s")) + " s";
  return text + ", dead in " + std::to_string(number_of(timer, "deadline_s")) + " s";
}

void print_refreshes(const json::object& leg) {
  for (const json::value& item : list_of(leg, "refreshes")) {
    const json::object& refresh = item.as_object();
    const std::int64_t status = number_of(refresh, "status");
    const json::value* again = refresh.if_contains("again_after_ms");
    std::string text = local_time(number_of(refresh, "time")) + "  " + text_of(refresh, "method") +
                       " of the " + text_of(refresh, "by") + ": ";
    text += status == 0 ? "no answer"
                        : std::to_string(status) + " after " +
                              std::to_string(number_of(refresh, "delay_ms")) + " ms";
    if (status == 491) {
      text += again != nullptr && !again->is_null()
                  ? "; both at once, tried again after " +
                        std::to_string(number_of(refresh, "again_after_ms")) + " ms"
                  : "; both at once, not tried again";
    }
    if (!is_true(refresh, "session_expires")) text += " (no refresh of the timer)";
    print_fact("refresh", text);
  }
  for (const json::value& item : list_of(leg, "too_small")) {
    const json::object& refused = item.as_object();
    print_fact("422", local_time(number_of(refused, "time")) + "  the " +
                          text_of(refused, "refused_by") + " refused " +
                          std::to_string(number_of(refused, "asked")) + " s and wants " +
                          std::to_string(number_of(refused, "wanted")) + " s");
  }
}

void print_leg(const json::object& leg, bool live) {
  const json::object& dialog = member(leg, "dialog");
  const json::object& timer = member(leg, "timer");
  const json::object& abilities = member(leg, "abilities");
  std::printf("\n%s leg, %s\n", text_of(leg, "side") == "caller" ? "Calling" : "Called",
              text_of(leg, "peer").c_str());
  print_fact("Call-ID", text_of(leg, "call_id"));
  print_fact("tags", text_of(dialog, "local_tag") + " (ours), " + text_of(dialog, "remote_tag"));
  print_fact("CSeq", std::to_string(number_of(dialog, "local_cseq")) + " (ours), " +
                         std::to_string(number_of(dialog, "remote_cseq")));
  print_fact("Contact", text_of(dialog, "remote_target"));
  print_fact("routes", text_of(dialog, "routes"));
  print_fact("timer", timer_text(timer, live));
  const std::string rule = text_of(timer, "rule");
  if (!rule.empty()) print_fact("why", rule + ": " + text_of(timer, "reason"));
  print_fact("last sign", time_fact(timer, "last_received"));
  print_refreshes(leg);
  print_fact("Supported", text_of(abilities, "supported"));
  print_fact("Allow", text_of(abilities, "allow"));
  print_fact("product", text_of(abilities, "product"));
  print_fact("says so since", time_fact(abilities, "since"));
}

void print_page(const json::object& page) {
  const bool live = text_of(page, "state") != "ended";
  print_call(page);
  print_attempts(page);
  print_decision(page);
  for (const json::value& leg : list_of(page, "legs")) print_leg(leg.as_object(), live);
  const std::string ladder = text_of(page, "ladder");
  if (ladder.empty()) {
    std::printf("\nNo message of this call is in the trace any more.\n");
  } else {
    std::printf("\nMessages\n%s", ladder.c_str());
  }
}

int show(const Globals& globals, std::int64_t flow_no) {
  auto line = Line::open(globals, Needs::Data);
  if (!line.ok()) return fail(line.error());
  const auto reply = line->ask("GET", "/api/v1/calls/" + std::to_string(flow_no) + "/page");
  if (!reply.ok()) return fail(reply.error());
  if (globals.json) {
    std::printf("%s\n", reply->c_str());
  } else {
    print_page(object_of(*reply));
  }
  return 0;
}

}  // namespace

void add_call(CLI::App& program, Globals& globals) {
  CLI::App* command = program.add_subcommand("call", "Show one call, live or ended");
  command->require_subcommand(1);
  auto flow_no = std::make_shared<std::int64_t>(0);
  CLI::App* verb = command->add_subcommand(
      "show", "All there is of a call: numbers, decision, both legs, session timers, messages");
  verb->add_option("CALL", *flow_no,
                   "Number of the call, as `tandem calls` and `tandem cdr` show it")
      ->required();
  verb->callback([&globals, flow_no] { globals.status = show(globals, *flow_no); });
}

}  // namespace tandem::app
