// list, show, add, set and remove of one resource, from its rows: what every command about
// configured entities has. A command adds verbs of its own to what add_entity_command() answers.
#pragma once

#include <boost/json.hpp>
#include <string>
#include <vector>

#include "app/commands.h"
#include "app/table.h"

namespace tandem::app {

struct ListColumn {
  Column column;
  std::string (*text)(const boost::json::object& entity);
};

struct EntityCommand {
  std::string resource;  // "gateway_group"
  std::string command;   // "group": of the program
  std::string help;
  std::string example;   // "capacity=30"
  std::vector<ListColumn> columns;  // of list, behind the name
};

CLI::App* add_entity_command(CLI::App& program, Globals& globals, EntityCommand what);

}  // namespace tandem::app
