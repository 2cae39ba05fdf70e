// The configuration as a whole: documents in and out, and the list of changes.
#include "core/cdr/cdr_text.h"
#include "shell/api/configuration_access.h"
#include "shell/api/handlers.h"
#include "shell/store/document.h"

namespace tandem::api {
namespace {

using http::Response;

std::string_view to_text(store::ChangeKind kind) {
  switch (kind) {
    case store::ChangeKind::Create:
      return "create";
    case store::ChangeKind::Update:
      return "update";
    case store::ChangeKind::Remove:
      return "remove";
    case store::ChangeKind::Unchanged:
      return "unchanged";
  }
  return {};
}

void append_text(std::string& out, std::string_view name, std::string_view value) {
  out += '"';
  out += name;
  out += "\":";
  cdr::append_json_string(out, value);
}

void append_entity(std::string& out, const store::EntityChange& change) {
  out += '{';
  append_text(out, "change", to_text(change.kind));
  out += ',';
  append_text(out, "resource", change.resource->name);
  out += ",\"id\":" + (change.id == 0 ? "null" : std::to_string(change.id)) + ',';
  append_text(out, "name", change.name);
  out += ",\"fields\":[";
  for (const store::FieldChange& field : change.fields) {
    if (out.back() != '[') out += ',';
    out += '{';
    append_text(out, "field", field.field);
    out += ",\"before\":" + store::write_value(field.before);
    out += ",\"after\":" + store::write_value(field.after) + '}';
  }
  out += "]}";
}

void append_parameter(std::string& out, const store::ParameterChange& change) {
  out += '{';
  append_text(out, "name", change.row->name);
  out += ',';
  append_text(out, "before", change.before);
  out += ',';
  append_text(out, "after", change.after);
  out += ',';
  append_text(out, "applies", directory::to_text(change.row->applies));
  out += '}';
}

std::string plan_json(const store::Plan& plan, bool dry_run) {
  std::string out = "{\"dry_run\":";
  out += dry_run ? "true" : "false";
  out += ",\"changes_anything\":";
  out += plan.changes_anything() ? "true" : "false";
  out += ",\"directory_number\":" + std::to_string(plan.directory_number) + ",\"entities\":[";
  for (const store::EntityChange& change : plan.entities) {
    if (out.back() != '[') out += ',';
    append_entity(out, change);
  }
  out += "],\"parameters\":[";
  for (const store::ParameterChange& change : plan.parameters) {
    if (out.back() != '[') out += ',';
    append_parameter(out, change);
  }
  return out + "]}";
}

}  // namespace

Response apply_document(Desk& desk, const Visit& visit) {
  if (auto refused = refuse_body_type(visit.request)) return std::move(*refused);
  const auto document = store::read_document(visit.request.body);
  if (!document.ok()) return http::problem(400, document.error().sentence);
  const bool dry_run = visit.query.flag("dry_run");
  const std::lock_guard lock(desk.configuration_mutex);
  const auto plan = desk.services.configuration->apply(
      *document, dry_run ? store::Mode::DryRun : store::Mode::Apply,
      author_of(desk, visit.request));
  if (!plan.ok()) return problem_of(plan.error());
  if (!dry_run && plan->changes_anything()) {
    if (auto failed = publish(desk)) return std::move(*failed);
  }
  return json_response(plan_json(*plan, dry_run));
}

Response export_document(Desk& desk, const Visit&) {
  const std::lock_guard lock(desk.configuration_mutex);
  const auto document = desk.services.configuration->export_document();
  if (!document.ok()) return problem_of(document.error());
  Response response;
  response.body = store::write_document(*document);
  return response;
}

Response list_changes(Desk& desk, const Visit& visit) {
  const auto limit = static_cast<std::size_t>(visit.query.integer("limit"));
  const std::lock_guard lock(desk.configuration_mutex);
  const auto rows = desk.services.configuration->changes(visit.query.integer("before"), limit);
  if (!rows.ok()) return problem_of(rows.error());
  std::string out = "{\"items\":[";
  for (const store::AuditRow& row : *rows) {
    if (out.back() != '[') out += ',';
    out += "{\"id\":" + std::to_string(row.id) + ",\"time\":" + std::to_string(row.time_ms);
    for (const auto& [name, value] :
         {std::pair<std::string_view, std::string_view>{"user", row.user},
          {"address", row.address},
          {"object", row.object},
          {"field", row.field},
          {"before", row.before},
          {"after", row.after}}) {
      out += ',';
      append_text(out, name, value);
    }
    out += ",\"directory_number\":" + std::to_string(row.directory_number) + '}';
  }
  out += "],\"next\":";
  out += rows->size() == limit ? std::to_string(rows->back().id) : "null";
  return json_response(out + '}');
}

}  // namespace tandem::api
