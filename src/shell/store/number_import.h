// Reads a list of numbers, an entry a line, however long it is, and makes a file of it: entries are
// sorted in portions that fit into memory, then merged. A list with a fault makes no file.
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "core/directory/entity_rows.h"
#include "core/number/cleaning.h"
#include "shell/store/number_files.h"

namespace tandem::store {

struct NumberImportTerms {
  enum class How : std::uint8_t { Replace, Add, Remove };

  How how = How::Replace;
  bool beginnings = true;  // entries may end with *
  std::string strip_chars = {};
  number::Plus plus = number::Plus::Strip;
  std::optional<directory::ImportedNumbers> before = {};  // what is added to, or taken from
  std::size_t portion = 8'000'000;                        // entries sorted at once
};

class NumberImport {
 public:
  NumberImport(std::filesystem::path folder, NumberImportTerms terms);
  ~NumberImport();
  NumberImport(const NumberImport&) = delete;
  NumberImport& operator=(const NumberImport&) = delete;

  // The next piece of the text; it may end anywhere.
  void take(std::string_view text);
  // What is wrong with it so far: line and column, the entry, a sentence. Not more than a hundred.
  const directory::Faults& faults() const { return faults_; }
  std::uint64_t lines() const { return line_; }
  std::uint64_t entries() const { return entries_; }

  struct Made {
    std::string file;
    std::uint64_t entries = 0;  // in it
  };
  // There are no more pieces: what is wrong is known now.
  void end();
  // After the end. Takes a while; the fault is a sentence.
  Result<Made, std::string> finish();
  // Any thread: finish() is to fail soon.
  void give_up() { given_up_.store(true, std::memory_order_relaxed); }
  // Any thread: entries that are merged.
  std::uint64_t merged() const { return merged_.load(std::memory_order_relaxed); }

 private:
  class Run;
  class Merge;

  void take_line(std::string_view line);
  void take_entry(std::string_view entry, std::size_t column);
  void refuse(std::size_t column, std::string_view entry, const std::string& why);
  void store_portion();
  std::vector<std::string> merged_texts();

  const std::filesystem::path folder_;
  const NumberImportTerms terms_;
  std::string rest_;  // of a line that is not complete
  std::uint64_t line_ = 0;
  std::uint64_t entries_ = 0;
  std::vector<std::uint64_t> portion_;
  std::vector<std::unique_ptr<Run>> runs_;
  std::vector<std::string> texts_;
  directory::Faults faults_;
  std::string disk_fault_;
  std::atomic<std::uint64_t> merged_{0};
  std::atomic<bool> given_up_{false};
};

// Sorts words, of which most differ in few of their bytes.
void sort_words(std::vector<std::uint64_t>& words);

}  // namespace tandem::store
