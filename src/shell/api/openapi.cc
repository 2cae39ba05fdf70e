// The OpenAPI 3.1 document, made from the operations, the rows of the resources, of the parameters
// and of the call detail record.
#include <boost/json.hpp>

#include "base/text.h"
#include "shell/api/operation.h"
#include "shell/api/schemas.h"
#include "shell/http/problem.h"

namespace tandem::api {
namespace {

namespace json = boost::json;

json::object reference(std::string_view schema) {
  return {{"$ref", "#/components/schemas/" + std::string(schema)}};
}

json::object content(std::string_view type, json::object schema) {
  return {{std::string(type), json::object{{"schema", std::move(schema)}}}};
}

json::object query_schema(const QueryRow& row) {
  switch (row.type) {
    case QueryType::Boolean:
      return {{"type", "boolean"}};
    case QueryType::Text:
    case QueryType::Time:
      return {{"type", "string"}};
    case QueryType::Integer: {
      json::object schema{{"type", "integer"}, {"minimum", row.min}};
      if (row.max != INT64_MAX) schema["maximum"] = row.max;
      return schema;
    }
    case QueryType::Word: {
      json::array words;
      for (std::string_view rest = row.words; !rest.empty();) {
        const std::size_t end = rest.find(' ');
        words.emplace_back(rest.substr(0, end));
        rest.remove_prefix(end == rest.npos ? rest.size() : end + 1);
      }
      return {{"type", "string"}, {"enum", std::move(words)}};
    }
  }
  return {};
}

json::value default_of(const QueryRow& row) {
  if (row.type == QueryType::Boolean) return row.initial == "true";
  if (row.type == QueryType::Integer) return to_number<std::int64_t>(row.initial).value_or(0);
  return json::value(row.initial);
}

json::array parameters_of(const Operation& operation) {
  json::array parameters;
  if (const std::size_t open = operation.path.find('{'); open != operation.path.npos) {
    const std::size_t close = operation.path.find('}');
    parameters.push_back(json::object{{"name", operation.path.substr(open + 1, close - open - 1)},
                                      {"in", "path"},
                                      {"required", true},
                                      {"schema", json::object{{"type", "string"}}}});
  }
  for (const QueryRow& row : operation.query) {
    json::object schema = query_schema(row);
    if (!row.initial.empty()) schema["default"] = default_of(row);
    parameters.push_back(json::object{{"name", row.name},
                                      {"in", "query"},
                                      {"description", row.help},
                                      {"schema", std::move(schema)}});
  }
  const bool locked =
      operation.resource != nullptr &&
      (operation.method == "PATCH" || operation.method == "PUT" || operation.method == "DELETE");
  if (locked) {
    parameters.push_back(
        json::object{{"name", "If-Match"},
                     {"in", "header"},
                     {"description", "The ETag that was read; 412 when it is no longer current."},
                     {"schema", json::object{{"type", "string"}}}});
  }
  return parameters;
}

json::object responses_of(const Operation& operation) {
  json::object success{{"description", http::reason_phrase(operation.success)}};
  if (!operation.reply.empty()) {
    success["content"] = content(operation.reply_type, reference(operation.reply));
  }
  return {{std::to_string(operation.success), std::move(success)},
          {"default",
           json::object{{"description", "What went wrong (RFC 9457)"},
                        {"content", content("application/problem+json", reference("Problem"))}}}};
}

json::object operation_json(const Operation& operation) {
  json::object row{{"summary", operation.summary}, {"tags", json::array{operation.tag}}};
  row["parameters"] = parameters_of(operation);
  if (!operation.body.empty()) {
    row["requestBody"] = json::object{
        {"required", true}, {"content", content(operation.body_type, reference(operation.body))}};
  }
  row["responses"] = responses_of(operation);
  if (operation.access == Access::Public) row["security"] = json::array{};
  return row;
}

std::string lower_case(std::string_view method) {
  std::string text(method);
  for (char& c : text) c = static_cast<char>(c | 0x20);
  return text;
}

}  // namespace

std::string openapi_document(std::span<const Operation> operations, std::string_view version) {
  json::object paths;
  for (const Operation& operation : operations) {
    json::value& path = paths[operation.path];
    if (!path.is_object()) path.emplace_object();
    path.as_object()[lower_case(operation.method)] = operation_json(operation);
  }
  const json::object document{
      {"openapi", "3.1.0"},
      {"info", json::object{{"title", "Tandem"},
                            {"version", version},
                            {"description", "Control interface of a Tandem softswitch."}}},
      {"security", json::array{json::object{{"token", json::array{}}}}},
      {"paths", std::move(paths)},
      {"components",
       json::object{{"securitySchemes",
                     json::object{{"token", json::object{{"type", "http"}, {"scheme", "bearer"}}}}},
                    {"schemas", all_schemas()}}}};
  return json::serialize(document) + '\n';
}

}  // namespace tandem::api
