// Brings the journal of an earlier run into order before a new one is begun: verifies every record,
// cuts off what a crash left unfinished, and says where to go on.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"
#include "shell/journal/reader.h"

namespace tandem::journal {

struct JournalError {
  std::string sentence;  // what is wrong and what to do, for the operator
};

struct OpenReport {
  std::uint64_t identity = 0;       // 0 = there was no journal
  std::uint64_t next_sequence = 1;  // number of the next record
  std::uint32_t last_file = 0;      // highest number seen; 0 = there was none
  std::uint64_t records = 0;        // intact ones found
  std::uint64_t torn_bytes = 0;     // of an unfinished last write, cut off
  // Damage elsewhere: those records are lost. The files stay as they are; the reader passes over
  // the damage, and whoever reads them says so and sets the files aside.
  std::vector<Damage> damage;
};

// Fails when a file cannot be read or cut, or was written by a newer version. Damage is no failure:
// one bad sector must not keep the switch from starting.
Result<OpenReport, JournalError> recover(const std::filesystem::path& directory);

}  // namespace tandem::journal
