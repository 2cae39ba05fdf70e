// tandem simulate FILE: which calls of the records a change would decide otherwise.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <cstdio>
#include <map>

#include "app/commands.h"
#include "app/files.h"
#include "app/line.h"
#include "app/reply.h"
#include "app/table.h"
#include "shell/store/sheet.h"

namespace tandem::app {
namespace {

namespace json = boost::json;

struct SimulateOptions {
  std::string file;
  std::string records;
  std::string from;
  std::string until;
  std::string caller_gateway;
  std::string callee;
  std::uint64_t limit = 10'000;
  std::size_t show = 20;
};

constexpr std::uint64_t kPage = 500;

std::string way_of(const json::object& call, std::string_view when) {
  const json::object& way = call.at(when).as_object();
  return is_true(way, "accepted") ? plain(way.at("egress")) : text_of(way, "end_reason");
}

// What all pages say together.
class Result {
 public:
  void add(const json::object& page, std::size_t show) {
    calls_ += page.at("calls").to_number<std::uint64_t>();
    different_ += page.at("different").to_number<std::uint64_t>();
    for (const json::value& item : page.at("moves").as_array()) {
      const json::object& move = item.as_object();
      moves_[{text_of(move, "from"), text_of(move, "to")}] +=
          move.at("calls").to_number<std::uint64_t>();
    }
    for (const json::value& item : page.at("items").as_array())
      if (items_.size() < show) items_.push_back(item);
  }
  std::uint64_t calls() const { return calls_; }

  void print() const {
    if (!items_.empty()) {
      Table table({{"FLOW NO", Align::Right}, {"SOURCE"}, {"CALLER"}, {"CALLEE"}, {"BEFORE"}, {"AFTER"}});
      for (const json::value& item : items_) {
        const json::object& call = item.as_object();
        table.add({plain(call.at("flow_no")), text_of(call, "source"), text_of(call, "caller"),
                   text_of(call, "callee"), way_of(call, "before"), way_of(call, "after")});
      }
      std::fputs(table.text().c_str(), stdout);
      if (different_ > items_.size()) {
        std::printf("... and %llu more.\n",
                    static_cast<unsigned long long>(different_ - items_.size()));
      }
      std::puts("");
      Table moves({{"FIRST CHOICE"}, {"WOULD BE"}, {"CALLS", Align::Right}});
      for (const auto& [move, calls] : moves_)
        moves.add({move.first, move.second, std::to_string(calls)});
      std::fputs(moves.text().c_str(), stdout);
    }
    std::printf("%llu of %llu calls would be decided otherwise. Nothing was changed.\n",
                static_cast<unsigned long long>(different_),
                static_cast<unsigned long long>(calls_));
  }

  void print_json() const {
    json::array moves;
    for (const auto& [move, calls] : moves_)
      moves.push_back(json::object{{"from", move.first}, {"to", move.second}, {"calls", calls}});
    const json::object all{{"calls", calls_},
                           {"different", different_},
                           {"moves", std::move(moves)},
                           {"items", items_}};
    std::printf("%s\n", json::serialize(all).c_str());
  }

