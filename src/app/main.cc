// The program `tandem`: one command per file.
#include <CLI/CLI.hpp>
#include <cstdio>

#include "app/commands.h"
#include "app/data_directory.h"

namespace tandem::app {

int fail(const std::string& sentence) {
  std::fprintf(stderr, "tandem: %s\n", sentence.c_str());
  return 1;
}

}  // namespace tandem::app

int main(int count, char** arguments) {
  using namespace tandem::app;
  CLI::App program("A softswitch in one program.", "tandem");
  Globals globals{.data = default_data_directory(), .api = {}};
  program.set_version_flag("--version", std::string("tandem ") + TANDEM_VERSION);
  program.require_subcommand(1);
  program.fallthrough();
  program
      .add_option("--data", globals.data,
                  "Data directory of the switch; else /var/lib/tandem or, where that cannot be "
                  "written, ~/.local/share/tandem")
      ->envname("TANDEM_DATA")
      ->type_name("DIR");
  program.add_option("--api", globals.api, "Where the switch answers; found in DIR when not given")
      ->envname("TANDEM_API")
      ->type_name("ADDR:PORT");
  program.add_flag("--json", globals.json, "Print JSON, one object per line");

  for (const auto add :
       {add_serve,    add_apply,  add_export,  add_import,  add_account, add_gateway, add_group, add_tag, add_calendar,
        add_phone,    add_registration,
        add_keepalive, add_lrn, add_pool, add_param, add_profile, add_changes, add_calls,  add_call,
        add_hangup,   add_cdr,    add_route,   add_simulate, add_trace,  add_doctor, add_status,
        add_numbers,  add_number_list, add_number_tables, add_completion}) {
    add(program, globals);
  }
  try {
    program.parse(count, arguments);
  } catch (const CLI::ParseError& fault) {
    return program.exit(fault) == 0 ? 0 : 2;
  }
  return globals.status;
}
