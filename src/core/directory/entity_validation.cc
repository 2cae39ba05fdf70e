// What is given for entities against the rows: canonical records, or sentences that name entity,
// field, value and what is allowed.
#include <algorithm>
#include <optional>
#include <set>
#include <vector>

#include "base/assert.h"
#include "core/directory/entity_forms.h"
#include "core/directory/entity_rows.h"
#include "core/directory/near_names.h"

namespace tandem::directory {
namespace {

constexpr std::string_view kSetByTheSwitch =
    "id version created_at created_by updated_at updated_by";

// Is `word` one of the words, which are separated by blanks?
bool among(std::string_view words, std::string_view word) {
  while (!words.empty()) {
    const std::size_t end = std::min(words.find(' '), words.size());
    if (words.substr(0, end) == word) return true;
    words.remove_prefix(std::min(end + 1, words.size()));
  }
  return false;
}

std::string cut(std::string text) {
  constexpr std::size_t kMaxShown = 80;
  if (text.size() > kMaxShown) {
    std::size_t end = kMaxShown;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
    text = text.substr(0, end) + "...";
  }
  std::ranges::replace_if(
      text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }, '?');
  return text;
}

// As a document writes it, so that "5" and 5 differ.
std::string shown(const Value& value) {
  if (std::holds_alternative<std::monostate>(value)) return "null";
  if (const bool* flag = std::get_if<bool>(&value)) return *flag ? "true" : "false";
  if (const auto* text = std::get_if<std::string>(&value)) return '"' + cut(*text) + '"';
  const bool list =
      std::holds_alternative<TextList>(value) || std::holds_alternative<IntegerList>(value);
  return list ? '[' + cut(to_text(value)) + ']' : cut(to_text(value));
}

// The canonical value, or what of the given one is not allowed.
using Canonical = Result<Value, Value>;

Canonical canonical_word(const FieldRow& field, const Value& given) {
  const auto* word = std::get_if<std::string>(&given);
  const auto* number = std::get_if<std::int64_t>(&given);
  for (const EnumWord& each : field.words)
    if ((word != nullptr && *word == each.word) || (number != nullptr && *number == each.number))
      return Value(std::string(each.word));
  return Failure{given};
}

bool in_range(const FieldRow& field, std::int64_t number) {
  const bool in_gap = number > 0 && number < field.least;
  return number >= field.min && number <= field.max && !in_gap;
}

Canonical canonical_text(const TextForm& form, const std::string& text) {
  std::string canonical;
  if (!form.canonical(text, canonical)) return Failure{Value(text)};
  return Value(std::move(canonical));
}

Canonical canonical_integers(const FieldRow& field, const Value& given) {
  if (const auto* texts = std::get_if<TextList>(&given); texts != nullptr && texts->empty())
    return Value(IntegerList{});
  const auto* numbers = std::get_if<IntegerList>(&given);
  if (numbers == nullptr || numbers->size() > field.max_entries) return Failure{given};
  IntegerList list;
  for (const std::int64_t number : *numbers) {
    if (!in_range(field, number)) return Failure{Value(number)};
    if (std::ranges::find(list, number) == list.end()) list.push_back(number);
  }
  return Value(std::move(list));
}

// Is an entry there twice, seen up to the first `end` in it? 0 = seen whole.
std::optional<std::string_view> find_twice(const TextList& list, char end) {
  std::vector<std::string_view> keys;
  keys.reserve(list.size());
  for (const std::string_view entry : list)
    keys.push_back(end == 0 ? entry : entry.substr(0, entry.find(end)));
  std::ranges::sort(keys);
  const auto twice = std::ranges::adjacent_find(keys);
  return twice == keys.end() ? std::nullopt : std::optional(*twice);
}

// Entries in their order, each once.
TextList without_repeated(const TextList& list) {
  if (!find_twice(list, 0)) return list;
  std::set<std::string_view> seen;
  TextList kept;
  for (const std::string_view entry : list)
    if (seen.insert(entry).second) kept.push_back(entry);
  return kept;
}

// The second entry that begins like this, up to the character that ends keys.
std::string_view second_of_key(const TextList& list, std::string_view key, char key_end) {
  std::string_view second;
  for (const std::string_view entry : list)
    if (entry.substr(0, entry.find(key_end)) == key) {
      if (second.data() != nullptr) return entry;
      second = entry;
    }
  return second;
}

Canonical canonical_texts(const FieldRow& field, const Value& given) {
  TextList list;
  if (const auto* texts = std::get_if<TextList>(&given)) {
    list = *texts;
  } else if (const auto* numbers = std::get_if<IntegerList>(&given)) {
    for (const std::int64_t number : *numbers) list.push_back(std::to_string(number));
  } else {
    return Failure{given};
  }
  if (list.size() > field.max_entries) return Failure{given};
  TextList all;
  for (const std::string_view entry : list) {
    std::string canonical;
    if (!field.form->canonical(entry, canonical)) return Failure{Value(std::string(entry))};
    all.push_back(canonical);
  }
  // A list that is as it should be stays the one it was, so that nobody takes it for another.
  list = without_repeated(all == list ? list : all);
  if (const char end = field.form->key_end; end != 0)
    if (const auto twice = find_twice(list, end))
      return Failure{Value(std::string(second_of_key(list, *twice, end)))};
  return Value(std::move(list));
}

// Each name once; that somebody bears it is seen when all records are there.
Canonical canonical_references(const FieldRow& field, const Value& given) {
  FieldRow names = field;
  names.form = &kNameForm;
  return canonical_texts(names, given);
}

Canonical canonical_value(const FieldRow& field, const Value& given) {
  switch (field.type) {
    case FieldType::Boolean:
      if (std::holds_alternative<bool>(given)) return given;
      return Failure{given};
    case FieldType::Integer:
      if (const auto* number = std::get_if<std::int64_t>(&given))
        if (in_range(field, *number)) return given;
      return Failure{given};
    case FieldType::Enum:
      return canonical_word(field, given);
    case FieldType::Text:
      if (const auto* text = std::get_if<std::string>(&given))
        return canonical_text(*field.form, *text);
      return Failure{given};
    case FieldType::Texts:
      return canonical_texts(field, given);
    case FieldType::Integers:
      return canonical_integers(field, given);
    case FieldType::Reference:
      if (const auto* name = std::get_if<std::string>(&given))
        return name->empty() ? Canonical(given) : canonical_text(kNameForm, *name);
      return Failure{given};
    case FieldType::References:
      return canonical_references(field, given);
  }
  TANDEM_ASSERT(false, "a type of no check");
  return Failure{given};
}

std::string label(const ResourceRow& resource, std::string_view name) {
  return std::string(resource.singular) + (name.empty() ? "" : ' ' + cut(std::string(name)));
}

// One record on its way from what is given to its canonical form.
class Validation {
 public:
  Validation(const ResourceRow& resource, const Fields& given, const Record* current)
      : resource_(resource),
        defaults_(resource.defaults(resource)),
        record_(current != nullptr ? *current : defaults_),
        seen_(resource.fields.size(), current != nullptr ? Seen::Kept : Seen::No) {
    if (current != nullptr) label_ = name_of(*current);
    for (const NamedValue& each : given)
      if (const auto* name = std::get_if<std::string>(&each.value); name && each.name == "name")
        label_ = *name;
    label_ = label(resource, label_);
    for (const NamedValue& each : given) take(each);
    for (const FieldRow& field : resource.fields)
      if (field.required && seen(field) == Seen::No) refuse(field.name, {}, "is missing");
    for (const BoundsRow& bounds : resource.bounds) check(bounds);
  }

