// Tables of the tests: text files, one row per line, columns separated by tabs, the first line
// names the columns.
#pragma once

#include <cstddef>
#include <fstream>
#include <map>
#include <string>
#include <vector>

namespace tandem::test_support {

using TsvRow = std::map<std::string, std::string>;  // column name -> cell

inline std::vector<std::string> tsv_cells(const std::string& line) {
  std::vector<std::string> cells(1);
  for (const char c : line) {
    if (c == '\t')
      cells.emplace_back();
    else
      cells.back() += c;
  }
  return cells;
}

// Every row of `path`; none when the file cannot be read, so a test must look at the number of
// rows.
inline std::vector<TsvRow> read_tsv(const std::string& path) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  const std::vector<std::string> names = tsv_cells(line);
  std::vector<TsvRow> rows;
  while (std::getline(file, line)) {
    const std::vector<std::string> cells = tsv_cells(line);
    TsvRow& row = rows.emplace_back();
    for (std::size_t i = 0; i < names.size() && i < cells.size(); ++i) row[names[i]] = cells[i];
  }
  return rows;
}

}  // namespace tandem::test_support
