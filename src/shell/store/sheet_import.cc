#include "shell/store/sheet_import.h"

#include <algorithm>
#include <map>
#include <set>
#include <unordered_map>
#include <utility>

#include "base/text.h"

namespace tandem::store {
namespace {

using directory::Fault;
using directory::Faults;
using directory::FieldRow;
using directory::FieldType;
using directory::ResourceRow;
using directory::Value;

constexpr std::size_t kMaxFaults = 100;  // a file of the wrong kind has one in each line
constexpr std::string_view kEmptyEntry = "\"\"";

std::string named_place(SheetPlace place, std::string_view field) {
  std::string text = to_text(place);
  if (!field.empty()) text.append(": ").append(field);
  return text;
}

bool is_text_list(const FieldRow& field) {
  return field.type == FieldType::Texts || field.type == FieldType::References;
}

class Import {
 public:
  Import(const ResourceRow& resource, ImportMode mode, std::span<const StoredEntity> current)
      : resource_(resource), mode_(mode) {
    section_.resource = resource.name;
    section_.whole = mode == ImportMode::Replace;
    if (takes_lists_only())
      for (const StoredEntity& entity : current)
        current_.emplace(directory::name_of(entity.record), &entity);
  }

  Result<Document::Section, Faults> read(std::string_view text, SheetForm form) {
    SheetReader reader(text, form);
    std::vector<SheetCell> row;
    if (reader.next(row)) read_heading(row);
    if (faults_.empty() && !reader.fault() && columns_.empty())
      refuse({}, "", "the first row names the fields, one of which is name");
    while (faults_.size() < kMaxFaults && reader.next(row)) read_row(row);
    if (reader.fault()) refuse(reader.fault()->place, "", reader.fault()->sentence);
    if (faults_.empty() && takes_lists_only()) change_lists();
    if (!faults_.empty()) return Failure{std::move(faults_)};
    return std::move(section_);
  }

 private:
  struct Entry {
    std::string text;
    SheetPlace place;
  };
  struct Lists {  // of one entity, in the order of columns_
    std::vector<std::vector<Entry>> entries;
  };

  bool takes_lists_only() const {
    return mode_ == ImportMode::Add || mode_ == ImportMode::Remove;
  }

  void refuse(SheetPlace place, std::string_view field, std::string sentence,
              std::string value = {}) {
    std::string where = named_place(place, field);
    sentence = where + ": " + sentence;
    faults_.push_back({std::move(where), std::move(value), std::move(sentence)});
  }

  void read_heading(const std::vector<SheetCell>& row) {
    std::set<const FieldRow*> seen;
    for (const SheetCell& cell : row) {
      const FieldRow* field = directory::find_field(resource_, trim(cell.text));
      if (field == nullptr) {
        refuse(cell.place, "", "there is no field " + cell.text + " of " +
                                   std::string(resource_.name), cell.text);
      } else if (!seen.insert(field).second) {
        refuse(cell.place, field->name, "there are two columns of it");
      } else if (takes_lists_only() && !is_text_list(*field) && field != name_field()) {
        refuse(cell.place, field->name, "is no list; only entries of lists are added or removed");
      }
      columns_.push_back(field);
    }
    const auto name = std::ranges::find(columns_, name_field());
    name_column_ = std::size_t(name - columns_.begin());
    if (name == columns_.end() && faults_.empty())
      refuse({}, "", "the column name is missing");
  }

  const FieldRow* name_field() const { return &resource_.fields.front(); }

