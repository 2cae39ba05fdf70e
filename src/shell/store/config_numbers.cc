#include "shell/store/config_numbers.h"

namespace tandem::store {
namespace {

using directory::Record;
using directory::ResourceRow;

// So long after nobody named it any more an undo can name a file again.
constexpr std::chrono::hours kLongestUnnamed{7 * 24};

// "" when entities of this resource have none.
std::string file_of(const ResourceRow& resource, const Record& record) {
  if (record.empty() || (resource.name != "number_groups" && resource.name != "number_lists"))
    return {};
  return directory::to_text(directory::value_of(resource, record, "file"));
}

}  // namespace

void hold_numbers(NumberFiles& files, directory::Directory::Source& source) {
  for (directory::NumberGroup& group : source.number_groups)
    if (!group.file.empty()) group.imported = files.open(group.file);
  for (directory::NumberList& list : source.number_lists)
    if (!list.file.empty()) list.imported = files.open(list.file);
}

directory::Faults missing_files(const NumberFiles& files, const Draft& draft) {
  directory::Faults faults;
  for (const EntityDraft& each : draft.entities) {
    if (each.kind == ChangeKind::Remove) continue;
    const std::string file = file_of(*each.resource, each.after.record);
    if (file.empty() || file == file_of(*each.resource, each.before.record) || files.has(file))
      continue;
    faults.push_back({each.path + "file", file,
                      std::string(each.resource->singular) + ' ' +
                          directory::name_of(each.after.record) + ": file: there is no " +
                          (files.folder() / file).string() + "; `tandem numbers import` makes one"});
  }
  return faults;
}

void set_aside_files(const NumberFiles& files, const Draft& draft) {
  for (const EntityDraft& each : draft.entities) {
    const std::string file = file_of(*each.resource, each.before.record);
    const bool kept = each.kind != ChangeKind::Remove &&
                      file == file_of(*each.resource, each.after.record);
    if (!kept) files.set_aside(file);
  }
}

void tidy_files(const NumberFiles& files, const Catalogue& catalogue) {
  std::set<std::string> named;
  for (const ResourceRow& resource : directory::all_resources())
    for (const StoredEntity& entity : catalogue.of(resource).entities)
      named.insert(file_of(resource, entity.record));
  files.tidy(named, kLongestUnnamed);
}

}  // namespace tandem::store
