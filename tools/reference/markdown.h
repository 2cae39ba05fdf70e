// Markdown as the reference pages write it.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

namespace tandem::reference {

inline constexpr std::string_view kMade =
    "This page is made from the tables of the code by `tandem-reference`; do not edit it.\n";

// Text as it may stand in a cell of a Markdown table.
inline std::string cell(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '|' || c == '<' || c == '*' || c == '_') escaped += '\\';
    escaped += c;
  }
  return escaped;
}

inline std::string code(std::string_view text) {
  return text.empty() ? "(empty)" : "`" + std::string(text) + "`";
}

inline void add_row(std::string& to, std::initializer_list<std::string> cells) {
  to += '|';
  for (const std::string& each : cells) to += ' ' + each + (each.empty() ? "|" : " |");
  to += '\n';
}

inline void add_head(std::string& to, std::initializer_list<std::string> names) {
  add_row(to, names);
  to += '|';
  for (std::size_t i = 0; i < names.size(); ++i) to += " --- |";
  to += '\n';
}

inline void add_heading(std::string& to, std::string_view text) {
  to += "\n## " + std::string(text) + "\n\n";
}

}  // namespace tandem::reference
