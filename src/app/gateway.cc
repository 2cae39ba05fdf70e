// tandem gateway list|show|add|set|remove; online and unban: gateway_online.cc
#include <CLI/CLI.hpp>
#include <cstdio>
#include <optional>

#include "app/assignments.h"
#include "app/commands.h"
#include "app/entity_text.h"
#include "app/gateway_online.h"
#include "app/line.h"
#include "app/reply.h"
#include "app/table.h"
#include "core/directory/entity_rows.h"
#include "shell/http/target.h"

namespace tandem::app {
namespace {

namespace json = boost::json;
using directory::ResourceRow;

struct GatewayOptions {
  std::string kind;  // "ingress", "egress"; "" = either
  std::string name;
  std::vector<std::string> assignments;  // FIELD=VALUE
  bool secrets = false;

  const char* shows_secrets() const { return secrets ? "true" : "false"; }
};

constexpr std::string_view kKinds[] = {"ingress", "egress"};

std::string collection_of(std::string_view kind) {
  return "/api/v1/" + std::string(kind) + "_gateways";
}

const ResourceRow& resource_of(std::string_view kind) {
  const ResourceRow* resource = directory::find_resource(std::string(kind) + "_gateway");
  TANDEM_ASSERT(resource != nullptr, "both kinds of gateways are resources");
  return *resource;
}

Assignments spoken_of(const ResourceRow& resource) {
  return {resource, "gateway", "capacity=30"};
}

// A gateway that was found, and of which kind it is.
struct Found {
  std::string kind;
  json::object gateway;

