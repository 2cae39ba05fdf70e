// Documents, fields and records as JSON (RFC 8259), by Boost.JSON.
#include "shell/store/document.h"

#include <boost/json.hpp>
#include <cmath>

#include "shell/store/json_names.h"

namespace tandem::store {
namespace {

namespace json = boost::json;
using directory::Fields;
using directory::Fraction;
using directory::IntegerList;
using directory::Nested;
using directory::TextList;
using directory::Value;

constexpr std::string_view kParameters = "parameters";

std::string place(std::string_view text, std::size_t position) {
  std::size_t line = 1;
  std::size_t column = 1;
  for (const char c : text.substr(0, position)) {
    column = c == '\n' ? 1 : column + 1;
    if (c == '\n') ++line;
  }
  return "line " + std::to_string(line) + ", column " + std::to_string(column);
}

Result<json::value, JsonFault> parse(std::string_view text) {
  json::stream_parser parser;
  json::error_code error;
  const std::size_t read = parser.write_some(text.data(), text.size(), error);
  if (!error && text.find_first_not_of(" \t\r\n", read) != std::string_view::npos)
    return Failure{JsonFault{place(text, read) + ": more text after the end"}};
  if (!error) parser.finish(error);
  if (error) return Failure{JsonFault{place(text, read) + ": not JSON: " + error.message()}};
  if (const auto name = name_given_twice(text))
    return Failure{JsonFault{*name + " is given twice"}};
  return parser.release();
}

Value from_number(double number) {
  constexpr double kExact = 9007199254740992;  // 2^53: beyond, doubles skip integers
  if (std::trunc(number) == number && std::abs(number) <= kExact)
    return static_cast<std::int64_t>(number);
  return Fraction{json::serialize(json::value(number))};
}

bool all_of_kind(const json::array& array, json::kind kind) {
  for (const json::value& entry : array)
    if (entry.kind() != kind) return false;
  return true;
}

Value from_array(const json::array& array) {
  if (!array.empty() && all_of_kind(array, json::kind::int64)) {
    IntegerList numbers;
    for (const json::value& entry : array) numbers.push_back(entry.get_int64());
    return numbers;
  }
  TextList texts;
  for (const json::value& entry : array) {
    if (!entry.is_string() && !entry.is_int64()) return Nested{json::serialize(array)};
    texts.push_back(entry.is_string() ? std::string(entry.get_string())
                                      : std::to_string(entry.get_int64()));
  }
  return texts;
}

Value from_json(const json::value& value) {
  switch (value.kind()) {
    case json::kind::null:
      return {};
    case json::kind::bool_:
      return value.get_bool();
    case json::kind::int64:
      return value.get_int64();
    case json::kind::uint64:
      return Fraction{std::to_string(value.get_uint64())};
    case json::kind::double_:
      return from_number(value.get_double());
    case json::kind::string:
      return std::string(value.get_string());
    case json::kind::array:
      return from_array(value.get_array());
    case json::kind::object:
      break;
  }
  return Nested{json::serialize(value)};
}

Fields from_object(const json::object& object) {
  Fields fields;
  for (const auto& [name, value] : object) fields.push_back({std::string(name), from_json(value)});
  return fields;
}

Result<Document::Section, JsonFault> read_section(std::string_view name, const json::value& value) {
  Document::Section section{std::string(name), {}};
  const JsonFault fault{section.resource + " must be a list of objects: [{\"name\":...},...]"};
  // Of an unknown resource, apply() says so, whatever it is.
  const bool known = directory::find_resource(name) != nullptr;
  if (!value.is_array()) return known ? Result<Document::Section, JsonFault>(Failure{fault}) : section;
  for (const json::value& entity : value.get_array()) {
    if (entity.is_object()) section.entities.push_back(from_object(entity.get_object()));
    else if (known) return Failure{fault};
  }
  return section;
}

struct ToJson {
  json::value operator()(std::monostate) const { return nullptr; }
  json::value operator()(bool value) const { return value; }
  json::value operator()(std::int64_t value) const { return value; }
  json::value operator()(const std::string& value) const { return json::string(value); }
  json::value operator()(const TextList& list) const {
    json::array array;
    for (const std::string_view entry : list) array.emplace_back(json::string(entry));
    return array;
  }
  json::value operator()(const IntegerList& list) const {
    json::array array;
    for (const std::int64_t entry : list) array.emplace_back(entry);
    return array;
  }
  json::value operator()(const Fraction& value) const { return json::string(value.text); }
  json::value operator()(const Nested& value) const { return json::string(value.text); }
};

std::string json_text(std::string_view text) { return json::serialize(json::string(text)); }

std::string indent(int depth) { return std::string(static_cast<std::size_t>(depth) * 2, ' '); }

// {...} with one field per line, from the line it begins on.
std::string object_in_lines(const Fields& fields, int depth) {
  std::string to = "{";
  std::string_view separator = "\n";
  for (const auto& [name, value] : fields) {
    to.append(separator).append(indent(depth + 1)).append(json_text(name)).append(": ");
    to += write_value(value);
    separator = ",\n";
  }
  return to + (fields.empty() ? "}" : '\n' + indent(depth) + '}');
}

std::string section_in_lines(const Document::Section& section) {
  std::string to = indent(1) + json_text(section.resource) + ": [";
  std::string_view separator = "\n";
  for (const Fields& entity : section.entities) {
    to.append(separator).append(indent(2)).append(object_in_lines(entity, 2));
    separator = ",\n";
  }
  return to + (section.entities.empty() ? "]" : '\n' + indent(1) + ']');
}

}  // namespace

Result<Document, JsonFault> read_document(std::string_view text) {
  auto parsed = parse(text);
  if (!parsed) return Failure{parsed.error()};
  if (!parsed->is_object())
    return Failure{JsonFault{"a document must be one object: {\"egress_gateways\":[...],...}"}};
  Document document;
  for (const auto& [name, value] : parsed->get_object()) {
    if (std::string_view(name) == kParameters) {
      if (!value.is_object())
        return Failure{JsonFault{"parameters must be an object: {\"SS_SIP_T1\":500,...}"}};
      document.parameters = from_object(value.get_object());
      continue;
    }
    auto section = read_section(name, value);
    if (!section) return Failure{section.error()};
    document.sections.push_back(*std::move(section));
  }
  return document;
}

std::string write_document(const Document& document) {
  std::string to = "{";
  std::string_view separator = "\n";
  for (const Document::Section& section : document.sections) {
    to.append(separator).append(section_in_lines(section));
    separator = ",\n";
  }
  if (!document.parameters.empty()) {
    to.append(separator).append(indent(1)).append(json_text(kParameters)).append(": ");
    to += object_in_lines(document.parameters, 1);
  }
  return to + (to.size() == 1 ? "}\n" : "\n}\n");
}

Result<Fields, JsonFault> read_fields(std::string_view text) {
  auto parsed = parse(text);
  if (!parsed) return Failure{parsed.error()};
  if (!parsed->is_object())
    return Failure{JsonFault{"fields must be an object: {\"name\":\"south\",...}"}};
  return from_object(parsed->get_object());
}

Result<Value, JsonFault> read_value(std::string_view text) {
  auto parsed = parse(text);
  if (!parsed) return Failure{parsed.error()};
  return from_json(*parsed);
}

std::string write_value(const Value& value) { return json::serialize(std::visit(ToJson{}, value)); }

std::string write_fields(const Fields& fields) {
  json::object object;
  for (const auto& [name, value] : fields) object[name] = std::visit(ToJson{}, value);
  return json::serialize(object);
}

std::string write_record(const directory::ResourceRow& resource, const directory::Record& record,
                         Secrets secrets) {
  json::object object;
  for (std::size_t i = 0; i < record.size(); ++i)
    if (secrets == Secrets::Show || !resource.fields[i].secret)
      object[resource.fields[i].name] = std::visit(ToJson{}, record[i]);
  return json::serialize(object);
}

}  // namespace tandem::store
