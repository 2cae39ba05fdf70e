// What can be configured beside the parameters: one row per resource (accounts, gateways) and per
// field, each declared once (entity_table.cc). Validation, storage, API, command line and
// documentation read the rows; calls read the typed entities (entities.h). A field is added by a
// member there, a row here and a column (db/migrations/config).
//
// A value on its way in or out is generic: enumerations are words, references are names. Records
// are checked one by one (validate) and then together (validate_source).
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/result.h"
#include "core/directory/directory.h"

namespace tandem::directory {

// ---- values

using tandem::TextList;
using IntegerList = std::vector<std::int64_t>;
// What a document may hold and no field does; kept as text for the sentence that refuses it.
struct Fraction {
  std::string text;
  friend bool operator==(const Fraction&, const Fraction&) = default;
};
struct Nested {
  std::string text;
  friend bool operator==(const Nested&, const Nested&) = default;
};
// Without a value (monostate) a field goes back to its default.
using Value = std::variant<std::monostate, bool, std::int64_t, std::string, TextList, IntegerList,
                           Fraction, Nested>;

struct NamedValue {
  std::string name;
  Value value;
  friend bool operator==(const NamedValue&, const NamedValue&) = default;
};
using Fields = std::vector<NamedValue>;  // as given: some fields, in any order

// Canonical values of all fields of a resource, in the order of its rows.
using Record = std::vector<Value>;

// ---- rows

enum class FieldType : std::uint8_t {
  Boolean,    // bool
  Integer,    // int64, min..max
  Enum,       // string: one of `words`
  Text,       // string of `form`
  Texts,      // TextList, each entry of `form`, in which it may name an entity of `refers_to`
  Integers,   // IntegerList, each min..max
  Reference,  // string: the name of an entity of `refers_to`; "" = none
  References, // TextList: names of entities of `refers_to`
};

struct EnumWord {
  std::string_view word;
  std::int64_t number;  // in the legacy interface; accepted on input
};

// What a text, or an entry of a list of texts, must look like.
struct TextForm {
  std::string_view allowed;  // ends the sentence that refuses: "a header name"
  // Writes the one way to say what `text` says; false when it is not allowed.
  bool (*canonical)(std::string_view text, std::string& to);
  // In a list no two entries begin alike up to this character; 0 = they may.
  char key_end = 0;
  // What exactly is wrong with a text, for the sentence that refuses it; nullptr = that is clear.
  std::string (*fault)(std::string_view text) = nullptr;
  // Of a field that refers to a resource: the part of a canonical text that names an entity of it;
  // empty = it names none.
  std::string_view (*reference)(std::string_view text) = nullptr;
  // So many different ones there may be in all entities together; 0 = any number.
  std::size_t most_different = 0;
};

struct FieldRow {
  std::string_view name;
  std::string_view alias = {};  // its name in VOS3000; accepted on input
  std::string_view help = {};
  std::string_view unit = {};
  std::int64_t min = 0;
  std::int64_t max = 0;
  std::int64_t least = 0;                // the smallest above 0, when min is 0 and there is a gap
  std::size_t max_entries = 0;           // of lists
  std::span<const EnumWord> words = {};  // in the order of the enumerators
  const TextForm* form = nullptr;
  std::string_view refers_to = {};  // name of a resource
  bool required = false;            // has no default
  bool unique = false;              // unless empty, no other entity of the resource has it
  bool secret = false;              // shown only to who asks
  bool made_up = false;             // a secret: of a new entity, when none is given

  // Filled in from the typed member (entity_binding.h). References are ids here.
  FieldType type = FieldType::Text;
  Value (*get)(const FieldRow&, const EntityHead&) = nullptr;
  void (*set)(const FieldRow&, const Value&, EntityHead&) = nullptr;
};

// Two fields that bound one duration: both -1, both 0, or lower <= upper.
struct BoundsRow {
  std::string_view lower;
  std::string_view upper;
};

struct ResourceRow {
  std::string_view name;      // "ingress_gateways": of the collection, the table, the document
  std::string_view singular;  // "ingress_gateway"
  std::string_view help;
  std::span<const FieldRow> fields;  // `name` is the first
  std::span<const BoundsRow> bounds = {};
  std::size_t most = 0;  // entities there may be; 0 = any number
  std::string_view fields_to_come = {};  // specified but not built; separated by blanks