  Result<Record, Faults> result() && {
    if (!faults_.empty()) return Failure{std::move(faults_)};
    return std::move(record_);
  }

 private:
  enum class Seen : std::uint8_t { No, Kept, Given, Refused };

  Seen& seen(const FieldRow& field) { return seen_[position(resource_, field)]; }

  void refuse(std::string_view field, const Value& value, const std::string& why) {
    faults_.push_back(
        {std::string(field), shown(value), label_ + ": " + cut(std::string(field)) + ": " + why});
  }

  void take(const NamedValue& given) {
    const FieldRow* field = find_field(resource_, given.name);
    if (field == nullptr) return refuse(given.name, given.value, why_not_a_field(given.name));
    if (seen(*field) == Seen::Given || seen(*field) == Seen::Refused)
      return refuse(field->name, given.value, "is given twice");
    Canonical canonical = value_for(*field, given.value);
    seen(*field) = canonical.ok() ? Seen::Given : Seen::Refused;
    if (canonical.ok())
      record_[position(resource_, *field)] = *std::move(canonical);
    else
      refuse(field->name, canonical.error(), why_not_allowed(*field, canonical.error()));
  }

  Canonical value_for(const FieldRow& field, const Value& given) const {
    if (!std::holds_alternative<std::monostate>(given)) return canonical_value(field, given);
    if (field.required) return Failure{given};
    return defaults_[position(resource_, field)];
  }

