// What is alive: calls, the way a call would take, counters. Asked of the exchange, which answers
// between two inputs.
#include "base/text.h"
#include "shell/api/configuration_access.h"
#include "shell/api/handlers.h"
#include "shell/api/questions.h"

namespace tandem::api {
namespace {

namespace json = boost::json;
using http::Response;

json::value time_of(UtcTime time) {
  return time == UtcTime{} ? json::value(nullptr) : json::value(epoch_milliseconds(time));
}

Response refuse_query(const std::string& name, const std::string& value, std::string message) {
  message = name + ": " + message;
  return http::problem(400, message, {{name, value, message}});
}

// The one that is named must exist; the only one need not be named.
std::optional<Response> choose_ingress(Desk& desk, exchange::Explain& question) {
  const std::lock_guard lock(desk.configuration_mutex);
  const auto gateways = desk.services.configuration->list("ingress_gateways");
  if (!gateways.ok()) return problem_of(gateways.error());
  std::string names;
  for (const store::StoredEntity& gateway : *gateways) {
    const std::string& name = directory::name_of(gateway.record);
    if (name == question.ingress) return std::nullopt;
    names += (names.empty() ? "" : ", ") + name;
  }
  if (question.ingress.empty() && gateways->size() == 1) {
    question.ingress = names;
    return std::nullopt;
  }
  if (gateways->empty()) return refuse_query("ingress", "", "there is no ingress gateway yet");
  return refuse_query("ingress", question.ingress,
                      "name the gateway the call comes from, or its source; there are " + names);
}

Response explanation_response(const exchange::Explanation& explanation) {
  json::array egress;
  for (const std::string& gateway : explanation.egress) egress.emplace_back(gateway);
  return json_response(json::serialize(json::object{{"accepted", explanation.end_reason.empty()},
                                                    {"end_reason", explanation.end_reason},
                                                    {"egress", std::move(egress)},
                                                    {"lines", lines_json(explanation)},
                                                    {"warnings", warnings_json(explanation)}}));
}

json::object counters_json(const exchange::StatusReport& report) {
  json::object counters;
  for (const auto& [name, value] : report.counters) counters[name] = value;
  return counters;
}

// What was seen of session timers since the start.
json::object timer_counters_json(const facts::TimerLive& timer) {
  return {{"with_timer", timer.timed},
          {"without_timer", timer.untimed},
          {"refreshed", timer.refreshed},
          {"refused", timer.refused},
          {"last_status", timer.last_status},
          {"glares", timer.glares},
          {"too_small_sent", timer.too_short_sent},
          {"too_small_received", timer.too_short_got},
          {"min_se_above_interval", timer.contradictory},
          {"interval_below_min_se", timer.below_minimum},
          {"asked", timer.asked},
          {"granted", timer.granted}};
}

json::array gateways_json(const exchange::StatusReport& report) {
  json::array gateways;
  for (const exchange::GatewayView& gateway : report.gateways) {
    gateways.push_back(json::object{{"kind", gateway.kind},
                                    {"name", gateway.name},
                                    {"calls", gateway.calls},
                                    {"attempts", gateway.attempts},
                                    {"answered", gateway.answered},
                                    {"timer", timer_counters_json(gateway.timer)}});
  }
  return gateways;
}

json::object process_json(const Services& services) {
  const ProcessFacts facts = services.exchanges.facts();
  json::array listeners;
  for (const std::string& listener : facts.listeners) listeners.emplace_back(listener);
  const auto uptime = std::chrono::duration_cast<seconds>(services.now() - facts.started);
  return {{"version", services.version}, {"started", time_of(facts.started)},
          {"uptime_s", uptime.count()},  {"listeners", std::move(listeners)},
          {"draining", facts.draining},  {"alarm", facts.alarm}};
}

}  // namespace

json::array lines_json(const exchange::Explanation& told) {
  json::array lines;
  for (const exchange::ExplainLine& line : told.lines) {
    lines.push_back(json::object{{"step", line.step},
                                 {"subject", line.subject},
                                 {"outcome", line.outcome},
                                 {"reason", line.reason}});
  }
  return lines;
}

json::array warnings_json(const exchange::Explanation& told) {
  json::array warnings;
  for (const routing::Warning& each : told.warnings)
    warnings.push_back(json::object{{"subject", each.subject}, {"warning", each.sentence}});
  return warnings;
}

json::value timer_json(const exchange::LegView& leg) {
  if (!leg.there) return nullptr;
  const exchange::TimerView& timer = leg.timer;
  const auto seconds_of = [](milliseconds time) {
    return time.count() < 0 ? json::value(nullptr) : json::value(time.count() / 1000);
  };
  const bool runs = timer.interval.count() > 0;
  return json::object{
      {"interval", runs ? json::value(timer.interval.count()) : json::value(nullptr)},
      {"refresher", runs ? json::value(timer.refresher) : json::value(nullptr)},
      {"method", timer.method},
      {"one_sided", timer.one_sided},
      {"next_refresh_s", seconds_of(timer.next_refresh)},
      {"deadline_s", seconds_of(timer.deadline)},
      {"last_received", time_of(leg.last_alive)},
      {"rule", timer.rule},
      {"reason", timer.reason},
      {"peer_supports", timer.peer_supports},
      {"peer_updates", timer.peer_updates},
      {"refused_update", timer.refused_update},
      {"refused_reinvite", timer.refused_reinvite}};
}

json::object call_json(const exchange::CallView& call) {
  return {{"flow_no", call.flow_no},
          {"state", exchange::to_text(call.state)},
          {"caller", call.caller},
          {"callee", call.callee},
          {"caller_gateway", call.caller_gateway},
          {"callee_gateway", call.callee_gateway},
          {"caller_ip", call.caller_ip},
          {"callee_ip", call.callee_ip},
          {"caller_call_id", call.caller_call_id},
          {"callee_call_id", call.callee_call_id},
          {"start", time_of(call.start)},
          {"ring_time", time_of(call.ring_time)},
          {"answer_time", time_of(call.answer_time)},
          {"attempt", call.attempt},
          {"caller_timer", timer_json(call.caller_leg)},
          {"callee_timer", timer_json(call.callee_leg)}};
}

Response list_calls(Desk& desk, const Visit& visit) {
  const auto limit = static_cast<std::uint32_t>(visit.query.integer("limit"));
  const auto list = ask<exchange::CallList>(
      desk, exchange::ListCalls{.request = 0,
                                .after_flow_no = visit.query.integer("after"),
                                .limit = limit,
                                .number = visit.query.text("number"),
                                .gateway = visit.query.text("gateway"),
                                .without_timer = visit.query.flag("without_timer")});
  if (!list.ok()) return list.error();
  json::array items;
  for (const exchange::CallView& call : list->calls) items.push_back(call_json(call));
  json::value next = nullptr;
  if (list->calls.size() == limit) next = list->calls.back().flow_no;
  return json_response(json::serialize(
      json::object{{"items", std::move(items)}, {"total", list->total}, {"next", next}}));
}

Response get_call(Desk& desk, const Visit& visit) {
  const auto flow_no = to_number<std::int64_t>(visit.key);
  if (!flow_no || *flow_no <= 0) return no_call(visit.key);
  const auto list = ask<exchange::CallList>(
      desk, exchange::ListCalls{.request = 0, .number = {}, .gateway = {}, .flow_no = *flow_no});
  if (!list.ok()) return list.error();
  if (list->calls.empty()) return no_call(visit.key);
  return json_response(json::serialize(call_json(list->calls.front())));
}

Response hang_up(Desk& desk, const Visit& visit) {
  const auto flow_no = to_number<std::int64_t>(visit.key);
  if (!flow_no || *flow_no <= 0) return no_call(visit.key);
  const auto result =
      ask<exchange::HangUpResult>(desk, exchange::HangUp{.request = 0, .flow_no = *flow_no});
  if (!result.ok()) return result.error();
  return result->found ? Response{.status = 204} : no_call(visit.key);
}

Response explain_route(Desk& desk, const Visit& visit) {
  exchange::Explain question{.request = 0,
                             .caller = visit.query.text("caller"),
                             .callee = visit.query.text("callee"),
                             .source_ip = visit.query.text("source"),
                             .ingress = visit.query.text("ingress"),
                             .phone = visit.query.text("phone")};
  if (visit.query.has("at")) question.at = visit.query.time("at");
  if (question.callee.empty()) return refuse_query("callee", "", "is required");
  if (!question.source_ip.empty() && !IpAddress::parse(question.source_ip)) {
    return refuse_query("source", question.source_ip, "must be an IP address");
  }
  if (question.source_ip.empty() && question.phone.empty()) {
    if (auto refused = choose_ingress(desk, question)) return std::move(*refused);
  }
  const auto explanation = ask<exchange::Explanation>(desk, std::move(question));
  if (!explanation.ok()) return explanation.error();
  return explanation_response(*explanation);
}

Response get_status(Desk& desk, const Visit&) {
  const auto report = ask<exchange::StatusReport>(desk, exchange::Status{.request = 0});
  if (!report.ok()) return report.error();
  json::object body = process_json(desk.services);
  {
    const std::lock_guard lock(desk.configuration_mutex);
    const auto number = desk.services.configuration->directory_number();
    if (number.ok()) body["directory_number"] = *number;
  }
  body["cdr_queue"] = desk.services.cdrs.queue();
  body["cdr_fault"] = desk.services.cdrs.fault();
  body["counters"] = counters_json(*report);
  body["gateways"] = gateways_json(*report);
  return json_response(json::serialize(body));
}

}  // namespace tandem::api
