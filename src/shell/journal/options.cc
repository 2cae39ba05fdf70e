// Faults of the journal in words.
#include "shell/journal/options.h"

#include <cstring>

namespace tandem::journal {

std::string describe(const Fault& fault, const JournalOptions& options) {
  const std::string where = options.directory.string();
  const std::string why = std::string(": ") + std::strerror(fault.error);
  const std::string refusal = "; new calls are refused until this is mended";
  switch (fault.kind) {
    case FaultKind::None:
      return "";
    case FaultKind::CannotWrite:
      return "cannot write to the journal in " + where + why +
             "; records are kept in memory and new calls are refused until this is mended";
    case FaultKind::CannotSync:
      return "cannot sync the journal in " + where + why + refusal;
    case FaultKind::CannotReserve:
      return "cannot reserve space for the journal in " + where + why + refusal;
    case FaultKind::DiskAlmostFull:
      return "the disk of " + where + " has less than " +
             std::to_string(options.free_reserve >> 20) + " MiB free" + refusal;
  }
  return "";
}

}  // namespace tandem::journal