  void read_row(const std::vector<SheetCell>& row) {
    if (!faults_.empty() && columns_.size() <= name_column_) return;  // the heading was refused
    const std::string name =
        name_column_ < row.size() ? std::string(trim(row[name_column_].text)) : std::string();
    if (name.empty()) return refuse(row.front().place, "name", "is missing");
    if (row.size() > columns_.size())
      return refuse(row[columns_.size()].place, "", "there is no column for this cell",
                    row[columns_.size()].text);
    const auto [known, is_new] = by_name_.try_emplace(name, section_.entities.size());
    if (is_new) {
      section_.entities.emplace_back();
      section_.paths.push_back("line " + std::to_string(row.front().place.line) + ": ");
      lists_.emplace_back().entries.resize(takes_lists_only() ? columns_.size() : 0);
      if (takes_lists_only() && !current_.contains(name))
        refuse(row[name_column_].place, "name",
               "there is no " + std::string(resource_.singular) + ' ' + name, name);
    }
    for (std::size_t i = 0; i < row.size(); ++i)
      if (columns_[i] != nullptr) take_cell(known->second, is_new, i, row[i]);
  }

  void take_cell(std::size_t entity, bool is_new, std::size_t column, const SheetCell& cell) {
    const FieldRow& field = *columns_[column];
    if (is_text_list(field)) return take_entries(entity, column, cell);
    Value value;
    if (!trim(cell.text).empty()) value = directory::from_text(field, cell.text);
    directory::Fields& fields = section_.entities[entity];
    if (is_new) return fields.push_back({std::string(field.name), std::move(value)});
    if (&field == name_field() || value == Value()) return;
    auto given = std::ranges::find(fields, field.name, &directory::NamedValue::name);
    if (given == fields.end()) return fields.push_back({std::string(field.name), std::move(value)});
    if (given->value == Value()) given->value = std::move(value);
    if (given->value != value && value != Value())
      refuse(cell.place, field.name, "has another value in an earlier row of this name", cell.text);
  }

  // Checked here, where each has its place.
  void take_entries(std::size_t entity, std::size_t column, const SheetCell& cell) {
    const FieldRow& field = *columns_[column];
    const Value list = directory::from_text(field, cell.text);
    directory::Fields& fields = section_.entities[entity];
    auto given = std::ranges::find(fields, field.name, &directory::NamedValue::name);
    if (given == fields.end() && !takes_lists_only()) {
      fields.push_back({std::string(field.name), directory::TextList()});
      given = fields.end() - 1;
    }
    for (const std::string_view entry : *std::get_if<directory::TextList>(&list)) {
      std::string canonical;
      if (field.form == nullptr) {
        canonical = entry;  // a name: whether it is there is checked with the whole
      } else if (!field.form->canonical(entry, canonical)) {
        refuse(cell.place, field.name,
               '"' + std::string(entry) + "\" is not allowed; it must be " +
                   std::string(field.form->allowed),
               std::string(entry));
        continue;
      }
      if (takes_lists_only()) {
        lists_[entity].entries[column].push_back({std::move(canonical), cell.place});
      } else {
        std::get_if<directory::TextList>(&given->value)->push_back(canonical);
      }
    }
  }

  // Entries to be added or removed become the lists that are then there.
  void change_lists() {
    for (const auto& [name, entity] : by_name_) {
      section_.entities[entity] = {{"name", name}};
      const StoredEntity& now = *current_.at(name);
      for (std::size_t column = 0; column < columns_.size(); ++column) {
        const FieldRow& field = *columns_[column];
        if (!is_text_list(field)) continue;
        const auto& list = std::get<directory::TextList>(
            now.record[directory::position(resource_, field)]);
        section_.entities[entity].push_back(
            {std::string(field.name),
             mode_ == ImportMode::Add ? with(list, lists_[entity].entries[column])
                                      : without(list, lists_[entity].entries[column], field)});
      }
    }
  }

  static directory::TextList with(directory::TextList list, const std::vector<Entry>& entries) {
    for (const Entry& entry : entries) list.push_back(entry.text);
    return list;
  }

