// Reads a ladder file.
#include <algorithm>
#include <sstream>

#include "core/directory/entity_rows.h"
#include "ladders/ladder.h"

namespace tandem::ladder {
namespace {

constexpr const char* kWays[] = {"over", "source", "lives", "at"};

bool is_time(const std::string& word) {
  return word.find('.') != std::string::npos &&
         word.find_first_not_of("0123456789.") == std::string::npos;
}

std::int64_t to_milliseconds(const std::string& word) {
  const std::size_t dot = word.find('.');
  std::string fraction = word.substr(dot + 1) + "000";
  fraction.resize(3);
  return std::stoll(word.substr(0, dot)) * 1000 + std::stoll(fraction);
}

std::vector<std::string> split(const std::string& text) {
  std::vector<std::string> parts;
  std::istringstream stream(text);
  for (std::string part; std::getline(stream, part, ',');) parts.push_back(part);
  return parts;
}

class Reader {
 public:
  explicit Reader(Ladder& ladder) : ladder_(ladder) {}

  void read(const std::vector<std::string>& words, int number) {
    number_ = number;
    const bool title = words.size() == 1;
    if (title && (words[0] == "given" || words[0] == "when" || words[0] == "then")) {
      section_ = words[0];
    } else if (section_ == "given") {
      given(words);
    } else if (section_ == "when") {
      step(words);
    } else if (section_ == "then") {
      ladder_.expectations.push_back({number, words});
    } else {
      fail("a line before 'given'");
    }
  }

 private:
  void fail(const std::string& what) {
    ladder_.error = "line " + std::to_string(number_) + ": " + what;
  }

  void given(const std::vector<std::string>& words) {
    const std::string& kind = words[0];
    if (kind == "parameter" && words.size() == 3) {
      ladder_.parameters.emplace_back(words[1], words[2]);
    } else if (kind == "one" && words.size() == 2 && words[1] == "life") {
      ladder_.one_life = true;
    } else if (kind == "ported" && words.size() >= 2) {
      ladder_.ported.emplace_back(words.begin() + 1, words.end());
    } else if (kind == "listen" && words.size() == 3) {
      ladder_.listeners.emplace_back(words[1], words[2]);
    } else if (kind_of_peer(kind) && words.size() >= 3 && words.size() % 2 == 1) {
      peer(words);
    } else if (directory::find_resource(kind) != nullptr && words.size() % 2 == 0) {
      Entity& entity = ladder_.entities.emplace_back();
      entity.kind = kind;
      entity.name = words[1];
      for (std::size_t i = 2; i < words.size(); i += 2) {
        entity.fields.emplace_back(words[i], words[i + 1]);
      }
    } else {
      fail("not understood in 'given'");
    }
  }

  static bool kind_of_peer(std::string_view kind) {
    return kind == "ingress" || kind == "egress" || kind == "phone" || kind == "registration" ||
           kind == "peer";
  }

  void peer(const std::vector<std::string>& words) {
    Peer& peer = ladder_.peers.emplace_back();
    peer.role = words[0] == "ingress"        ? Role::Ingress
                : words[0] == "egress"       ? Role::Egress
                : words[0] == "phone"        ? Role::Phone
                : words[0] == "registration" ? Role::Registrar
                                             : Role::Stranger;
    peer.name = words[1];
    if (words[2] != "-") peer.addresses = split(words[2]);
    for (std::size_t i = 3; i < words.size(); i += 2) {
      const bool way = std::any_of(std::begin(kWays), std::end(kWays),
                                   [&](const char* known) { return words[i] == known; });
      if (way) {
        peer.ways[words[i]] = words[i + 1];
      } else {
        peer.fields.emplace_back(words[i], words[i + 1]);
      }
    }
  }

  void step(std::vector<std::string> words) {
    Line line;
    line.number = number_;
    if (is_time(words[0])) {
      line.timed = true;
      line.at = to_milliseconds(words[0]);
      words.erase(words.begin());
    }
    if (words.size() < 3 || (words[1] != ">" && words[1] != "<")) {
      return fail("PEER > WHAT or PEER < WHAT expected");
    }
    line.peer = words[0];
    line.sends = words[1] == ">";
    line.words.assign(words.begin() + 2, words.end());
    ladder_.lines.push_back(line);
    ladder_.end_of_lines = number_;
  }

  Ladder& ladder_;
  std::string section_;
  int number_ = 0;
};

}  // namespace

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  std::size_t i = 0;
  while (i < text.size()) {
    const char c = text[i];
    if (c == ' ' || c == '\t' || c == '\r') {
      ++i;
    } else if (c == '#') {
      break;
    } else if (c == '"' || c == '\'') {
      const std::size_t end = std::min(text.find(c, i + 1), text.size());
      words.emplace_back(text.substr(i + 1, end - i - 1));
      i = end + 1;
    } else {
      const std::size_t end = std::min(text.find_first_of(" \t\r", i), text.size());
      words.emplace_back(text.substr(i, end - i));
      i = end;
    }
  }
  return words;
}

Ladder parse(std::string_view name, std::string_view text) {
  Ladder ladder;
  ladder.name = name;
  Reader reader(ladder);
  std::istringstream stream{std::string(text)};
  std::string raw;
  for (int number = 1; std::getline(stream, raw) && ladder.error.empty(); ++number) {
    const std::vector<std::string> words = words_of(raw);
    if (!words.empty()) reader.read(words, number);
  }
  if (ladder.error.empty() && ladder.lines.empty()) ladder.error = "no steps";
  return ladder;
}

std::string rewritten(const Edits& edits, std::string_view text) {
  std::string result;
  std::istringstream stream{std::string(text)};
  std::string raw;
  int number = 1;
  auto insert = [&] {
    const auto lines = edits.before.find(number);
    if (lines == edits.before.end()) return;
    for (const std::string& line : lines->second) result += line + "\n";
  };
  for (; std::getline(stream, raw); ++number) {
    insert();
    const auto changed = edits.instead.find(number);
    if (changed == edits.instead.end()) {
      result += raw + "\n";
    } else if (!changed->second.empty()) {
      result += changed->second + "\n";
    }
  }
  insert();
  return result;
}

}  // namespace tandem::ladder
