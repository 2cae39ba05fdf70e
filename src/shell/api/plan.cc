#include "shell/api/plan.h"

#include "core/cdr/cdr_text.h"
#include "core/directory/entity_warnings.h"
#include "shell/store/document.h"

namespace tandem::api {
namespace {

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
  out += ",\"available\":";
  out += change.row->available() ? "true}" : "false}";
}

void append_warnings(std::string& out, const store::Plan& plan) {
  for (const store::EntityChange& change : plan.entities) {
    for (const store::FieldChange& field : change.fields) {
      const auto* row = directory::find_field(*change.resource, field.field);
      for (const std::string& warning : directory::warnings_of(*row, field.after)) {
        if (out.back() != '[') out += ',';
        cdr::append_json_string(
            out, std::string(change.resource->singular) + ' ' + change.name + ": " + warning);
      }
    }
  }
}

std::string plan_json(const store::Plan& plan, store::Mode mode, std::string_view more) {
  std::string out = "{\"dry_run\":";
  out += mode == store::Mode::DryRun ? "true" : "false";
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
  out += "],\"warnings\":[";
  append_warnings(out, plan);
  return (out += ']').append(more) + '}';
}

}  // namespace

http::Response plan_response(Desk& desk, const Result<store::Plan, store::ConfigError>& plan,
                             store::Mode mode, std::string_view more) {
  if (!plan.ok()) return problem_of(plan.error());
  if (mode == store::Mode::Apply && plan->changes_anything()) {
    if (auto failed = publish(desk)) return std::move(*failed);
  }
  return json_response(plan_json(*plan, mode, more));
}

}  // namespace tandem::api
