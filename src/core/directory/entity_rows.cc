// Looking up rows, generic values as text, and records as typed entities.
#include "core/directory/entity_rows.h"

#include <algorithm>
#include <charconv>

#include "base/assert.h"

namespace tandem::directory {
namespace {

// An entry that is empty is written "" in lists, so that it is not taken for no entry.
constexpr std::string_view kEmptyEntry = "\"\"";

std::string_view trimmed(std::string_view text) {
  const auto blank = [](char c) { return c == ' ' || c == '\t'; };
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return text;
}

Value number_or_text(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error == std::errc{} && end == text.data() + text.size()) return number;
  return std::string(text);
}

Value switch_or_text(std::string_view text) {
  for (const std::string_view word : {"on", "true", "yes", "1"})
    if (text == word) return true;
  for (const std::string_view word : {"off", "false", "no", "0"})
    if (text == word) return false;
  return std::string(text);
}

// Takes what stands between quotes, a doubled one standing for one, when nothing but a comma follows.
bool take_quoted(std::string_view& rest, std::string& entry) {
  if (!rest.starts_with('"')) return false;
  std::string inside;
  std::size_t at = 1;
  for (; at < rest.size(); ++at) {
    if (rest[at] == '"' && (at + 1 == rest.size() || rest[at + 1] != '"')) break;
    if (rest[at] == '"') ++at;
    inside += rest[at];
  }
  if (at >= rest.size()) return false;  // not closed: text like any other
  const std::string_view behind = trimmed(rest.substr(at + 1));
  if (!behind.empty() && behind.front() != ',') return false;
  rest = behind;
  entry = std::move(inside);
  return true;
}

TextList entries_of(std::string_view text) {
  TextList list;
  std::string_view rest = trimmed(text);
  while (!rest.empty()) {
    std::string entry;
    if (!take_quoted(rest, entry)) {
      const std::size_t comma = std::min(rest.find(','), rest.size());
      entry = trimmed(rest.substr(0, comma));
      rest.remove_prefix(comma);
    }
    list.push_back(entry);
    if (rest.empty()) break;
    rest = trimmed(rest.substr(1));
    if (rest.empty()) list.push_back({});  // behind the last comma
  }
  return list;
}

// An entry as it stands in a list: quoted when it could be taken for something else.
std::string list_entry(std::string_view entry) {
  if (entry.empty()) return std::string(kEmptyEntry);
  if (entry.find(',') == entry.npos && !entry.starts_with('"') && entry == trimmed(entry))
    return std::string(entry);
  std::string text = "\"";
  for (const char c : entry) {
    if (c == '"') text += c;
    text += c;
  }
  return text + '"';
}

// Numbers when all entries are, so that others are refused by their own text.
Value numbers_or_texts(std::string_view text) {
  TextList texts = entries_of(text);
  IntegerList numbers;
  for (const std::string_view entry : texts) {
    const Value value = number_or_text(entry);
    if (const auto* number = std::get_if<std::int64_t>(&value)) numbers.push_back(*number);
  }
  if (numbers.size() == texts.size()) return numbers;
  return texts;
}

struct ToText {
  std::string operator()(std::monostate) const { return {}; }
  std::string operator()(bool value) const { return value ? "on" : "off"; }
  std::string operator()(std::int64_t value) const { return std::to_string(value); }
  std::string operator()(const std::string& value) const { return value; }
  std::string operator()(const TextList& list) const {
    std::string text;
    for (const std::string_view entry : list) {
      if (!text.empty()) text += ',';
      text += list_entry(entry);
    }
    return text;
  }
  std::string operator()(const IntegerList& list) const {
    std::string text;
    for (const std::int64_t entry : list) {
      if (!text.empty()) text += ',';
      text += std::to_string(entry);
    }
    return text;
  }
  std::string operator()(const Fraction& value) const { return value.text; }
  std::string operator()(const Nested& value) const { return value.text; }
};

}  // namespace

const ResourceRow* find_resource(std::string_view name) {
  for (const ResourceRow& resource : all_resources())
    if (resource.name == name || resource.singular == name) return &resource;
  return nullptr;
}

const FieldRow* find_field(const ResourceRow& resource, std::string_view name_or_alias) {
  if (name_or_alias.empty()) return nullptr;
  for (const FieldRow& field : resource.fields)
    if (field.name == name_or_alias || field.alias == name_or_alias) return &field;
  return nullptr;
}

std::size_t position(const ResourceRow& resource, const FieldRow& field) {
  const auto place = static_cast<std::size_t>(&field - resource.fields.data());
  TANDEM_ASSERT(place < resource.fields.size(), "a field of another resource");
  return place;
}

const Value& value_of(const ResourceRow& resource, const Record& record, std::string_view field) {
  const FieldRow* row = find_field(resource, field);
  TANDEM_ASSERT(row != nullptr, "no field of this name");
  return record[position(resource, *row)];
}

