// Rows in the order of their keys, however many: sorted in memory as far as that goes, the rest in
// runs on the disk that are merged (Knuth, 5.4).
#pragma once

#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace tandem::numbers {

struct SortedRow {
  std::uint64_t key = 0;
  std::uint32_t entry = 0;
  std::uint32_t line = 0;  // where it stands in the list
};

class SortedRuns {
 public:
  // Runs are made beside `base`, without a name.
  SortedRuns(std::filesystem::path base, std::size_t rows_at_once);
  ~SortedRuns();

  // False: the disk takes no more; fault() says why.
  bool add(const SortedRow& row);
  // After the last add(): rows come out in order, those of one key in the order of their lines.
  bool finish();
  bool next(SortedRow& row);
  std::uint64_t rows() const { return rows_; }
  const std::string& fault() const { return fault_; }

 private:
  struct Run;
  bool spill();

  std::filesystem::path base_;
  std::size_t rows_at_once_;
  std::vector<SortedRow> held_;
  std::size_t taken_ = 0;  // of `held_`
  std::vector<std::unique_ptr<Run>> runs_;  // a heap, the smallest row first, once they are merged
  std::uint64_t rows_ = 0;
  std::string fault_;
};

}  // namespace tandem::numbers
