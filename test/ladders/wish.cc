#include "ladders/wish.h"

#include <cctype>

namespace tandem::ladder {
namespace {

enum class Takes { Nothing, Value, ManyValues };

struct Word {
  const char* word;
  Takes takes;
};

// Explained in README.md.
constexpr Word kWords[] = {
    {"again", Takes::Nothing},     {"any", Takes::Nothing},       {"lost", Takes::Nothing},
    {"reliable", Takes::Nothing},  {"nocontact", Takes::Nothing}, {"norport", Takes::Nothing},
    {"merged", Takes::Nothing},    {"old", Takes::Nothing},       {"anonymous", Takes::Nothing},
    {"at", Takes::Value},          {"body", Takes::Value},        {"branch", Takes::Value},
    {"contact", Takes::Value},     {"cseq", Takes::Value},        {"display", Takes::Value},
    {"for", Takes::Value},         {"from", Takes::Value},        {"host", Takes::Value},
    {"maxforwards", Takes::Value}, {"phrase", Takes::Value},      {"rseq", Takes::Value},
    {"rack", Takes::Value},        {"sdp", Takes::Value},         {"size", Takes::Value},
    {"tag", Takes::Value},         {"totag", Takes::Value},       {"to", Takes::Value},
    {"type", Takes::Value},        {"uri", Takes::Value},         {"line", Takes::Value},
    {"login", Takes::Value},       {"nc", Takes::Value},
    {"has", Takes::ManyValues},    {"copy", Takes::ManyValues},   {"no", Takes::ManyValues},
    {"header", Takes::ManyValues}, {"set", Takes::ManyValues},    {"without", Takes::ManyValues},
};

const Word* find(const std::string& text) {
  for (const Word& word : kWords) {
    if (text == word.word) return &word;
  }
  return nullptr;
}

}  // namespace

std::string Wish::get(const std::string& option) const {
  const auto found = options.find(option);
  return found == options.end() ? "" : found->second;
}

bool Wish::is_response() const {
  return what.size() == 3 && std::isdigit(static_cast<unsigned char>(what[0])) != 0;
}

std::string read_wish(const std::vector<std::string>& words, Wish& wish) {
  wish.what = words[0];
  std::size_t i = 1;
  if (!wish.is_response() && i < words.size() && find(words[i]) == nullptr) {
    wish.argument = words[i++];
  }
  for (; i < words.size(); ++i) {
    const Word* word = find(words[i]);
    if (word == nullptr) return "unknown word '" + words[i] + "'";
    if (word->takes == Takes::Nothing) {
      wish.options[word->word] = "yes";
      continue;
    }
    if (++i >= words.size()) return std::string(word->word) + " needs a value";
    if (word->takes == Takes::Value) {
      wish.options[word->word] = words[i];
    } else {
      wish.list.emplace_back(word->word, words[i]);
    }
  }
  return "";
}

std::string unescaped(const std::string& text) {
  std::string bytes;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\' || i + 1 == text.size()) {
      bytes += text[i];
      continue;
    }
    switch (text[++i]) {
      case 'r':
        bytes += '\r';
        break;
      case 'n':
        bytes += '\n';
        break;
      case 't':
        bytes += '\t';
        break;
      case '0':
        bytes += '\0';
        break;
      default:
        bytes += text[i];
    }
  }
  return bytes;
}

}  // namespace tandem::ladder