  std::string target() const {
    return collection_of(kind) + '/' + std::to_string(number_of(gateway, "id"));
  }
};

Result<Found, std::string> find(Line& line, const GatewayOptions& options) {
  std::vector<Found> found;
  for (const std::string_view kind : kKinds) {
    if (!options.kind.empty() && options.kind != kind) continue;
    const auto reply = line.ask(
        "GET", collection_of(kind) +
                   query_of({{"name", options.name}, {"secrets", options.shows_secrets()}}));
    if (!reply.ok()) return Failure{reply.error()};
    for (json::value& item : items_of(*reply)) {
      found.push_back({std::string(kind), std::move(item.as_object())});
    }
  }
  if (found.empty()) {
    return Failure{"there is no gateway " + options.name +
                   "; `tandem gateway list` shows them all"};
  }
  if (found.size() > 1) {
    return Failure{"there are two gateways " + options.name + "; say --kind ingress or egress"};
  }
  return std::move(found.front());
}

Result<json::array, std::string> all_of(Line& line, std::string_view kind) {
  json::array all;
  for (std::string after = "0"; !after.empty();) {
    const auto reply =
        line.ask("GET", collection_of(kind) + query_of({{"limit", "1000"}, {"after", after}}));
    if (!reply.ok()) return Failure{reply.error()};
    for (json::value& item : items_of(*reply)) {
      json::object row{{"kind", kind}};
      for (auto& member : item.as_object()) row.insert(member);
      all.push_back(std::move(row));
    }
    const std::int64_t next = number_of(object_of(*reply), "next");
    after = next == 0 ? "" : std::to_string(next);
  }
  return all;
}

// The empty prefix serves every number.
std::string prefixes_of(const json::object& gateway) {
  const json::value* prefixes = gateway.if_contains("prefix");
  if (prefixes == nullptr) return {};
  std::string text;
  for (const json::value& prefix : prefixes->as_array()) {
    const std::string word = prefix.as_string().empty() ? "any" : plain(prefix);
    text += (text.empty() ? "" : ", ") + word;
  }
  return text.empty() ? "none" : text;
}

void print_table(const json::array& gateways) {
  Table table({{"KIND"},
               {"NAME"},
               {"ADDRESSES"},
               {"PREFIXES"},
               {"PRIORITY", Align::Right},
               {"CAPACITY", Align::Right},
               {"LOCKED"}});
  for (const json::value& item : gateways) {
    const json::object& gateway = item.as_object();
    const std::int64_t capacity = number_of(gateway, "capacity");
    table.add({text_of(gateway, "kind"), text_of(gateway, "name"), plain(gateway.at("remote_ips")),
               prefixes_of(gateway), std::to_string(number_of(gateway, "priority")),
               capacity == 0 ? "no limit" : std::to_string(capacity),
               text_of(gateway, "lock_type") == "none" ? "no" : "yes"});
  }
  std::fputs(table.text().c_str(), stdout);
}

int list(const Globals& globals, const GatewayOptions& options) {
  auto line = Line::open(globals, Needs::Data);
  if (!line.ok()) return fail(line.error());
  json::array all;
  for (const std::string_view kind : kKinds) {
    if (!options.kind.empty() && options.kind != kind) continue;
    auto gateways = all_of(*line, kind);
    if (!gateways.ok()) return fail(gateways.error());
    all.insert(all.end(), gateways->begin(), gateways->end());
  }
  if (globals.json) {
    print_lines(all);
  } else {
    print_table(all);
  }
  return 0;
}

// What the switch has learned of it, when one runs.
void print_learned(const Globals& globals, const std::string& name) {
  auto line = Line::open(globals, Needs::Switch);
  if (!line.ok()) return;
  const auto reply = line->ask("GET", "/api/v1/doctor" + query_of({{"gateway", name}}));
  if (!reply.ok()) return;
  const json::object diagnosis = object_of(*reply);
  const json::value* devices = diagnosis.if_contains("devices");
  if (devices == nullptr) return;
  for (const json::value& item : devices->as_array()) {
    const json::object& device = item.as_object();
    const bool called = text_of(device, "role") == "callee";
    std::printf("\nLearned of calls %s it\n", called ? "to" : "from");
    std::printf("  answered               %lld, %lld of them without session timer\n",
                static_cast<long long>(number_of(device, "answered")),
                static_cast<long long>(number_of(device, "without_timer")));
    std::printf("  refreshes              %lld, %lld of them succeeded, last answer %lld\n",
                static_cast<long long>(number_of(device, "refreshes")),
                static_cast<long long>(number_of(device, "refreshes_succeeded")),
                static_cast<long long>(number_of(device, "last_status")));
    if (const std::string by = text_of(device, "refreshed_by"); !by.empty()) {
      std::printf("  refreshed by           %s, as it refused the other method\n", by.c_str());
    }
    if (number_of(device, "since") == 0) continue;
    for (const char* ability : {"supported", "allow", "product"}) {
      std::printf("  %-22s %s\n", ability, text_of(device, ability).c_str());
    }
    std::printf("  says so since          %s\n", local_time(number_of(device, "since")).c_str());
  }
}

int show(const Globals& globals, const GatewayOptions& options) {
  auto line = Line::open(globals, Needs::Data);
  if (!line.ok()) return fail(line.error());
  const auto found = find(*line, options);
  if (!found.ok()) return fail(found.error());
  print_entity(globals, resource_of(found->kind), found->gateway, Shown::All);
  if (!globals.json) print_learned(globals, options.name);
  return 0;
}

int add(const Globals& globals, const GatewayOptions& options) {
  const ResourceRow& resource = resource_of(options.kind);
  const auto body = body_of(spoken_of(resource), options.assignments, {{"name", options.name}});
  if (!body.ok()) return fail(body.error());
  auto line = Line::open(globals, Needs::Data);
  if (!line.ok()) return fail(line.error());
  const auto reply = line->ask(
      "POST", collection_of(options.kind) + query_of({{"secrets", options.shows_secrets()}}),
      *body);
  if (!reply.ok()) return fail(reply.error());
  print_entity(globals, resource, object_of(*reply), Shown::Telling);
  return 0;
}

int set(const Globals& globals, const GatewayOptions& options) {
  auto line = Line::open(globals, Needs::Data);
  if (!line.ok()) return fail(line.error());
  const auto found = find(*line, options);
  if (!found.ok()) return fail(found.error());
  const ResourceRow& resource = resource_of(found->kind);
  const auto body = body_of(spoken_of(resource), options.assignments);
  if (!body.ok()) return fail(body.error());
  const auto reply = line->ask("PATCH", found->target(), *body);
  if (!reply.ok()) return fail(reply.error());
  print_entity(globals, resource, object_of(*reply), Shown::Telling);
  return 0;
}

int remove(const Globals& globals, const GatewayOptions& options) {
  auto line = Line::open(globals, Needs::Data);
  if (!line.ok()) return fail(line.error());
  const auto found = find(*line, options);
  if (!found.ok()) return fail(found.error());
  const auto reply = line->ask("DELETE", found->target());
  if (!reply.ok()) return fail(reply.error());
  if (!globals.json)
    std::printf("%s gateway %s removed\n", found->kind.c_str(), options.name.c_str());
  return 0;
}

int online(const Globals& globals, const GatewayOptions& options) {
  return show_online(globals, options.name);
}

int lift(const Globals& globals, const GatewayOptions& options) {
  return unban(globals, options.name);
}

std::string fields_help() {
  std::string text;
  for (const std::string_view kind : kKinds) {
    text += "Fields of an " + std::string(kind) + " gateway:\n";
    for (const directory::FieldRow& row : resource_of(kind).fields) {
      text += "  " + std::string(row.name) + ": " + directory::allowed_text(row) + '\n';
    }
  }
  return text;
}

using Run = int (*)(const Globals&, const GatewayOptions&);

CLI::App* add_verb(CLI::App& command, Globals& globals, const std::string& name,
                   const std::string& help, const std::shared_ptr<GatewayOptions>& options,
                   Run run) {
  CLI::App* verb = command.add_subcommand(name, help);
  verb->callback([&globals, options, run] { globals.status = run(globals, *options); });
  return verb;
}

void add_kind(CLI::App* verb, GatewayOptions& options) {
  verb->add_option("--kind", options.kind, "Only this kind")
      ->check(CLI::IsMember({"ingress", "egress"}));
}

void add_secrets(CLI::App* verb, GatewayOptions& options) {
  verb->add_flag("--secrets", options.secrets, "Its passwords too");
}

}  // namespace

void add_gateway(CLI::App& program, Globals& globals) {
  CLI::App* command = program.add_subcommand("gateway", "Show and change gateways");
  command->require_subcommand(1);
  auto options = std::make_shared<GatewayOptions>();

  add_kind(add_verb(*command, globals, "list", "List all gateways", options, list), *options);

  CLI::App* verb = add_verb(*command, globals, "show", "Show one gateway", options, show);
  verb->add_option("NAME", options->name)->required();
  add_kind(verb, *options);
  add_secrets(verb, *options);

  verb = add_verb(*command, globals, "add", "Add a gateway", options, add);
  verb->add_option("KIND", options->kind, "ingress or egress")
      ->required()
      ->check(CLI::IsMember({"ingress", "egress"}));
  verb->add_option("NAME", options->name)->required();
  verb->add_option("FIELD=VALUE", options->assignments, "remote_ips=192.0.2.1,192.0.2.7");
  add_secrets(verb, *options);
  verb->footer(fields_help());

  verb = add_verb(*command, globals, "set", "Change fields of a gateway", options, set);
  verb->add_option("NAME", options->name)->required();
  verb->add_option("FIELD=VALUE", options->assignments, "capacity=30")->required();
  add_kind(verb, *options);
  verb->footer(fields_help());

  verb = add_verb(*command, globals, "remove", "Remove a gateway", options, remove);
  verb->add_option("NAME", options->name)->required();
  add_kind(verb, *options);

  verb = add_verb(*command, globals, "online", "Show how gateways stand now", options, online);
  verb->add_option("NAME", options->name, "Only this one");

  verb = add_verb(*command, globals, "unban",
                  "End the pause that an egress gateway asked for by Retry-After", options, lift);
  verb->add_option("NAME", options->name)->required();
}

}  // namespace tandem::app
