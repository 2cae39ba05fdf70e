// How a journal is kept, and what can be wrong with it.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>

#include "shell/journal/disk.h"

namespace tandem::journal {

using std::chrono::milliseconds;

struct JournalOptions {
  std::filesystem::path directory;         // made when missing
  std::uint32_t file_size = 16u << 20;     // bytes reserved per file; 4 KiB to 1 GiB
  milliseconds sync_interval{10};          // between two fdatasync; 1 to 1000
  milliseconds later_interval{500};        // the same while all that was written may wait
  std::uint64_t free_reserve = 64u << 20;  // bytes to be left free on the disk: below it, a fault
  std::size_t max_pending = 256u << 20;    // bytes kept in memory while the disk refuses them
  milliseconds retry_interval{1000};  // between two tries of what failed, and looks at the disk
  DiskCalls disk;
};

// How soon a record is to survive a power cut, and to be seen by readers. That it survives kill -9 does
// not depend on this.
enum class Sync : std::uint8_t {
  Soon,   // within sync_interval: money and calls
  Later,  // within later_interval: what its peer tells us again if it was lost
};

enum class FaultKind : std::uint8_t {
  None,
  CannotWrite,     // records wait in memory
  CannotSync,      // fdatasync failed
  CannotReserve,   // no further file can be made; the current one still takes records
  DiskAlmostFull,  // less than the reserve is free
};

struct Fault {
  FaultKind kind = FaultKind::None;
  int error = 0;  // errno
  friend bool operator==(const Fault&, const Fault&) = default;
};
// One sentence for the operator; "" for None.
std::string describe(const Fault& fault, const JournalOptions& options);

}  // namespace tandem::journal
