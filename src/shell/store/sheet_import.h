// Entities from a table of text: the first row names fields, each further row is an entity. Rows of one
// name are one entity, whose lists are joined, so that a list of very many entries may stand one entry
// a row. Everything that is wrong is told with its line and column.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "shell/store/config_store.h"
#include "shell/store/sheet.h"

namespace tandem::store {

enum class ImportMode : std::uint8_t {
  Set,      // fields that have a column get its values; an empty cell is the default
  Add,      // entries are added to lists of entities that are there
  Remove,   // entries are taken out of lists of entities that are there
  Replace,  // as Set, and entities without a row are removed
};
std::string_view to_text(ImportMode mode);  // "set", "add", "remove", "replace"

// What applying the section will do, or everything that is wrong. `current` are the entities of the
// resource that are there.
Result<Document::Section, directory::Faults> read_sheet(const directory::ResourceRow& resource,
                                                        std::string_view text, SheetForm form,
                                                        ImportMode mode,
                                                        std::span<const StoredEntity> current);

// Gives faults of applying the section, whose fields are "line 7: priority", the column of the field.
void add_columns(const directory::ResourceRow& resource, std::string_view text, SheetForm form,
                 directory::Faults& faults);

// All fields of each entity but the secret ones, a row each; or, with a list field, the name and one
// entry a row.
std::string write_sheet(const directory::ResourceRow& resource,
                        std::span<const StoredEntity> entities, SheetForm form,
                        const directory::FieldRow* list, Secrets secrets);

}  // namespace tandem::store
