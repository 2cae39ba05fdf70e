// The configuration as a whole: documents in and out, and the list of changes.
#include "base/text.h"
#include "core/cdr/cdr_text.h"
#include "shell/api/handlers.h"
#include "shell/api/plan.h"
#include "shell/store/document.h"

namespace tandem::api {
namespace {

using http::Response;

void append_text(std::string& out, std::string_view name, std::string_view value) {
  out += '"';
  out += name;
  out += "\":";
  cdr::append_json_string(out, value);
}

}  // namespace

Response apply_document(Desk& desk, const Visit& visit) {
  if (auto refused = refuse_body_type(visit.request)) return std::move(*refused);
  const auto document = store::read_document(visit.request.body);
  if (!document.ok()) return http::problem(400, document.error().sentence);
  const store::Mode mode = mode_of(visit);
  const std::lock_guard lock(desk.configuration_mutex);
  return plan_response(
      desk, desk.services.configuration->apply(*document, mode, author_of(desk, visit)), mode);
}

Response export_document(Desk& desk, const Visit& visit) {
  const std::lock_guard lock(desk.configuration_mutex);
  const auto document = desk.services.configuration->export_document(
      visit.query.flag("secrets") ? store::Secrets::Show : store::Secrets::Hide);
  if (!document.ok()) return problem_of(document.error());
  Response response;
  response.body = store::write_document(*document);
  return response;
}

Response list_changes(Desk& desk, const Visit& visit) {
  const store::ChangeFilter filter{
      .before = visit.query.integer("before"),
      .number = static_cast<std::uint64_t>(visit.query.integer("change")),
      .since_ms = epoch_milliseconds(visit.query.time("since")),
      .parameters_only = visit.query.flag("parameters"),
      .count = static_cast<std::size_t>(visit.query.integer("limit"))};
  const std::lock_guard lock(desk.configuration_mutex);
  const auto rows = desk.services.configuration->changes(filter);
  if (!rows.ok()) return problem_of(rows.error());
  std::string out = "{\"items\":[";
  for (const store::AuditRow& row : *rows) {
    if (out.back() != '[') out += ',';
    out += "{\"id\":" + std::to_string(row.id) + ',';
    append_change(out, row.change);
    for (const auto& [name, value] :
         {std::pair<std::string_view, std::string_view>{"object", row.object},
          {"field", row.field},
          {"before", row.before},
          {"after", row.after}}) {
      out += ',';
      append_text(out, name, value);
    }
    out += '}';
  }
  out += "],\"next\":";
  out += rows->size() == filter.count ? std::to_string(rows->back().id) : "null";
  return json_response(out + '}');
}

Response undo_change(Desk& desk, const Visit& visit) {
  const auto number = to_number<std::uint64_t>(visit.key);
  if (!number) return http::problem(404, visit.key + " is no number of a change.");
  const store::Mode mode = mode_of(visit);
  const std::lock_guard lock(desk.configuration_mutex);
  return plan_response(
      desk, desk.services.configuration->undo_change(*number, mode, author_of(desk, visit)), mode);
}

}  // namespace tandem::api
