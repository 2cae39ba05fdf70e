// tandem cdr: call detail records, oldest first, as a table, CSV or JSON, also as they are made.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>

#include "app/commands.h"
#include "app/line.h"
#include "app/reply.h"
#include "app/table.h"

namespace tandem::app {
namespace {

namespace json = boost::json;

constexpr std::int64_t kTableRecords = 50;

struct CdrOptions {
  std::string from, until, caller, callee, ingress, egress, end_reason;
  std::int64_t flow_no = 0;
  std::int64_t limit = 0;
  bool answered = false;
  bool unanswered = false;
  bool follow = false;
  bool csv = false;
};

// Cuts what comes in pieces into lines.
class Lines {
 public:
  template <class Take>
  void add(std::string_view piece, Take take) {
    rest_ += piece;
    std::size_t begin = 0;
    for (std::size_t end; (end = rest_.find('\n', begin)) != rest_.npos; begin = end + 1) {
      take(rest_.substr(begin, end + 1 - begin));
    }
    rest_.erase(0, begin);
  }

 private:
  std::string rest_;
};

Table make_table() {
  return Table({{"CALL", Align::Right, 6},
                {"ARRIVED", Align::Left, 19},
                {"CALLER", Align::Left, 14},
                {"CALLEE", Align::Left, 14},
                {"FROM", Align::Left, 10},
                {"TO", Align::Left, 10},
                {"PDD", Align::Right, 6},
                {"TALK", Align::Right, 6},
                {"END", Align::Left, 0}});
}

std::string seconds_text(const json::object& record, std::string_view name) {
  const json::value* value = record.if_contains(name);
  if (value == nullptr || value->is_null()) return "-";
  char text[32];
  std::snprintf(text, sizeof text, "%.2f", double(number_of(record, name)) / 1000);
  return text;
}

std::vector<std::string> row_of(const std::string& line) {
  const json::object record = object_of(line);
  const bool answered = number_of(record, "answer_time") != 0;
  return {std::to_string(number_of(record, "flow_no")),
          local_time(number_of(record, "start")),
          text_of(record, "caller"),
          text_of(record, "callee"),
          text_of(record, "caller_gateway"),
          text_of(record, "callee_gateway"),
          seconds_text(record, "caller_pdd"),
          answered ? clock_text(number_of(record, "hold_time")) : "-",
          text_of(record, "end_reason")};
}

std::string target_of(const CdrOptions& options, std::int64_t limit) {
  const char* answered = options.answered ? "true" : options.unanswered ? "false" : "";
  return "/api/v1/cdrs" +
         query_of({{"format", options.csv ? "csv" : "ndjson"},
                   {"from", options.from},
                   {"until", options.until},
                   {"caller", options.caller},
                   {"callee", options.callee},
                   {"caller_gateway", options.ingress},
                   {"callee_gateway", options.egress},
                   {"end_reason", options.end_reason},
                   {"answered", answered},
                   {"flow_no", options.flow_no == 0 ? "" : std::to_string(options.flow_no)},
                   {"follow", options.follow ? "true" : ""},
                   {"order", options.follow ? "recorded"
                             : limit == 0   ? "oldest"
                                            : "newest"},
                   {"limit", limit == 0 ? "" : std::to_string(limit)}});
}

// As they come: nothing is kept.
Result<Done, std::string> print_stream(Line& line, const std::string& target, bool as_table) {
  const Table table = make_table();
  if (as_table) std::fputs(table.heading().c_str(), stdout);
  std::fflush(stdout);
  Lines lines;
  return line.stream(target, [&](std::string_view piece) {
    lines.add(piece, [&](const std::string& record) {
      std::fputs(as_table ? table.row(row_of(record)).c_str() : record.c_str(), stdout);
    });
    return std::fflush(stdout) == 0;
  });
}

// The newest come first from the switch, and last on the page.
Result<Done, std::string> print_newest(Line& line, const std::string& target, bool csv,
                                       bool as_table) {
  std::vector<std::string> records;
  Lines lines;
  auto done = line.stream(target, [&](std::string_view piece) {
    lines.add(piece, [&](std::string record) { records.push_back(std::move(record)); });
    return true;
  });
  if (!done.ok()) return done;
  const auto first = records.begin() + (csv && !records.empty() ? 1 : 0);
  std::reverse(first, records.end());
  if (!as_table) {
    for (const std::string& record : records) std::fputs(record.c_str(), stdout);
    return done;
  }
  Table table = make_table();
  for (const std::string& record : records) table.add(row_of(record));
  std::fputs(table.text().c_str(), stdout);
  return done;
}

int run(const Globals& globals, const CdrOptions& options) {
  auto line = Line::open(globals, options.follow ? Needs::Switch : Needs::Data);
  if (!line.ok()) return fail(line.error());
  const bool as_table = !options.csv && !globals.json;
  const bool page = as_table && !options.follow && options.limit == 0;
  const std::int64_t limit = page ? kTableRecords : options.limit;
  const std::string target = target_of(options, limit);
  const bool newest = limit != 0 && !options.follow;
  const auto done = newest ? print_newest(*line, target, options.csv, as_table)
                           : print_stream(*line, target, as_table);
  return done.ok() ? 0 : fail(done.error());
}

}  // namespace

void add_cdr(CLI::App& program, Globals& globals) {
  CLI::App* command = program.add_subcommand("cdr", "Look up call detail records");
  auto options = std::make_shared<CdrOptions>();
  command->add_option(
      "--from", options->from,
      "Arrived at or after: 2026-01-31, 2026-01-31T12:00:00Z, or ago: -15m, -2h, -7d");
  command->add_option("--until", options->until, "Arrived before");
  command->add_option("--caller", options->caller, "Calling numbers that begin so");
  command->add_option("--callee", options->callee, "Called numbers that begin so");
  command->add_option("--ingress", options->ingress, "Name of the ingress gateway");
  command->add_option("--egress", options->egress, "Name of the egress gateway");
  command->add_option("--end-reason", options->end_reason, "Code of the end reason");
  command->add_option("--call", options->flow_no, "Number of the call (flow_no)");
  CLI::Option* answered = command->add_flag("--answered", options->answered, "Only answered calls");
  command->add_flag("--unanswered", options->unanswered, "Only calls that were not answered")
      ->excludes(answered);
  command
      ->add_option("--limit", options->limit,
                   "Only the newest so many (table: 50; CSV and JSON: all)")
      ->check(CLI::Range(1, 1'000'000));
  command->add_flag("--follow", options->follow, "Print new records as they are made");
  command->add_flag("--csv", options->csv, "Print CSV");
  command->callback([&globals, options] { globals.status = run(globals, *options); });
}

}  // namespace tandem::app
