// The commands of the program `tandem`. Each adds itself with its options, and when it is the one
// that was called sets `Globals::status`.
#pragma once

#include <filesystem>
#include <string>

namespace CLI {
class App;
}

namespace tandem::app {

// What holds for every command; may stand before or after its name.
struct Globals {
  std::filesystem::path data;  // --data, TANDEM_DATA, or the default of this user
  std::string api;             // --api, TANDEM_API: ADDR:PORT of a running switch; "" = find it
  bool json = false;           // --json: one object per line
  int status = 0;              // of the program: 0 done, 1 failed, 2 wrong usage
};

void add_serve(CLI::App& program, Globals& globals);
void add_apply(CLI::App& program, Globals& globals);
void add_export(CLI::App& program, Globals& globals);
void add_import(CLI::App& program, Globals& globals);
void add_account(CLI::App& program, Globals& globals);
void add_gateway(CLI::App& program, Globals& globals);
void add_calendar(CLI::App& program, Globals& globals);
void add_group(CLI::App& program, Globals& globals);
void add_tag(CLI::App& program, Globals& globals);
void add_keepalive(CLI::App& program, Globals& globals);
void add_lrn(CLI::App& program, Globals& globals);
void add_phone(CLI::App& program, Globals& globals);
void add_registration(CLI::App& program, Globals& globals);
void add_numbers(CLI::App& program, Globals& globals);
void add_number_list(CLI::App& program, Globals& globals);
void add_number_tables(CLI::App& program, Globals& globals);
void add_pool(CLI::App& program, Globals& globals);
void add_param(CLI::App& program, Globals& globals);
void add_profile(CLI::App& program, Globals& globals);
void add_changes(CLI::App& program, Globals& globals);
void add_calls(CLI::App& program, Globals& globals);
void add_call(CLI::App& program, Globals& globals);
void add_doctor(CLI::App& program, Globals& globals);
void add_hangup(CLI::App& program, Globals& globals);
void add_cdr(CLI::App& program, Globals& globals);
void add_route(CLI::App& program, Globals& globals);
void add_simulate(CLI::App& program, Globals& globals);
void add_trace(CLI::App& program, Globals& globals);
void add_status(CLI::App& program, Globals& globals);
void add_completion(CLI::App& program, Globals& globals);

// "tandem: SENTENCE" on the error stream; answers 1, the status of a command that failed.
int fail(const std::string& sentence);

}  // namespace tandem::app
