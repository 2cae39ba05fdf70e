#include "shell/store/config_rows.h"

#include <algorithm>

#include "base/assert.h"
#include "shell/store/config_audit.h"
#include "shell/store/document.h"
#include "shell/store/sql_values.h"

namespace tandem::store {
namespace {

using directory::EntityNames;
using directory::FieldRow;
using directory::FieldType;
using directory::ResourceRow;
using directory::Value;

constexpr std::string_view kHead = "id, version, created_at, created_by, updated_at, updated_by";
constexpr int kHeadColumns = 6;
constexpr std::string_view kDirectoryNumber = "directory_number";

ConfigErrorKind kind_of(const StoreError& error) {
  switch (error.kind) {
    case StoreErrorKind::Busy:
      return ConfigErrorKind::Busy;
    case StoreErrorKind::NewerVersion:
      return ConfigErrorKind::NewerVersion;
    case StoreErrorKind::Failed:
      break;
  }
  return ConfigErrorKind::Failed;
}

// ---- reading

std::string columns(const ResourceRow& resource) {
  std::string list(kHead);
  for (const FieldRow& field : resource.fields) list.append(", ").append(field.name);
  return list;
}

Value read_list(const FieldRow& field, std::string_view json, const EntityNames& names) {
  auto value = read_value(json);
  if (!value) return directory::Nested{std::string(json)};
  const auto* texts = std::get_if<directory::TextList>(&*value);
  if (texts != nullptr && !field.refers_to.empty()) return names.with_names(field, *texts);
  const bool none = texts != nullptr && texts->empty();
  return none && field.type == FieldType::Integers ? Value(directory::IntegerList{})
                                                   : *std::move(value);
}

// An id of nobody becomes a name that nobody has, so that the check of all records finds it.
Value read_reference(const Statement& row, int column, const EntityNames& names,
                     std::string_view resource) {
  if (row.is_null(column)) return std::string();
  std::string name = names.name(resource, row.integer(column));
  return name.empty() ? "with id " + std::to_string(row.integer(column)) : name;
}

// Likewise of a list, which holds ids.
Value read_references(std::string_view json, const EntityNames& names, std::string_view resource) {
  const auto value = read_value(json);
  const auto* texts = value ? std::get_if<directory::TextList>(&*value) : nullptr;
  if (texts != nullptr && texts->empty()) return directory::TextList{};
  const auto* ids = value ? std::get_if<directory::IntegerList>(&*value) : nullptr;
  if (ids == nullptr) return directory::Nested{std::string(json)};
  directory::TextList list;
  for (const std::int64_t id : *ids) {
    const std::string name = names.name(resource, id);
    list.push_back(name.empty() ? "with id " + std::to_string(id) : name);
  }
  return list;
}

// A secret that cannot be opened becomes a value no field holds, which the check of the record finds.
Value read_secret(std::string_view sealed, const SecretBox& box) {
  auto secret = box.unseal(sealed);
  if (secret) return *std::move(secret);
  return directory::Nested{"a secret sealed with another secrets.key"};
}

Value read_column(const Statement& row, int column, const FieldRow& field, const EntityNames& names,
                  const SecretBox& box) {
  if (field.secret) return read_secret(row.text(column), box);
  switch (field.type) {
    case FieldType::Boolean:
      return row.integer(column) != 0;
    case FieldType::Integer:
      return row.integer(column);
    case FieldType::Enum:
    case FieldType::Text:
      return std::string(row.text(column));
    case FieldType::Texts:
    case FieldType::Integers:
      return read_list(field, row.text(column), names);
    case FieldType::Reference:
      return read_reference(row, column, names, field.refers_to);
    case FieldType::References:
      return read_references(row.text(column), names, field.refers_to);
  }
  TANDEM_ASSERT(false, "a type of no column");
  return {};
}

StoredEntity read_entity(const Statement& row, const ResourceRow& resource,
                         const EntityNames& names, const SecretBox& box) {
  StoredEntity entity{.id = row.integer(0),
                      .version = row.integer(1),
                      .record = {},
                      .created_at = row.integer(2),
                      .created_by = std::string(row.text(3)),
                      .updated_at = row.integer(4),
                      .updated_by = std::string(row.text(5))};
  int column = kHeadColumns;
  for (const FieldRow& field : resource.fields)
    entity.record.push_back(read_column(row, column++, field, names, box));
  return entity;
}

directory::Faults faults_of(const ResourceRow& resource, const StoredEntity& entity) {
  directory::Fields fields;
  for (std::size_t i = 0; i < entity.record.size(); ++i)
    fields.push_back({std::string(resource.fields[i].name), entity.record[i]});
  const auto record = directory::validate(resource, fields);
  return record ? directory::Faults{} : record.error();
}

ConfigError damaged(const directory::Faults& faults) {
  return {ConfigErrorKind::Failed,
          "the stored configuration is damaged: " + faults.front().sentence, faults};
}

Result<Done, ConfigError> check_together(const Catalogue& catalogue) {
  std::vector<directory::SourceRecord> records;
  for (const ResourceRow& resource : directory::all_resources())
    for (const StoredEntity& entity : catalogue.of(resource).entities)
      records.push_back({&resource, &entity.record, {}});
  const auto faults = directory::validate_source(records);
  if (!faults.empty()) return Failure{damaged(faults)};
  return Done{};
}

Result<Done, ConfigError> read_collection(Database& database, const ResourceRow& resource,
                                          const SecretBox& box, const EntityNames& names,
                                          Catalogue& catalogue) {
  auto statement = database.prepare("SELECT " + columns(resource) + " FROM " +
                                    std::string(resource.name) + " ORDER BY id");
  if (!statement) return Failure{config_error(statement.error())};
  auto& entities = catalogue.of(resource).entities;
  const auto done = each_row(database, *statement, [&](const Statement& row) {
    entities.push_back(read_entity(row, resource, names, box));
  });
  if (!done) return Failure{config_error(done.error())};
  for (const StoredEntity& entity : entities) {
    const auto faults = faults_of(resource, entity);
    if (!faults.empty()) return Failure{damaged(faults)};
  }
  return Done{};
}

bool is_referred_to(const ResourceRow& resource) {
  for (const ResourceRow& each : directory::all_resources())
    for (const FieldRow& field : each.fields)
      if (field.refers_to == resource.name) return true;
  return false;
}

// All that records may name, before any of them is read.
Result<EntityNames, ConfigError> read_names(Database& database) {
  EntityNames names;
  for (const ResourceRow& resource : directory::all_resources()) {
    if (!is_referred_to(resource)) continue;
    auto statement = database.prepare("SELECT id, name FROM " + std::string(resource.name));
    if (!statement) return Failure{config_error(statement.error())};
    const auto done = each_row(database, *statement, [&](const Statement& row) {
      names.add(resource.name, row.integer(0), row.text(1));
    });
    if (!done) return Failure{config_error(done.error())};
  }
  return names;
}

Result<Done, StoreError> read_parameters(Database& database, Catalogue& catalogue) {
  auto statement = database.prepare("SELECT name, value FROM parameters");
  if (!statement) return Failure{statement.error()};
  return each_row(database, *statement, [&](const Statement& row) {
    catalogue.parameters[std::string(row.text(0))] = std::string(row.text(1));
  });
}

Result<Done, StoreError> read_counters(Database& database, Catalogue& catalogue) {
  auto statement = database.prepare("SELECT name, value FROM counters");
  if (!statement) return Failure{statement.error()};
  return each_row(database, *statement, [&](const Statement& row) {
    if (row.text(0) == kDirectoryNumber)
      catalogue.directory_number = static_cast<std::uint64_t>(row.integer(1));
    else if (const ResourceRow* resource = directory::find_resource(row.text(0)))
      catalogue.of(*resource).last_id = row.integer(1);
  });
}

// ---- writing

// Texts of a statement, which must live until it has run.
using Texts = std::vector<std::string>;

void bind_field(Statement& statement, int parameter, const FieldRow& field, const Value& value,
                const EntityNames& names, const SecretBox& box, Texts& texts) {
  if (field.secret) {
    texts.push_back(box.seal(std::get<std::string>(value)));
    return statement.bind(parameter, texts.back());
  }
  switch (field.type) {
    case FieldType::Boolean:
      return statement.bind(parameter, std::int64_t{std::get<bool>(value)});
    case FieldType::Integer:
      return statement.bind(parameter, std::get<std::int64_t>(value));
    case FieldType::Enum:
    case FieldType::Text:
      return statement.bind(parameter, std::get<std::string>(value));
    case FieldType::Texts:
      texts.push_back(write_value(
          field.refers_to.empty()
              ? value
              : names.with_ids(field, std::get<directory::TextList>(value))));
      return statement.bind(parameter, texts.back());
    case FieldType::Integers:
      texts.push_back(write_value(value));
      return statement.bind(parameter, texts.back());
    case FieldType::Reference: {
      const std::int64_t id = names.id(field.refers_to, std::get<std::string>(value));
      return id == 0 ? statement.bind_null(parameter) : statement.bind(parameter, id);
    }
    case FieldType::References:
      texts.push_back(
          write_value(names.ids(field.refers_to, std::get<directory::TextList>(value))));
      return statement.bind(parameter, texts.back());
  }
}

std::string insertion(const ResourceRow& resource) {
  std::string sql = "INSERT INTO " + std::string(resource.name) + " (" + columns(resource) +
                    ") VALUES (?, ?, ?, ?, ?, ?";
  for (std::size_t i = 0; i < resource.fields.size(); ++i) sql += ", ?";
  return sql + ')';
}

// Takes the values that an insertion takes.
std::string replacement(const ResourceRow& resource, std::int64_t id) {
  std::string sql = "UPDATE " + std::string(resource.name) +
                    " SET id = ?, version = ?, created_at = ?, created_by = ?, updated_at = ?, "
                    "updated_by = ?";
  for (const FieldRow& field : resource.fields) sql.append(", ").append(field.name).append(" = ?");
  return sql + " WHERE id = " + std::to_string(id);
}

Result<Done, StoreError> write_entity(Database& database, const SecretBox& box,
                                      const std::string& sql, const EntityDraft& draft,
                                      const EntityNames& names) {
  auto statement = database.prepare(sql);
  if (!statement) return Failure{statement.error()};
  const StoredEntity& entity = draft.after;
  statement->bind(1, entity.id);
  statement->bind(2, entity.version);
  statement->bind(3, entity.created_at);
  statement->bind(4, entity.created_by);
  statement->bind(5, entity.updated_at);
  statement->bind(6, entity.updated_by);
  const auto fields = draft.resource->fields;
  Texts texts;
  texts.reserve(fields.size());  // bound texts must not move
  int parameter = kHeadColumns + 1;
  for (std::size_t i = 0; i < fields.size(); ++i)
    bind_field(*statement, parameter++, fields[i], entity.record[i], names, box, texts);
  return finish(database, *statement);
}

Result<Done, StoreError> write_entity_draft(Database& database, const SecretBox& box,
                                            const EntityDraft& draft, const EntityNames& names) {
  const ResourceRow& resource = *draft.resource;
  switch (draft.kind) {
    case ChangeKind::Create:
      return write_entity(database, box, insertion(resource), draft, names);
    case ChangeKind::Update:
      return write_entity(database, box, replacement(resource, draft.before.id), draft, names);
    case ChangeKind::Remove:
      return database.run(("DELETE FROM " + std::string(resource.name) +
                           " WHERE id = " + std::to_string(draft.before.id))
                              .c_str());
    case ChangeKind::Unchanged:
      break;
  }
  return Done{};
}

Result<Done, StoreError> write_parameter(Database& database, const ParameterDraft& draft) {
  const std::string name(draft.row->name);
  auto done = run(database, "DELETE FROM parameters WHERE name = ?", {name});
  if (done && draft.after)
    done =
        run(database, "INSERT INTO parameters (name, value) VALUES (?, ?)", {name, *draft.after});
  return done;
}

Result<Done, StoreError> write_counter(Database& database, std::string_view name,
                                       std::int64_t value) {
  auto done = run(database, "DELETE FROM counters WHERE name = ?", {std::string(name)});
  if (!done) return done;
  return run(database, "INSERT INTO counters (name, value) VALUES (?, ?)",
             {std::string(name), value});
}

EntityNames names_after(const Draft& draft, const Catalogue& catalogue) {
  EntityNames names = catalogue.names();
  for (const EntityDraft& each : draft.entities)
    names.add(each.resource->name, each.after.id, directory::name_of(each.after.record));
  return names;
}

Result<Done, StoreError> write_last_ids(Database& database, const Draft& draft,
                                        const Catalogue& catalogue) {
  for (const EntityDraft& each : draft.entities) {
    if (each.kind != ChangeKind::Create) continue;
    const std::int64_t last = std::max(each.after.id, catalogue.of(*each.resource).last_id);
    auto done = write_counter(database, each.resource->name, last);
    if (!done) return done;
  }
  return Done{};
}

}  // namespace

ConfigError config_error(const StoreError& error) { return {kind_of(error), error.sentence, {}}; }

Result<Catalogue, ConfigError> read_catalogue(Database& database, const SecretBox& box) {
  Catalogue catalogue;
  const auto names = read_names(database);
  if (!names) return Failure{names.error()};
  for (const ResourceRow& resource : directory::all_resources()) {
    const auto done = read_collection(database, resource, box, *names, catalogue);
    if (!done) return Failure{done.error()};
  }
  if (const auto checked = check_together(catalogue); !checked) return Failure{checked.error()};
  auto done = read_parameters(database, catalogue);
  if (done) done = read_last_changes(database, catalogue);
  if (done) done = read_counters(database, catalogue);
  if (!done) return Failure{config_error(done.error())};
  return catalogue;
}

Result<Done, StoreError> write_draft(Database& database, const SecretBox& box, const Draft& draft,
                                     std::uint64_t number, const Catalogue& catalogue) {
  const EntityNames names = names_after(draft, catalogue);
  auto done = write_counter(database, kDirectoryNumber, static_cast<std::int64_t>(number));
  if (done) done = write_last_ids(database, draft, catalogue);
  for (const EntityDraft& each : draft.entities)
    if (done) done = write_entity_draft(database, box, each, names);
  for (const ParameterDraft& each : draft.parameters)
    if (done) done = write_parameter(database, each);
  if (done) done = write_audit(database, box, draft, number);
  return done;
}

}  // namespace tandem::store
