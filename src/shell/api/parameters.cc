// The system parameters: values beside what their rows say of them.
#include <algorithm>

#include "base/text.h"
#include "core/cdr/cdr_text.h"
#include "shell/api/configuration_access.h"
#include "shell/api/handlers.h"
#include "shell/store/document.h"

namespace tandem::api {
namespace {

using directory::ParameterRow;
using http::Response;
using store::StoredParameter;

void append_member(std::string& out, std::string_view name, std::string_view value) {
  out += ",\"";
  out += name;
  out += "\":";
  cdr::append_json_string(out, value);
}

void append_parameter(std::string& out, const StoredParameter& parameter) {
  const ParameterRow& row = *parameter.row;
  out += "{\"name\":";
  cdr::append_json_string(out, row.name);
  append_member(out, "value", parameter.value);
  append_member(out, "default", row.initial);
  out += ",\"changed\":";
  out += parameter.value == row.initial ? "false" : "true";
  append_member(out, "type", directory::to_text(row.type));
  append_member(out, "allowed", directory::allowed_text(row));
  append_member(out, "unit", row.unit);
  append_member(out, "applies", directory::to_text(row.applies));
  append_member(out, "group", row.group);
  append_member(out, "help", row.help);
  out += ",\"set_at\":" + (parameter.is_set ? std::to_string(parameter.set_at) : "null");
  append_member(out, "set_by", parameter.set_by);
  out += '}';
}

Response parameter_response(const Result<StoredParameter, store::ConfigError>& parameter) {
  if (!parameter.ok()) return problem_of(parameter.error());
  std::string body;
  append_parameter(body, *parameter);
  return json_response(std::move(body));
}

bool mentions(std::string_view text, std::string_view part) {
  const auto equal = [](char a, char b) { return lower(a) == lower(b); };
  return std::search(text.begin(), text.end(), part.begin(), part.end(), equal) != text.end();
}

bool is_wanted(const StoredParameter& parameter, const Query& query) {
  const ParameterRow& row = *parameter.row;
  const std::string part = query.text("search");
  if (!mentions(row.name, part) && !mentions(row.alias, part) && !mentions(row.group, part) &&
      !mentions(row.help, part)) {
    return false;
  }
  return !query.has("changed") || query.flag("changed") == (parameter.value != row.initial);
}

void append_text_or_null(std::string& out, const std::optional<std::string>& text) {
  if (text) {
    cdr::append_json_string(out, *text);
  } else {
    out += "null";
  }
}

Response assign(Desk& desk, const Visit& visit, const directory::Value& value) {
  const std::lock_guard lock(desk.configuration_mutex);
  auto parameter =
      desk.services.configuration->set_parameter(visit.key, value, author_of(desk, visit.request));
  if (parameter.ok()) {
    if (auto failed = publish(desk)) return std::move(*failed);
  }
  return parameter_response(parameter);
}

}  // namespace

Response list_parameters(Desk& desk, const Visit& visit) {
  const std::lock_guard lock(desk.configuration_mutex);
  const auto parameters = desk.services.configuration->parameters();
  if (!parameters.ok()) return problem_of(parameters.error());
  std::string body = "{\"items\":[";
  for (const StoredParameter& parameter : *parameters) {
    if (!is_wanted(parameter, visit.query)) continue;
    if (body.back() != '[') body += ',';
    append_parameter(body, parameter);
  }
  return json_response(std::move(body) + "]}");
}

Response get_parameter(Desk& desk, const Visit& visit) {
  const std::lock_guard lock(desk.configuration_mutex);
  return parameter_response(desk.services.configuration->parameter(visit.key));
}

Response set_parameter(Desk& desk, const Visit& visit) {
  if (auto refused = refuse_body_type(visit.request)) return std::move(*refused);
  const auto fields = store::read_fields(visit.request.body);
  if (!fields.ok()) return http::problem(400, fields.error().sentence);
  if (fields->size() != 1 || fields->front().name != "value") {
    return http::problem(400, "The body is to be {\"value\": ...}.");
  }
  return assign(desk, visit, fields->front().value);
}

Response reset_parameter(Desk& desk, const Visit& visit) { return assign(desk, visit, {}); }

Response parameter_history(Desk& desk, const Visit& visit) {
  const std::lock_guard lock(desk.configuration_mutex);
  const auto history = desk.services.configuration->parameter_history(visit.key);
  if (!history.ok()) return problem_of(history.error());
  std::string body = "{\"items\":[";
  for (const store::ParameterPast& past : *history) {
    if (body.back() != '[') body += ',';
    body += "{\"time\":" + std::to_string(past.time_ms);
    append_member(body, "user", past.user);
    body += ",\"before\":";
    append_text_or_null(body, past.before);
    body += ",\"after\":";
    append_text_or_null(body, past.after);
    body += ",\"directory_number\":" + std::to_string(past.directory_number) + '}';
  }
  return json_response(std::move(body) + "]}");
}

}  // namespace tandem::api
