#include <cctype>
#include <charconv>
#include <sstream>

#include "ladder.h"

namespace tandem::ladder {
namespace {

// Words separated by blanks; "quoted words" keep their blanks; # begins a comment.
std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  std::size_t i = 0;
  while (i < text.size()) {
    if (text[i] == ' ' || text[i] == '\t') {
      ++i;
    } else if (text[i] == '#') {
      break;
    } else if (text[i] == '"') {
      const std::size_t end = text.find('"', i + 1);
      words.emplace_back(text.substr(i + 1, end - i - 1));
      i = end == std::string_view::npos ? text.size() : end + 1;
    } else {
      const std::size_t end = text.find_first_of(" \t", i);
      words.emplace_back(text.substr(i, end - i));
      i = end == std::string_view::npos ? text.size() : end;
    }
  }
  return words;
}

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

std::string with_port(const std::string& address) {
  if (address.find(']') != std::string::npos) {
    return address.find("]:") == std::string::npos ? address + ":5060" : address;
  }
  return address.find(':') == std::string::npos ? address + ":5060" : address;
}

void read_given(Ladder& ladder, const std::vector<std::string>& words, int number) {
  if (words[0] == "parameter" && words.size() == 3) {
    ladder.parameters.emplace_back(words[1], words[2]);
  } else if ((words[0] == "ingress" || words[0] == "egress") && words.size() >= 3) {
    Peer peer;
    peer.ingress = words[0] == "ingress";
    peer.name = words[1];
    peer.address = with_port(words[2]);
    for (std::size_t i = 3; i + 1 < words.size(); i += 2) {
      peer.settings.emplace_back(words[i], words[i + 1]);
    }
    ladder.peers.push_back(peer);
  } else {
    ladder.error = "line " + std::to_string(number) + ": not understood in 'given'";
  }
}

void read_step(Ladder& ladder, std::vector<std::string> words, int number) {
  Line line;
  line.number = number;
  if (is_time(words[0])) {
    line.timed = true;
    line.at = to_milliseconds(words[0]);
    words.erase(words.begin());
  }
  if (words.size() == 1 && words[0] == "wait") {
    line.words = words;
    ladder.lines.push_back(line);
    return;
  }
  if (words.size() < 3 || (words[1] != ">" && words[1] != "<")) {
    ladder.error = "line " + std::to_string(number) + ": PEER > or < MESSAGE expected";
    return;
  }
  line.peer = words[0];
  line.sends = words[1] == ">";
  line.words.assign(words.begin() + 2, words.end());
  ladder.lines.push_back(line);
}

}  // namespace

Ladder parse(std::string_view name, std::string_view text) {
  Ladder ladder;
  ladder.name = name;
  std::istringstream stream{std::string(text)};
  std::string raw, section;
  for (int number = 1; std::getline(stream, raw) && ladder.error.empty(); ++number) {
    const std::vector<std::string> words = words_of(raw);
    if (words.empty()) continue;
    if (words.size() == 1 && (words[0] == "given" || words[0] == "when" || words[0] == "then")) {
      section = words[0];
    } else if (section == "given") {
      read_given(ladder, words, number);
    } else if (section == "when") {
      read_step(ladder, words, number);
    } else if (section == "then") {
      ladder.expectations.push_back(words);
      ladder.expectation_lines.push_back(number);
    } else {
      ladder.error = "line " + std::to_string(number) + ": before 'given'";
    }
  }
  if (ladder.error.empty() && ladder.lines.empty()) ladder.error = "no steps";
  return ladder;
}

}  // namespace tandem::ladder
