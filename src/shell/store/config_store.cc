#include "shell/store/config_store.h"

#include <algorithm>
#include <system_error>

#include "core/directory/near_names.h"
#include "core/directory/parameters.h"
#include "shell/numbers/ported_table.h"
#include "shell/store/config_audit.h"
#include "shell/store/config_compiler.h"
#include "shell/store/config_document.h"
#include "shell/store/config_draft.h"
#include "shell/store/config_numbers.h"
#include "shell/store/config_past.h"
#include "shell/store/time_zones.h"
#include "shell/store/config_rows.h"
#include "shell/store/config_undo.h"
#include "shell/store/migrations.h"
#include "shell/store/sqlite.h"

namespace tandem::store {
namespace {

using directory::Fields;
using directory::ParameterRow;
using directory::ResourceRow;

ConfigError not_found(std::string sentence) {
  return {ConfigErrorKind::NotFound, std::move(sentence), {}};
}

Result<const ResourceRow*, ConfigError> resource_named(std::string_view name) {
  if (const ResourceRow* resource = directory::find_resource(name)) return resource;
  return Failure{not_found(std::string(name) + ": there is no resource of this name")};
}

Result<const ParameterRow*, ConfigError> parameter_named(std::string_view name) {
  if (const ParameterRow* row = directory::find_parameter(name)) return row;
  return Failure{not_found(directory::no_such_parameter(name))};
}

ConfigError no_entity(const ResourceRow& resource, const std::string& which) {
  return not_found("there is no " + std::string(resource.singular) + ' ' + which);
}

// Numbers as numbers, as in documents.
directory::Value document_value(const ParameterRow& row, const std::string& text) {
  using directory::ParameterType;
  const bool number =
      row.form != directory::Form::TosByte &&
      (row.type == ParameterType::Int || row.type == ParameterType::DurationSeconds ||
       row.type == ParameterType::DurationMilliseconds);
  std::int64_t value = 0;
  if (number && directory::parse_decimal(text, 0, value)) return value;
  return text;
}

}  // namespace

struct ConfigStore::State {
  State(Database opened, std::unique_ptr<SecretBox> secrets, const std::filesystem::path& data)
      : database(std::move(opened)),
        box(std::move(secrets)),
        numbers(data / "numbers"),
        ported(data / tandem::numbers::kPortedTableFile) {}

  Database database;
  std::unique_ptr<SecretBox> box;
  NumberFiles numbers;
  Catalogue catalogue;
  std::int64_t data_version = -1;  // of the database when the catalogue was read
  tandem::numbers::PortedTable ported;
  ConfigCompiler compiler{numbers, ported};
  RestartValues held;  // in place of what is stored, until the restart

