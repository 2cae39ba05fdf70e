// tandem numbers, tandem number-list: groups and black and white lists, and the numbers in them.
#include <CLI/CLI.hpp>
#include <array>
#include <chrono>
#include <cstdio>
#include <memory>
#include <thread>

#include <unistd.h>

#include "app/entity_command.h"
#include "app/line.h"
#include "app/reply.h"
#include "shell/http/target.h"
#include "shell/store/document.h"

namespace tandem::app {
namespace {

namespace json = boost::json;

constexpr std::size_t kPart = 4 << 20;
constexpr std::string_view kText = "text/plain";
constexpr std::chrono::milliseconds kBetweenLooks{500};

// A resource whose entities hold numbers.
struct Kind {
  std::string collection;  // "number_groups"
  std::string noun;        // "number group"
};

struct NumberOptions {
  std::string name;
  std::string file = "-";
  std::string number;
  std::vector<std::string> numbers;
  bool adds = false;
  bool removes = false;
  std::string comment;

  std::string how() const { return adds ? "add" : removes ? "remove" : ""; }
};

std::string first_word(std::string_view text) { return std::string(text.substr(0, text.find(' '))); }

Result<std::string, std::string> target_of(Line& line, const Kind& kind, const std::string& name) {
  const std::string collection = "/api/v1/" + kind.collection;
  const auto reply = line.ask("GET", collection + query_of({{"name", name}}));
  if (!reply.ok()) return Failure{reply.error()};
  const json::array found = items_of(*reply);
  if (found.empty()) return Failure{"there is no " + kind.noun + ' ' + name};
  return collection + '/' + std::to_string(number_of(found.front().as_object(), "id"));
}

using Closed = std::unique_ptr<std::FILE, int (*)(std::FILE*)>;

Closed open_file(const std::string& name, const char* mode) {
  if (name == "-") return {*mode == 'r' ? stdin : stdout, [](std::FILE* file) { return std::fflush(file); }};
  return {std::fopen(name.c_str(), mode), std::fclose};
}

// On the error stream, where somebody looks; over the line before it.
class Progress {
 public:
  void show(const std::string& text) {
    if (!seen_) return;
    std::fprintf(stderr, "\r%-60s", text.c_str());
    shown_ = true;
  }
  ~Progress() {
    if (shown_) std::fprintf(stderr, "\r%-60s\r", "");
  }

