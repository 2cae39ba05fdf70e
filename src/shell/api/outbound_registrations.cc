// How the outbound registrations stand, and trying them at once.
#include "base/text.h"
#include "shell/api/configuration_access.h"
#include "shell/api/handlers.h"
#include "shell/api/questions.h"

namespace tandem::api {
namespace {

namespace json = boost::json;
using exchange::OutboundView;
using http::Response;

json::value time_of(UtcTime time) {
  return time == UtcTime{} ? json::value(nullptr) : json::value(epoch_milliseconds(time));
}

json::object registration_json(const OutboundView& view) {
  return {{"id", view.id},
          {"name", view.name},
          {"enabled", view.enabled},
          {"state", registering::to_text(view.state)},
          {"registered", view.registered},
          {"since", time_of(view.since)},
          {"registered_until", time_of(view.registered_until)},
          {"answer", view.answer},
          {"reason", view.phrase},
          {"answer_time", time_of(view.answer_time)},
          {"failures", view.failures},
          {"address", view.address},
          {"calls", view.calls}};
}

Result<exchange::OutboundList, Response> ask_all(Desk& desk) {
  return ask<exchange::OutboundList>(desk, exchange::ListOutbound{.request = 0});
}

// By name, else by id; nullptr when there is none.
const OutboundView* find(const exchange::OutboundList& list, const std::string& key) {
  const auto id = to_number<std::int64_t>(key);
  const OutboundView* by_id = nullptr;
  for (const OutboundView& view : list.registrations) {
    if (view.name == key) return &view;
    if (id && view.id == *id) by_id = &view;
  }
  return by_id;
}

Response no_registration(const std::string& key) {
  return http::problem(404, "There is no outbound registration " + key + '.');
}

}  // namespace

Response list_outbound(Desk& desk, const Visit& visit) {
  const auto list = ask_all(desk);
  if (!list.ok()) return list.error();
  const std::string name = visit.query.text("name");
  json::array items;
  for (const OutboundView& view : list->registrations) {
    if (name.empty() || view.name == name) items.push_back(registration_json(view));
  }
  return json_response(json::serialize(json::object{{"items", std::move(items)}}));
}

Response get_outbound(Desk& desk, const Visit& visit) {
  const auto list = ask_all(desk);
  if (!list.ok()) return list.error();
  const OutboundView* view = find(*list, visit.key);
  if (view == nullptr) return no_registration(visit.key);
  return json_response(json::serialize(registration_json(*view)));
}

Response retry_outbound(Desk& desk, const Visit& visit) {
  const auto list = ask_all(desk);
  if (!list.ok()) return list.error();
  const OutboundView* view = find(*list, visit.key);
  if (view == nullptr) return no_registration(visit.key);
  const auto result = ask<exchange::RetriedOutbound>(
      desk, exchange::RetryOutbound{.request = 0, .id = view->id});
  if (!result.ok()) return result.error();
  if (result->found) return Response{.status = 204};
  return http::problem(409, "Outbound registration " + view->name + " is not enabled.");
}

}  // namespace tandem::api
