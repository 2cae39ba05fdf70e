#include "shell/api/parameter_list.h"

#include <algorithm>
#include <array>
#include <map>

#include "base/text.h"
#include "core/cdr/cdr_text.h"
#include "core/directory/near_names.h"
#include "core/directory/parameter_list.h"
#include "shell/api/handlers.h"
#include "shell/api/plan.h"
#include "shell/api/time_text.h"

namespace tandem::api {
namespace {

using directory::ParameterList;
using http::Response;

constexpr std::string_view kTabSeparated = "text/tab-separated-values";

void append_line(std::string& out, const std::array<std::string, 9>& cells) {
  for (const std::string& cell : cells) {
    if (&cell != cells.data()) out += '\t';
    out += cell;
  }
  out += '\n';
}

std::optional<Response> refuse_list_type(const http::Request& request) {
  const std::string* header = request.header("content-type");
  if (header == nullptr) return std::nullopt;
  const std::string_view type = trim(std::string_view(*header).substr(0, header->find(';')));
  if (equal_ignoring_case(type, kTabSeparated) || equal_ignoring_case(type, "text/plain")) {
    return std::nullopt;
  }
  return http::problem(415, "The list is to be sent as " + std::string(kTabSeparated) +
                                " or text/plain, not as " + std::string(type) + '.');
}

// What stands against the import, in the order of the lines.
std::vector<http::FieldError> faults_of(const ParameterList& list, bool skip_unknown) {
  std::multimap<std::size_t, http::FieldError> faults;
  for (const ParameterList::Refused& each : list.refused) {
    faults.insert({each.line, {each.name, each.value, each.sentence}});
  }
  if (!skip_unknown) {
    for (const ParameterList::Unknown& each : list.unknown) {
      faults.insert({each.line,
                     {each.name, "",
                      "line " + std::to_string(each.line) + ": " +
                          directory::no_such_parameter(each.name)}});
    }
  }
  std::vector<http::FieldError> in_order;
  for (auto& [line, fault] : faults) in_order.push_back(std::move(fault));
  return in_order;
}

Response refusal(const std::vector<http::FieldError>& faults) {
  std::string sentence = faults.front().message;
  if (faults.size() > 1) sentence += " (and " + std::to_string(faults.size() - 1) + " more)";
  return http::problem(422, sentence, faults);
}

// Values that are wrong only together know their names; the list knows the lines.
void add_lines(const ParameterList& list, store::ConfigError& error) {
  for (directory::Fault& fault : error.faults) {
    for (const ParameterList::Entry& entry : list.entries) {
      if (entry.row->name != fault.field) continue;
      fault.sentence = "line " + std::to_string(entry.line) + ": " + fault.sentence;
      if (&fault == error.faults.data()) error.sentence = fault.sentence;
    }
  }
}

std::string unknown_json(const ParameterList& list) {
  std::string out = ",\"unknown\":[";
  for (const ParameterList::Unknown& each : list.unknown) {
    if (out.back() != '[') out += ',';
    out += "{\"line\":" + std::to_string(each.line) + ",\"name\":";
    cdr::append_json_string(out, each.name);
    out += '}';
  }
  return out + ']';
}

}  // namespace

Response parameter_list_response(std::span<const store::StoredParameter> parameters) {
  Response response{.content_type = std::string(kTabSeparated) + "; charset=utf-8"};
  append_line(response.body, {"name", "value", "default", "allowed", "applies", "group",
                              "changed_at", "changed_by", "help"});
  for (const store::StoredParameter& each : parameters) {
    const directory::ParameterRow& row = *each.row;
    const store::ChangeHead& last = each.last;
    const std::string time =
        last.number == 0 ? "" : time_text(from_epoch_milliseconds(last.time_ms));
    append_line(response.body,
                {std::string(row.name), each.value, std::string(row.initial),
                 directory::allowed_text(row), std::string(directory::to_text(row.applies)),
                 std::string(row.group), time, last.user, std::string(row.help)});
  }
  return response;
}

Response import_parameters(Desk& desk, const Visit& visit) {
  if (auto refused = refuse_list_type(visit.request)) return std::move(*refused);
  const ParameterList list = directory::read_parameter_list(visit.request.body);
  const auto faults = faults_of(list, visit.query.flag("skip_unknown"));
  if (!faults.empty()) return refusal(faults);
  if (list.entries.empty()) {
    return http::problem(422, "The list holds no parameter; a line is a name and a value.");
  }
  directory::Fields values;
  for (const ParameterList::Entry& each : list.entries) {
    values.push_back({std::string(each.row->name), each.value});
  }
  const store::Mode mode = mode_of(visit);
  const std::lock_guard lock(desk.configuration_mutex);
  auto plan = desk.services.configuration->set_parameters(
      values, mode, author_of(desk, visit, store::Origin::Import));
  if (plan.ok()) return plan_response(desk, plan, mode, unknown_json(list));
  store::ConfigError error = plan.error();
  add_lines(list, error);
  return problem_of(error);
}

}  // namespace tandem::api
