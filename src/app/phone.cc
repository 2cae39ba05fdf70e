// tandem phone list|show|add|set|remove|online|unregister
#include <CLI/CLI.hpp>
#include <chrono>
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

constexpr std::string_view kPhones = "/api/v1/phones";
constexpr std::string_view kRegistrations = "/api/v1/registrations";

struct PhoneOptions {
  std::string name;
  std::vector<std::string> assignments;  // FIELD=VALUE
  bool secrets = false;
};

const ResourceRow& phones() {
  const ResourceRow* resource = directory::find_resource("phones");
  TANDEM_ASSERT(resource != nullptr, "phones are a resource");
  return *resource;
}

Assignments spoken_of() { return {phones(), "phone", "capacity=2"}; }

// By its id: a number in a path would be taken for one.
Result<std::string, std::string> target_of(Line& line, const PhoneOptions& options) {
  const auto reply =
      line.ask("GET", std::string(kPhones) + query_of({{"name", options.name}}));
  if (!reply.ok()) return Failure{reply.error()};
  const json::array found = items_of(*reply);
  if (found.empty()) {
    return Failure{"there is no phone " + options.name + "; `tandem phone list` shows them all"};
  }
  return std::string(kPhones) + '/' + std::to_string(number_of(found.front().as_object(), "id"));
}

std::string secrets_of(const PhoneOptions& options) {
  return options.secrets ? "?secrets=true" : "";
}

// All pages of a list.
Result<json::array, std::string> all_of(
    Line& line, std::string_view collection,
    const http::Fields& query) {
  json::array all;
  for (std::string after = "0"; !after.empty();) {
    auto parts = query;
    parts.emplace_back("limit", "1000");
    parts.emplace_back("after", after);
    const auto reply = line.ask("GET", std::string(collection) + query_of(parts));
    if (!reply.ok()) return Failure{reply.error()};
    for (json::value& item : items_of(*reply)) all.push_back(std::move(item));
    const std::int64_t next = number_of(object_of(*reply), "next");
    after = next == 0 ? "" : std::to_string(next);
  }
  return all;
}

void print_phones(const json::array& all) {
  Table table({{"NUMBER"},
               {"ACCOUNT"},
               {"TYPE"},
               {"AUTHENTICATION"},
               {"LINES", Align::Right},
               {"LOCKED"}});
  for (const json::value& item : all) {
    const json::object& phone = item.as_object();
    const std::int64_t capacity = number_of(phone, "capacity");
    table.add({text_of(phone, "name"), text_of(phone, "account"), text_of(phone, "register_type"),
               text_of(phone, "sip_authentication_method"),
               capacity == 0 ? "no limit" : std::to_string(capacity),
               text_of(phone, "lock_type")});
  }
  std::fputs(table.text().c_str(), stdout);
}

int list(const Globals& globals, const PhoneOptions& options) {
  auto line = Line::open(globals, Needs::Data);
  if (!line.ok()) return fail(line.error());
  const auto all = all_of(*line, kPhones, {{"secrets", options.secrets ? "true" : "false"}});
  if (!all.ok()) return fail(all.error());
  if (globals.json) {
    print_lines(*all);
  } else {
    print_phones(*all);
  }
  return 0;
}

int print_reply(const Globals& globals, const Result<std::string, std::string>& reply,
                Shown shown) {
  if (!reply.ok()) return fail(reply.error());
  print_entity(globals, phones(), object_of(*reply), shown);
  return 0;
}

int show(const Globals& globals, const PhoneOptions& options) {
  auto line = Line::open(globals, Needs::Data);
  if (!line.ok()) return fail(line.error());
  const auto target = target_of(*line, options);
  if (!target.ok()) return fail(target.error());
  return print_reply(globals, line->ask("GET", *target + secrets_of(options)), Shown::All);
}

int add(const Globals& globals, const PhoneOptions& options) {
  const auto body = body_of(spoken_of(), options.assignments, {{"name", options.name}});
  if (!body.ok()) return fail(body.error());
  auto line = Line::open(globals, Needs::Data);
  if (!line.ok()) return fail(line.error());
  return print_reply(globals,
                     line->ask("POST", std::string(kPhones) + secrets_of(options), *body),
                     Shown::Telling);
}

int set(const Globals& globals, const PhoneOptions& options) {
  const auto body = body_of(spoken_of(), options.assignments);
  if (!body.ok()) return fail(body.error());
  auto line = Line::open(globals, Needs::Data);
  if (!line.ok()) return fail(line.error());
  const auto target = target_of(*line, options);
  if (!target.ok()) return fail(target.error());
  return print_reply(globals, line->ask("PATCH", *target + secrets_of(options), *body),
                     Shown::Telling);
}

