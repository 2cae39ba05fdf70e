#include "app/gateway_online.h"

#include <cstdio>

#include "app/line.h"
#include "app/reply.h"
#include "app/table.h"
#include "shell/http/target.h"

namespace tandem::app {
namespace {

namespace json = boost::json;

std::string state_of(const json::object& gateway) {
  const std::int64_t left = number_of(gateway, "retry_after_ms");
  if (left == 0) return text_of(gateway, "state");
  return text_of(gateway, "state") + ", " + clock_text((left + 999) / 1000) + " left";
}

std::string answer_of(const json::object& address) {
  const std::int64_t status = number_of(address, "last_status");
  if (status == 0) return "none yet";
  return std::to_string(status) + " at " + local_time(number_of(address, "last_answer"));
}

std::string place_of(const json::object& address) {
  const std::string host = text_of(address, "host");
  const std::string place = text_of(address, "address");
  if (host.empty()) return place;
  return host + (place.empty() ? "" : " " + place);
}

// "45.33 %"; nothing when there is none.
std::string figure(const json::object& quality, std::string_view name, std::string_view unit) {
  const json::value* figure = quality.if_contains(name);
  if (figure == nullptr || !figure->is_number()) return "";
  char text[32];
  std::snprintf(text, sizeof text, "%.2f", figure->to_number<double>());
  return text + std::string(unit);
}

// Of the window; nothing when it is not counted.
std::string figure_of(const json::object& gateway, std::string_view name, std::string_view unit) {
  const json::value* quality = gateway.if_contains("quality");
  if (quality == nullptr || !quality->is_object()) return "";
  return figure(quality->as_object(), name, unit);
}

// Of one that was asked for by name, when quality is kept by destination.
void print_destinations(const json::array& gateways) {
  Table table({{"GATEWAY"},
               {"DESTINATION"},
               {"ATTEMPTS", Align::Right},
               {"ANSWERED", Align::Right},
               {"ASR", Align::Right},
               {"ACD", Align::Right},
               {"SORTED BY IT"}});
  bool any = false;
  for (const json::value& item : gateways) {
    const json::object& gateway = item.as_object();
    for (const json::value& each : gateway.at("destinations").as_array()) {
      const json::object& quality = each.as_object();
      any = true;
      table.add({text_of(gateway, "name"), text_of(quality, "prefix"),
                 std::to_string(number_of(quality, "attempts")),
                 std::to_string(number_of(quality, "answered")), figure(quality, "asr", " %"),
                 figure(quality, "acd", " s"), is_true(quality, "sorts") ? "yes" : "no"});
    }
  }
  if (any) std::printf("\n%s", table.text().c_str());
}

void print_table(const json::array& gateways) {
  Table table({{"KIND"},
               {"GATEWAY"},
               {"STATE"},
               {"CALLS", Align::Right},
               {"CAPACITY", Align::Right},
               {"ASR", Align::Right},
               {"RESPONSE", Align::Right},
               {"CONNECT", Align::Right},
               {"ACD", Align::Right},
               {"ADDRESS"},
               {"IS"},
               {"MISSED", Align::Right},
               {"LAST ANSWER"}});
  for (const json::value& item : gateways) {
    const json::object& gateway = item.as_object();
    const std::int64_t capacity = number_of(gateway, "capacity");
    const std::vector<std::string> head{text_of(gateway, "kind"), text_of(gateway, "name"),
                                        state_of(gateway),
                                        std::to_string(number_of(gateway, "calls")),
                                        capacity == 0 ? "no limit" : std::to_string(capacity),
                                        figure_of(gateway, "asr", " %"),
                                        figure_of(gateway, "response_ratio", " %"),
                                        figure_of(gateway, "connect_ratio", " %"),
                                        figure_of(gateway, "acd", " s")};
    std::vector<std::string> row = head;
    for (const json::value& each : gateway.at("addresses").as_array()) {
      const json::object& address = each.as_object();
      row.insert(row.end(), {place_of(address), text_of(address, "state"),
                             std::to_string(number_of(address, "missed")), answer_of(address)});
      table.add(row);
      row.assign(head.size(), "");
    }
    if (row == head) {
      row.insert(row.end(), {"not checked", "", "", ""});
      table.add(row);
    }
  }
  std::fputs(table.text().c_str(), stdout);
}

}  // namespace

int show_online(const Globals& globals, const std::string& name) {
  auto line = Line::open(globals, Needs::Switch);
  if (!line.ok()) return fail(line.error());
  const auto reply = line->ask("GET", "/api/v1/online_gateways" + query_of({{"name", name}}));
  if (!reply.ok()) return fail(reply.error());
  const json::array items = items_of(*reply);
  if (items.empty() && !name.empty()) {
    return fail("there is no gateway " + name + "; `tandem gateway list` shows them all");
  }
  if (globals.json) {
    print_lines(items);
  } else {
    print_table(items);
    print_destinations(items);
  }
  return 0;
}

int unban(const Globals& globals, const std::string& name) {
  auto line = Line::open(globals, Needs::Switch);
  if (!line.ok()) return fail(line.error());
  const auto reply =
      line->ask("POST", "/api/v1/online_gateways/" + http::percent_encode(name) + "/unban");
  if (!reply.ok()) return fail(reply.error());
  if (globals.json) {
    std::fputs(reply->c_str(), stdout);
    return 0;
  }
  std::printf("%s %s\n", name.c_str(),
              is_true(object_of(*reply), "rested") ? "gets calls again" : "did not rest");
  return 0;
}

}  // namespace tandem::app
