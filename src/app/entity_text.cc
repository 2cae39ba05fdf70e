#include "app/entity_text.h"

#include <algorithm>
#include <cstdio>
#include <string>
#include <vector>

#include "app/reply.h"
#include "shell/store/document.h"

namespace tandem::app {
namespace {

namespace json = boost::json;

struct Line {
  std::string_view name;
  std::string text;
};

bool is_default(const json::value& value, const directory::Value& initial) {
  boost::system::error_code fault;
  return json::parse(store::write_value(initial), fault) == value && !fault;
}

}  // namespace

void print_entity(const Globals& globals, const directory::ResourceRow& resource,
                  const json::object& entity, Shown shown) {
  if (globals.json) {
    std::printf("%s\n", json::serialize(entity).c_str());
    return;
  }
  const directory::Record defaults = resource.defaults(resource);
  std::vector<Line> lines;
  std::size_t others = 0;
  for (std::size_t i = 0; i < resource.fields.size(); ++i) {
    const json::value* value = entity.if_contains(resource.fields[i].name);
    if (value == nullptr) continue;
    if (i != 0 && shown == Shown::Telling && is_default(*value, defaults[i])) {
      ++others;
    } else {
      lines.push_back({resource.fields[i].name, plain(*value)});
    }
  }
  std::size_t width = 0;
  for (const Line& line : lines) width = std::max(width, line.name.size());
  for (const Line& line : lines)
    std::printf("%-*s  %s\n", static_cast<int>(width), std::string(line.name).c_str(),
                line.text.c_str());
  if (others > 0) std::printf("%zu other fields have their defaults.\n", others);
  print_warnings(entity);
}

}  // namespace tandem::app