int remove(const Globals& globals, const PhoneOptions& options) {
  auto line = Line::open(globals, Needs::Data);
  if (!line.ok()) return fail(line.error());
  const auto target = target_of(*line, options);
  if (!target.ok()) return fail(target.error());
  const auto reply = line->ask("DELETE", *target);
  if (!reply.ok()) return fail(reply.error());
  if (!globals.json) std::printf("phone %s removed\n", options.name.c_str());
  return 0;
}

std::int64_t now_seconds() {
  return std::chrono::duration_cast<std::chrono::seconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

void print_registrations(const json::array& all) {
  Table table({{"USER"},
               {"CONTACT"},
               {"SOURCE"},
               {"STATE"},
               {"NAT"},
               {"LAST HEARD"},
               {"KEEP-ALIVE SENT"},
               {"EXPIRES IN", Align::Right},
               {"SINCE"},
               {"UPDATES", Align::Right},
               {"USER AGENT"}});
  for (const json::value& item : all) {
    const json::object& each = item.as_object();
    const std::int64_t left = number_of(each, "expires") / 1000 - now_seconds();
    table.add({text_of(each, "user"), text_of(each, "contact"), text_of(each, "source"),
               text_of(each, "state"), is_true(each, "nat") ? "yes" : "no",
               local_time(number_of(each, "heard")), local_time(number_of(each, "kept_alive")),
               std::to_string(std::max<std::int64_t>(left, 0)) + " s",
               local_time(number_of(each, "since")), std::to_string(number_of(each, "updates")),
               text_of(each, "user_agent")});
  }
  std::fputs(table.text().c_str(), stdout);
  std::printf("%zu contacts\n", all.size());
}

int online(const Globals& globals, const PhoneOptions& options) {
  auto line = Line::open(globals, Needs::Switch);
  if (!line.ok()) return fail(line.error());
  const auto all = all_of(*line, kRegistrations, {{"user", options.name}});
  if (!all.ok()) return fail(all.error());
  if (globals.json) {
    print_lines(*all);
  } else {
    print_registrations(*all);
  }
  return 0;
}

int unregister(const Globals& globals, const PhoneOptions& options) {
  auto line = Line::open(globals, Needs::Switch);
  if (!line.ok()) return fail(line.error());
  const auto reply =
      line->ask("DELETE", std::string(kRegistrations) + '/' + http::percent_encode(options.name));
  if (!reply.ok()) return fail(reply.error());
  if (!globals.json) std::printf("%s is no longer registered\n", options.name.c_str());
  return 0;
}

std::string fields_help() {
  std::string text = "Fields of a phone:\n";
  for (const directory::FieldRow& row : phones().fields) {
    text += "  " + std::string(row.name) + ": " + directory::allowed_text(row) + '\n';
  }
  return text;
}

using Run = int (*)(const Globals&, const PhoneOptions&);

CLI::App* add_verb(CLI::App& command, Globals& globals, const std::string& name,
                   const std::string& help, const std::shared_ptr<PhoneOptions>& options,
                   Run run) {
  CLI::App* verb = command.add_subcommand(name, help);
  verb->callback([&globals, options, run] { globals.status = run(globals, *options); });
  return verb;
}

void add_secrets(CLI::App* verb, PhoneOptions& options) {
  verb->add_flag("--secrets", options.secrets, "Its password too");
}

}  // namespace

void add_phone(CLI::App& program, Globals& globals) {
  CLI::App* command = program.add_subcommand("phone", "Show and change phones");
  command->require_subcommand(1);
  auto options = std::make_shared<PhoneOptions>();

  add_secrets(add_verb(*command, globals, "list", "List all phones", options, list), *options);

  CLI::App* verb = add_verb(*command, globals, "show", "Show one phone", options, show);
  verb->add_option("NUMBER", options->name)->required();
  add_secrets(verb, *options);

  verb = add_verb(*command, globals, "add", "Add a phone; its password is made up", options, add);
  verb->add_option("NUMBER", options->name)->required();
  verb->add_option("FIELD=VALUE", options->assignments, "account=acme capacity=2");
  verb->footer(fields_help());
  add_secrets(verb, *options);

  verb = add_verb(*command, globals, "set", "Change fields of a phone", options, set);
  verb->add_option("NUMBER", options->name)->required();
  verb->add_option("FIELD=VALUE", options->assignments, "capacity=2")->required();
  verb->footer(fields_help());
  add_secrets(verb, *options);

  verb = add_verb(*command, globals, "remove", "Remove a phone", options, remove);
  verb->add_option("NUMBER", options->name)->required();

  verb = add_verb(*command, globals, "online", "List the contacts that are registered", options,
                  online);
  verb->add_option("USER", options->name, "Only this phone or gateway");

  verb = add_verb(*command, globals, "unregister", "Forget the contacts of a phone or gateway",
                  options, unregister);
  verb->add_option("USER", options->name)->required();
}

}  // namespace tandem::app
