// Makes the table of ported numbers from a list: hundreds of millions of rows in any order, with a
// bounded amount of memory. The list is taken as a whole or not at all, and the table that is in use
// is replaced in one step when the new one is on the disk.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

#include "base/result.h"

namespace tandem::numbers {

struct ImportProgress {
  const char* step = "";  // "reading", "writing"
  std::uint64_t done = 0;
  std::uint64_t whole = 0;
};

struct ImportOptions {
  std::filesystem::path list;
  std::filesystem::path table;  // is written beside it first
  std::function<void(const ImportProgress&)> progress = {};
  std::size_t rows_at_once = std::size_t(16) << 20;  // held in memory; further ones go to the disk
};

struct ImportReport {
  std::uint64_t rows = 0;
  std::uint64_t routes = 0;  // different ones that rows lead to
  std::uint64_t bytes = 0;   // of the table
};

// The fault is a sentence; of a line, "numbers.csv:12:8: ...".
Result<ImportReport, std::string> import_numbers(const ImportOptions& options);

}  // namespace tandem::numbers
