#include "app/entity_command.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <memory>

#include "app/assignments.h"
#include "app/entity_text.h"
#include "app/line.h"
#include "app/reply.h"
#include "base/assert.h"
#include "core/directory/entity_rows.h"

namespace tandem::app {
namespace {

namespace json = boost::json;

struct Wish {
  const directory::ResourceRow* resource = nullptr;
  EntityCommand what;
  std::string name;
  std::vector<std::string> assignments;  // FIELD=VALUE

  std::string collection() const { return "/api/v1/" + std::string(resource->name); }
  // "gateway group"
  std::string noun() const {
    std::string text(resource->singular);
    std::ranges::replace(text, '_', ' ');
    return text;
  }
};

Result<json::object, std::string> find(Line& line, const Wish& wish) {
  const auto reply = line.ask("GET", wish.collection() + query_of({{"name", wish.name}}));
  if (!reply.ok()) return Failure{reply.error()};
  json::array items = items_of(*reply);
  if (items.empty()) {
    return Failure{"there is no " + wish.noun() + ' ' + wish.name + "; `tandem " +
                   wish.what.command + " list` shows them all"};
  }
  return std::move(items.front().as_object());
}

Assignments spoken_of(const Wish& wish) {
  return {*wish.resource, wish.what.command, wish.what.example};
}

std::string target_of(const Wish& wish, const json::object& entity) {
  return wish.collection() + '/' + std::to_string(number_of(entity, "id"));
}

int list(const Globals& globals, const Wish& wish) {
  auto line = Line::open(globals, Needs::Data);
  if (!line.ok()) return fail(line.error());
  json::array all;
  for (std::string after = "0"; !after.empty();) {
    const auto reply =
        line->ask("GET", wish.collection() + query_of({{"limit", "1000"}, {"after", after}}));
    if (!reply.ok()) return fail(reply.error());
    for (json::value& item : items_of(*reply)) all.push_back(std::move(item));
    const std::int64_t next = number_of(object_of(*reply), "next");
    after = next == 0 ? "" : std::to_string(next);
  }
  if (globals.json) {
    print_lines(all);
    return 0;
  }
  std::vector<Column> columns{{"NAME"}};
  for (const ListColumn& each : wish.what.columns) columns.push_back(each.column);
  Table table(std::move(columns));
  for (const json::value& item : all) {
    const json::object& entity = item.as_object();
    std::vector<std::string> row{text_of(entity, "name")};
    for (const ListColumn& each : wish.what.columns) row.push_back(each.text(entity));
    table.add(std::move(row));
  }
  std::fputs(table.text().c_str(), stdout);
  return 0;
}

int show(const Globals& globals, const Wish& wish) {
  auto line = Line::open(globals, Needs::Data);
  if (!line.ok()) return fail(line.error());
  const auto found = find(*line, wish);
  if (!found.ok()) return fail(found.error());
  print_entity(globals, *wish.resource, *found, Shown::All);
  return 0;
}

int add(const Globals& globals, const Wish& wish) {
  const auto body = body_of(spoken_of(wish), wish.assignments, {{"name", wish.name}});
  if (!body.ok()) return fail(body.error());
  auto line = Line::open(globals, Needs::Data);
  if (!line.ok()) return fail(line.error());
  const auto reply = line->ask("POST", wish.collection(), *body);
  if (!reply.ok()) return fail(reply.error());
  print_entity(globals, *wish.resource, object_of(*reply), Shown::Telling);
  return 0;
}

int set(const Globals& globals, const Wish& wish) {
  auto line = Line::open(globals, Needs::Data);
  if (!line.ok()) return fail(line.error());
  const auto found = find(*line, wish);
  if (!found.ok()) return fail(found.error());
  const auto body = body_of(spoken_of(wish), wish.assignments);
  if (!body.ok()) return fail(body.error());
  const auto reply = line->ask("PATCH", target_of(wish, *found), *body);
  if (!reply.ok()) return fail(reply.error());
  print_entity(globals, *wish.resource, object_of(*reply), Shown::Telling);
  return 0;
}

int remove(const Globals& globals, const Wish& wish) {
  auto line = Line::open(globals, Needs::Data);
  if (!line.ok()) return fail(line.error());
  const auto found = find(*line, wish);
  if (!found.ok()) return fail(found.error());
  const auto reply = line->ask("DELETE", target_of(wish, *found));
  if (!reply.ok()) return fail(reply.error());
  if (!globals.json) std::printf("%s %s removed\n", wish.noun().c_str(), wish.name.c_str());
  return 0;
}

std::string fields_help(const directory::ResourceRow& resource) {
  std::string text = "Fields:\n";
  for (const directory::FieldRow& row : resource.fields) {
    text += "  " + std::string(row.name) + ": " + directory::allowed_text(row) + '\n';
  }
  return text;
}

}  // namespace

CLI::App* add_entity_command(CLI::App& program, Globals& globals, EntityCommand what) {
  auto wish = std::make_shared<Wish>();
  wish->resource = directory::find_resource(what.resource);
  TANDEM_ASSERT(wish->resource != nullptr, "the command of a resource that is none");
  wish->what = std::move(what);
  CLI::App* command = program.add_subcommand(wish->what.command, wish->what.help);
  command->require_subcommand(1);
  using Run = int (*)(const Globals&, const Wish&);
  const auto verb = [&](const std::string& name, const std::string& help, Run run) {
    CLI::App* made = command->add_subcommand(name, help);
    made->callback([&globals, wish, run] { globals.status = run(globals, *wish); });
    if (run != list) made->add_option("NAME", wish->name)->required();
    return made;
  };
  verb("list", "List them all", list);
  verb("show", "Show one", show);
  CLI::App* made = verb("add", "Add one", add);
  made->add_option("FIELD=VALUE", wish->assignments, wish->what.example);
  made->footer(fields_help(*wish->resource));
  made = verb("set", "Change fields of one", set);
  made->add_option("FIELD=VALUE", wish->assignments, wish->what.example)->required();
  made->footer(fields_help(*wish->resource));
  verb("remove", "Remove one", remove);
  return command;
}

}  // namespace tandem::app
