// What is wrong with calls, and why: the facts are gathered here and judged in shell/doctor.
#include <algorithm>

#include "base/text.h"
#include "core/directory/entity_rows.h"
#include "shell/api/configuration_access.h"
#include "shell/api/handlers.h"
#include "shell/api/questions.h"
#include "shell/doctor/symptoms.h"

namespace tandem::api {
namespace {

namespace json = boost::json;
using http::Response;

constexpr std::chrono::hours kUsualSpan{24};

struct NumberSetting {
  std::string_view parameter;
  std::int64_t doctor::Settings::*member;
};
constexpr NumberSetting kNumberSettings[] = {
    {"SS_SIP_SESSION_TTL", &doctor::Settings::session_ttl},
    {"SS_SIP_SESSION_UPDATE_SEGMENT", &doctor::Settings::segment},
    {"SS_SIP_SESSION_MIN_SE", &doctor::Settings::min_se},
    {"SS_SIP_SESSION_TTL_CEILING", &doctor::Settings::ttl_ceiling},
    {"SS_SIP_SESSION_REFRESH_TIMEOUT", &doctor::Settings::refresh_timeout},
    {"SS_SIP_NO_TIMER_REINVITE_INTERVAL", &doctor::Settings::no_timer_interval},
    {"SS_SIP_NAT_KEEP_ALIVE_PERIOD", &doctor::Settings::keep_alive_period},
};
struct TextSetting {
  std::string_view parameter;
  std::string doctor::Settings::*member;
};
constexpr TextSetting kTextSettings[] = {
    {"SS_SIP_SESSION_REFRESH_METHOD", &doctor::Settings::refresh_method},
    {"SS_SIP_NAT_KEEP_ALIVE_MESSAGE", &doctor::Settings::keep_alive_message},
};

// Requires the configuration mutex. Of what is not built the defaults are as good as any value.
doctor::Settings settings_of(store::ConfigStore& configuration) {
  doctor::Settings settings;
  for (const NumberSetting& each : kNumberSettings) {
    const auto found = configuration.parameter(each.parameter);
    const auto number = found.ok() ? to_number<std::int64_t>(found->value) : std::nullopt;
    if (number) settings.*each.member = *number;
  }
  for (const TextSetting& each : kTextSettings) {
    const auto found = configuration.parameter(each.parameter);
    if (found.ok()) settings.*each.member = found->value;
  }
  const directory::ParameterRow* row = directory::find_parameter("SS_SIP_NAT_KEEP_ALIVE_MESSAGE");
  settings.keep_alive_built = row != nullptr && row->available();
  return settings;
}

// Requires the configuration mutex.
bool is_device(store::ConfigStore& configuration, const std::string& name) {
  for (const char* resource : {"ingress_gateways", "egress_gateways", "phones"}) {
    const auto gateways = configuration.list(resource);
    if (!gateways.ok()) continue;
    for (const store::StoredEntity& gateway : *gateways) {
      if (directory::name_of(gateway.record) == name) return true;
    }
  }
  return false;
}

// The counters of a gateway are exact; what passed in the trace is only the newest.
void take_counters(const exchange::GatewayView& gateway, doctor::Facts& facts) {
  const facts::TimerLive& timer = gateway.timer;
  const bool called = gateway.kind == "egress";
  auto device = std::find_if(facts.devices.begin(), facts.devices.end(), [&](const auto& each) {
    return each.name == gateway.name && each.called == called;
  });
  if (device == facts.devices.end()) {
    if (timer.timed + timer.untimed + timer.too_short_sent + timer.too_short_got == 0) return;
    device = facts.devices.insert(device, {.name = gateway.name, .called = called});
  }
  device->legs = timer.timed + timer.untimed;
  device->without_timer = timer.untimed;
  device->refreshes = timer.refreshed + timer.refused;
  device->refreshed = timer.refreshed;
  device->last_status = timer.last_status;
  device->refreshed_by = to_text(timer.learned);
  device->glare = std::max(device->glare, timer.glares);
  if (!device->too_small.empty()) return;
  if (timer.too_short_sent > 0) {
    device->too_small.push_back({true, timer.asked, timer.granted, timer.too_short_sent});
  }
  if (timer.too_short_got > 0) {
    device->too_small.push_back({false, timer.asked, timer.granted, timer.too_short_got});
  }
}

void look_at_switch(Desk& desk, doctor::Facts& facts) {
  const auto report = ask<exchange::StatusReport>(desk, exchange::Status{.request = 0});
  if (!report.ok()) return;
  facts.switch_runs = true;
  for (const auto& [name, value] : report->counters) facts.counters[name] = value;
  for (const exchange::GatewayView& gateway : report->gateways) take_counters(gateway, facts);
  const auto page = ask<exchange::KeepAliveReport>(desk, exchange::ShowKeepAlive{.request = 0});
  if (!page.ok()) return;
  facts.counters["keep_alive_contacts"] = page->figures.contacts;
  facts.counters["keep_alive_offline"] = page->figures.offline;
  facts.counters["keep_alive_overruns"] = page->figures.overruns;
}

void look_at_messages(const trace::Tracing& tracing, doctor::Facts& facts) {
  trace::Sessions sessions;
  facts.messages = tracing.read_sessions(sessions, facts.from);
  facts.devices = doctor::devices_of(
      sessions.legs(), [&](const trace::Leg& leg) { return tracing.device_of(leg); });
}

json::array findings_json(const std::vector<doctor::Finding>& findings) {
  json::array items;
  for (const doctor::Finding& finding : findings) {
    json::object figures;
    for (const auto& [name, value] : finding.figures) figures[name] = value;
    items.push_back(json::object{{"symptom", finding.symptom},
                                 {"weight", doctor::to_text(finding.weight)},
                                 {"gateway", finding.gateway},
                                 {"found", finding.found},
                                 {"advice", finding.advice},
                                 {"figures", std::move(figures)}});
  }
  return items;
}

// What is known of each peer, and since when it says so.
json::array devices_json(const doctor::Facts& facts) {
  json::array items;
  for (const doctor::Device& device : facts.devices) {
    if (!facts.concerns(device.name)) continue;
    const bool known = device.abilities.since != UtcTime{};
    items.push_back(
        json::object{{"name", device.name},
                     {"role", device.called ? "callee" : "caller"},
                     {"answered", device.legs},
                     {"without_timer", device.without_timer},
                     {"refreshes", device.refreshes},
                     {"refreshes_succeeded", device.refreshed},
                     {"last_status", device.last_status},
                     {"refreshed_by", device.refreshed_by},
                     {"reinvites_refused", device.reinvites_refused},
                     {"updates_refused", device.updates_refused},
                     {"supported", device.abilities.supported},
                     {"allow", device.abilities.allow},
                     {"product", device.abilities.product},
                     {"since", known ? json::value(epoch_milliseconds(device.abilities.since))
                                     : json::value(nullptr)}});
  }
  return items;
}

json::array symptoms_json(const std::vector<doctor::Finding>& findings) {
  json::array items;
  for (const doctor::Symptom& symptom : doctor::all_symptoms()) {
    const auto count = std::count_if(findings.begin(), findings.end(), [&](const auto& each) {
      return each.symptom == symptom.code;
    });
    items.push_back(json::object{{"code", symptom.code},
                                 {"symptom", symptom.symptom},
                                 {"looked_at", symptom.looked_at},
                                 {"findings", count}});
  }
  return items;
}

json::array histogram_json(const doctor::Facts& facts) {
  json::array items;
  for (const doctor::Bar& bar : doctor::histogram_bars(facts)) {
    items.push_back(json::object{{"from_s", bar.span.first},
                                 {"to_s", bar.span.last},
                                 {"calls", bar.calls},
                                 {"mark", bar.mark}});
  }
  return items;
}

}  // namespace

Response get_doctor(Desk& desk, const Visit& visit) {
  doctor::Facts facts;
  facts.until = desk.services.now();
  facts.from = visit.query.has("since") ? visit.query.time("since") : facts.until - kUsualSpan;
  facts.gateway = visit.query.text("gateway");
  {
    const std::lock_guard lock(desk.configuration_mutex);
    facts.settings = settings_of(*desk.services.configuration);
    if (!facts.gateway.empty() && !is_device(*desk.services.configuration, facts.gateway)) {
      const std::string message = "gateway: there is no gateway or phone of this name";
      return http::problem(400, message, {{"gateway", facts.gateway, message}});
    }
  }
  // Those of this moment too.
  auto calls = desk.services.cdrs.summarise(facts.from, facts.until + milliseconds(1));
  if (!calls.ok()) return http::problem(503, calls.error().sentence);
  facts.calls = std::move(*calls);
  if (const trace::Tracing* tracing = desk.services.exchanges.tracing) {
    look_at_messages(*tracing, facts);
  }
  if (desk.services.exchanges.post) look_at_switch(desk, facts);
  const std::vector<doctor::Finding> findings = doctor::examine(facts);
  return json_response(json::serialize(json::object{{"from", epoch_milliseconds(facts.from)},
                                                    {"until", epoch_milliseconds(facts.until)},
                                                    {"gateway", facts.gateway},
                                                    {"calls", facts.calls.calls},
                                                    {"messages", facts.messages},
                                                    {"switch_runs", facts.switch_runs},
                                                    {"findings", findings_json(findings)},
                                                    {"devices", devices_json(facts)},
                                                    {"symptoms", symptoms_json(findings)},
                                                    {"histogram", histogram_json(facts)}}));
}

}  // namespace tandem::api
