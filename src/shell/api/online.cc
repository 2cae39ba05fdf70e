// How the peers stand: gateways with their addresses and pauses, and the keep-alive.
#include "shell/api/configuration_access.h"
#include "shell/api/handlers.h"
#include "shell/api/questions.h"

namespace tandem::api {
namespace {

namespace json = boost::json;
using http::Response;

json::object address_json(const exchange::AddressView& address) {
  const json::value answered = address.answered == UtcTime{}
                                   ? json::value(nullptr)
                                   : json::value(epoch_milliseconds(address.answered));
  return {{"address", address.address},    {"host", address.host},    {"state", address.state},
          {"last_status", address.status}, {"last_answer", answered}, {"missed", address.missed}};
}

// Two digits behind the point; null when there is nothing to divide by.
json::value ratio(std::uint64_t part, std::uint64_t whole, std::uint64_t scale) {
  if (whole == 0) return nullptr;
  return double(part * scale * 100 / whole) / 100;
}

json::value quality_json(const std::optional<facts::QualityFigures>& quality) {
  if (!quality) return nullptr;
  const facts::QualityFigures& of = *quality;
  return json::object{{"attempts", of.attempts},
                      {"answered", of.answered},
                      {"ended", of.ended},
                      {"asr", ratio(of.answered, of.attempts, 100)},
                      {"response_ratio", ratio(of.replied, of.attempts, 100)},
                      {"connect_ratio", ratio(of.rang, of.attempts, 100)},
                      {"acd", ratio(of.talk, of.ended * 1000, 1)}};
}

json::array destinations_json(const exchange::GatewayOnline& gateway) {
  json::array list;
  for (const exchange::DestinationOnline& each : gateway.destinations) {
    json::object item = quality_json(each.quality).as_object();
    item["prefix"] = each.prefix;
    item["sorts"] = each.sorts;
    list.push_back(std::move(item));
  }
  return list;
}

json::object gateway_json(const exchange::GatewayOnline& gateway) {
  json::array addresses;
  for (const exchange::AddressView& address : gateway.addresses) {
    addresses.push_back(address_json(address));
  }
  return {{"kind", gateway.kind},
          {"name", gateway.name},
          {"state", gateway.state},
          {"calls", gateway.calls},
          {"capacity", gateway.capacity},
          {"attempts", gateway.attempts},
          {"answered", gateway.answered},
          {"quality", quality_json(gateway.quality)},
          {"destinations", destinations_json(gateway)},
          {"retry_after_ms", gateway.rests_for.count()},
          {"retry_after_status", gateway.rests_after},
          {"retry_after_count", gateway.rests},
          {"addresses", std::move(addresses)}};
}

std::string_view to_text(keepalive::Method method) {
  switch (method) {
    case keepalive::Method::Text:
      return "text";
    case keepalive::Method::Crlf:
      return "crlf";
    case keepalive::Method::Options:
      break;
  }
  return "options";
}

json::object keep_alive_json(const exchange::KeepAliveReport& report) {
  const keepalive::Settings& settings = report.settings;
  const keepalive::Figures& figures = report.figures;
  const keepalive::Pacing& pacing = figures.pacing;
  return {{"enabled", settings.on},
          {"method", to_text(settings.method)},
          {"scope", settings.scope == keepalive::Scope::All ? "all" : "nat_only"},
          {"contacts", figures.contacts},
          {"offline", figures.offline},
          {"period_s", std::chrono::duration_cast<seconds>(settings.rhythm.period).count()},
          {"send_interval_ms", settings.rhythm.interval.count()},
          {"send_one_time", settings.rhythm.batch},
          {"cycle", json::object{{"contacts", pacing.contacts},
                                 {"batches", pacing.batches},
                                 {"last_batch_ms", pacing.last_batch.count()},
                                 {"capacity", pacing.capacity},
                                 {"effective_batch", pacing.batch},
                                 {"overrun", pacing.overrun},
                                 {"sent", figures.sent_in_cycle}}},
          {"cycles", figures.cycles},
          {"overruns", figures.overruns},
          {"late_cycles", figures.late_cycles},
          {"sent", figures.sent},
          {"answers", report.answers},
          {"heard", figures.heard}};
}

}  // namespace

Response list_online(Desk& desk, const Visit& visit) {
  const auto online = ask<exchange::OnlineList>(
      desk, exchange::ListOnline{.request = 0, .name = visit.query.text("name")});
  if (!online.ok()) return online.error();
  json::array items;
  for (const exchange::GatewayOnline& gateway : online->gateways) {
    items.push_back(gateway_json(gateway));
  }
  return json_response(json::serialize(json::object{{"items", std::move(items)}}));
}

Response list_online_groups(Desk& desk, const Visit& visit) {
  const auto online = ask<exchange::OnlineList>(
      desk, exchange::ListOnline{.request = 0, .name = visit.query.text("name")});
  if (!online.ok()) return online.error();
  json::array items;
  for (const exchange::GroupOnline& group : online->groups) {
    items.push_back(json::object{{"name", group.name},
                                 {"state", group.state},
                                 {"calls", group.calls},
                                 {"capacity", group.capacity},
                                 {"members", group.members}});
  }
  return json_response(json::serialize(json::object{{"items", std::move(items)}}));
}

Response list_online_pools(Desk& desk, const Visit& visit) {
  const auto found = ask<exchange::PoolList>(
      desk, exchange::ListPools{.request = 0, .name = visit.query.text("name")});
  if (!found.ok()) return found.error();
  json::array items;
  for (const exchange::PoolOnline& pool : found->pools) {
    json::array used_by, in_use;
    for (const std::string& each : pool.used_by) used_by.emplace_back(each);
    for (const exchange::PooledNumber& each : pool.in_use)
      in_use.push_back(json::object{{"number", each.number}, {"calls", each.calls}});
    items.push_back(json::object{{"name", pool.name},
                                 {"numbers", pool.numbers},
                                 {"busy", pool.busy},
                                 {"calls", pool.calls},
                                 {"exhausted", pool.exhausted},
                                 {"used_by", std::move(used_by)},
                                 {"in_use", std::move(in_use)}});
  }
  return json_response(json::serialize(json::object{{"items", std::move(items)}}));
}

Response unban_gateway(Desk& desk, const Visit& visit) {
  const auto result =
      ask<exchange::UnbanResult>(desk, exchange::Unban{.request = 0, .name = visit.key});
  if (!result.ok()) return result.error();
  if (!result->found) return http::problem(404, "There is no egress gateway " + visit.key + '.');
  return json_response(json::serialize(json::object{{"rested", result->rested}}));
}

Response get_keep_alive(Desk& desk, const Visit&) {
  const auto report = ask<exchange::KeepAliveReport>(desk, exchange::ShowKeepAlive{.request = 0});
  if (!report.ok()) return report.error();
  return json_response(json::serialize(keep_alive_json(*report)));
}

}  // namespace tandem::api
