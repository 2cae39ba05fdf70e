#include "app/reply.h"

#include <cstdio>

namespace tandem::app {

namespace json = boost::json;

json::object object_of(const std::string& body) {
  json::error_code fault;
  json::value value = json::parse(body, fault);
  if (fault || !value.is_object()) return {};
  return std::move(value.as_object());
}

json::array items_of(const std::string& body) {
  json::object object = object_of(body);
  json::value* items = object.if_contains("items");
  if (items == nullptr || !items->is_array()) return {};
  return std::move(items->as_array());
}

std::string text_of(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->as_string()) : std::string{};
}

std::int64_t number_of(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  if (value == nullptr || !value->is_number()) return 0;
  return value->is_int64() ? value->as_int64() : value->to_number<std::int64_t>();
}

bool is_true(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  return value != nullptr && value->is_bool() && value->as_bool();
}

std::string plain(const json::value& value) {
  if (value.is_null()) return "-";
  if (value.is_bool()) return value.as_bool() ? "on" : "off";
  if (value.is_string()) return value.as_string().empty() ? "\"\"" : std::string(value.as_string());
  if (!value.is_array()) return json::serialize(value);
  std::string list;
  for (const json::value& entry : value.as_array()) {
    if (!list.empty()) list += ", ";
    list += plain(entry);
  }
  return list.empty() ? "none" : list;
}

void print_warnings(const boost::json::object& reply) {
  const json::value* warnings = reply.if_contains("warnings");
  if (warnings == nullptr) return;
  for (const json::value& warning : warnings->as_array())
    std::fprintf(stderr, "warning: %s\n", plain(warning).c_str());
}

void print_lines(const json::array& items) {
  for (const json::value& item : items) std::printf("%s\n", json::serialize(item).c_str());
}

}  // namespace tandem::app
