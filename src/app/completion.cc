// tandem completion bash|zsh|fish: a script that completes commands, options and the names of
// parameters, made from the commands themselves.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>

#include "app/commands.h"
#include "core/directory/parameter_row.h"
#include "core/directory/profiles.h"

namespace tandem::app {
namespace {

// One command, "" or "gateway" or "gateway add", and the words that may follow it.
struct Words {
  std::string path;
  std::vector<std::string> words;
};

void add_options(const CLI::App& command, std::vector<std::string>& words) {
  for (const CLI::Option* option : command.get_options()) {
    for (const std::string& name : option->get_lnames()) {
      const std::string word = "--" + name;
      if (std::find(words.begin(), words.end(), word) == words.end()) words.push_back(word);
    }
    if (!option->get_positional()) continue;
    for (const char* shell : {"bash", "zsh", "fish"}) {
      if (option->get_name() == "SHELL") words.emplace_back(shell);
    }
  }
}

// Names that stand behind a command.
void add_names(const std::string& path, std::vector<std::string>& words) {
  if (path == "profile show" || path == "profile apply") {
    for (const directory::ProfileRow& row : directory::all_profiles()) words.emplace_back(row.name);
  }
  for (const char* verb : {"get", "show", "set", "reset", "undo", "history"}) {
    if (path != std::string("param ") + verb) continue;
    for (const directory::ParameterRow& row : directory::all_parameters()) {
      if (row.available()) words.emplace_back(row.name);
    }
  }
}

void collect(const CLI::App& program, const CLI::App& command, const std::string& path,
             std::vector<Words>& all) {
  Words words{.path = path, .words = {}};
  for (const CLI::App* verb : command.get_subcommands({})) words.words.push_back(verb->get_name());
  if (path == "gateway add") words.words.insert(words.words.end(), {"ingress", "egress"});
  add_names(path, words.words);
  add_options(command, words.words);
  if (&program != &command) add_options(program, words.words);
  all.push_back(std::move(words));
  for (const CLI::App* verb : command.get_subcommands({})) {
    collect(program, *verb, path.empty() ? verb->get_name() : path + ' ' + verb->get_name(), all);
  }
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : " ") + word;
  return text;
}

// The function of both bash and zsh that answers the words behind a command.
std::string cases(const std::vector<Words>& all) {
  std::string text = "_tandem_words() {\n  case \"$1\" in\n";
  for (const Words& words : all) {
    text += "    \"" + words.path + "\") echo \"" + joined(words.words) + "\" ;;\n";
  }
  return text + "  esac\n}\n";
}

// The longest command that the words so far begin with: options and their values are left out by
// trying one word, then two.
constexpr const char* kPath =
    "_tandem_path() {\n"
    "  local word place=\"\" next\n"
    "  for word in \"$@\"; do\n"
    "    next=\"${place:+$place }$word\"\n"
    "    [ -n \"$(_tandem_words \"$next\")\" ] && place=\"$next\"\n"
    "  done\n"
    "  echo \"$place\"\n"
    "}\n";

std::string bash_script(const std::vector<Words>& all) {
  return cases(all) + kPath +
         "_tandem() {\n"
         "  local word=\"${COMP_WORDS[COMP_CWORD]}\"\n"
         "  local place=\"$(_tandem_path \"${COMP_WORDS[@]:1:COMP_CWORD-1}\")\"\n"
         "  COMPREPLY=($(compgen -W \"$(_tandem_words \"$place\")\" -- \"$word\"))\n"
         "}\n"
         "complete -o default -F _tandem tandem\n";
}

std::string zsh_script(const std::vector<Words>& all) {
  return "#compdef tandem\n" + cases(all) + kPath +
         "_tandem() {\n"
         "  local place=\"$(_tandem_path \"${(@)words[2,CURRENT-1]}\")\"\n"
         "  compadd -- ${=\"$(_tandem_words \"$place\")\"}\n"
         "  _files\n"
         "}\n"
         "compdef _tandem tandem\n";
}

std::string fish_script(const std::vector<Words>& all) {
  std::string text = "function __tandem_words\n  switch \"$argv\"\n";
  for (const Words& words : all) {
    text +=
        "    case '" + words.path + "'\n      string split ' ' -- '" + joined(words.words) + "'\n";
  }
  return text +
         "  end\nend\n"
         "function __tandem_complete\n"
         "  set -l place\n"
         "  for word in (commandline -opc)[2..-1]\n"
         "    test -n \"$(__tandem_words $place $word)\"; and set place $place $word\n"
         "  end\n"
         "  __tandem_words $place\n"
         "end\n"
         "complete -c tandem -a '(__tandem_complete)'\n";
}

int print(const CLI::App& program, const std::string& shell) {
  std::vector<Words> all;
  collect(program, program, "", all);
  const auto script = shell == "bash" ? bash_script : shell == "zsh" ? zsh_script : fish_script;
  std::fputs(script(all).c_str(), stdout);
  return 0;
}

}  // namespace

void add_completion(CLI::App& program, Globals& globals) {
  CLI::App* command =
      program.add_subcommand("completion", "Print a script for the completion of a shell");
  auto shell = std::make_shared<std::string>();
  command->add_option("SHELL", *shell, "bash, zsh or fish")
      ->required()
      ->check(CLI::IsMember({"bash", "zsh", "fish"}));
  command->footer("bash: source <(tandem completion bash)");
  command->callback([&program, &globals, shell] { globals.status = print(program, *shell); });
}

}  // namespace tandem::app
