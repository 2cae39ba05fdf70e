#include "shell/store/config_draft.h"

#include <algorithm>

#include "base/assert.h"
#include "core/directory/near_names.h"
#include "core/directory/parameters.h"
#include "shell/store/secret_box.h"

namespace tandem::store {
namespace {

using directory::Fault;
using directory::Faults;
using directory::FieldRow;
using directory::ParameterRow;
using directory::Record;
using directory::ResourceRow;
using directory::Value;

std::size_t position(const ResourceRow& resource) {
  return static_cast<std::size_t>(&resource - directory::all_resources().data());
}

const std::string* given_name(const directory::Fields& given) {
  for (const directory::NamedValue& each : given)
    if (each.name == "name") return std::get_if<std::string>(&each.value);
  return nullptr;
}

// The text a parameter has in a document: 600, "600", true, ["5060", "5061"].
std::optional<std::string> parameter_text(const Value& value) {
  if (std::holds_alternative<directory::Nested>(value)) return std::nullopt;
  return directory::to_text(value);
}

std::string effective(const ParameterRow& row, const std::optional<std::string>& value) {
  return value ? *value : std::string(row.initial);
}

EntityChange change_of(const EntityDraft& draft) {
  EntityChange change{.kind = draft.kind,
                      .resource = draft.resource,
                      .id = draft.after.id,
                      .name = directory::name_of(draft.after.record),
                      .fields = {}};
  const ResourceRow& resource = *draft.resource;
  const bool update = draft.kind == ChangeKind::Update;
  const Record reference = update ? draft.before.record : resource.defaults(resource);
  for (std::size_t i = 0; i < reference.size(); ++i) {
    const Value& value = draft.after.record[i];
    if (draft.kind == ChangeKind::Unchanged || value == reference[i]) continue;
    FieldChange field{.field = std::string(resource.fields[i].name), .before = {}, .after = {}};
    const auto shown = [&](const Value& any) {
      return resource.fields[i].secret && any != Value(std::string())
                 ? Value(std::string(kHiddenSecret))
                 : any;
    };
    if (update) field.before = shown(reference[i]);
    (draft.kind == ChangeKind::Remove ? field.before : field.after) = shown(value);
    change.fields.push_back(std::move(field));
  }
  return change;
}

bool renames(const EntityDraft& draft) {
  return draft.kind == ChangeKind::Update &&
         directory::name_of(draft.before.record) != directory::name_of(draft.after.record);
}

directory::TextList renamed(const FieldRow& field, const directory::TextList& entries,
                            const std::string& before, const std::string& after) {
  directory::TextList list;
  for (const std::string_view entry : entries) {
    if (directory::named_in(field, entry) == before)
      list.push_back(directory::with_name(field, entry, after));
    else
      list.push_back(entry);
  }
  return list;
}

void rename_references(const EntityDraft& draft, Catalogue& catalogue) {
  const std::string& before = directory::name_of(draft.before.record);
  const std::string& after = directory::name_of(draft.after.record);
  for (const ResourceRow& resource : directory::all_resources())
    for (std::size_t i = 0; i < resource.fields.size(); ++i) {
      if (resource.fields[i].refers_to != draft.resource->name) continue;
      for (StoredEntity& entity : catalogue.of(resource).entities) {
        if (const auto* entries = std::get_if<directory::TextList>(&entity.record[i]))
          entity.record[i] = renamed(resource.fields[i], *entries, before, after);
        else if (std::get<std::string>(entity.record[i]) == before)
          entity.record[i] = after;
      }
    }
}

auto by_id(std::vector<StoredEntity>& entities, std::int64_t id) {
  return std::ranges::lower_bound(entities, id, {}, &StoredEntity::id);
}

void carry_out(const EntityDraft& draft, Catalogue& catalogue) {
  Catalogue::Collection& collection = catalogue.of(*draft.resource);
  switch (draft.kind) {
    case ChangeKind::Create:
      collection.entities.insert(by_id(collection.entities, draft.after.id), draft.after);
      collection.last_id = std::max(collection.last_id, draft.after.id);
      break;
    case ChangeKind::Update:
      *by_id(collection.entities, draft.after.id) = draft.after;
      if (renames(draft)) rename_references(draft, catalogue);
      break;
    case ChangeKind::Remove:
      collection.entities.erase(by_id(collection.entities, draft.before.id));
      break;
    case ChangeKind::Unchanged:
      break;
  }
}

ConfigError invalid(Faults faults) {
  std::string sentence = faults.front().sentence;
  if (faults.size() > 1) sentence += " (and " + std::to_string(faults.size() - 1) + " more)";
  return {.kind = ConfigErrorKind::Invalid,
          .sentence = std::move(sentence),
          .faults = std::move(faults)};
}

}  // namespace

// ---- catalogue

Catalogue::Catalogue() : collections(directory::all_resources().size()) {}

const Catalogue::Collection& Catalogue::of(const ResourceRow& resource) const {
  return collections[position(resource)];
}

Catalogue::Collection& Catalogue::of(const ResourceRow& resource) {
  return collections[position(resource)];
}

const StoredEntity* Catalogue::find(const ResourceRow& resource, std::int64_t id) const {
  const auto& entities = of(resource).entities;
  const auto found = std::ranges::lower_bound(entities, id, {}, &StoredEntity::id);
  return found != entities.end() && found->id == id ? &*found : nullptr;
}

const StoredEntity* Catalogue::find(const ResourceRow& resource, std::string_view name) const {
  for (const StoredEntity& entity : of(resource).entities)
    if (directory::name_of(entity.record) == name) return &entity;
  return nullptr;
}

directory::EntityNames Catalogue::names() const {
  directory::EntityNames names;
  for (const ResourceRow& resource : directory::all_resources())
    for (const StoredEntity& entity : of(resource).entities)
      names.add(resource.name, entity.id, directory::name_of(entity.record));
  return names;
}

// ---- drafts

bool Draft::changes_anything() const {
  const auto changes = [](const EntityDraft& each) { return each.kind != ChangeKind::Unchanged; };
  return !parameters.empty() || std::ranges::any_of(entities, changes);
}

Plan plan_of(const Draft& draft) {
  Plan plan;
  for (const EntityDraft& each : draft.entities) plan.entities.push_back(change_of(each));
  for (const ParameterDraft& each : draft.parameters)
    plan.parameters.push_back(
        {each.row, effective(*each.row, each.before), effective(*each.row, each.after)});
  return plan;
}

ChangeHead head_of(const Author& author, std::uint64_t number) {
  return {.number = number,
          .time_ms = author.time_ms,
          .user = author.user,
          .address = author.address,
          .origin = std::string(to_text(author.origin)),
          .comment = author.comment};
}

void carry_out(const Draft& draft, std::uint64_t number, Catalogue& catalogue) {
  for (const EntityDraft& each : draft.entities) carry_out(each, catalogue);
  for (const ParameterDraft& each : draft.parameters) {
    const std::string name(each.row->name);
    if (each.after)
      catalogue.parameters[name] = *each.after;
    else
      catalogue.parameters.erase(name);
    catalogue.last_changes[name] = head_of(draft.author, number);
  }
  catalogue.directory_number = number;
}

// ---- drafting

namespace {

void make_up_secrets(const ResourceRow& resource, Record& record) {
  for (std::size_t i = 0; i < record.size(); ++i)
    if (resource.fields[i].made_up && std::get<std::string>(record[i]).empty())
      record[i] = SecretBox::make_password();
}

}  // namespace

Drafting::Drafting(const Catalogue& catalogue, Author author) : catalogue_(catalogue) {
  draft_.author = std::move(author);
}

void Drafting::comment_unless_given(const std::string& comment) {
  if (draft_.author.comment.empty()) draft_.author.comment = comment;
}

void Drafting::take_faults(const Faults& faults, const std::string& path) {
  for (const Fault& fault : faults)
    faults_.push_back({path + fault.field, fault.value, fault.sentence});
}

void Drafting::create(const ResourceRow& resource, const directory::Fields& given,
                      std::string path) {
  auto record = directory::validate(resource, given);
  if (!record) return take_faults(record.error(), path);
  make_up_secrets(resource, *record);
  auto& last_id = last_ids_.try_emplace(&resource, catalogue_.of(resource).last_id).first->second;
  const Author& author = draft_.author;
  StoredEntity entity{.id = ++last_id,
                      .version = 1,
                      .record = *std::move(record),
                      .created_at = author.time_ms,
                      .created_by = author.user,
                      .updated_at = author.time_ms,
                      .updated_by = author.user};
  draft_.entities.push_back(
      {ChangeKind::Create, &resource, {}, std::move(entity), std::move(path), undoes_});
}

void Drafting::restore(const ResourceRow& resource, const RemovedEntity& removed,
                       const directory::Fields& given) {
  const std::size_t drafted = draft_.entities.size();
  create(resource, given, {});
  if (draft_.entities.size() == drafted) return;  // refused
  draft_.entities.back().after.id = removed.id;
  draft_.entities.back().after.version = removed.version + 1;
  --last_ids_.at(&resource);  // that of create() was not needed
}

void Drafting::update(const ResourceRow& resource, const StoredEntity& entity,
                      const directory::Fields& given, std::string path) {
  auto record = directory::validate(resource, given, &entity.record);
  if (!record) return take_faults(record.error(), path);
  const bool changes = *record != entity.record;
  StoredEntity after = entity;
  after.record = *std::move(record);
  if (changes) {
    ++after.version;
    after.updated_at = draft_.author.time_ms;
    after.updated_by = draft_.author.user;
  }
  draft_.entities.push_back({changes ? ChangeKind::Update : ChangeKind::Unchanged, &resource,
                             entity, std::move(after), std::move(path), undoes_});
}

void Drafting::remove(const ResourceRow& resource, const StoredEntity& entity) {
  draft_.entities.push_back({ChangeKind::Remove, &resource, entity, entity, {}, undoes_});
}

const StoredEntity* Drafting::find_by_name(const ResourceRow& resource, const std::string& name) {
  if (by_name_.empty())
    for (const ResourceRow& each : directory::all_resources())
      for (const StoredEntity& entity : catalogue_.of(each).entities)
        by_name_[{&each, directory::name_of(entity.record)}] = &entity;
  const auto found = by_name_.find({&resource, name});
  return found == by_name_.end() ? nullptr : found->second;
}

void Drafting::place(const ResourceRow& resource, const directory::Fields& given,
                     std::string path) {
  const std::string* name = given_name(given);
  if (name != nullptr && !placed_.insert({&resource, *name}).second)
    return refuse(
        {path + "name", '"' + *name + '"',
         std::string(resource.singular) + ' ' + *name + ": name: is given twice in the document"});
  const StoredEntity* known = name == nullptr ? nullptr : find_by_name(resource, *name);
  if (known == nullptr)
    create(resource, given, std::move(path));
  else
    update(resource, *known, given, std::move(path));
}

void Drafting::set(const directory::NamedValue& parameter, std::string path) {
  const ParameterRow* row = directory::find_parameter(parameter.name);
  if (row == nullptr)
    return refuse({std::move(path), directory::to_text(parameter.value),
                   directory::no_such_parameter(parameter.name)});
  const std::string name(row->name);
  if (!parameter_paths_.emplace(name, path).second)
    return refuse(
        {std::move(path), directory::to_text(parameter.value), name + ": is given twice"});
  const auto stored = catalogue_.parameters.find(name);
  ParameterDraft draft{.row = row, .before = {}, .after = {}, .undoes = undoes_};
  if (stored != catalogue_.parameters.end()) draft.before = stored->second;
  if (!std::holds_alternative<std::monostate>(parameter.value)) {
    const auto text = parameter_text(parameter.value);
    auto value = directory::canonical_value(*row, text.value_or("{}"));
    if (!text || !value)
      return refuse({std::move(path), directory::to_text(parameter.value),
                     value ? name + ": an object or nested list is not allowed; it must be " +
                                 allowed_text(*row)
                           : value.error().sentence});
    draft.after = *std::move(value);
  }
  const bool same = effective(*row, draft.before) == effective(*row, draft.after);
  // Taking away a value that equals the default changes no more than who set it.
  if (!same || (draft.before && !draft.after)) draft_.parameters.push_back(std::move(draft));
}

// Every record as it will stand. Those that change come last, so that they get the faults.
void Drafting::check_entities() {
  const bool renamed = std::ranges::any_of(draft_.entities, renames);
  Catalogue after;
  if (renamed) {
    after = catalogue_;  // whose references follow
    carry_out(draft_, catalogue_.directory_number, after);
  }
  std::set<std::pair<const ResourceRow*, std::int64_t>> drafted;
  for (const EntityDraft& each : draft_.entities) drafted.insert({each.resource, each.after.id});
  std::vector<directory::SourceRecord> records;
  for (const ResourceRow& resource : directory::all_resources())
    for (const StoredEntity& entity : (renamed ? after : catalogue_).of(resource).entities)
      if (!drafted.contains({&resource, entity.id}))
        records.push_back({&resource, &entity.record, {}});
  for (const EntityDraft& each : draft_.entities)
    if (each.kind != ChangeKind::Remove)
      records.push_back({each.resource, &each.after.record, each.path});
  take_faults(directory::validate_source(records), {});
}

void Drafting::check_parameters() {
  std::map<std::string, std::string> values = catalogue_.parameters;
  for (const ParameterDraft& each : draft_.parameters) {
    if (each.after)
      values[std::string(each.row->name)] = *each.after;
    else
      values.erase(std::string(each.row->name));
  }
  const auto built = directory::build_parameters(values);
  if (built) return;
  const auto path = parameter_paths_.find(built.error().parameter);
  refuse({path == parameter_paths_.end() ? built.error().parameter : path->second,
          built.error().value, built.error().sentence});
}

Result<Draft, ConfigError> Drafting::finish() && {
  if (faults_.empty() && !draft_.entities.empty()) check_entities();
  if (faults_.empty() && !draft_.parameters.empty()) check_parameters();
  if (!faults_.empty()) return Failure{invalid(std::move(faults_))};
  return std::move(draft_);
}

}  // namespace tandem::store
