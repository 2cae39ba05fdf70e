// The local table of ported numbers as a file that is mapped into memory: the machine reads of it
// what is looked up, and takes the room back when it needs it. A new table is another file under the
// same name; whoever has the old one keeps it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "core/lrn/index.h"

namespace tandem::numbers {

// Its name in a data directory.
inline constexpr const char* kPortedTableFile = "ported.index";

// Of an import that was cut short; one that is being written stays.
void remove_unfinished_table(const std::filesystem::path& table);

class PortedTable {
 public:
  explicit PortedTable(std::filesystem::path file) : file_(std::move(file)) {}

  // As the file is now; nullptr when there is none, or none that can be used: then fault() says why.
  std::shared_ptr<const lrn::Index> current();
  const std::string& fault() const { return fault_; }

 private:
  struct Mark {  // of the file that is mapped
    std::uint64_t device = 0, inode = 0, size = 0;
    std::int64_t changed = 0;
    friend bool operator==(const Mark&, const Mark&) = default;
  };

  std::filesystem::path file_;
  Mark mark_;
  std::shared_ptr<const lrn::Index> index_;
  std::string fault_;
};

}  // namespace tandem::numbers
