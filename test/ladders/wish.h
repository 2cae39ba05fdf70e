// The words of one line, taken apart: what a user agent is to send, or must receive.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace tandem::ladder {

struct Wish {
  std::string what;      // "INVITE", "200", "bytes"
  std::string argument;  // request: user part of the Request-URI; bytes: the text
  std::map<std::string, std::string> options;
  std::vector<std::pair<std::string, std::string>>
      list;  // may be given often: "has", "header", ...

  bool has(const std::string& option) const { return options.count(option) != 0; }
  std::string get(const std::string& option) const;  // "" when not given
  bool is_response() const;
};

// "" or what is wrong with the words.
std::string read_wish(const std::vector<std::string>& words, Wish& wish);

// \r \n \t \0 \\ as the bytes they stand for.
std::string unescaped(const std::string& text);

}  // namespace tandem::ladder
