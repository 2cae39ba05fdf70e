#include "shell/api/configuration_access.h"

#include "base/text.h"
#include "core/cdr/cdr_text.h"

namespace tandem::api {
namespace {

int status_of(store::ConfigErrorKind kind) {
  switch (kind) {
    case store::ConfigErrorKind::Invalid:
      return 422;
    case store::ConfigErrorKind::NotFound:
      return 404;
    case store::ConfigErrorKind::Conflict:
      return 409;
    case store::ConfigErrorKind::InUse:
      return 409;
    case store::ConfigErrorKind::Busy:
      return 503;
    case store::ConfigErrorKind::NewerVersion:
      return 500;
    case store::ConfigErrorKind::Failed:
      return 500;
  }
  return 500;
}

}  // namespace

http::Response problem_of(const store::ConfigError& error) {
  std::vector<http::FieldError> fields;
  for (const directory::Fault& fault : error.faults) {
    fields.push_back({fault.field, fault.value, fault.sentence});
  }
  http::Response response = http::problem(status_of(error.kind), error.sentence, fields);
  if (response.status == 503) response.headers.emplace_back("Retry-After", "1");
  return response;
}

std::optional<http::Response> refuse_body_type(const http::Request& request) {
  const std::string* header = request.header("content-type");
  if (header == nullptr || request.body.empty()) return std::nullopt;
  const std::string_view type = trim(std::string_view(*header).substr(0, header->find(';')));
  if (equal_ignoring_case(type, "application/json")) return std::nullopt;
  return http::problem(
      415, "The body is to be JSON, sent as application/json, not as " + std::string(type) + '.');
}

Result<store::StoredEntity, store::ConfigError> find_entity(Desk& desk, const Visit& visit) {
  store::ConfigStore& store = *desk.services.configuration;
  if (const auto id = to_number<std::int64_t>(visit.key)) {
    auto entity = store.get(visit.resource->name, *id);
    if (entity.ok() || entity.error().kind != store::ConfigErrorKind::NotFound) return entity;
  }
  return store.get(visit.resource->name, visit.key);
}

store::Author author_of(const Desk& desk, const Visit& visit) {
  const std::string* agent = visit.request.header("user-agent");
  const bool is_command = agent != nullptr && agent->starts_with(kCommandAgent);
  return author_of(desk, visit, is_command ? store::Origin::Cli : store::Origin::Api);
}

store::Author author_of(const Desk& desk, const Visit& visit, store::Origin origin) {
  const std::string* name = visit.request.header(kOperatorHeader);
  return {.user = name == nullptr ? desk.services.user : *name,
          .address = visit.request.peer,
          .time_ms = epoch_milliseconds(desk.services.now()),
          .origin = origin,
          .comment = visit.query.text("comment")};
}

std::optional<http::Response> publish(Desk& desk) {
  if (!desk.services.exchanges.adopt) return std::nullopt;
  auto compiled = desk.services.configuration->compile();
  if (!compiled.ok()) return problem_of(compiled.error());
  desk.services.exchanges.adopt(std::move(compiled).value());
  return std::nullopt;
}

void append_change(std::string& out, const store::ChangeHead& change) {
  out +=
      "\"change\":" + std::to_string(change.number) + ",\"time\":" + std::to_string(change.time_ms);
  for (const auto& [name, value] :
       {std::pair<std::string_view, std::string_view>{"user", change.user},
        {"address", change.address},
        {"origin", change.origin},
        {"comment", change.comment}}) {
    out += ",\"";
    out += name;
    out += "\":";
    cdr::append_json_string(out, value);
  }
}

http::Response json_response(std::string body, int status) {
  http::Response response{.status = status};
  response.body = std::move(body);
  response.body += '\n';
  return response;
}

}  // namespace tandem::api
