// tandem apply, tandem export: the configuration as one document.
#include <CLI/CLI.hpp>
#include <cstdio>

#include "app/commands.h"
#include "app/files.h"
#include "app/line.h"
#include "app/plan.h"

namespace tandem::app {
namespace {

struct ApplyOptions {
  std::string file;
  bool dry_run = false;
  std::string comment;
};

int apply(const Globals& globals, const ApplyOptions& options) {
  auto document = contents_of(options.file);
  if (!document.ok()) return fail(document.error());
  auto line = Line::open(globals, Needs::Data);
  if (!line.ok()) return fail(line.error());
  const std::string target =
      "/api/v1/apply" +
      query_of({{"dry_run", options.dry_run ? "true" : "false"}, {"comment", options.comment}});
  const auto reply = line->ask("POST", target, std::move(*document));
  if (!reply.ok()) return fail(reply.error());
  print_plan(globals, *reply);
  return 0;
}

int print_export(const Globals& globals, bool secrets) {
  auto line = Line::open(globals, Needs::Data);
  if (!line.ok()) return fail(line.error());
  const auto reply = line->ask("GET", secrets ? "/api/v1/export?secrets=true" : "/api/v1/export");
  if (!reply.ok()) return fail(reply.error());
  std::fputs(reply->c_str(), stdout);
  return 0;
}

}  // namespace

void add_apply(CLI::App& program, Globals& globals) {
  CLI::App* command = program.add_subcommand(
      "apply", "Apply a JSON document of gateways, accounts and parameters as one change");
  auto options = std::make_shared<ApplyOptions>();
  command->add_option("FILE", options->file, "The document; - reads the standard input")
      ->required();
  command->add_flag("--dry-run", options->dry_run, "Only show what would change");
  command->add_option("--comment", options->comment, "Why; kept with the change");
  command->footer(
      "What the document does not mention stays as it is. Example:\n"
      "  {\"ingress_gateways\":[{\"name\":\"north\",\"remote_ips\":[\"127.0.0.2\"]}],\n"
      "   \"egress_gateways\":[{\"name\":\"south\",\"remote_ips\":[\"127.0.0.3:5080\"],"
      "\"prefix\":[\"\"]}],\n"
      "   \"parameters\":{\"SS_SIP_SESSION_TTL\":600}}");
  command->callback([&globals, options] { globals.status = apply(globals, *options); });
}

void add_export(CLI::App& program, Globals& globals) {
  CLI::App* command =
      program.add_subcommand("export", "Print the configuration in the form that apply takes");
  auto secrets = std::make_shared<bool>(false);
  command->add_flag("--secrets", *secrets, "Passwords too");
  command->callback([&globals, secrets] { globals.status = print_export(globals, *secrets); });
}

}  // namespace tandem::app
