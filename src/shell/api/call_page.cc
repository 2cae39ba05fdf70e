// One call on one page: who, where to, in which states; why it went that way; and of both legs the
// dialog, the session timer in words, each refresh, and what the peer can do. Of a call that is up,
// or of the record of one that has ended; what the messages say is read from the trace.
#include <algorithm>

#include "base/text.h"
#include "core/cdr/cdr_text.h"
#include "shell/api/configuration_access.h"
#include "shell/api/handlers.h"
#include "shell/api/questions.h"
#include "shell/trace/sessions.h"

namespace tandem::api {
namespace {

namespace json = boost::json;
using http::Response;
using trace::Leg;
using trace::Refresh;

struct Page {
  std::int64_t flow_no = 0;
  json::value live;           // a call that is up, else null
  json::value record;         // one that has ended, else null
  exchange::CallView view{};  // of the live call
  std::vector<trace::Entry> messages;
};

json::value time_of(UtcTime time) {
  return time == UtcTime{} ? json::value(nullptr) : json::value(epoch_milliseconds(time));
}

std::string text_in(const json::value& object, std::string_view name) {
  if (!object.is_object()) return {};
  const json::value* value = object.as_object().if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->as_string()) : std::string();
}

// Of the live call or of the record: both have these members.
std::string text_of(const Page& page, std::string_view name) {
  const std::string text = text_in(page.live, name);
  return text.empty() ? text_in(page.record, name) : text;
}

// ---- the parts of the page

// Values the rules of the timer need.
struct TimerParameters {
  std::int64_t min_se = 90;
  std::int64_t ceiling = 7200;
  std::int64_t segment = 2;
  std::int64_t early_hangup = 0;
  bool rfc_margin = true;

