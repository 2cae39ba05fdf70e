// tandem tag list|show|add|set|remove: the rules that set routing tags.
#include <CLI/CLI.hpp>

#include "app/commands.h"
#include "app/entity_command.h"
#include "app/reply.h"

namespace tandem::app {
namespace {

namespace json = boost::json;

// What a call must have to fit, in one cell.
std::string conditions_of(const json::object& rule) {
  std::string text;
  for (const char* field : {"caller_prefixes", "callee_prefixes", "caller_areas", "callee_areas",
                            "ingress_gateways", "ingress_groups", "accounts"}) {
    const json::array& entries = rule.at(field).as_array();
    if (entries.empty()) continue;
    text += (text.empty() ? "" : "; ") + std::string(field) + ' ';
    text += entries.size() > 4 ? std::to_string(entries.size()) + " entries" : plain(entries);
  }
  return text.empty() ? "any call" : text;
}

}  // namespace

void add_tag(CLI::App& program, Globals& globals) {
  add_entity_command(
      program, globals,
      {.resource = "routing_tag_rule",
       .command = "tag",
       .help = "Show and change the rules that set routing tags on calls",
       .example = "callee_prefixes=447 tags=mobile",
       .columns = {{{"PRIORITY", Align::Right},
                    [](const json::object& rule) { return plain(rule.at("priority")); }},
                   {{"CALLS"}, conditions_of},
                   {{"TAGS"}, [](const json::object& rule) { return plain(rule.at("tags")); }},
                   {{"THEN"}, [](const json::object& rule) { return text_of(rule, "on_match"); }}}});
}

}  // namespace tandem::app
