#include "shell/store/config_past.h"

#include <algorithm>

#include "shell/store/config_audit.h"
#include "shell/store/config_rows.h"
#include "shell/store/document.h"

namespace tandem::store {
namespace {

using directory::ResourceRow;

ConfigError damaged(const std::string& sentence) {
  return {ConfigErrorKind::Failed, "the stored history is damaged: " + sentence, {}};
}

// A secret that cannot be opened any more is left out: nothing is decided by it.
Result<directory::Record, ConfigError> record_of(const ResourceRow& resource, const SecretBox& box,
                                                 const std::string& json) {
  auto fields = read_fields(json);
  if (!fields) return Failure{damaged(fields.error().sentence)};
  std::erase_if(*fields, [&](directory::NamedValue& field) {
    const directory::FieldRow* row = directory::find_field(resource, field.name);
    if (row == nullptr) return true;  // of a version that knew more
    auto* sealed = std::get_if<std::string>(&field.value);
    if (!row->secret || sealed == nullptr) return false;
    auto opened = box.unseal(*sealed);
    if (opened) *sealed = *std::move(opened);
    return !opened;
  });
  auto record = directory::validate(resource, *fields);
  if (!record) return Failure{damaged(record.error().front().sentence)};
  return *std::move(record);
}

// The change of one entity the other way round.
Result<Done, ConfigError> take_back(const PastEntity& past, const SecretBox& box,
                                    const Catalogue& catalogue, Draft& draft) {
  const ResourceRow* resource = directory::find_resource(past.resource);
  if (resource == nullptr) return Done{};
  EntityDraft& back = draft.entities.emplace_back();
  back.resource = resource;
  const StoredEntity* now = catalogue.find(*resource, past.id);
  if ((now != nullptr) != past.after.has_value()) return Failure{damaged("an entity is missing")};
  if (now != nullptr) back.before = back.after = *now;
  if (!past.before) {
    back.kind = ChangeKind::Remove;
    return Done{};
  }
  auto record = record_of(*resource, box, *past.before);
  if (!record) return Failure{record.error()};
  back.kind = now != nullptr ? ChangeKind::Update : ChangeKind::Create;
  back.after.id = past.id;
  back.after.version = past.after ? past.version - 1 : past.version;
  back.after.record = *std::move(record);
  return Done{};
}

Result<Done, ConfigError> take_back(Database& database, const SecretBox& box, std::uint64_t number,
                                    Catalogue& catalogue) {
  const auto entities = past_entities_of(database, number);
  if (!entities) return Failure{config_error(entities.error())};
  const auto parameters = past_parameters_of(database, number);
  if (!parameters) return Failure{config_error(parameters.error())};
  if (entities->empty() && parameters->empty())
    return Failure{ConfigError{ConfigErrorKind::NotFound,
                               "change " + std::to_string(number) + " is not kept as a whole",
                               {}}};
  Draft draft;
  for (const PastEntity& each : *entities) {
    if (const auto done = take_back(each, box, catalogue, draft); !done) return done;
  }
  for (const PastParameter& each : *parameters) {
    const directory::ParameterRow* row = directory::find_parameter(each.name);
    if (row != nullptr)
      draft.parameters.push_back(
          {.row = row, .before = each.after, .after = each.before, .undoes = 0});
  }
  carry_out(draft, number - 1, catalogue);
  return Done{};
}

}  // namespace

Result<Catalogue, ConfigError> catalogue_at(Database& database, const SecretBox& box,
                                            const Catalogue& now, std::uint64_t number) {
  if (number > now.directory_number)
    return Failure{ConfigError{
        ConfigErrorKind::NotFound,
        "there is no configuration " + std::to_string(number) + " yet; the newest has the number " +
            std::to_string(now.directory_number),
        {}}};
  Catalogue catalogue = now;
  while (catalogue.directory_number > number) {
    const auto done = take_back(database, box, catalogue.directory_number, catalogue);
    if (!done) return Failure{done.error()};
  }
  return catalogue;
}

}  // namespace tandem::store
