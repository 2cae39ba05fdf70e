#include "shell/store/config_document.h"

#include <set>

namespace tandem::store {

using directory::Fields;
using directory::ResourceRow;

namespace {

std::string name_and_place(const ResourceRow& resource, std::size_t i) {
  return std::string(resource.name) + '[' + std::to_string(i) + "].";
}

void place_section(const Document::Section& section, const Catalogue& catalogue,
                   Drafting& drafting) {
  const ResourceRow* resource = directory::find_resource(section.resource);
  if (resource == nullptr || resource->name != section.resource)
    return drafting.refuse({section.resource, {}, section.resource + ": unknown resource"});
  for (std::size_t i = 0; i < section.entities.size(); ++i)
    drafting.place(*resource, section.entities[i],
                   section.paths.empty() ? name_and_place(*resource, i) : section.paths[i]);
  if (!section.whole) return;
  std::set<std::string_view> mentioned;
  for (const Fields& fields : section.entities)
    for (const directory::NamedValue& field : fields)
      if (const auto* name = std::get_if<std::string>(&field.value); field.name == "name" && name)
        mentioned.insert(*name);
  for (const StoredEntity& entity : catalogue.of(*resource).entities)
    if (!mentioned.contains(directory::name_of(entity.record))) drafting.remove(*resource, entity);
}

}  // namespace

void draw_up(const Document& document, const Catalogue& catalogue, Drafting& drafting) {
  for (const Document::Section& section : document.sections)
    place_section(section, catalogue, drafting);
  for (const directory::NamedValue& parameter : document.parameters)
    drafting.set(parameter, "parameters." + parameter.name);
}

Fields telling_fields(const ResourceRow& resource, const directory::Record& record,
                      Secrets secrets) {
  const directory::Record defaults = resource.defaults(resource);
  Fields fields;
  for (std::size_t i = 0; i < record.size(); ++i)
    if ((resource.fields[i].required || record[i] != defaults[i]) &&
        (secrets == Secrets::Show || !resource.fields[i].secret))
      fields.push_back({std::string(resource.fields[i].name), record[i]});
  return fields;
}

}  // namespace tandem::store
