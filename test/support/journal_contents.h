// What the tests of the journal share: opening one, and reading all that is in it.
#pragma once

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "shell/journal/journal.h"

namespace tandem::test_support {

// Small files and short times, so that a test meets rotation and retries soon.
inline journal::JournalOptions small_journal(const std::filesystem::path& directory) {
  journal::JournalOptions options;
  options.directory = directory;
  options.file_size = 4096;
  options.sync_interval = journal::milliseconds{1};
  options.retry_interval = journal::milliseconds{1};
  options.free_reserve = 0;
  return options;
}

inline std::vector<std::string> remaining_payloads(journal::JournalReader& reader,
                                                   journal::Position limit) {
  std::vector<std::string> payloads;
  journal::Record record;
  while (reader.next(record, limit) == journal::JournalReader::Step::Record)
    payloads.emplace_back(record.payload);
  return payloads;
}

inline std::vector<std::string> all_payloads(const std::filesystem::path& directory) {
  journal::JournalReader reader(directory);
  return remaining_payloads(reader, journal::kEverything);
}

inline std::string read_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

inline void write_file(const std::filesystem::path& path, const std::string& bytes) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << bytes;
}

}  // namespace tandem::test_support