const std::string& name_of(const Record& record) { return *std::get_if<std::string>(&record[0]); }

std::string_view named_in(const FieldRow& field, std::string_view entry) {
  if (field.refers_to.empty()) return {};
  return field.form == nullptr ? entry : field.form->reference(entry);
}

std::string with_name(const FieldRow& field, std::string_view entry, std::string_view name) {
  const std::string_view old = named_in(field, entry);
  if (old.empty()) return std::string(entry);
  const auto place = static_cast<std::size_t>(old.data() - entry.data());
  std::string text(entry);
  text.replace(place, old.size(), name);
  return text;
}

std::string_view to_text(FieldType type) {
  switch (type) {
    case FieldType::Boolean:
      return "boolean";
    case FieldType::Integer:
      return "integer";
    case FieldType::Enum:
      return "word";
    case FieldType::Text:
      return "text";
    case FieldType::Texts:
      return "list of texts";
    case FieldType::Integers:
      return "list of integers";
    case FieldType::Reference:
      return "name";
    case FieldType::References:
      return "list of names";
  }
  TANDEM_ASSERT(false, "a type of no name");
  return {};
}

std::string to_text(const Value& value) { return std::visit(ToText{}, value); }

Value from_text(const FieldRow& field, std::string_view text) {
  switch (field.type) {
    case FieldType::Boolean:
      return switch_or_text(trimmed(text));
    case FieldType::Integer:
    case FieldType::Enum:
      return number_or_text(trimmed(text));
    case FieldType::Text:
    case FieldType::Reference:
      return std::string(text);
    case FieldType::Texts:
    case FieldType::References:
      return entries_of(text);
    case FieldType::Integers:
      return numbers_or_texts(text);
  }
  TANDEM_ASSERT(false, "a type of no reading");
  return {};
}

void EntityNames::add(std::string_view resource, std::int64_t id, std::string_view name) {
  ids_[{std::string(resource), std::string(name)}] = id;
  names_[{std::string(resource), id}] = name;
}

std::int64_t EntityNames::id(std::string_view resource, std::string_view name) const {
  const auto found = ids_.find({std::string(resource), std::string(name)});
  return found == ids_.end() ? 0 : found->second;
}

std::string EntityNames::name(std::string_view resource, std::int64_t id) const {
  const auto found = names_.find({std::string(resource), id});
  return found == names_.end() ? std::string() : found->second;
}

IntegerList EntityNames::ids(std::string_view resource, const TextList& names) const {
  IntegerList list;
  for (const std::string_view name : names) list.push_back(id(resource, name));
  return list;
}

TextList EntityNames::names(std::string_view resource, const IntegerList& ids) const {
  TextList list;
  for (const std::int64_t id : ids) list.push_back(name(resource, id));
  return list;
}

TextList EntityNames::with_ids(const FieldRow& field, const TextList& entries) const {
  TextList list;
  for (const std::string_view entry : entries)
    list.push_back(
        with_name(field, entry, std::to_string(id(field.refers_to, named_in(field, entry)))));
  return list;
}

TextList EntityNames::with_names(const FieldRow& field, const TextList& entries) const {
  TextList list;
  for (const std::string_view entry : entries) {
    const std::string number(named_in(field, entry));
    std::int64_t id = 0;
    std::from_chars(number.data(), number.data() + number.size(), id);
    const std::string known = name(field.refers_to, id);
    list.push_back(number.empty() ? std::string(entry)
                                  : with_name(field, entry, known.empty() ? "with id " + number : known));
  }
  return list;
}

void to_typed(const ResourceRow& resource, const Record& record, const EntityNames& names,
              EntityHead& entity) {
  for (std::size_t i = 0; i < resource.fields.size(); ++i) {
    const FieldRow& field = resource.fields[i];
    if (field.type == FieldType::Reference)
      field.set(field, names.id(field.refers_to, *std::get_if<std::string>(&record[i])), entity);
    else if (field.type == FieldType::References)
      field.set(field, names.ids(field.refers_to, *std::get_if<TextList>(&record[i])), entity);
    else if (!field.refers_to.empty())
      field.set(field, names.with_ids(field, *std::get_if<TextList>(&record[i])), entity);
    else
      field.set(field, record[i], entity);
  }
}

Record from_typed(const ResourceRow& resource, const EntityHead& entity, const EntityNames& names) {
  Record record;
  for (const FieldRow& field : resource.fields) {
    const Value value = field.get(field, entity);
    if (field.type == FieldType::Reference)
      record.emplace_back(names.name(field.refers_to, *std::get_if<std::int64_t>(&value)));
    else if (field.type == FieldType::References)
      record.emplace_back(names.names(field.refers_to, *std::get_if<IntegerList>(&value)));
    else if (!field.refers_to.empty())
      record.emplace_back(names.with_names(field, *std::get_if<TextList>(&value)));
    else
      record.push_back(value);
  }
  return record;
}

}  // namespace tandem::directory
