// Who is registered, and ending that.
#include <boost/json.hpp>

#include "shell/api/questions.h"
#include "shell/api/configuration_access.h"
#include "shell/api/handlers.h"

namespace tandem::api {
namespace {

namespace json = boost::json;
using http::Response;

json::value time_json(UtcTime time) {
  return time == UtcTime{} ? json::value(nullptr) : json::value(epoch_milliseconds(time));
}

json::object registration_json(const exchange::RegistrationView& each) {
  return {{"number", each.number},
          {"kind", each.kind},
          {"user", each.user},
          {"contact", each.contact},
          {"route", each.route},
          {"source", each.source},
          {"user_agent", each.user_agent},
          {"since", epoch_milliseconds(each.since)},
          {"updated", epoch_milliseconds(each.updated)},
          {"expires", epoch_milliseconds(each.expires)},
          {"updates", each.updates},
          {"q", each.q},
          {"state", each.state},
          {"nat", each.nat},
          {"heard", time_json(each.heard)},
          {"kept_alive", time_json(each.kept_alive)}};
}

}  // namespace

Response list_registrations(Desk& desk, const Visit& visit) {
  exchange::ListRegistrations question{};
  question.after = std::uint64_t(std::max<std::int64_t>(visit.query.integer("after"), 0));
  question.limit = std::uint32_t(visit.query.integer("limit"));
  question.user = visit.query.text("user");
  auto list = ask<exchange::RegistrationList>(desk, question);
  if (!list.ok()) return std::move(list.error());
  json::array items;
  for (const exchange::RegistrationView& each : list->registrations) {
    items.push_back(registration_json(each));
  }
  const json::value next = list->next == 0 ? json::value(nullptr) : json::value(list->next);
  return json_response(json::serialize(
      json::object{{"items", std::move(items)}, {"total", list->total}, {"next", next}}));
}

Response unregister(Desk& desk, const Visit& visit) {
  exchange::Unregister wish{};
  wish.user = visit.key;
  const auto result = ask<exchange::UnregisterResult>(desk, wish);
  if (!result.ok()) return result.error();
  if (result->removed == 0) {
    return http::problem(404, "Nobody is registered as " + visit.key + '.');
  }
  return Response{.status = 204};
}

}  // namespace tandem::api
