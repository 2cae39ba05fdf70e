// The system parameters: values beside what their rows say of them.
#include <algorithm>

#include "base/text.h"
#include "core/cdr/cdr_text.h"
#include "shell/api/handlers.h"
#include "shell/api/parameter_list.h"
#include "shell/api/plan.h"
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

void append_flag(std::string& out, std::string_view name, bool value) {
  out += ",\"";
  out += name;
  out += value ? "\":true" : "\":false";
}

void append_parameter(std::string& out, const StoredParameter& parameter) {
  const ParameterRow& row = *parameter.row;
  out += "{\"name\":";
  cdr::append_json_string(out, row.name);
  append_member(out, "alias", row.alias);
  append_member(out, "value", parameter.value);
  append_member(out, "default", row.initial);
  append_flag(out, "changed", parameter.value != row.initial);
  append_member(out, "type", directory::to_text(row.type));
  append_member(out, "allowed", directory::allowed_text(row));
  append_member(out, "unit", row.unit);
  append_member(out, "applies", directory::to_text(row.applies));
  append_member(out, "group", row.group);
  append_member(out, "help", row.help);
  const store::ChangeHead& last = parameter.last;
  const bool ever = last.number != 0;
  out += ",\"changed_at\":" + (ever ? std::to_string(last.time_ms) : "null");
  append_member(out, "changed_by", last.user);
  out += ",\"change\":" + (ever ? std::to_string(last.number) : "null");
  append_flag(out, "available", row.available());
  append_flag(out, "restart_needed", parameter.waits);
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

bool mentions_each_word(const ParameterRow& row, std::string_view words) {
  for (words = trim(words); !words.empty(); words = trim(words)) {
    const std::string_view word = words.substr(0, words.find(' '));
    words.remove_prefix(word.size());
    const auto has = [word](std::string_view text) { return mentions(text, word); };
    if (!has(row.name) && !has(row.alias) && !has(row.group) && !has(row.help)) return false;
  }
  return true;
}

bool is_wanted(const StoredParameter& parameter, const Query& query) {
  const ParameterRow& row = *parameter.row;
  if (!mentions_each_word(row, query.text("search"))) return false;
  if (query.has("group") && query.text("group") != row.group) return false;
  const bool changed_since = parameter.last.number != 0 &&
                             parameter.last.time_ms >= epoch_milliseconds(query.time("since"));
  if (query.has("since") && !changed_since) return false;
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
      desk.services.configuration->set_parameter(visit.key, value, author_of(desk, visit));
  if (parameter.ok()) {
    if (auto failed = publish(desk)) return std::move(*failed);
  }
  return parameter_response(parameter);
}

}  // namespace

Response list_parameters(Desk& desk, const Visit& visit) {
  const std::lock_guard lock(desk.configuration_mutex);
  auto parameters = desk.services.configuration->parameters();
  if (!parameters.ok()) return problem_of(parameters.error());
  std::erase_if(*parameters,
                [&](const StoredParameter& each) { return !is_wanted(each, visit.query); });
  if (visit.query.text("format") == "tsv") return parameter_list_response(*parameters);
  std::string body = "{\"items\":[";
  for (const StoredParameter& parameter : *parameters) {
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

Response set_parameters(Desk& desk, const Visit& visit) {
  if (auto refused = refuse_body_type(visit.request)) return std::move(*refused);
  const auto values = store::read_fields(visit.request.body);
  if (!values.ok()) return http::problem(400, values.error().sentence);
  const store::Mode mode = mode_of(visit);
  const std::lock_guard lock(desk.configuration_mutex);
  return plan_response(
      desk, desk.services.configuration->set_parameters(*values, mode, author_of(desk, visit)),
      mode);
}

Response undo_parameter(Desk& desk, const Visit& visit) {
  const store::Mode mode = mode_of(visit);
  const std::lock_guard lock(desk.configuration_mutex);
  return plan_response(
      desk, desk.services.configuration->undo_parameter(visit.key, mode, author_of(desk, visit)),
      mode);
}

Response undo_last_parameters(Desk& desk, const Visit& visit) {
  const store::Mode mode = mode_of(visit);
  const std::lock_guard lock(desk.configuration_mutex);
  return plan_response(desk, desk.services.configuration->undo_last(mode, author_of(desk, visit)),
                       mode);
}

Response parameter_history(Desk& desk, const Visit& visit) {
  const std::lock_guard lock(desk.configuration_mutex);
  const auto history = desk.services.configuration->parameter_history(visit.key);
  if (!history.ok()) return problem_of(history.error());
  std::string body = "{\"items\":[";
  for (const store::ParameterPast& past : *history) {
    if (body.back() != '[') body += ',';
    body += '{';
    append_change(body, past.change);
    body += ",\"before\":";
    append_text_or_null(body, past.before);
    body += ",\"after\":";
    append_text_or_null(body, past.after);
    body += ",\"undoes\":" + (past.undoes == 0 ? "null" : std::to_string(past.undoes)) + '}';
  }
  return json_response(std::move(body) + "]}");
}

}  // namespace tandem::api
