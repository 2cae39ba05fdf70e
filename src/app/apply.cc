// tandem apply, tandem export: the configuration as one document.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <iterator>

#include "app/commands.h"
#include "app/line.h"
#include "app/reply.h"

namespace tandem::app {
namespace {

namespace json = boost::json;

struct ApplyOptions {
  std::string file;
  bool dry_run = false;
};

// "-" is the standard input.
Result<std::string, std::string> contents_of(const std::string& file) {
  if (file == "-") {
    return std::string(std::istreambuf_iterator<char>(std::cin), std::istreambuf_iterator<char>());
  }
  std::ifstream stream(file, std::ios::binary);
  if (!stream) return Failure{"cannot read " + file + "; is it there, and may you read it?"};
  return std::string(std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>());
}

void print_field(const std::string& change, const json::object& field) {
  const std::string after = plain(field.at("after"));
  std::printf("    %s: ", text_of(field, "field").c_str());
  if (change == "update") std::printf("%s -> ", plain(field.at("before")).c_str());
  std::printf("%s\n", after.c_str());
}

// "egress_gateways" -> "egress gateway"
std::string noun_of(std::string resource) {
  if (resource.ends_with('s')) resource.pop_back();
  for (char& c : resource) c = c == '_' ? ' ' : c;
  return resource;
}

void print_entity(const json::object& entity) {
  const std::string change = text_of(entity, "change");
  const char mark = change == "create" ? '+' : change == "remove" ? '-' : '~';
  if (change == "unchanged") return;
  std::printf("%c %s %s\n", mark, noun_of(text_of(entity, "resource")).c_str(),
              text_of(entity, "name").c_str());
  if (change == "remove") return;
  for (const json::value& field : entity.at("fields").as_array()) {
    if (change == "create" && text_of(field.as_object(), "field") == "name") continue;
    print_field(change, field.as_object());
  }
}

const char* when(const std::string& applies) {
  if (applies == "restart") return "; acts after a restart of the switch";
  if (applies == "next-call") return "; acts on calls that arrive from now on";
  return "";
}

void print_plan(const json::object& plan) {
  for (const json::value& entity : plan.at("entities").as_array()) {
    print_entity(entity.as_object());
  }
  for (const json::value& row : plan.at("parameters").as_array()) {
    const json::object& parameter = row.as_object();
    std::printf("~ %s: %s -> %s%s\n", text_of(parameter, "name").c_str(),
                plain(parameter.at("before")).c_str(), plain(parameter.at("after")).c_str(),
                when(text_of(parameter, "applies")));
  }
  if (!is_true(plan, "changes_anything")) {
    std::printf("Nothing to change.\n");
  } else if (is_true(plan, "dry_run")) {
    std::printf("Nothing was changed: this was a dry run.\n");
  } else {
    std::printf("Applied; this is configuration %lld.\n",
                static_cast<long long>(number_of(plan, "directory_number")));
  }
}

int apply(const Globals& globals, const ApplyOptions& options) {
  auto document = contents_of(options.file);
  if (!document.ok()) return fail(document.error());
  auto line = Line::open(globals, Needs::Data);
  if (!line.ok()) return fail(line.error());
  const std::string target =
      options.dry_run ? "/api/v1/apply?dry_run=true" : "/api/v1/apply?dry_run=false";
  const auto reply = line->ask("POST", target, std::move(*document));
  if (!reply.ok()) return fail(reply.error());
  if (globals.json) {
    std::fputs(reply->c_str(), stdout);
  } else {
    print_plan(object_of(*reply));
  }
  return 0;
}

int print_export(const Globals& globals) {
  auto line = Line::open(globals, Needs::Data);
  if (!line.ok()) return fail(line.error());
  const auto reply = line->ask("GET", "/api/v1/export");
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
  command->callback([&globals] { globals.status = print_export(globals); });
}

}  // namespace tandem::app
