// tandem param export, tandem param import: the parameters as one list.
#include <cstdio>

#include "app/files.h"
#include "app/line.h"
#include "app/param.h"
#include "app/plan.h"

namespace tandem::app {

int export_parameters(const Globals& globals, const ParamOptions& options) {
  auto line = Line::open(globals, Needs::Data);
  if (!line.ok()) return fail(line.error());
  const auto reply = line->ask(
      "GET", "/api/v1/parameters" + query_of({{"format", globals.json ? "" : "tsv"},
                                              {"changed", options.changed ? "true" : ""}}));
  if (!reply.ok()) return fail(reply.error());
  std::fputs(reply->c_str(), stdout);
  return 0;
}

int import_parameters(const Globals& globals, const ParamOptions& options) {
  auto list = contents_of(options.file);
  if (!list.ok()) return fail(list.error());
  auto line = Line::open(globals, Needs::Data);
  if (!line.ok()) return fail(line.error());
  const std::string target =
      "/api/v1/parameters/import" + query_of({{"dry_run", options.dry_run ? "true" : ""},
                                              {"skip_unknown", options.skip_unknown ? "true" : ""},
                                              {"comment", options.comment}});
  const auto reply = line->ask("POST", target, std::move(*list), "text/tab-separated-values");
  if (!reply.ok()) return fail(reply.error());
  print_plan(globals, *reply);
  return 0;
}

}  // namespace tandem::app
