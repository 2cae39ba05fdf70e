// tandem doctor: what is wrong with calls, why, and what to do.
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

struct DoctorOptions {
  std::string gateway;
  std::string since = "24h";
  bool histogram = false;
};

// The words of a text in lines of a width people can read.
void print_wrapped(const std::string& text, const char* first, const char* next) {
  constexpr std::size_t kWidth = 96;
  std::string line = first;
  std::size_t begin = 0;
  while (begin < text.size()) {
    const std::size_t end = std::min(text.find(' ', begin), text.size());
    const std::string word = text.substr(begin, end - begin);
    if (line.size() + word.size() + 1 > kWidth) {
      std::printf("%s\n", line.c_str());
      line = next;
    }
    line += word + ' ';
    begin = end + 1;
  }
  std::printf("%s\n", line.c_str());
}

void print_histogram(const json::array& bars) {
  std::int64_t most = 1;
  for (const json::value& item : bars) {
    most = std::max(most, number_of(item.as_object(), "calls"));
  }
  std::printf("\nHow long answered calls lasted\n");
  for (const json::value& item : bars) {
    const json::object& bar = item.as_object();
    const std::int64_t calls = number_of(bar, "calls");
    const std::string stars(static_cast<std::size_t>((calls * 50 + most - 1) / most), '*');
    const std::string mark = text_of(bar, "mark");
    std::printf("%6lld-%-5lld %8lld %s%s%s\n", static_cast<long long>(number_of(bar, "from_s")),
                static_cast<long long>(number_of(bar, "to_s")), static_cast<long long>(calls),
                stars.c_str(), mark.empty() ? "" : "  <-- ", mark.c_str());
  }
}

void print_findings(const json::object& diagnosis) {
  for (const json::value& item : diagnosis.at("findings").as_array()) {
    const json::object& finding = item.as_object();
    const bool problem = text_of(finding, "weight") == "problem";
    std::printf("\n%s: %s\n", problem ? "PROBLEM" : "Note", text_of(finding, "symptom").c_str());
    print_wrapped(text_of(finding, "found"), "  ", "  ");
    print_wrapped(text_of(finding, "advice"), "  > ", "    ");
  }
}

void print(const json::object& diagnosis, bool histogram) {
  std::printf("Looked at %lld calls since %s and at %lld messages.\n",
              static_cast<long long>(number_of(diagnosis, "calls")),
              local_time(number_of(diagnosis, "from")).c_str(),
              static_cast<long long>(number_of(diagnosis, "messages")));
  if (!is_true(diagnosis, "switch_runs")) {
    std::printf("No switch runs: counters and messages could not be looked at.\n");
  }
  const json::array& findings = diagnosis.at("findings").as_array();
  if (findings.empty()) std::printf("\nNothing was found. Looked at:\n");
  if (findings.empty()) {
    for (const json::value& item : diagnosis.at("symptoms").as_array()) {
      const json::object& symptom = item.as_object();
      print_wrapped(text_of(symptom, "symptom") + ": " + text_of(symptom, "looked_at"), "  - ",
                    "    ");
    }
  }
  print_findings(diagnosis);
  if (histogram) print_histogram(diagnosis.at("histogram").as_array());
}

int run(const Globals& globals, const DoctorOptions& options) {
  auto line = Line::open(globals, Needs::Data);
  if (!line.ok()) return fail(line.error());
  // "24h" is how long ago.
  const bool ago = !options.since.empty() && options.since.size() < 8 && options.since[0] != '-';
  const auto reply =
      line->ask("GET", "/api/v1/doctor" + query_of({{"gateway", options.gateway},
                                                    {"since", (ago ? "-" : "") + options.since}}));
  if (!reply.ok()) return fail(reply.error());
  if (globals.json) {
    std::printf("%s\n", reply->c_str());
  } else {
    print(object_of(*reply), options.histogram);
  }
  return 0;
}

}  // namespace

void add_doctor(CLI::App& program, Globals& globals) {
  CLI::App* command = program.add_subcommand(
      "doctor", "Say what is wrong with calls, why, and what to do about it");
  auto options = std::make_shared<DoctorOptions>();
  command->add_option("--gateway", options->gateway, "Only what concerns this gateway");
  command
      ->add_option("--since", options->since,
                   "Only calls of the last 90s, 15m, 24h, 7d, or since 2026-01-31T12:00:00Z")
      ->capture_default_str();
  command->add_flag("--histogram", options->histogram,
                    "Also show how long calls lasted, with the peaks marked");
  command->callback([&globals, options] { globals.status = run(globals, *options); });
}

}  // namespace tandem::app