 private:
  std::uint64_t calls_ = 0;
  std::uint64_t different_ = 0;
  std::map<std::pair<std::string, std::string>, std::uint64_t> moves_;
  json::array items_;
};

constexpr std::array<std::string_view, 7> kColumns{
    "flow_no", "start", "caller_in", "callee_in", "caller_gateway", "caller_ip", "caller_type"};

// The calls of a file as `tandem cdr --csv` prints it; or what is wrong, with line and column.
tandem::Result<json::array, std::string> calls_in(std::string_view text, const std::string& file) {
  store::SheetReader reader(text, store::SheetForm::Csv);
  std::vector<store::SheetCell> row;
  std::vector<std::string_view> names;  // of the columns; "" = not looked at
  json::array calls;
  while (reader.next(row)) {
    if (names.empty()) {
      for (const store::SheetCell& cell : row) {
        const auto* known = std::ranges::find(kColumns, cell.text);
        names.push_back(known == kColumns.end() ? std::string_view() : *known);
      }
      if (std::ranges::count(names, "callee_in") != 1)
        return Failure{file + ": " + to_text(row[0].place) + ": there is no column callee_in"};
      continue;
    }
    json::object call;
    for (std::size_t i = 0; i < std::min(row.size(), names.size()); ++i)
      if (!names[i].empty() && !row[i].text.empty()) call[names[i]] = row[i].text;
    if (!call.contains("callee_in") || !(call.contains("caller_gateway") || call.contains("caller_ip")))
      return Failure{file + ": " + to_text(row[0].place) +
                     ": a call has a callee_in, and a caller_gateway or caller_ip"};
    calls.push_back(std::move(call));
  }
  if (const auto& fault = reader.fault())
    return Failure{file + ": " + to_text(fault->place) + ": " + fault->sentence};
  return calls;
}

// Those of a file, page by page.
int simulate_file(Line& line, const SimulateOptions& options, const std::string& document,
                  Result& result) {
  const auto text = contents_of(options.records);
  if (!text.ok()) return fail(text.error());
  const auto calls = calls_in(*text, options.records);
  if (!calls.ok()) return fail(calls.error());
  boost::system::error_code error;
  json::value wish = json::parse(document, error);
  if (error || !wish.is_object()) return fail(options.file + " holds no JSON object");
  for (std::size_t begin = 0; begin < std::min<std::size_t>(calls->size(), options.limit);) {
    const std::size_t end = std::min({begin + std::size_t(kPage), calls->size(), std::size_t(options.limit)});
    wish.as_object()["calls"] =
        json::array(calls->begin() + std::ptrdiff_t(begin), calls->begin() + std::ptrdiff_t(end));
    const auto reply = line.ask("POST", "/api/v1/simulate", json::serialize(wish));
    if (!reply.ok()) return fail(reply.error());
    result.add(object_of(*reply), options.show);
    begin = end;
  }
  return 0;
}

int simulate(const Globals& globals, const SimulateOptions& options) {
  const auto document = contents_of(options.file);
  if (!document.ok()) return fail(document.error());
  auto line = Line::open(globals, Needs::Switch);
  if (!line.ok()) return fail(line.error());
  Result result;
  if (!options.records.empty()) {
    const int status = simulate_file(*line, options, *document, result);
    if (status == 0) globals.json ? result.print_json() : result.print();
    return status;
  }
  std::string after;
  while (result.calls() < options.limit) {
    const std::uint64_t page = std::min(kPage, options.limit - result.calls());
    const auto reply = line->ask(
        "POST",
        "/api/v1/simulate" + query_of({{"from", options.from},
                                       {"until", options.until},
                                       {"caller_gateway", options.caller_gateway},
                                       {"callee", options.callee},
                                       {"after", after},
                                       {"limit", std::to_string(page)}}),
        std::string(*document));
    if (!reply.ok()) return fail(reply.error());
    const json::object told = object_of(*reply);
    result.add(told, options.show);
    const json::value& next = told.at("next");
    if (next.is_null()) break;
    after = plain(next);
    if (!globals.json)
      std::fprintf(stderr, "%llu calls looked at\n",
                   static_cast<unsigned long long>(result.calls()));
  }
  globals.json ? result.print_json() : result.print();
  return 0;
}

}  // namespace

void add_simulate(CLI::App& program, Globals& globals) {
  CLI::App* command = program.add_subcommand(
      "simulate", "Say which calls of the records a document would decide otherwise");
  auto options = std::make_shared<SimulateOptions>();
  command->add_option("FILE", options->file, "The document, as apply takes it; - is the standard input")
      ->required();
  CLI::Option* from =
      command->add_option("--from", options->from, "Calls that arrived at or after");
  command
      ->add_option("--records", options->records,
                   "The calls of this file instead, as `tandem cdr --csv` prints it")
      ->excludes(from);
  command->add_option("--until", options->until, "Calls that arrived before");
  command->add_option("--ingress", options->caller_gateway, "Calls of this ingress gateway");
  command->add_option("--callee", options->callee, "Calls to numbers that begin so");
  command->add_option("--limit", options->limit, "At most so many calls, the newest first")
      ->capture_default_str();
  command->add_option("--show", options->show, "At most so many of them one by one")
      ->capture_default_str();
  command->footer(
      "Each call is decided twice, as if no other were up: under the configuration in force, and\n"
      "as it would be with the document. Nothing is changed, and nothing is sent.");
  command->callback([&globals, options] { globals.status = simulate(globals, *options); });
}

}  // namespace tandem::app