  directory::TextList without(const directory::TextList& list, const std::vector<Entry>& entries,
                              const FieldRow& field) {
    std::map<std::string_view, bool> unwanted;  // and whether it was there
    for (const Entry& entry : entries) unwanted[entry.text] = false;
    directory::TextList rest;
    for (const std::string_view entry : list) {
      const auto found = unwanted.find(entry);
      if (found == unwanted.end())
        rest.push_back(entry);
      else
        found->second = true;
    }
    for (const Entry& entry : entries)
      if (!unwanted[entry.text] && faults_.size() < kMaxFaults)
        refuse(entry.place, field.name,
               (entry.text.empty() ? std::string(kEmptyEntry) : entry.text) +
                   " is not in the list, so it cannot be taken out",
               entry.text);
    return rest;
  }

  const ResourceRow& resource_;
  ImportMode mode_;
  Document::Section section_;
  Faults faults_;
  std::vector<const FieldRow*> columns_;
  std::size_t name_column_ = 0;
  std::unordered_map<std::string, std::size_t> by_name_;  // positions in the section
  std::vector<Lists> lists_;                              // parallel to its entities
  std::unordered_map<std::string, const StoredEntity*> current_;
};

}  // namespace

std::string_view to_text(ImportMode mode) {
  switch (mode) {
    case ImportMode::Set:
      return "set";
    case ImportMode::Add:
      return "add";
    case ImportMode::Remove:
      return "remove";
    case ImportMode::Replace:
      return "replace";
  }
  return {};
}

Result<Document::Section, Faults> read_sheet(const ResourceRow& resource, std::string_view text,
                                             SheetForm form, ImportMode mode,
                                             std::span<const StoredEntity> current) {
  return Import(resource, mode, current).read(text, form);
}

void add_columns(const ResourceRow& resource, std::string_view text, SheetForm form,
                 Faults& faults) {
  constexpr std::string_view kLine = "line ";
  std::map<std::size_t, std::vector<Fault*>> by_line;
  for (Fault& fault : faults) {
    if (!fault.field.starts_with(kLine)) continue;
    const std::string_view number =
        std::string_view(fault.field).substr(kLine.size(), fault.field.find(':') - kLine.size());
    by_line[to_number<std::size_t>(number).value_or(0)].push_back(&fault);
  }
  SheetReader reader(text, form);
  std::vector<SheetCell> heading;
  std::vector<SheetCell> row;
  reader.next(heading);
  while (!by_line.empty() && reader.next(row)) {
    const auto found = by_line.find(row.front().place.line);
    if (found == by_line.end()) continue;
    for (Fault* fault : found->second) {
      const std::string field = fault->field.substr(fault->field.find(':') + 2);
      for (std::size_t i = 0; i < row.size() && i < heading.size(); ++i) {
        const FieldRow* named = directory::find_field(resource, trim(heading[i].text));
        if (named != nullptr && named->name == field)
          fault->field = named_place(row[i].place, field);
      }
      fault->sentence = fault->field.substr(0, fault->field.find(':')) + ": " + fault->sentence;
    }
    by_line.erase(found);
  }
}

std::string write_sheet(const ResourceRow& resource, std::span<const StoredEntity> entities,
                        SheetForm form, const FieldRow* list, Secrets secrets) {
  std::string text;
  if (list != nullptr) {
    const std::size_t position = directory::position(resource, *list);
    append_row(text, {"name", std::string(list->name)}, form);
    for (const StoredEntity& entity : entities) {
      const std::string& name = directory::name_of(entity.record);
      for (const std::string_view entry : std::get<directory::TextList>(entity.record[position]))
        append_row(text, {name, directory::to_text(Value(directory::TextList{entry}))}, form);
    }
    return text;
  }
  std::vector<std::string> cells;
  for (const FieldRow& field : resource.fields)
    if (!field.secret || secrets == Secrets::Show) cells.emplace_back(field.name);
  append_row(text, cells, form);
  for (const StoredEntity& entity : entities) {
    cells.clear();
    for (std::size_t i = 0; i < resource.fields.size(); ++i)
      if (!resource.fields[i].secret || secrets == Secrets::Show)
        cells.push_back(directory::to_text(entity.record[i]));
    append_row(text, cells, form);
  }
  return text;
}

}  // namespace tandem::store
