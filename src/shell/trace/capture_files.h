// The files of one debug trace: captures in the data directory, of limited size and number.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "base/time.h"
#include "shell/trace/capture.h"
#include "shell/trace/entry.h"

namespace tandem::trace {

class CaptureFiles {
 public:
  // They are called "NAME-1.pcapng", "NAME-2.pcapng" ... in `folder`, which is made when needed.
  CaptureFiles(std::filesystem::path folder, std::string name);

  // Appends and hands it to the system. The fault is a sentence, "" = it is written; nothing is
  // written any more after the first fault.
  std::string append(const std::vector<Entry>& entries);
  // Those that are there, oldest first.
  const std::vector<std::filesystem::path>& paths() const { return paths_; }
  void remove();

 private:
  std::string write(const std::string& bytes);

  std::filesystem::path folder_;
  std::string name_;
  std::vector<std::filesystem::path> paths_;
  std::size_t begun_ = 0;  // files so far
  std::size_t size_ = 0;   // of the newest
  Capture capture_;
  std::string fault_;
};

// Removes captures that were written to before `time` last: of runs that are over.
void remove_old_captures(const std::filesystem::path& folder, UtcTime time);

}  // namespace tandem::trace