  static std::string why_not_allowed(const FieldRow& field, const Value& value) {
    const auto* text = std::get_if<std::string>(&value);
    if (field.form != nullptr && field.form->fault != nullptr && text != nullptr) {
      const std::string fault = field.form->fault(*text);
      if (!fault.empty()) return fault;
    }
    return shown(value) + " is not allowed; it must be " + allowed_text(field);
  }

  std::string why_not_a_field(std::string_view name) const {
    if (among(resource_.fields_to_come, name)) return "this version does not support the field";
    if (among(kSetByTheSwitch, name)) return "is set by the switch and cannot be given";
    return "unknown field" + near_field(resource_, name);
  }

  void check(const BoundsRow& bounds) {
    const FieldRow& lower_field = *find_field(resource_, bounds.lower);
    const FieldRow& upper_field = *find_field(resource_, bounds.upper);
    if (seen(lower_field) == Seen::Refused || seen(upper_field) == Seen::Refused) return;
    const auto lower = *std::get_if<std::int64_t>(&record_[position(resource_, lower_field)]);
    const auto upper = *std::get_if<std::int64_t>(&record_[position(resource_, upper_field)]);
    if (lower == upper || (lower > 0 && upper > lower)) return;
    refuse(bounds.upper, upper,
           std::to_string(upper) + " is not allowed with " + std::string(bounds.lower) + ' ' +
               std::to_string(lower) + "; both must be -1, or both 0, or this one not below it");
  }

  const ResourceRow& resource_;
  const Record defaults_;
  Record record_;
  std::vector<Seen> seen_;
  std::string label_;
  Faults faults_;
};

// All records by what must be unique.
class Together {
 public:
  explicit Together(std::span<const SourceRecord> records) {
    for (const SourceRecord& each : records) count(each);
    for (const SourceRecord& each : records)
      for (std::size_t i = 0; i < each.resource->fields.size(); ++i)
        if (each.resource->fields[i].unique) claim(each, i);
    for (const SourceRecord& each : records)
      for (std::size_t i = 0; i < each.resource->fields.size(); ++i)
        if (!each.resource->fields[i].refers_to.empty()) look_for(each, i);
  }

  Faults faults() && { return std::move(faults_); }

 private:
  using Key = std::pair<const FieldRow*, std::string_view>;

  static const std::string& text(const SourceRecord& record, std::size_t place) {
    return *std::get_if<std::string>(&(*record.record)[place]);
  }