 private:
  const bool seen_ = ::isatty(STDERR_FILENO) == 1;
  bool shown_ = false;
};

std::string count_text(const json::object& upload, const char* member) {
  return std::to_string(number_of(upload, member));
}

// Sends the file in parts. What the answer to the last one says, or the fault.
Result<std::string, std::string> send_parts(Line& line, const std::string& target, std::FILE* file,
                                            const NumberOptions& options, Progress& progress) {
  std::string upload;
  std::string part(kPart, '\0');
  std::string reply;
  for (bool more = true; more;) {
    part.resize(kPart);
    part.resize(std::fread(part.data(), 1, kPart, file));
    if (std::ferror(file) != 0) return Failure{"cannot read " + options.file};
    more = std::feof(file) == 0;
    auto answer = line.ask("POST",
                           target + "/numbers" + query_of({{"how", options.how()},
                                                           {"upload", upload},
                                                           {"more", more ? "true" : ""},
                                                           {"comment", options.comment}}),
                           part, kText);
    if (!answer.ok()) return answer;
    reply = *std::move(answer);
    const json::object state = object_of(reply);
    upload = text_of(state, "upload");
    progress.show(count_text(state, "entries") + " numbers read");
  }
  return reply;
}

Result<json::object, std::string> wait_for_end(Line& line, json::object upload,
                                               Progress& progress) {
  while (text_of(upload, "state") == "writing") {
    progress.show(count_text(upload, "written") + " of " + count_text(upload, "entries") +
                  " numbers written");
    std::this_thread::sleep_for(kBetweenLooks);
    const auto reply = line.ask("GET", "/api/v1/number_uploads/" + text_of(upload, "upload"));
    if (!reply.ok()) return Failure{reply.error()};
    upload = object_of(*reply);
  }
  if (text_of(upload, "state") == "done") return upload;
  return Failure{text_of(upload, "fault")};
}

Result<json::object, std::string> send_list(Line& line, const std::string& target, std::FILE* file,
                                            const NumberOptions& options) {
  Progress progress;
  const auto sent = send_parts(line, target, file, options, progress);
  if (!sent.ok()) return Failure{sent.error()};
  return wait_for_end(line, object_of(*sent), progress);
}

int import(const Globals& globals, const Kind& kind, const NumberOptions& options) {
  const Closed file = open_file(options.file, "r");
  if (file == nullptr) return fail("cannot read " + options.file);
  auto line = Line::open(globals, Needs::Data);
  if (!line.ok()) return fail(line.error());
  const auto target = target_of(*line, kind, options.name);
  if (!target.ok()) return fail(target.error());
  const auto upload = send_list(*line, *target, file.get(), options);
  if (!upload.ok()) return fail(upload.error());
  if (globals.json) {
    std::printf("%s\n", json::serialize(*upload).c_str());
  } else {
    std::printf("%s %s: %s lines read, %s numbers imported\n", kind.noun.c_str(),
                options.name.c_str(), count_text(*upload, "lines").c_str(),
                count_text(*upload, "numbers").c_str());
  }
  return 0;
}

int export_all(const Globals& globals, const Kind& kind, const NumberOptions& options) {
  auto line = Line::open(globals, Needs::Data);
  if (!line.ok()) return fail(line.error());
  const auto target = target_of(*line, kind, options.name);
  if (!target.ok()) return fail(target.error());
  const Closed file = open_file(options.file, "w");
  if (file == nullptr) return fail("cannot write " + options.file);
  bool written = true;
  const auto done = line->stream(*target + "/numbers", [&](std::string_view piece) {
    return written = std::fwrite(piece.data(), 1, piece.size(), file.get()) == piece.size();
  });
  if (!done.ok()) return fail(done.error());
  return written && std::fflush(file.get()) == 0 ? 0 : fail("cannot write " + options.file);
}

Result<json::object, std::string> figures_of(Line& line, const std::string& target,
                                             const std::string& number) {
  const auto reply = line.ask("GET", target + "/figures" + query_of({{"number", number}}));
  if (!reply.ok()) return Failure{reply.error()};
  return object_of(*reply);
}

int find(const Globals& globals, const Kind& kind, const NumberOptions& options) {
  auto line = Line::open(globals, Needs::Data);
  if (!line.ok()) return fail(line.error());
  const auto target = target_of(*line, kind, options.name);
  if (!target.ok()) return fail(target.error());
  const auto figures = figures_of(*line, *target, options.number);
  if (!figures.ok()) return fail(figures.error());
  if (globals.json) {
    std::printf("%s\n", json::serialize(*figures).c_str());
    return 0;
  }
  std::printf("%s %s has %s entries and %s imported numbers%s\n", kind.noun.c_str(),
              options.name.c_str(), count_text(*figures, "entries").c_str(),
              count_text(*figures, "imported").c_str(),
              is_true(*figures, "missing") ? "; its file is missing, import it again" : "");
  if (!options.number.empty())
    std::printf("%s is %s\n", options.number.c_str(),
                is_true(*figures, "holds") ? "one of them" : "none of them");
  return 0;
}

// Those that are edited, as they stand in the entity.
Result<std::vector<std::string>, std::string> entries_of(Line& line, const std::string& target,
                                                         std::string& version) {
  const auto reply = line.ask("GET", target);
  if (!reply.ok()) return Failure{reply.error()};
  const json::object entity = object_of(*reply);
  version = std::to_string(number_of(entity, "version"));
  std::vector<std::string> entries;
  if (const json::value* list = entity.if_contains("entries"))
    for (const json::value& entry : list->as_array()) entries.emplace_back(entry.as_string());
  return entries;
}

Result<std::string, std::string> write_entries(Line& line, const std::string& target,
                                               const std::vector<std::string>& entries,
                                               const std::string& version) {
  directory::Fields fields{{"entries", directory::TextList(entries)}};
  fields.push_back({"version", std::int64_t{std::stoll(version)}});
  return line.ask("PATCH", target, store::write_fields(fields));
}

int put(const Globals& globals, const Kind& kind, const NumberOptions& options) {
  auto line = Line::open(globals, Needs::Data);
  if (!line.ok()) return fail(line.error());
  const auto target = target_of(*line, kind, options.name);
  if (!target.ok()) return fail(target.error());
  std::string version;
  auto entries = entries_of(*line, *target, version);
  if (!entries.ok()) return fail(entries.error());
  entries->insert(entries->end(), options.numbers.begin(), options.numbers.end());
  const auto reply = write_entries(*line, *target, *entries, version);
  if (!reply.ok()) return fail(reply.error());
  if (!globals.json)
    std::printf("%zu numbers put into %s %s\n", options.numbers.size(),
                kind.noun.c_str(), options.name.c_str());
  return 0;
}

// Out of the entries; those that are not among them out of the file.
int take(const Globals& globals, const Kind& kind, const NumberOptions& options) {
  auto line = Line::open(globals, Needs::Data);
  if (!line.ok()) return fail(line.error());
  const auto target = target_of(*line, kind, options.name);
  if (!target.ok()) return fail(target.error());
  std::string version;
  auto entries = entries_of(*line, *target, version);
  if (!entries.ok()) return fail(entries.error());
  std::string imported;
  std::size_t taken = 0;
  for (const std::string& number : options.numbers) {
    const auto edited = std::erase_if(*entries, [&](const std::string& entry) {
      return first_word(entry) == number;
    });
    taken += edited;
    if (edited == 0) imported += number + '\n';
  }
  if (taken > 0) {
    const auto reply = write_entries(*line, *target, *entries, version);
    if (!reply.ok()) return fail(reply.error());
  }
  if (!imported.empty()) {
    const Closed list(::fmemopen(imported.data(), imported.size(), "r"), std::fclose);
    NumberOptions removal = options;
    removal.removes = true;
    const auto upload = send_list(*line, *target, list.get(), removal);
    if (!upload.ok()) return fail(upload.error());
  }
  if (!globals.json)
    std::printf("%s %s holds none of these %zu numbers any more\n", kind.noun.c_str(),
                options.name.c_str(), options.numbers.size());
  return 0;
}

void add_number_verbs(CLI::App& command, Globals& globals, const Kind& kind) {
  auto options = std::make_shared<NumberOptions>();
  const auto verb = [&](const char* name, const char* help, auto run) {
    CLI::App* added = command.add_subcommand(name, help);
    added->callback([&globals, kind, options, run] {
      globals.status = run(globals, kind, *options);
    });
    added->add_option("NAME", options->name)->required();
    return added;
  };
  CLI::App* added = verb("import", "Read numbers from a file, one a line, in place of those that "
                                   "were imported before", import);
  added->add_option("FILE", options->file, "Text, or CSV whose first column is the number; - is the "
                                           "standard input")->required();
  CLI::Option* adds = added->add_flag("--add", options->adds, "Beside those that are there");
  added->add_flag("--remove", options->removes, "Take these out of those that are there")
      ->excludes(adds);
  added->add_option("--comment", options->comment, "Why; kept with the change");

  added = verb("export", "Write all numbers, one a line", export_all);
  added->add_option("FILE", options->file, "- is the standard output");

  added = verb("find", "Say how many numbers there are, and whether one is among them", find);
  added->add_option("NUMBER", options->number);

  added = verb("put", "Add single numbers", put);
  added->add_option("NUMBER", options->numbers)->required();

  added = verb("take", "Remove single numbers", take);
  added->add_option("NUMBER", options->numbers)->required();
}

std::string entries_cell(const json::object& entity) {
  const json::value* entries = entity.if_contains("entries");
  return std::to_string(entries == nullptr ? 0 : entries->as_array().size());
}

std::string file_cell(const json::object& entity) { return text_of(entity, "file"); }
std::string type_cell(const json::object& entity) { return text_of(entity, "type"); }
std::string memo_cell(const json::object& entity) { return text_of(entity, "memo"); }

}  // namespace

void add_numbers(CLI::App& program, Globals& globals) {
  CLI::App* command = add_entity_command(
      program, globals,
      {.resource = "number_group",
       .command = "numbers",
       .help = "Show, change and import number groups",
       .example = "entries=442071234567,4420*",
       .columns = {{{"ENTRIES", Align::Right}, entries_cell}, {{"FILE"}, file_cell},
                   {{"MEMO"}, memo_cell}}});
  add_number_verbs(*command, globals, {"number_groups", "number group"});
}

void add_number_list(CLI::App& program, Globals& globals) {
  CLI::App* command = add_entity_command(
      program, globals,
      {.resource = "number_list",
       .command = "number-list",
       .help = "Show, change and import black and white lists",
       .example = "type=black entries=442071234567",
       .columns = {{{"TYPE"}, type_cell}, {{"ENTRIES", Align::Right}, entries_cell},
                   {{"FILE"}, file_cell}, {{"MEMO"}, memo_cell}}});
  add_number_verbs(*command, globals, {"number_lists", "number list"});
}

}  // namespace tandem::app
