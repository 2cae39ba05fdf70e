#include "shell/store/config_audit.h"

#include "shell/store/document.h"
#include "shell/store/sql_values.h"

namespace tandem::store {
namespace {

using directory::ResourceRow;

std::int64_t bound(std::uint64_t number) { return static_cast<std::int64_t>(number); }

Bound number_or_null(std::uint64_t number) {
  return number == 0 ? Bound() : Bound(static_cast<std::int64_t>(number));
}

std::uint64_t number_of(const Statement& row, int column) {
  return row.is_null(column) ? 0 : static_cast<std::uint64_t>(row.integer(column));
}

// ---- writing

Result<Done, StoreError> write_head(Database& database, const ChangeHead& head) {
  return run(
      database,
      "INSERT INTO changes (number, changed_at, changed_by, address, origin, comment) "
      "VALUES (?, ?, ?, ?, ?, ?)",
      {bound(head.number), head.time_ms, head.user, head.address, head.origin, head.comment});
}

Result<Done, StoreError> write_field(Database& database, const AuditRow& row) {
  return run(database,
             "INSERT INTO change_fields (id, object, field, before_value, after_value, "
             "directory_number) SELECT COALESCE(MAX(id), 0) + 1, ?, ?, ?, ?, ? FROM change_fields",
             {row.object, row.field, row.before, row.after, bound(row.change.number)});
}

// One row per field that changes.
std::vector<AuditRow> fields_of(const Draft& draft, std::uint64_t number) {
  std::vector<AuditRow> rows;
  AuditRow row;
  row.change.number = number;
  const Plan plan = plan_of(draft);
  for (const EntityChange& change : plan.entities) {
    row.object = std::string(change.resource->singular) + ' ' + change.name;
    for (const FieldChange& field : change.fields) {
      row.field = field.field;
      row.before = directory::to_text(field.before);
      row.after = directory::to_text(field.after);
      rows.push_back(row);
    }
  }
  for (const ParameterChange& change : plan.parameters) {
    row.object = "parameter " + std::string(change.row->name);
    row.field = "value";
    row.before = change.before;
    row.after = change.after;
    rows.push_back(row);
  }
  return rows;
}

Result<Done, StoreError> write_past(Database& database, const ParameterDraft& draft,
                                    std::uint64_t number) {
  return run(database,
             "INSERT INTO parameter_history (id, name, before_value, after_value, "
             "directory_number, undoes) SELECT COALESCE(MAX(id), 0) + 1, ?, ?, ?, ?, ? FROM "
             "parameter_history",
             {std::string(draft.row->name), store::bound(draft.before), store::bound(draft.after),
              bound(number), number_or_null(draft.undoes)});
}

std::string sealed_record(const ResourceRow& resource, directory::Record record,
                          const SecretBox& box) {
  for (std::size_t i = 0; i < record.size(); ++i)
    if (resource.fields[i].secret) record[i] = box.seal(std::get<std::string>(record[i]));
  return write_record(resource, record, Secrets::Show);
}

Result<Done, StoreError> write_past(Database& database, const SecretBox& box,
                                    const EntityDraft& draft, std::uint64_t number) {
  if (draft.kind == ChangeKind::Unchanged) return Done{};
  std::optional<std::string> before;
  std::optional<std::string> after;
  if (draft.kind != ChangeKind::Create)
    before = sealed_record(*draft.resource, draft.before.record, box);
  if (draft.kind != ChangeKind::Remove)
    after = sealed_record(*draft.resource, draft.after.record, box);
  return run(
      database,
      "INSERT INTO entity_history (id, resource, entity, before_record, after_record, "
      "version, directory_number, undoes) SELECT COALESCE(MAX(id), 0) + 1, ?, ?, ?, ?, ?, "
      "?, ? FROM entity_history",
      {std::string(draft.resource->name), draft.after.id, store::bound(before), store::bound(after),
       draft.after.version, bound(number), number_or_null(draft.undoes)});
}

// ---- reading

constexpr std::string_view kHead =
    "c.number, c.changed_at, c.changed_by, c.address, c.origin, c.comment";

ChangeHead read_head(const Statement& row, int column) {
  return {.number = number_of(row, column),
          .time_ms = row.integer(column + 1),
          .user = std::string(row.text(column + 2)),
          .address = std::string(row.text(column + 3)),
          .origin = std::string(row.text(column + 4)),
          .comment = std::string(row.text(column + 5))};
}

constexpr int kAfterHead = 6;

Result<std::vector<PastParameter>, StoreError> read_past(Database& database,
                                                         std::string_view condition,
                                                         const std::vector<Bound>& values) {
  std::vector<PastParameter> past;
  const auto done = run(database,
                        "SELECT directory_number, name, before_value, after_value, undoes FROM "
                        "parameter_history " +
                            std::string(condition) + " ORDER BY id DESC",
                        values, [&](const Statement& row) {
                          past.push_back({.number = number_of(row, 0),
                                          .name = std::string(row.text(1)),
                                          .before = text_or_null(row, 2),
                                          .after = text_or_null(row, 3),
                                          .undoes = number_of(row, 4)});
                        });
  if (!done) return Failure{done.error()};
  return past;
}

}  // namespace

Result<Done, StoreError> write_audit(Database& database, const SecretBox& box, const Draft& draft,
                                     std::uint64_t number) {
  auto done = write_head(database, head_of(draft.author, number));
  for (const AuditRow& row : fields_of(draft, number))
    if (done) done = write_field(database, row);
  for (const EntityDraft& each : draft.entities)
    if (done) done = write_past(database, box, each, number);
  for (const ParameterDraft& each : draft.parameters)
    if (done) done = write_past(database, each, number);
  return done;
}

Result<std::vector<AuditRow>, StoreError> read_changes(Database& database,
                                                       const ChangeFilter& filter) {
  std::string sql = "SELECT " + std::string(kHead) +
                    ", f.id, f.object, f.field, f.before_value, f.after_value FROM change_fields f "
                    "JOIN changes c ON c.number = f.directory_number "
                    "WHERE f.id < ? AND c.changed_at >= ?";
  std::vector<Bound> values{filter.before == 0 ? INT64_MAX : filter.before, filter.since_ms};
  if (filter.number != 0) {
    sql += " AND f.directory_number = ?";
    values.emplace_back(bound(filter.number));
  }
  if (filter.parameters_only) sql += " AND f.object LIKE 'parameter %'";
  values.emplace_back(static_cast<std::int64_t>(filter.count));
  std::vector<AuditRow> rows;
  const auto done =
      run(database, sql + " ORDER BY f.id DESC LIMIT ?", values, [&](const Statement& row) {
        rows.push_back({.id = row.integer(kAfterHead),
                        .change = read_head(row, 0),
                        .object = std::string(row.text(kAfterHead + 1)),
                        .field = std::string(row.text(kAfterHead + 2)),
                        .before = std::string(row.text(kAfterHead + 3)),
                        .after = std::string(row.text(kAfterHead + 4))});
      });
  if (!done) return Failure{done.error()};
  return rows;
}

Result<std::vector<ParameterPast>, StoreError> read_history(Database& database,
                                                            std::string_view parameter) {
  std::vector<ParameterPast> past;
  const auto done =
      run(database,
          "SELECT " + std::string(kHead) +
              ", h.before_value, h.after_value, h.undoes FROM parameter_history h JOIN changes c "
              "ON c.number = h.directory_number WHERE h.name = ? ORDER BY h.id DESC",
          {std::string(parameter)}, [&](const Statement& row) {
            past.push_back({.change = read_head(row, 0),
                            .before = text_or_null(row, kAfterHead),
                            .after = text_or_null(row, kAfterHead + 1),
                            .undoes = number_of(row, kAfterHead + 2)});
          });
  if (!done) return Failure{done.error()};
  return past;
}

Result<Done, StoreError> read_last_changes(Database& database, Catalogue& catalogue) {
  return run(database,
             "SELECT " + std::string(kHead) +
                 ", h.name FROM parameter_history h JOIN changes c ON c.number = "
                 "h.directory_number WHERE h.id IN (SELECT MAX(id) FROM parameter_history GROUP BY "
                 "name)",
             {}, [&](const Statement& row) {
               catalogue.last_changes[std::string(row.text(kAfterHead))] = read_head(row, 0);
             });
}

Result<std::vector<PastParameter>, StoreError> past_of_parameters(Database& database,
                                                                  const std::string& name) {
  if (name.empty()) return read_past(database, "", {});
  return read_past(database, "WHERE name = ?", {name});
}

Result<std::vector<PastParameter>, StoreError> past_parameters_of(Database& database,
                                                                  std::uint64_t number) {
  return read_past(database, "WHERE directory_number = ?", {bound(number)});
}

Result<std::vector<PastEntity>, StoreError> past_entities_of(Database& database,
                                                             std::uint64_t number) {
  std::vector<PastEntity> past;
  const auto done = run(database,
                        "SELECT directory_number, resource, entity, before_record, after_record, "
                        "version, undoes FROM entity_history WHERE directory_number = ? ORDER BY "
                        "id DESC",
                        {bound(number)}, [&](const Statement& row) {
                          past.push_back({.number = number_of(row, 0),
                                          .resource = std::string(row.text(1)),
                                          .id = row.integer(2),
                                          .before = text_or_null(row, 3),
                                          .after = text_or_null(row, 4),
                                          .version = row.integer(5),
                                          .undoes = number_of(row, 6)});
                        });
  if (!done) return Failure{done.error()};
  return past;
}

Result<std::int64_t, StoreError> last_change_of(Database& database, const PastEntity& entity) {
  std::int64_t number = 0;
  const auto done =
      run(database,
          "SELECT COALESCE(MAX(directory_number), 0) FROM entity_history WHERE "
          "resource = ? AND entity = ?",
          {entity.resource, entity.id}, [&](const Statement& row) { number = row.integer(0); });
  if (!done) return Failure{done.error()};
  return number;
}

}  // namespace tandem::store