  // What there may be only so many of: entities of a resource, different texts of a form.
  void count(const SourceRecord& record) {
    const std::size_t most = record.resource->most;
    if (most != 0 && ++entities_[record.resource] == most + 1)
      refuse(record, 0, "there may be at most " + std::to_string(most) + " of the " +
                            std::string(record.resource->name));
    for (std::size_t i = 0; i < record.resource->fields.size(); ++i) {
      const TextForm* form = record.resource->fields[i].form;
      const auto* list = std::get_if<TextList>(&(*record.record)[i]);
      if (form == nullptr || form->most_different == 0 || list == nullptr) continue;
      std::set<std::string_view>& seen = different_[form];
      for (const std::string_view entry : *list)
        if (seen.insert(entry).second && seen.size() == form->most_different + 1)
          refuse(record, i, '"' + std::string(entry) + "\" is one too many: there may be at most " +
                                std::to_string(form->most_different) + " different ones");
    }
  }

  void claim(const SourceRecord& record, std::size_t place) {
    const std::string& value = text(record, place);
    if (value.empty()) return;
    const auto [owner, first] =
        owners_.try_emplace(Key{&record.resource->fields[place], value}, &record);
    if (first) return;
    const std::string other = place == 0 ? "another " + std::string(record.resource->singular)
                                         : label(*record.resource, name_of(*owner->second->record));
    refuse(record, place,
           '"' + value + "\" is the " + std::string(record.resource->fields[place].name) + " of " +
               other);
  }

  void look_for(const SourceRecord& record, std::size_t place) {
    const Value& value = (*record.record)[place];
    if (const auto* name = std::get_if<std::string>(&value)) look_for(record, place, *name);
    if (const auto* names = std::get_if<TextList>(&value))
      for (const std::string_view entry : *names)
        look_for(record, place,
                 std::string(named_in(record.resource->fields[place], entry)));
  }

  void look_for(const SourceRecord& record, std::size_t place, const std::string& name) {
    const ResourceRow* resource = find_resource(record.resource->fields[place].refers_to);
    if (name.empty() || owners_.contains({&resource->fields[0], name})) return;
    refuse(record, place, "there is no " + label(*resource, name));
  }

  void refuse(const SourceRecord& record, std::size_t place, const std::string& why) {
    const std::string field(record.resource->fields[place].name);
    faults_.push_back(
        {record.path + field, shown((*record.record)[place]),
         label(*record.resource, name_of(*record.record)) + ": " + field + ": " + why});
  }

  std::map<Key, const SourceRecord*> owners_;
  std::map<const ResourceRow*, std::size_t> entities_;
  std::map<const TextForm*, std::set<std::string_view>> different_;
  Faults faults_;
};

std::string list_of(const FieldRow& field) {
  return "a list of at most " + std::to_string(field.max_entries) + " entries, each ";
}

std::string whole_number(const FieldRow& field) {
  if (field.least > 0) {
    return "0 or a whole number from " + std::to_string(field.least) + " to " +
           std::to_string(field.max);
  }
  return "a whole number from " + std::to_string(field.min) + " to " + std::to_string(field.max);
}

}  // namespace

std::string allowed_text(const FieldRow& field) {
  switch (field.type) {
    case FieldType::Boolean:
      return "true or false";
    case FieldType::Integer:
      return whole_number(field);
    case FieldType::Enum: {
      std::string words = "one of ";
      for (const EnumWord& each : field.words)
        words.append(&each == field.words.data() ? "" : ", ").append(each.word);
      return words;
    }
    case FieldType::Text:
      return std::string(field.form->allowed);
    case FieldType::Texts:
      return list_of(field) + std::string(field.form->allowed);
    case FieldType::Integers:
      return list_of(field) + whole_number(field);
    case FieldType::Reference:
      return "the name of one of the " + std::string(field.refers_to) + ", or empty";
    case FieldType::References:
      return list_of(field) + "the name of one of the " + std::string(field.refers_to);
  }
  TANDEM_ASSERT(false, "a type of no name");
  return {};
}

Result<Record, Faults> validate(const ResourceRow& resource, const Fields& given,
                                const Record* current) {
  return Validation(resource, given, current).result();
}

Faults validate_source(std::span<const SourceRecord> records) { return Together(records).faults(); }

}  // namespace tandem::directory