  Result<Done, ConfigError> refresh();
  Result<Done, ConfigError> refresh_within_transaction();
  Result<Plan, ConfigError> change(const Author& author, Mode mode, auto&& draw_up);
  Result<Plan, ConfigError> write(const Draft& draft);
};

// Reads everything again when another process changed the database.
Result<Done, ConfigError> ConfigStore::State::refresh_within_transaction() {
  const auto version = database.number("PRAGMA data_version");
  if (!version) return Failure{config_error(version.error())};
  if (*version == data_version) return Done{};
  auto read = read_catalogue(database, *box);
  if (!read) return Failure{read.error()};
  catalogue = *std::move(read);
  compiler.forget();
  data_version = *version;
  return Done{};
}

Result<Done, ConfigError> ConfigStore::State::refresh() {
  const auto version = database.number("PRAGMA data_version");
  if (!version) return Failure{config_error(version.error())};
  if (*version == data_version) return Done{};
  if (const auto begun = database.run("BEGIN"); !begun) return Failure{config_error(begun.error())};
  auto done = refresh_within_transaction();
  static_cast<void>(database.run("ROLLBACK"));
  return done;
}

// Draws up a change against what is stored now, and writes it unless it is refused.
Result<Plan, ConfigError> ConfigStore::State::change(const Author& author, Mode mode,
                                                     auto&& draw_up) {
  if (const auto begun = database.run("BEGIN IMMEDIATE"); !begun)
    return Failure{config_error(begun.error())};
  const auto give_up = [&](const ConfigError& error) {
    static_cast<void>(database.run("ROLLBACK"));
    return Failure{error};
  };
  if (const auto fresh = refresh_within_transaction(); !fresh) return give_up(fresh.error());
  Drafting drafting(catalogue, author);
  if (const Result<Done, ConfigError> drawn = draw_up(drafting); !drawn)
    return give_up(drawn.error());
  const auto draft = std::move(drafting).finish();
  if (!draft) return give_up(draft.error());
  if (auto missing = missing_files(numbers, *draft); !missing.empty())
    return give_up({ConfigErrorKind::Invalid, missing.front().sentence, missing});
  if (auto missing = missing_time_zones(*draft); !missing.empty())
    return give_up({ConfigErrorKind::Invalid, missing.front().sentence, missing});
  if (mode == Mode::DryRun || !draft->changes_anything()) {
    static_cast<void>(database.run("ROLLBACK"));
    Plan plan = plan_of(*draft);
    plan.directory_number = catalogue.directory_number;
    for (EntityChange& each : plan.entities)
      if (each.kind == ChangeKind::Create) each.id = 0;
    return plan;
  }
  auto plan = write(*draft);
  if (!plan) return give_up(plan.error());
  return plan;
}

Result<Plan, ConfigError> ConfigStore::State::write(const Draft& draft) {
  const std::uint64_t number = catalogue.directory_number + 1;
  auto done = write_draft(database, *box, draft, number, catalogue);
  if (done) done = database.run("COMMIT");
  if (!done) return Failure{config_error(done.error())};
  Plan plan = plan_of(draft);
  plan.directory_number = number;
  carry_out(draft, number, catalogue);
  compiler.changed();
  set_aside_files(numbers, draft);
  return plan;
}

std::string_view to_text(Origin origin) {
  switch (origin) {
    case Origin::Api:
      return "api";
    case Origin::Cli:
      return "cli";
    case Origin::Import:
      return "import";
    case Origin::Profile:
      return "profile";
  }
  return {};
}

bool Plan::changes_anything() const {
  const auto changes = [](const EntityChange& each) { return each.kind != ChangeKind::Unchanged; };
  return !parameters.empty() || std::ranges::any_of(entities, changes);
}

ConfigStore::ConfigStore(std::unique_ptr<State> state) : state_(std::move(state)) {}

ConfigStore::~ConfigStore() = default;

Result<std::unique_ptr<ConfigStore>, ConfigError> ConfigStore::open(
    const std::filesystem::path& data) {
  std::error_code error;
  std::filesystem::create_directories(data, error);
  if (error)
    return Failure{
        ConfigError{ConfigErrorKind::Failed,
                    "data directory " + data.string() + " cannot be made: " + error.message(),
                    {}}};
  auto database = Database::open(data / "tandem.db", Database::Access::ReadWrite);
  if (!database) return Failure{config_error(database.error())};
  // A change that was confirmed must survive the machine too; changes are rare.
  auto done = database->run("PRAGMA synchronous = FULL");
  if (done) done = migrate(*database, config_migrations());
  if (!done) return Failure{config_error(done.error())};
  auto box = SecretBox::open(data);
  if (!box) return Failure{ConfigError{ConfigErrorKind::Failed, box.error(), {}}};
  auto state = std::make_unique<State>(*std::move(database), *std::move(box), data);
  if (const auto read = state->refresh(); !read) return Failure{read.error()};
  tidy_files(state->numbers, state->catalogue);
  numbers::remove_unfinished_table(data / numbers::kPortedTableFile);
  return std::unique_ptr<ConfigStore>(new ConfigStore(std::move(state)));
}

// ---- entities

Result<std::vector<StoredEntity>, ConfigError> ConfigStore::list(std::string_view name) {
  const auto resource = resource_named(name);
  if (!resource) return Failure{resource.error()};
  if (const auto fresh = state_->refresh(); !fresh) return Failure{fresh.error()};
  return state_->catalogue.of(**resource).entities;
}

Result<StoredEntity, ConfigError> ConfigStore::get(std::string_view name, std::int64_t id) {
  const auto resource = resource_named(name);
  if (!resource) return Failure{resource.error()};
  if (const auto fresh = state_->refresh(); !fresh) return Failure{fresh.error()};
  if (const auto* entity = state_->catalogue.find(**resource, id)) return *entity;
  return Failure{no_entity(**resource, "with id " + std::to_string(id))};
}

Result<StoredEntity, ConfigError> ConfigStore::get(std::string_view name, std::string_view entity) {
  const auto resource = resource_named(name);
  if (!resource) return Failure{resource.error()};
  if (const auto fresh = state_->refresh(); !fresh) return Failure{fresh.error()};
  if (const auto* found = state_->catalogue.find(**resource, entity)) return *found;
  return Failure{no_entity(**resource, std::string(entity))};
}

Result<StoredEntity, ConfigError> ConfigStore::create(std::string_view name, const Fields& given,
                                                      const Author& author) {
  const auto resource = resource_named(name);
  if (!resource) return Failure{resource.error()};
  const auto plan = state_->change(author, Mode::Apply, [&](Drafting& drafting) {
    drafting.create(**resource, given, {});
    return Result<Done, ConfigError>(Done{});
  });
  if (!plan) return Failure{plan.error()};
  return *state_->catalogue.find(**resource, plan->entities.front().id);
}

namespace {

// The entity, if it is there in this version.
Result<const StoredEntity*, ConfigError> current(const Catalogue& catalogue,
                                                 const ResourceRow& resource, std::int64_t id,
                                                 std::optional<std::int64_t> version) {
  const StoredEntity* entity = catalogue.find(resource, id);
  if (entity == nullptr) return Failure{no_entity(resource, "with id " + std::to_string(id))};
  if (!version || *version == entity->version) return entity;
  return Failure{ConfigError{
      ConfigErrorKind::Conflict,
      std::string(resource.singular) + ' ' + directory::name_of(entity->record) +
          " was changed by " + entity->updated_by + ": its version is " +
          std::to_string(entity->version) + ", not " + std::to_string(*version) + "; read it again",
      {}}};
}

}  // namespace

Result<StoredEntity, ConfigError> ConfigStore::update(std::string_view name, std::int64_t id,
                                                      const Fields& given,
                                                      std::optional<std::int64_t> version,
                                                      const Author& author) {
  const auto resource = resource_named(name);
  if (!resource) return Failure{resource.error()};
  const auto plan =
      state_->change(author, Mode::Apply, [&](Drafting& drafting) -> Result<Done, ConfigError> {
        const auto entity = current(state_->catalogue, **resource, id, version);
        if (!entity) return Failure{entity.error()};
        drafting.update(**resource, **entity, given, {});
        return Done{};
      });
  if (!plan) return Failure{plan.error()};
  return *state_->catalogue.find(**resource, id);
}

Result<Done, ConfigError> ConfigStore::remove(std::string_view name, std::int64_t id,
                                              std::optional<std::int64_t> version,
                                              const Author& author) {
  const auto resource = resource_named(name);
  if (!resource) return Failure{resource.error()};
  std::string removed;
  const auto plan =
      state_->change(author, Mode::Apply, [&](Drafting& drafting) -> Result<Done, ConfigError> {
        const auto entity = current(state_->catalogue, **resource, id, version);
        if (!entity) return Failure{entity.error()};
        removed = directory::name_of((*entity)->record);
        drafting.remove(**resource, **entity);
        return Done{};
      });
  if (plan) return Done{};
  ConfigError error = plan.error();
  // What stays behind would refer to nothing.
  if (error.kind == ConfigErrorKind::Invalid) {
    error.kind = ConfigErrorKind::InUse;
    error.sentence = std::string((*resource)->singular) + ' ' + removed +
                     " is in use and cannot be removed: " + error.sentence;
  }
  return Failure{std::move(error)};
}

// ---- parameters

namespace {

StoredParameter parameter_of(const Catalogue& catalogue, const RestartValues& held,
                             const ParameterRow& row) {
  const std::string name(row.name);
  StoredParameter parameter{.row = &row, .value = std::string(row.initial), .last = {}};
  if (const auto set = catalogue.parameters.find(name); set != catalogue.parameters.end()) {
    parameter.value = set->second;
    parameter.is_set = true;
  }
  if (const auto last = catalogue.last_changes.find(name); last != catalogue.last_changes.end())
    parameter.last = last->second;
  const auto acting = held.find(name);
  parameter.waits = acting != held.end() && acting->second != parameter.value;
  return parameter;
}

}  // namespace

Result<std::vector<StoredParameter>, ConfigError> ConfigStore::parameters() {
  if (const auto fresh = state_->refresh(); !fresh) return Failure{fresh.error()};
  std::vector<StoredParameter> list;
  for (const ParameterRow& row : directory::all_parameters()) {
    StoredParameter parameter = parameter_of(state_->catalogue, state_->held, row);
    if (row.available() || parameter.is_set) list.push_back(std::move(parameter));
  }
  return list;
}

Result<StoredParameter, ConfigError> ConfigStore::parameter(std::string_view name) {
  const auto row = parameter_named(name);
  if (!row) return Failure{row.error()};
  if (const auto fresh = state_->refresh(); !fresh) return Failure{fresh.error()};
  return parameter_of(state_->catalogue, state_->held, **row);
}

Result<StoredParameter, ConfigError> ConfigStore::set_parameter(std::string_view name,
                                                                const directory::Value& value,
                                                                const Author& author) {
  const auto row = parameter_named(name);
  if (!row) return Failure{row.error()};
  const std::string canonical((*row)->name);
  const auto plan = state_->change(author, Mode::Apply, [&](Drafting& drafting) {
    drafting.set({canonical, value}, canonical);
    return Result<Done, ConfigError>(Done{});
  });
  if (!plan) return Failure{plan.error()};
  return parameter_of(state_->catalogue, state_->held, **row);
}

Result<Plan, ConfigError> ConfigStore::set_parameters(const Fields& values, Mode mode,
                                                      const Author& author) {
  return state_->change(author, mode, [&](Drafting& drafting) {
    for (const directory::NamedValue& each : values) drafting.set(each, each.name);
    return Result<Done, ConfigError>(Done{});
  });
}

Result<std::vector<ParameterPast>, ConfigError> ConfigStore::parameter_history(
    std::string_view name) {
  const auto row = parameter_named(name);
  if (!row) return Failure{row.error()};
  auto past = read_history(state_->database, (*row)->name);
  if (!past) return Failure{config_error(past.error())};
  return *std::move(past);
}

// ---- taking back

Result<Plan, ConfigError> ConfigStore::undo_parameter(std::string_view name, Mode mode,
                                                      const Author& author) {
  const auto row = parameter_named(name);
  if (!row) return Failure{row.error()};
  return state_->change(author, mode, [&](Drafting& drafting) {
    return draw_up_undo_of_parameter({state_->database, *state_->box, state_->catalogue, drafting}, **row);
  });
}

Result<Plan, ConfigError> ConfigStore::undo_last(Mode mode, const Author& author) {
  return state_->change(author, mode, [&](Drafting& drafting) {
    return draw_up_undo_of_last({state_->database, *state_->box, state_->catalogue, drafting});
  });
}

Result<Plan, ConfigError> ConfigStore::undo_change(std::uint64_t number, Mode mode,
                                                   const Author& author) {
  return state_->change(author, mode, [&](Drafting& drafting) {
    return draw_up_undo_of_change({state_->database, *state_->box, state_->catalogue, drafting}, number);
  });
}

// ---- documents

Result<Plan, ConfigError> ConfigStore::apply(const Document& document, Mode mode,
                                             const Author& author) {
  return state_->change(author, mode, [&](Drafting& drafting) {
    draw_up(document, state_->catalogue, drafting);
    return Result<Done, ConfigError>(Done{});
  });
}

Result<Document, ConfigError> ConfigStore::export_document(Secrets secrets) {
  if (const auto fresh = state_->refresh(); !fresh) return Failure{fresh.error()};
  Document document;
  for (const ResourceRow& resource : directory::all_resources()) {
    Document::Section section{std::string(resource.name), {}};
    for (const StoredEntity& entity : state_->catalogue.of(resource).entities)
      section.entities.push_back(telling_fields(resource, entity.record, secrets));
    if (!section.entities.empty()) document.sections.push_back(std::move(section));
  }
  for (const ParameterRow& row : directory::all_parameters()) {
    const StoredParameter parameter = parameter_of(state_->catalogue, state_->held, row);
    if (parameter.value != row.initial)
      document.parameters.push_back({std::string(row.name), document_value(row, parameter.value)});
  }
  return document;
}

// ---- the whole

Result<std::uint64_t, ConfigError> ConfigStore::directory_number() {
  if (const auto fresh = state_->refresh(); !fresh) return Failure{fresh.error()};
  return state_->catalogue.directory_number;
}

std::string ConfigStore::ported_fault() const { return state_->ported.fault(); }

Result<std::shared_ptr<const directory::Directory>, ConfigError> ConfigStore::compile() {
  if (const auto fresh = state_->refresh(); !fresh) return Failure{fresh.error()};
  return state_->compiler.compile(state_->catalogue, state_->held);
}

NumberFiles& ConfigStore::number_files() { return state_->numbers; }

Result<std::shared_ptr<const directory::Directory>, ConfigError> ConfigStore::compile_at(
    std::uint64_t number) {
  if (const auto fresh = state_->refresh(); !fresh) return Failure{fresh.error()};
  const auto past = catalogue_at(state_->database, *state_->box, state_->catalogue, number);
  if (!past) return Failure{past.error()};
  return state_->compiler.compile_apart(*past);
}

Result<std::shared_ptr<const directory::Directory>, ConfigError> ConfigStore::compile_with(
    const Document& document) {
  if (const auto fresh = state_->refresh(); !fresh) return Failure{fresh.error()};
  Drafting drafting(state_->catalogue, {});
  draw_up(document, state_->catalogue, drafting);
  const auto draft = std::move(drafting).finish();
  if (!draft) return Failure{draft.error()};
  Catalogue changed = state_->catalogue;
  carry_out(*draft, changed.directory_number, changed);
  return state_->compiler.compile_apart(changed);
}

Result<RestartValues, ConfigError> ConfigStore::restart_values() {
  if (const auto fresh = state_->refresh(); !fresh) return Failure{fresh.error()};
  RestartValues values;
  for (const ParameterRow& row : directory::all_parameters())
    if (row.applies == directory::Applies::Restart)
      values[std::string(row.name)] = parameter_of(state_->catalogue, {}, row).value;
  return values;
}

void ConfigStore::hold(RestartValues values) {
  state_->held = std::move(values);
  state_->compiler.changed();
}

Result<std::vector<AuditRow>, ConfigError> ConfigStore::changes(const ChangeFilter& filter) {
  auto rows = read_changes(state_->database, filter);
  if (!rows) return Failure{config_error(rows.error())};
  return *std::move(rows);
}

}  // namespace tandem::store
