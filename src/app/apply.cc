// tandem apply, tandem export: the configuration as one document.
#include <CLI/CLI.hpp>
#include <cstdio>

#include "app/commands.h"
#include "app/files.h"
#include "app/line.h"
#include "app/plan.h"
#include "core/directory/entity_rows.h"

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

struct ExportOptions {
  std::string resource;
  std::string field;
  bool tsv = false;
  bool secrets = false;
};

int print_export(const Globals& globals, const ExportOptions& options) {
  if (options.resource.empty() && (options.tsv || !options.field.empty()))
    return fail("--tsv and --field are of the table of one RESOURCE; name it");
  auto line = Line::open(globals, Needs::Data);
  if (!line.ok()) return fail(line.error());
  const std::string target =
      "/api/v1/export" + (options.resource.empty() ? "" : '/' + options.resource) +
      query_of({{"format", options.tsv ? "tsv" : ""},
                {"field", options.field},
                {"secrets", options.secrets ? "true" : ""}});
  const auto reply = line->ask("GET", target);
  if (!reply.ok()) return fail(reply.error());
  std::fputs(reply->c_str(), stdout);
  return 0;
}

struct ImportOptions {
  std::string resource;
  std::string file;
  std::string mode = "set";
  bool tsv = false;
  bool dry_run = false;
  std::string comment;
};

int import_table(const Globals& globals, const ImportOptions& options) {
  auto table = contents_of(options.file);
  if (!table.ok()) return fail(table.error());
  auto line = Line::open(globals, Needs::Data);
  if (!line.ok()) return fail(line.error());
  const std::string target = "/api/v1/import/" + options.resource +
                             query_of({{"mode", options.mode},
                                       {"dry_run", options.dry_run ? "true" : ""},
                                       {"comment", options.comment}});
  const bool tsv = options.tsv || options.file.ends_with(".tsv");
  const auto reply = line->ask("POST", target, std::move(*table),
                               tsv ? "text/tab-separated-values" : "text/csv");
  if (!reply.ok()) return fail(reply.error());
  print_plan(globals, *reply);
  return 0;
}

std::vector<std::string> resource_names() {
  std::vector<std::string> names;
  for (const directory::ResourceRow& resource : directory::all_resources())
    names.emplace_back(resource.name);
  return names;
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
  CLI::App* command = program.add_subcommand(
      "export", "Print the configuration in the form that apply takes, or a table for import");
  auto options = std::make_shared<ExportOptions>();
  command
      ->add_option("RESOURCE", options->resource,
                   "Only these, as comma-separated values: the table that import takes")
      ->check(CLI::IsMember(resource_names()));
  command->add_option("--field", options->field, "Only this list, one entry a row");
  command->add_flag("--tsv", options->tsv, "Tab-separated values");
  command->add_flag("--secrets", options->secrets, "Passwords too");
  command->callback([&globals, options] { globals.status = print_export(globals, *options); });
}

void add_import(CLI::App& program, Globals& globals) {
  CLI::App* command = program.add_subcommand(
      "import", "Take many entities, or entries of their lists, from a table as one change");
  auto options = std::make_shared<ImportOptions>();
  command->add_option("RESOURCE", options->resource, "What they are")
      ->required()
      ->check(CLI::IsMember(resource_names()));
  command->add_option("FILE", options->file, "CSV, or TSV; - reads the standard input")->required();
  command
      ->add_option("--mode", options->mode,
                   "set: fields get the values of the table; add, remove: entries of lists; "
                   "replace: set, and remove what has no row")
      ->check(CLI::IsMember({"set", "add", "remove", "replace"}))
      ->capture_default_str();
  command->add_flag("--tsv", options->tsv, "The table is tab-separated, as its name .tsv says too");
  command->add_flag("--dry-run", options->dry_run, "Only show what would change");
  command->add_option("--comment", options->comment, "Why; kept with the change");
  command->footer(
      "The first row names fields, `name` among them. Rows of one name are one entity, and their\n"
      "lists are joined. With a fault anywhere nothing is changed. Example, two prefixes more:\n"
      "  printf 'name,prefix\\nsouth,4420\\nsouth,4421\\n' |\n"
      "    tandem import egress_gateways - --mode add --dry-run");
  command->callback([&globals, options] { globals.status = import_table(globals, *options); });
}

}  // namespace tandem::app
