#include "shell/store/config_undo.h"

#include <algorithm>
#include <map>
#include <set>

#include "shell/store/config_audit.h"
#include "shell/store/config_rows.h"
#include "shell/store/document.h"

namespace tandem::store {
namespace {

using directory::Fields;
using directory::ResourceRow;

ConfigError conflict(std::string sentence) {
  return {ConfigErrorKind::Conflict, std::move(sentence), {}};
}

std::string again(std::string_view object, std::uint64_t number) {
  return std::string(object) + " was changed again by change " + std::to_string(number) +
         "; undo that one first, or set the value you want";
}

// What stands against taking back, all of it.
class Conflicts {
 public:
  void add(std::string object, std::string value, std::string sentence) {
    faults_.push_back({std::move(object), std::move(value), std::move(sentence)});
  }
  Result<Done, ConfigError> result() && {
    if (faults_.empty()) return Done{};
    ConfigError error = conflict(faults_.front().sentence);
    error.faults = std::move(faults_);
    return Failure{std::move(error)};
  }

 private:
  directory::Faults faults_;
};

// ---- parameters

// Of a list that is newest first: the changes of a parameter that were taken back. One that took
// back another and was itself taken back did nothing in the end.
using Undone = std::set<std::pair<std::string, std::uint64_t>>;
Undone undone_of(const std::vector<PastParameter>& past) {
  Undone undone;
  for (const PastParameter& each : past)
    if (each.undoes != 0 && !undone.contains({each.name, each.number}))
      undone.insert({each.name, each.undoes});
  return undone;
}

std::optional<std::string> value_of(const Catalogue& catalogue, const std::string& name) {
  const auto stored = catalogue.parameters.find(name);
  if (stored == catalogue.parameters.end()) return std::nullopt;
  return stored->second;
}

void put_back(UndoDesk desk, const PastParameter& past) {
  directory::Value value;
  if (past.before) value = *past.before;
  desk.drafting.undoing(past.number);
  desk.drafting.set({past.name, std::move(value)}, past.name);
}

void put_back_or_refuse(UndoDesk desk, const PastParameter& past, Conflicts& conflicts) {
  const auto now = value_of(desk.catalogue, past.name);
  if (now == past.after) return put_back(desk, past);
  const auto last = desk.catalogue.last_changes.find(past.name);
  const bool known = last != desk.catalogue.last_changes.end();
  conflicts.add(past.name, now.value_or(""), again(past.name, known ? last->second.number : 0));
}

// What was taken back by name already, part of a larger change, is left out.
Result<Done, ConfigError> put_back_parameters(UndoDesk desk, std::uint64_t number,
                                              const std::vector<PastParameter>& changed,
                                              Conflicts& conflicts) {
  const auto past = past_of_parameters(desk.database, {});
  if (!past) return Failure{config_error(past.error())};
  const Undone undone = undone_of(*past);
  bool any = changed.empty();
  for (const PastParameter& each : changed) {
    if (undone.contains({each.name, each.number})) continue;
    any = true;
    put_back_or_refuse(desk, each, conflicts);
  }
  if (any) return Done{};
  return Failure{conflict("change " + std::to_string(number) + " was taken back already")};
}

// ---- entities

bool is_secret(const ResourceRow& resource, std::string_view name) {
  return std::ranges::any_of(resource.fields, [&](const directory::FieldRow& row) {
    return row.secret && row.name == name;
  });
}

// A secret that cannot be opened any more is left out: it stays as it is.
Result<Fields, ConfigError> fields_of(UndoDesk desk, const ResourceRow& resource,
                                      const std::string& json) {
  auto fields = read_fields(json);
  if (!fields)
    return Failure{ConfigError{
        ConfigErrorKind::Failed, "the stored history is damaged: " + fields.error().sentence, {}}};
  std::erase_if(*fields, [&](directory::NamedValue& field) {
    const auto* sealed = std::get_if<std::string>(&field.value);
    if (sealed == nullptr || !is_secret(resource, field.name)) return false;
    auto opened = desk.box.unseal(*sealed);
    if (opened) field.value = *std::move(opened);
    return !opened;
  });
  return *std::move(fields);
}

const directory::Value* named(const Fields& fields, std::string_view name) {
  for (const directory::NamedValue& field : fields)
    if (field.name == name) return &field.value;
  return nullptr;
}

std::string object_of(const ResourceRow& resource, const std::string& name) {
  return std::string(resource.singular) + ' ' + name;
}

// The fields that the change gave another value, with the one they had before it. Those that have
// another value again by now are conflicts.
Fields former_fields(const ResourceRow& resource, const StoredEntity& now, const Fields& before,
                     const Fields& after, std::uint64_t last, Conflicts& conflicts) {
  Fields former;
  for (std::size_t i = 0; i < resource.fields.size(); ++i) {
    const std::string_view name = resource.fields[i].name;
    const directory::Value* was = named(before, name);
    const directory::Value* became = named(after, name);
    if (was == nullptr || became == nullptr || *was == *became) continue;
    const std::string object = object_of(resource, directory::name_of(now.record));
    if (write_value(now.record[i]) != write_value(*became))
      conflicts.add(object,
                    resource.fields[i].secret ? std::string(kHiddenSecret)
                                              : directory::to_text(now.record[i]),
                    again(object + ": " + std::string(name), last));
    former.push_back({std::string(name), *was});
  }
  return former;
}

Result<Done, ConfigError> put_back(UndoDesk desk, const PastEntity& past, Conflicts& conflicts) {
  const ResourceRow* resource = directory::find_resource(past.resource);
  if (resource == nullptr) return Done{};  // of a version that knew more
  const auto last = last_change_of(desk.database, past);
  if (!last) return Failure{config_error(last.error())};
  const auto last_number = static_cast<std::uint64_t>(*last);
  const StoredEntity* now = desk.catalogue.find(*resource, past.id);
  const auto before = past.before ? fields_of(desk, *resource, *past.before) : Fields{};
  const auto after = past.after ? fields_of(desk, *resource, *past.after) : Fields{};
  if (!before) return Failure{before.error()};
  if (!after) return Failure{after.error()};
  desk.drafting.undoing(past.number);

  const bool is_there = now != nullptr;
  const bool was_left = past.after.has_value();
  if (is_there != was_left || (!past.before && last_number != past.number)) {
    const directory::Value* name = named(was_left ? *after : *before, "name");
    const std::string object =
        object_of(*resource, name == nullptr ? std::to_string(past.id) : directory::to_text(*name));
    conflicts.add(object, {}, again(object, last_number));
  } else if (!past.before) {
    desk.drafting.remove(*resource, *now);
  } else if (!past.after) {
    desk.drafting.restore(*resource, {past.id, past.version}, *before);
  } else {
    const Fields former = former_fields(*resource, *now, *before, *after, last_number, conflicts);
    desk.drafting.update(*resource, *now, former, {});
  }
  return Done{};
}

std::string comment_for(std::uint64_t number) { return "undo of change " + std::to_string(number); }

}  // namespace

Result<Done, ConfigError> draw_up_undo_of_change(UndoDesk desk, std::uint64_t number) {
  const auto parameters = past_parameters_of(desk.database, number);
  if (!parameters) return Failure{config_error(parameters.error())};
  const auto entities = past_entities_of(desk.database, number);
  if (!entities) return Failure{config_error(entities.error())};
  if (parameters->empty() && entities->empty())
    return Failure{ConfigError{
        ConfigErrorKind::NotFound,
        "there is no change " + std::to_string(number) + "; `tandem changes` lists them",
        {}}};
  Conflicts conflicts;
  if (auto done = put_back_parameters(desk, number, *parameters, conflicts); !done) return done;
  for (const PastEntity& each : *entities) {
    if (auto done = put_back(desk, each, conflicts); !done) return done;
  }
  desk.drafting.comment_unless_given(comment_for(number));
  return std::move(conflicts).result();
}

Result<Done, ConfigError> draw_up_undo_of_parameter(UndoDesk desk,
                                                    const directory::ParameterRow& row) {
  const auto past = past_of_parameters(desk.database, std::string(row.name));
  if (!past) return Failure{config_error(past.error())};
  const Undone undone = undone_of(*past);
  for (const PastParameter& each : *past) {
    if (each.undoes != 0 || undone.contains({each.name, each.number})) continue;
    put_back(desk, each);
    desk.drafting.comment_unless_given(comment_for(each.number));
    return Done{};
  }
  return Failure{conflict(std::string(row.name) + " has no change that could be undone")};
}

Result<Done, ConfigError> draw_up_undo_of_last(UndoDesk desk) {
  const auto past = past_of_parameters(desk.database, {});
  if (!past) return Failure{config_error(past.error())};
  const Undone undone = undone_of(*past);
  for (const PastParameter& each : *past)
    if (each.undoes == 0 && !undone.contains({each.name, each.number}))
      return draw_up_undo_of_change(desk, each.number);
  return Failure{conflict("no parameter has a change that could be undone")};
}

}  // namespace tandem::store