  // The values of an entity nobody configured.
  Record (*defaults)(const ResourceRow&) = nullptr;
  // A new entity at the end of its list.
  EntityHead& (*append)(Directory::Source&) = nullptr;
  // One of that Directory there, as it is; false when it has none in this version.
  bool (*copy)(Directory::Source&, const Directory&, std::int64_t id, std::int64_t version) = nullptr;
};

// In an order in which each refers only to those before it.
std::span<const ResourceRow> all_resources();
const ResourceRow* find_resource(std::string_view name);  // or singular; nullptr when there is none
// By name or alias.
const FieldRow* find_field(const ResourceRow& resource, std::string_view name_or_alias);
// Position of the field in records; requires a field of this resource.
std::size_t position(const ResourceRow& resource, const FieldRow& field);
// Of the field called `field`, which must exist.
const Value& value_of(const ResourceRow& resource, const Record& record, std::string_view field);
const std::string& name_of(const Record& record);
// An entry of a list that refers to entities: whom it names, "" = nobody; and with another name there.
std::string_view named_in(const FieldRow& field, std::string_view entry);
std::string with_name(const FieldRow& field, std::string_view entry, std::string_view name);

std::string_view to_text(FieldType type);  // "boolean", "integer", "list of text", ...
// "a whole number from 0 to 600": for sentences and documentation.
std::string allowed_text(const FieldRow& field);
// For people: lists separated by commas, booleans as on and off, nothing for no value.
std::string to_text(const Value& value);
// What a command line means for this field; lists are separated by commas. Checks nothing.
Value from_text(const FieldRow& field, std::string_view text);

// ---- validation

struct Fault {
  std::string field;     // "priority"; in documents the path: "egress_gateways[0].priority"
  std::string value;     // as given, cut when long
  std::string sentence;  // "egress_gateway south: priority: -1 is not allowed; it must be ..."
};
using Faults = std::vector<Fault>;

// The record of what is given; other fields keep their value of `current` or, when it is nullptr,
// have their defaults. All faults are found, not only the first.
Result<Record, Faults> validate(const ResourceRow& resource, const Fields& given,
                                const Record* current = nullptr);

// One of the records that are to stand beside each other.
struct SourceRecord {
  const ResourceRow* resource;
  const Record* record;
  std::string path;  // before the field in Fault::field: "egress_gateways[0]."; may be empty
};
// Names and external ids that are given twice; references to what is not there.
Faults validate_source(std::span<const SourceRecord> records);

// ---- typed entities

// Which entity a reference means.
class EntityNames {
 public:
  void add(std::string_view resource, std::int64_t id, std::string_view name);
  std::int64_t id(std::string_view resource, std::string_view name) const;  // 0 = there is none
  std::string name(std::string_view resource, std::int64_t id) const;       // "" = there is none
  IntegerList ids(std::string_view resource, const TextList& names) const;
  TextList names(std::string_view resource, const IntegerList& ids) const;
  // The entries of a list whose form says where they name somebody, with ids there, and the other
  // way. An id of nobody becomes "with id N", which is the name of nobody.
  TextList with_ids(const FieldRow& field, const TextList& entries) const;
  TextList with_names(const FieldRow& field, const TextList& entries) const;

 private:
  std::map<std::pair<std::string, std::string>, std::int64_t> ids_;
  std::map<std::pair<std::string, std::int64_t>, std::string> names_;
};

// Puts a canonical record into the members; id and version stay as they are.
void to_typed(const ResourceRow& resource, const Record& record, const EntityNames& names,
              EntityHead& entity);
Record from_typed(const ResourceRow& resource, const EntityHead& entity, const EntityNames& names);

}  // namespace tandem::directory
