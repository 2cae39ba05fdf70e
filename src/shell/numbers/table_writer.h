// Writes a table of ported numbers (core/lrn/index.h) row by row, in the order of their keys, into a
// new file that takes the place of the old one when it is complete and on the disk.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "core/lrn/index.h"

namespace tandem::numbers {

// One of several places of a file that are filled at the same time.
class FilePart {
 public:
  FilePart(int descriptor, std::uint64_t place) : descriptor_(descriptor), place_(place) {}
  bool put(const void* bytes, std::size_t size);
  bool flush();

 private:
  int descriptor_;
  std::uint64_t place_;
  std::vector<char> waiting_;
};

class TableWriter {
 public:
  // Of so many rows that lead to these entries.
  TableWriter(std::filesystem::path table, std::uint64_t rows,
              std::vector<lrn::IndexEntry> entries);
  ~TableWriter();  // what is not complete is removed
  TableWriter(const TableWriter&) = delete;
  TableWriter& operator=(const TableWriter&) = delete;

  // False, here and below: fault() says why.
  bool open();
  bool add(std::uint64_t key, std::uint32_t entry);
  bool complete();
  std::uint64_t bytes() const { return header_.size; }
  const std::string& fault() const { return fault_; }

 private:
  bool check(bool done);

  std::filesystem::path table_, unfinished_;
  lrn::IndexHeader header_;
  std::vector<lrn::IndexEntry> entries_;
  std::vector<lrn::IndexBucket> buckets_;
  std::uint64_t added_ = 0;
  int descriptor_ = -1;
  FilePart values_{-1, 0}, lows_{-1, 0};
  std::string fault_;
};

}  // namespace tandem::numbers