  // session-timer.md 1
  std::int64_t refresh_interval(std::int64_t interval) const {
    return std::max<std::int64_t>(1, interval / std::max<std::int64_t>(1, segment));
  }
  std::int64_t margin(std::int64_t interval) const {
    const std::int64_t third = interval / 3;
    if (early_hangup > 0) return std::min(early_hangup, third);
    return rfc_margin ? std::min<std::int64_t>(32, third) : 0;
  }
};

std::int64_t number_of_parameter(Desk& desk, std::string_view name, std::int64_t otherwise) {
  const auto found = desk.services.configuration->parameter(name);
  if (!found.ok()) return otherwise;
  return to_number<std::int64_t>(found->value).value_or(otherwise);
}

TimerParameters timer_parameters(Desk& desk) {
  const std::lock_guard lock(desk.configuration_mutex);
  TimerParameters values;
  values.min_se = number_of_parameter(desk, "SS_SIP_SESSION_MIN_SE", values.min_se);
  values.ceiling = number_of_parameter(desk, "SS_SIP_SESSION_TTL_CEILING", values.ceiling);
  values.segment = number_of_parameter(desk, "SS_SIP_SESSION_UPDATE_SEGMENT", values.segment);
  values.early_hangup =
      number_of_parameter(desk, "SS_SIP_SESSION_TIMEOUT_EARLY_HANGUP", values.early_hangup);
  const auto margin = desk.services.configuration->parameter("SS_SIP_SESSION_RFC_MARGIN");
  if (margin.ok()) values.rfc_margin = margin->value == "On";
  return values;
}

json::object refresh_json(const Refresh& refresh) {
  return {{"time", time_of(refresh.time)},
          {"by", refresh.by_us ? "switch" : "peer"},
          {"method", refresh.method},
          {"session_expires", refresh.refreshes},
          {"status", refresh.status},
          {"delay_ms",
           refresh.delay.count() < 0 ? json::value(nullptr) : json::value(refresh.delay.count())},
          {"again_after_ms", refresh.again_after.count() < 0
                                 ? json::value(nullptr)
                                 : json::value(refresh.again_after.count())}};
}

json::object timer_json(const Leg& leg, const TimerParameters& values, UtcTime now) {
  json::object timer{{"interval", nullptr},
                     {"refresher", nullptr},
                     {"refreshed", nullptr},
                     {"next_refresh_s", nullptr},
                     {"deadline_s", nullptr},
                     {"last_received", time_of(leg.last_received)},
                     {"rule", ""},
                     {"reason", ""}};
  const trace::TimerRule* rule = trace::timer_rule(leg, static_cast<std::uint32_t>(values.min_se),
                                                   static_cast<std::uint32_t>(values.ceiling));
  if (rule != nullptr) {
    timer["rule"] = rule->code;
    timer["reason"] = rule->words;
  }
  if (!leg.interval) return timer;
  const std::int64_t interval = *leg.interval;
  const std::int64_t since = std::chrono::duration_cast<seconds>(now - leg.refreshed).count();
  timer["interval"] = interval;
  timer["refresher"] = leg.we_refresh ? "switch" : "peer";
  timer["refreshed"] = time_of(leg.refreshed);
  if (leg.we_refresh) timer["next_refresh_s"] = values.refresh_interval(interval) - since;
  timer["deadline_s"] = interval - values.margin(interval) - since;
  return timer;
}

json::object leg_json(const Leg& leg, const TimerParameters& values, UtcTime now) {
  json::array refreshes;
  for (const Refresh& each : leg.refreshes) refreshes.push_back(refresh_json(each));
  json::array too_small;
  for (const trace::TooSmall& each : leg.too_small) {
    too_small.push_back(json::object{{"time", time_of(each.time)},
                                     {"refused_by", each.by_us ? "switch" : "peer"},
                                     {"asked", each.asked},
                                     {"wanted", each.wanted}});
  }
  return {{"side", leg.we_called ? "callee" : "caller"},
          {"peer", leg.peer},
          {"call_id", leg.call_id},
          {"invited", time_of(leg.invited)},
          {"answered", time_of(leg.answered)},
          {"status", leg.final_status},
          {"dialog", json::object{{"local_tag", leg.local_tag},
                                  {"remote_tag", leg.remote_tag},
                                  {"local_cseq", leg.local_cseq},
                                  {"remote_cseq", leg.remote_cseq},
                                  {"remote_target", leg.contact},
                                  {"routes", leg.routes}}},
          {"timer", timer_json(leg, values, now)},
          {"refreshes", std::move(refreshes)},
          {"too_small", std::move(too_small)},
          {"abilities", json::object{{"supported", leg.abilities.supported},
                                     {"allow", leg.abilities.allow},
                                     {"product", leg.abilities.product},
                                     {"since", time_of(leg.abilities.since)}}}};
}

json::object refresh_json(const exchange::RefreshView& refresh) {
  const std::int64_t pause = refresh.pause.count();
  return {{"time", time_of(refresh.at)},
          {"by", "switch"},
          {"method", refresh.method},
          {"session_expires", refresh.method != "OPTIONS"},
          {"status", refresh.status},
          {"delay_ms", refresh.delay.count()},
          {"again_after_ms", pause == 0 ? json::value(nullptr) : json::value(pause)}};
}

// The exchange knows better than the messages, which may be gone.
void take_live(json::object& leg, const exchange::LegView& live) {
  leg["timer"] = api::timer_json(live);
  leg["dialog"] =
      json::object{{"local_tag", live.local_tag},         {"remote_tag", live.remote_tag},
                   {"local_cseq", live.local_cseq},       {"remote_cseq", live.remote_cseq},
                   {"remote_target", live.remote_target}, {"routes", live.routes}};
  json::array& refreshes = leg["refreshes"].as_array();
  if (!refreshes.empty()) return;
  for (const exchange::RefreshView& each : live.refreshes) refreshes.push_back(refresh_json(each));
}

void take_live(json::array& legs, const Page& page) {
  const exchange::CallView& call = page.view;
  const std::pair<const exchange::LegView*, const std::string*> sides[] = {
      {&call.caller_leg, &call.caller_call_id}, {&call.callee_leg, &call.callee_call_id}};
  for (const auto& [live, call_id] : sides) {
    if (!live->there) continue;
    const auto known = std::find_if(legs.begin(), legs.end(), [&](const json::value& each) {
      return text_in(each, "call_id") == *call_id;
    });
    if (known != legs.end()) {
      take_live(known->as_object(), *live);
      continue;
    }
    Leg leg;
    leg.call_id = *call_id;
    leg.we_called = live == &call.callee_leg;
    leg.peer = leg.we_called ? call.callee_ip : call.caller_ip;
    leg.answered = call.answer_time;
    json::object added = leg_json(leg, {}, call.start);
    take_live(added, *live);
    legs.push_back(std::move(added));
  }
}

json::array legs_json(const Page& page, const TimerParameters& values, UtcTime now) {
  trace::Sessions sessions;
  for (const trace::Entry& entry : page.messages) sessions.read(entry);
  json::array legs;
  for (const Leg& leg : sessions.legs()) legs.push_back(leg_json(leg, values, now));
  take_live(legs, page);
  return legs;
}

// The decision made again: by the configuration of today.
json::value decision_json(Desk& desk, const Page& page) {
  const std::string callee_in = text_in(page.record, "callee_in");
  const std::string caller_in = text_in(page.record, "caller_in");
  exchange::Explain question{.request = 0,
                             .caller = caller_in.empty() ? text_of(page, "caller") : caller_in,
                             .callee = callee_in.empty() ? text_of(page, "callee") : callee_in,
                             .source_ip = {},
                             .ingress = text_of(page, "caller_gateway")};
  if (question.ingress.empty() || question.callee.empty()) return nullptr;
  const auto explanation = ask<exchange::Explanation>(desk, std::move(question));
  if (!explanation.ok()) return nullptr;
  json::array lines;
  for (const exchange::ExplainLine& line : explanation->lines) {
    lines.push_back(json::object{{"step", line.step},
                                 {"subject", line.subject},
                                 {"outcome", line.outcome},
                                 {"reason", line.reason}});
  }
  json::object decision{{"end_reason", explanation->end_reason}, {"lines", std::move(lines)}};
  const std::lock_guard lock(desk.configuration_mutex);
  const auto number = desk.services.configuration->directory_number();
  if (number.ok()) decision["configuration"] = *number;
  return decision;
}

// The live call, the record, or neither.
std::optional<Response> find_call(Desk& desk, Page& page) {
  if (desk.services.exchanges.post) {
    auto list = ask<exchange::CallList>(
        desk,
        exchange::ListCalls{.request = 0, .number = {}, .gateway = {}, .flow_no = page.flow_no});
    if (!list.ok()) return list.error();
    if (!list->calls.empty()) {
      page.view = std::move(list->calls.front());
      page.live = call_json(page.view);
    }
  }
  if (!page.live.is_null()) return std::nullopt;
  store::CdrFilter filter;
  filter.flow_no = page.flow_no;
  std::string record;
  const auto found = desk.services.cdrs.find(
      filter, [&](const cdr::CdrValues& values) { cdr::append_json(record, values); });
  if (!found.ok()) return http::problem(503, found.error().sentence);
  if (!record.empty()) page.record = json::parse(record);
  return std::nullopt;
}

}  // namespace

Response get_call_page(Desk& desk, const Visit& visit) {
  Page page;
  page.flow_no = to_number<std::int64_t>(visit.key).value_or(0);
  if (page.flow_no > 0) {
    if (auto failed = find_call(desk, page)) return std::move(*failed);
  }
  if (page.live.is_null() && page.record.is_null()) {
    return http::problem(404, "There is no call " + visit.key + ", neither live nor recorded.");
  }
  std::string ladder;
  if (trace::Tracing* tracing = desk.services.exchanges.tracing) {
    trace::Wish wish;
    wish.flow_no = page.flow_no;
    if (auto entries = tracing->find(wish, {}); entries.ok()) page.messages = std::move(*entries);
    ladder = tracing->ladder(page.messages);
  }
  json::object body{{"flow_no", page.flow_no},
                    {"state", page.live.is_null() ? "ended" : text_in(page.live, "state")},
                    {"call", page.live},
                    {"record", page.record},
                    {"decision", decision_json(desk, page)},
                    {"legs", legs_json(page, timer_parameters(desk), desk.services.now())},
                    {"messages", page.messages.size()},
                    {"ladder", ladder}};
  return json_response(json::serialize(body));
}

}  // namespace tandem::api
