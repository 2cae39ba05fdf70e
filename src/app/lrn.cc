// tandem lrn import|show|lookup: the local table of ported numbers.
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>

#include "app/commands.h"
#include "app/line.h"
#include "app/reply.h"
#include "shell/http/target.h"
#include "shell/numbers/import.h"
#include "shell/numbers/ported_table.h"

namespace tandem::app {
namespace {

constexpr std::string_view kTable = "/api/v1/ported_numbers";

struct LrnOptions {
  std::string file;
  std::string number;
};

// "reading 42 %", written over itself; only where somebody looks.
void show(const numbers::ImportProgress& progress) {
  if (progress.whole == 0) return;
  std::fprintf(stderr, "\r%s %d %%  ", progress.step,
               static_cast<int>(progress.done * 100 / progress.whole));
  std::fflush(stderr);
}

// A switch that runs takes the new table at once; one that does not, at its start.
int adopt(const Globals& globals) {
  auto line = Line::open(globals, Needs::Data);
  if (!line.ok()) return fail(line.error());
  const auto reply = line->ask("POST", std::string(kTable) + "/reload");
  if (!reply.ok()) return fail("the table is in place, but is not used yet: " + reply.error());
  const std::string fault = text_of(object_of(*reply), "fault");
  return fault.empty() ? 0 : fail(fault);
}

int import(const Globals& globals, const LrnOptions& options) {
  std::error_code fault;
  std::filesystem::create_directories(globals.data, fault);
  if (fault) return fail(globals.data.string() + ": " + fault.message());
  numbers::ImportOptions wish;
  wish.list = options.file;
  wish.table = globals.data / numbers::kPortedTableFile;
  const bool watched = ::isatty(STDERR_FILENO) != 0;
  if (watched) wish.progress = show;
  const auto done = numbers::import_numbers(wish);
  if (watched) std::fputs("\r", stderr);
  if (!done.ok()) return fail(done.error());
  if (globals.json) {
    std::printf("{\"rows\":%llu,\"routes\":%llu,\"bytes\":%llu}\n",
                static_cast<unsigned long long>(done->rows),
                static_cast<unsigned long long>(done->routes),
                static_cast<unsigned long long>(done->bytes));
  } else {
    std::printf("%llu numbers and blocks with %llu routes; the table has %llu bytes\n",
                static_cast<unsigned long long>(done->rows),
                static_cast<unsigned long long>(done->routes),
                static_cast<unsigned long long>(done->bytes));
  }
  return adopt(globals);
}

int show_table(const Globals& globals) {
  auto line = Line::open(globals, Needs::Data);
  if (!line.ok()) return fail(line.error());
  const auto reply = line->ask("GET", std::string(kTable));
  if (!reply.ok()) return fail(reply.error());
  if (globals.json) {
    std::fputs(reply->c_str(), stdout);
    return 0;
  }
  const auto table = object_of(*reply);
  if (const std::string fault = text_of(table, "fault"); !fault.empty()) return fail(fault);
  std::printf("%lld numbers and blocks in %lld bytes\n",
              static_cast<long long>(number_of(table, "rows")),
              static_cast<long long>(number_of(table, "bytes")));
  return 0;
}

int look_up(const Globals& globals, const LrnOptions& options) {
  auto line = Line::open(globals, Needs::Data);
  if (!line.ok()) return fail(line.error());
  const auto reply =
      line->ask("GET", std::string(kTable) + '/' + http::percent_encode(options.number));
  if (!reply.ok()) return fail(reply.error());
  if (globals.json) {
    std::fputs(reply->c_str(), stdout);
    return 0;
  }
  const auto answer = object_of(*reply);
  const auto word = [&](std::string_view name) {
    const std::string text = text_of(answer, name);
    return text.empty() ? std::string("-") : text;
  };
  const std::string where = is_true(answer, "ported") ? "ported to " + word("lrn") : "not ported";
  std::printf("%s: %s, region %s, company %s\n", options.number.c_str(), where.c_str(),
              word("state").c_str(), word("ocn").c_str());
  return 0;
}

}  // namespace

void add_lrn(CLI::App& program, Globals& globals) {
  CLI::App* lrn = program.add_subcommand("lrn", "The local table of ported numbers");
  lrn->require_subcommand(1);
  auto options = std::make_shared<LrnOptions>();

  CLI::App* imported = lrn->add_subcommand(
      "import", "Make the table from a list: number or block, routing number, region, company");
  imported->add_option("file", options->file, "The list, one number a line, separated by commas")
      ->required();
  imported->callback([options, &globals] { globals.status = import(globals, *options); });

  CLI::App* shown = lrn->add_subcommand("show", "How large the table is");
  shown->callback([&globals] { globals.status = show_table(globals); });

  CLI::App* looked_up = lrn->add_subcommand("lookup", "What the table says of a number");
  looked_up->add_option("number", options->number, "As it is asked for, without its front part")
      ->required();
  looked_up->callback([options, &globals] { globals.status = look_up(globals, *options); });
}

}  // namespace tandem::app
