// Accounts, gateways and whatever else has a row in all_resources(): list, get, create, change,
// replace, remove. `version` is an optimistic lock, as If-Match (RFC 9110 §13.1.1) or in the body.
#include <algorithm>

#include "base/text.h"
#include "core/cdr/cdr_text.h"
#include "core/directory/entity_warnings.h"
#include "shell/api/configuration_access.h"
#include "shell/api/handlers.h"
#include "shell/store/document.h"

namespace tandem::api {
namespace {

using directory::Fields;
using directory::ResourceRow;
using http::Response;
using store::StoredEntity;

store::Secrets secrets_of(const Visit& visit) {
  return visit.query.flag("secrets") ? store::Secrets::Show : store::Secrets::Hide;
}

void append_entity(std::string& out, const ResourceRow& resource, const StoredEntity& entity,
                   store::Secrets secrets) {
  const std::string record = store::write_record(resource, entity.record, secrets);
  out += "{\"id\":" + std::to_string(entity.id);
  out += ",\"version\":" + std::to_string(entity.version) + ',';
  out.append(record, 1, record.rfind('}') - 1);
  out += ",\"created_at\":" + std::to_string(entity.created_at) + ",\"created_by\":";
  cdr::append_json_string(out, entity.created_by);
  out += ",\"updated_at\":" + std::to_string(entity.updated_at) + ",\"updated_by\":";
  cdr::append_json_string(out, entity.updated_by);
  out += '}';
}

std::string etag(const StoredEntity& entity) { return '"' + std::to_string(entity.version) + '"'; }

Response entity_response(const Visit& visit, const StoredEntity& entity, int status = 200) {
  std::string body;
  append_entity(body, *visit.resource, entity, secrets_of(visit));
  Response response = json_response(std::move(body), status);
  response.headers.emplace_back("ETag", etag(entity));
  return response;
}

// What was saved, and what is odd about it.
Response changed_response(const Visit& visit, const StoredEntity& entity, int status = 200) {
  Response response = entity_response(visit, entity, status);
  std::string list;
  for (const std::string& warning : directory::warnings_of(*visit.resource, entity.record)) {
    list += list.empty() ? "" : ",";
    cdr::append_json_string(list, warning);
  }
  response.body.insert(response.body.rfind('}'), ",\"warnings\":[" + list + ']');
  return response;
}

bool contains_ignoring_case(std::string_view text, std::string_view part) {
  const auto equal = [](char a, char b) { return lower(a) == lower(b); };
  return std::search(text.begin(), text.end(), part.begin(), part.end(), equal) != text.end();
}

struct Wanted {
  Fields fields;
  std::optional<std::int64_t> version;
  bool by_header = false;  // the version came as If-Match
};

constexpr std::string_view kKeptByStore[] = {"id",         "version",    "created_at",
                                             "created_by", "updated_at", "updated_by",
                                             "warnings"};

// What a client read may be sent back: what the store and the reply add is taken out, and the version is
// the one it read.
void take_out_kept_fields(Wanted& wanted) {
  for (const directory::NamedValue& field : wanted.fields) {
    const auto* number = std::get_if<std::int64_t>(&field.value);
    if (field.name == "version" && number != nullptr) wanted.version = *number;
  }
  std::erase_if(wanted.fields, [](const directory::NamedValue& field) {
    return std::ranges::find(kKeptByStore, field.name) != std::end(kKeptByStore);
  });
}

// If-Match: "7", or * for any. False when it is neither.
bool read_if_match(const http::Request& request, Wanted& wanted) {
  const std::string* header = request.header("if-match");
  if (header == nullptr) return true;
  std::string_view text = trim(*header);
  if (text == "*") return true;
  if (text.starts_with("W/")) text.remove_prefix(2);
  if (text.size() >= 2 && text.front() == '"' && text.back() == '"') {
    text = text.substr(1, text.size() - 2);
  }
  wanted.version = to_number<std::int64_t>(text);
  wanted.by_header = true;
  return wanted.version.has_value();
}

std::optional<Response> read_wanted(const http::Request& request, Wanted& wanted) {
  if (auto refused = refuse_body_type(request)) return refused;
  auto fields = store::read_fields(request.body);
  if (!fields.ok()) return http::problem(400, fields.error().sentence);
  wanted.fields = std::move(fields).value();
  take_out_kept_fields(wanted);
  if (!read_if_match(request, wanted)) {
    return http::problem(400, "If-Match is to be the ETag of the entity: a version in quotes.");
  }
  return std::nullopt;
}

Response refusal(const store::ConfigError& error, const Wanted& wanted) {
  Response response = problem_of(error);
  if (error.kind != store::ConfigErrorKind::Conflict || !wanted.by_header) return response;
  return http::problem(412, error.sentence);
}

Response change(Desk& desk, const Visit& visit, const Wanted& wanted) {
  auto entity = find_entity(desk, visit);
  if (!entity.ok()) return problem_of(entity.error());
  auto changed = desk.services.configuration->update(
      visit.resource->name, entity->id, wanted.fields, wanted.version, author_of(desk, visit));
  if (!changed.ok()) return refusal(changed.error(), wanted);
  if (auto failed = publish(desk)) return std::move(*failed);
  return changed_response(visit, *changed);
}

// Fields that are left out get their defaults, but for secrets: who read the entity did not see them.
void complete(const ResourceRow& resource, Fields& fields) {
  const auto given = [&](const directory::FieldRow& row) {
    return std::ranges::any_of(fields, [&](const directory::NamedValue& field) {
      return directory::find_field(resource, field.name) == &row;
    });
  };
  for (const directory::FieldRow& row : resource.fields) {
    if (!given(row) && !row.secret) fields.push_back({std::string(row.name), {}});
  }
}

}  // namespace

Response list_entities(Desk& desk, const Visit& visit) {
  const std::lock_guard lock(desk.configuration_mutex);
  auto entities = desk.services.configuration->list(visit.resource->name);
  if (!entities.ok()) return problem_of(entities.error());
  const std::string name = visit.query.text("name");
  const std::string part = visit.query.text("search");
  std::erase_if(*entities, [&](const StoredEntity& entity) {
    const std::string& its_name = directory::name_of(entity.record);
    return (!name.empty() && its_name != name) || !contains_ignoring_case(its_name, part);
  });

  const auto limit = visit.query.integer("limit");
  const auto after = visit.query.integer("after");
  std::string items;
  std::int64_t count = 0;
  std::int64_t last = 0;
  bool more = false;
  for (const StoredEntity& entity : *entities) {
    if (entity.id <= after) continue;
    more = count == limit;
    if (more) break;
    if (count++ > 0) items += ',';
    append_entity(items, *visit.resource, entity, secrets_of(visit));
    last = entity.id;
  }
  return json_response("{\"items\":[" + items + "],\"total\":" + std::to_string(entities->size()) +
                       ",\"next\":" + (more ? std::to_string(last) : "null") + '}');
}

Response create_entity(Desk& desk, const Visit& visit) {
  Wanted wanted;
  if (auto refused = read_wanted(visit.request, wanted)) return std::move(*refused);
  const std::lock_guard lock(desk.configuration_mutex);
  auto made = desk.services.configuration->create(visit.resource->name, wanted.fields,
                                                  author_of(desk, visit));
  if (!made.ok()) return problem_of(made.error());
  if (auto failed = publish(desk)) return std::move(*failed);
  Response response = changed_response(visit, *made, 201);
  response.headers.emplace_back(
      "Location", "/api/v1/" + std::string(visit.resource->name) + '/' + std::to_string(made->id));
  return response;
}

Response get_entity(Desk& desk, const Visit& visit) {
  const std::lock_guard lock(desk.configuration_mutex);
  auto entity = find_entity(desk, visit);
  if (!entity.ok()) return problem_of(entity.error());
  return entity_response(visit, *entity);
}

Response patch_entity(Desk& desk, const Visit& visit) {
  Wanted wanted;
  if (auto refused = read_wanted(visit.request, wanted)) return std::move(*refused);
  const std::lock_guard lock(desk.configuration_mutex);
  return change(desk, visit, wanted);
}

Response replace_entity(Desk& desk, const Visit& visit) {
  Wanted wanted;
  if (auto refused = read_wanted(visit.request, wanted)) return std::move(*refused);
  complete(*visit.resource, wanted.fields);
  const std::lock_guard lock(desk.configuration_mutex);
  return change(desk, visit, wanted);
}

Response remove_entity(Desk& desk, const Visit& visit) {
  Wanted wanted;
  if (!read_if_match(visit.request, wanted)) {
    return http::problem(400, "If-Match is to be the ETag of the entity: a version in quotes.");
  }
  const std::lock_guard lock(desk.configuration_mutex);
  auto entity = find_entity(desk, visit);
  if (!entity.ok()) return problem_of(entity.error());
  auto removed = desk.services.configuration->remove(visit.resource->name, entity->id,
                                                     wanted.version, author_of(desk, visit));
  if (!removed.ok()) return refusal(removed.error(), wanted);
  if (auto failed = publish(desk)) return std::move(*failed);
  return Response{.status = 204};
}

}  // namespace tandem::api
