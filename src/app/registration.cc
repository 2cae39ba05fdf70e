// tandem registration list|show|add|set|remove|status|retry
#include <CLI/CLI.hpp>
#include <cstdio>

#include "app/assignments.h"
#include "app/commands.h"
#include "app/entity_text.h"
#include "app/line.h"
#include "app/reply.h"
#include "app/table.h"
#include "core/directory/entity_rows.h"
#include "shell/http/target.h"

namespace tandem::app {
namespace {

namespace json = boost::json;
using directory::ResourceRow;

constexpr std::string_view kConfigured = "/api/v1/outbound_registrations";
constexpr std::string_view kStates = "/api/v1/online_registrations";

struct RegistrationOptions {
  std::string name;
  std::vector<std::string> assignments;  // FIELD=VALUE
  bool secrets = false;
};

const ResourceRow& resource() {
  const ResourceRow* row = directory::find_resource("outbound_registration");
  TANDEM_ASSERT(row != nullptr, "outbound registrations are a resource");
  return *row;
}

Assignments spoken_of() { return {resource(), "registration", "server=sip.example.net"}; }

Result<json::object, std::string> find(Line& line, const RegistrationOptions& options) {
  const std::string& name = options.name;
  const auto reply = line.ask(
      "GET", std::string(kConfigured) +
                 query_of({{"name", name}, {"secrets", options.secrets ? "true" : "false"}}));
  if (!reply.ok()) return Failure{reply.error()};
  json::array items = items_of(*reply);
  if (items.empty()) {
    return Failure{"there is no outbound registration " + name +
                   "; `tandem registration list` shows them all"};
  }
  return std::move(items.front().as_object());
}

std::string target_of(const json::object& registration) {
  return std::string(kConfigured) + '/' + std::to_string(number_of(registration, "id"));
}

int list(const Globals& globals, const RegistrationOptions&) {
  auto line = Line::open(globals, Needs::Data);
  if (!line.ok()) return fail(line.error());
  json::array all;
  for (std::string after = "0"; !after.empty();) {
    const auto reply = line->ask(
        "GET", std::string(kConfigured) + query_of({{"limit", "1000"}, {"after", after}}));
    if (!reply.ok()) return fail(reply.error());
    for (json::value& item : items_of(*reply)) all.push_back(std::move(item));
    const std::int64_t next = number_of(object_of(*reply), "next");
    after = next == 0 ? "" : std::to_string(next);
  }
  if (globals.json) {
    print_lines(all);
    return 0;
  }
  Table table({{"NAME"}, {"SERVER"}, {"USER"}, {"ENABLED"}, {"CAPACITY", Align::Right}});
  for (const json::value& item : all) {
    const json::object& one = item.as_object();
    const std::int64_t capacity = number_of(one, "capacity");
    table.add({text_of(one, "name"), text_of(one, "server"), text_of(one, "user"),
               is_true(one, "enabled") ? "yes" : "no",
               capacity == 0 ? "no limit" : std::to_string(capacity)});
  }
  std::fputs(table.text().c_str(), stdout);
  return 0;
}

int show(const Globals& globals, const RegistrationOptions& options) {
  auto line = Line::open(globals, Needs::Data);
  if (!line.ok()) return fail(line.error());
  const auto found = find(*line, options);
  if (!found.ok()) return fail(found.error());
  print_entity(globals, resource(), *found, Shown::All);
  return 0;
}

int add(const Globals& globals, const RegistrationOptions& options) {
  const auto body = body_of(spoken_of(), options.assignments, {{"name", options.name}});
  if (!body.ok()) return fail(body.error());
  auto line = Line::open(globals, Needs::Data);
  if (!line.ok()) return fail(line.error());
  const auto reply = line->ask("POST", std::string(kConfigured), *body);
  if (!reply.ok()) return fail(reply.error());
  print_entity(globals, resource(), object_of(*reply), Shown::Telling);
  return 0;
}

int set(const Globals& globals, const RegistrationOptions& options) {
  auto line = Line::open(globals, Needs::Data);
  if (!line.ok()) return fail(line.error());
  const auto found = find(*line, options);
  if (!found.ok()) return fail(found.error());
  const auto body = body_of(spoken_of(), options.assignments);
  if (!body.ok()) return fail(body.error());
  const auto reply = line->ask("PATCH", target_of(*found), *body);
  if (!reply.ok()) return fail(reply.error());
  print_entity(globals, resource(), object_of(*reply), Shown::Telling);
  return 0;
}

int remove(const Globals& globals, const RegistrationOptions& options) {
  auto line = Line::open(globals, Needs::Data);
  if (!line.ok()) return fail(line.error());
  const auto found = find(*line, options);
  if (!found.ok()) return fail(found.error());
  const auto reply = line->ask("DELETE", target_of(*found));
  if (!reply.ok()) return fail(reply.error());
  if (!globals.json) std::printf("outbound registration %s removed\n", options.name.c_str());
  return 0;
}

std::string last_answer(const json::object& state) {
  const std::int64_t answer = number_of(state, "answer");
  const std::string reason = text_of(state, "reason");
  return answer == 0 ? reason : std::to_string(answer) + ' ' + reason;
}

int status(const Globals& globals, const RegistrationOptions& options) {
  auto line = Line::open(globals, Needs::Switch);
  if (!line.ok()) return fail(line.error());
  const auto reply = line->ask("GET", std::string(kStates) + query_of({{"name", options.name}}));
  if (!reply.ok()) return fail(reply.error());
  const json::array items = items_of(*reply);
  if (items.empty() && !options.name.empty()) {
    return fail("there is no outbound registration " + options.name);
  }
  if (globals.json) {
    print_lines(items);
    return 0;
  }
  Table table({{"NAME"},
               {"STATE"},
               {"REGISTERED UNTIL"},
               {"ADDRESS"},
               {"LAST ANSWER"},
               {"FAILURES", Align::Right},
               {"CALLS", Align::Right}});
  for (const json::value& item : items) {
    const json::object& one = item.as_object();
    table.add({text_of(one, "name"),
               is_true(one, "enabled") ? text_of(one, "state") : "disabled",
               local_time(number_of(one, "registered_until")), text_of(one, "address"),
               last_answer(one), std::to_string(number_of(one, "failures")),
               std::to_string(number_of(one, "calls"))});
  }
  std::fputs(table.text().c_str(), stdout);
  return 0;
}

int retry(const Globals& globals, const RegistrationOptions& options) {
  auto line = Line::open(globals, Needs::Switch);
  if (!line.ok()) return fail(line.error());
  const auto reply = line->ask(
      "POST", std::string(kStates) + '/' + http::percent_encode(options.name) + "/retry");
  if (!reply.ok()) return fail(reply.error());
  if (!globals.json) std::printf("outbound registration %s is tried\n", options.name.c_str());
  return 0;
}

std::string fields_help() {
  std::string text = "Fields:\n";
  for (const directory::FieldRow& row : resource().fields) {
    text += "  " + std::string(row.name) + ": " + directory::allowed_text(row) + '\n';
  }
  return text;
}

using Run = int (*)(const Globals&, const RegistrationOptions&);

}  // namespace

void add_registration(CLI::App& program, Globals& globals) {
  CLI::App* command = program.add_subcommand(
      "registration", "Show and change the platforms the switch registers at");
  command->require_subcommand(1);
  auto options = std::make_shared<RegistrationOptions>();
  const auto verb = [&](const std::string& name, const std::string& help, Run run) {
    CLI::App* made = command->add_subcommand(name, help);
    made->callback([&globals, options, run] { globals.status = run(globals, *options); });
    return made;
  };
  const auto named = [&](CLI::App* made) {
    made->add_option("NAME", options->name)->required();
    return made;
  };

  verb("list", "List what is configured", list);
  named(verb("show", "Show how one is configured", show))
      ->add_flag("--secrets", options->secrets, "Its password too");
  CLI::App* made = named(verb("add", "Add one", add));
  made->add_option("FIELD=VALUE", options->assignments, "server=sip.example.net user=alice");
  made->footer(fields_help());
  made = named(verb("set", "Change fields of one", set));
  made->add_option("FIELD=VALUE", options->assignments, "password=...")->required();
  made->footer(fields_help());
  named(verb("remove", "Remove one; it is un-registered", remove));
  verb("status", "Show how they stand", status)->add_option("NAME", options->name, "Only this one");
  named(verb("retry", "Register at once, whatever is waited for", retry));
}

}  // namespace tandem::app
