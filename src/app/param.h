// The verbs of `tandem param`, over several files.
#pragma once

#include <string>
#include <vector>

#include "app/commands.h"

namespace tandem::app {

struct ParamOptions {
  std::string name;
  std::string value;
  std::vector<std::string> names;  // of reset
  std::vector<std::string> words;  // of search
  std::string search;
  std::string group;
  std::string since;
  bool changed = false;
  std::string file;
  bool dry_run = false;
  bool skip_unknown = false;
  std::string comment;
  std::int64_t change = 0;
  std::int64_t limit = 0;
};

using ParamRun = int (*)(const Globals&, const ParamOptions&);

// "/api/v1/parameters/NAME" and what follows.
std::string parameter_target(const std::string& name, std::string_view rest = {});

// param_past.cc
int parameter_history(const Globals& globals, const ParamOptions& options);
int undo_parameter(const Globals& globals, const ParamOptions& options);

// param_file.cc
int export_parameters(const Globals& globals, const ParamOptions& options);
int import_parameters(const Globals& globals, const ParamOptions& options);

}  // namespace tandem::app
