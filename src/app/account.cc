// tandem account list|show|add|set|remove
#include <CLI/CLI.hpp>

#include "app/commands.h"
#include "app/entity_command.h"
#include "app/reply.h"

namespace tandem::app {
namespace {

namespace json = boost::json;

std::string limit_of(const json::object& account, std::string_view field) {
  const std::int64_t limit = number_of(account, field);
  return limit == 0 ? "no limit" : std::to_string(limit);
}

std::string capacity(const json::object& account) { return limit_of(account, "capacity"); }
std::string call_rate(const json::object& account) { return limit_of(account, "max_call_rate"); }
std::string locked(const json::object& account) {
  return text_of(account, "lock_type") == "none" ? "no" : "yes";
}

}  // namespace

void add_account(CLI::App& program, Globals& globals) {
  add_entity_command(program, globals,
                     {.resource = "account",
                      .command = "account",
                      .help = "Show and change accounts: who pays for calls",
                      .example = "capacity=30",
                      .columns = {{{"CAPACITY", Align::Right}, capacity},
                                  {{"CALLS A SECOND", Align::Right}, call_rate},
                                  {{"LOCKED"}, locked}}});
}

}  // namespace tandem::app
