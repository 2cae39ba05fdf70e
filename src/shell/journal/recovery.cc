// Verifying and cutting the journal of an earlier run.
#include "shell/journal/recovery.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace tandem::journal {
namespace {

JournalError system_error(const std::string& what, const std::filesystem::path& path) {
  return {what + " " + path.string() + ": " + std::strerror(errno)};
}

// Bytes of the file up to the last one that is not zero.
std::uint64_t used_bytes(const std::filesystem::path& path) {
  FileWindow window;
  if (window.open(path) != 0) return 0;
  std::uint64_t used = 0;
  std::uint64_t offset = 0;
  for (;;) {
    const std::string_view piece = window.at(offset, 4096);
    if (piece.empty()) return used;
    const std::size_t last = piece.find_last_not_of('\0');
    if (last != std::string_view::npos) used = offset + last + 1;
    offset += piece.size();
  }
}

bool written_by_newer_version(const std::filesystem::path& path) {
  FileWindow window;
  if (window.open(path) != 0) return false;
  const ParsedHeader parsed = parse_file_header(window.at(0, kFileHeaderSize));
  return !parsed.header && parsed.error == HeaderError::NewerVersion;
}

// Makes the file end behind its last record. One without any record or header is removed, or set
// aside when there is something in it.
bool cut_file(const std::filesystem::path& directory, std::uint32_t file, std::uint64_t good,
              std::uint64_t used) {
  const std::filesystem::path path = file_path(directory, file);
  if (good > 0) return ::truncate(path.c_str(), static_cast<off_t>(good)) == 0;
  return used > 0 ? set_aside(directory, file) : ::unlink(path.c_str()) == 0;
}

// Cuts everything behind `end` off; answers how many bytes that were not zero.
Result<std::uint64_t, JournalError> cut(const std::filesystem::path& directory, Position end) {
  std::uint64_t torn = 0;
  for (const std::uint32_t file : list_files(directory)) {
    if (file < end.file) continue;
    const std::uint64_t good = file == end.file ? end.offset : 0;
    const std::uint64_t used = used_bytes(file_path(directory, file));
    if (used > good) torn += used - good;
    if (!cut_file(directory, file, good, used))
      return Failure{system_error("cannot cut the journal file", file_path(directory, file))};
  }
  return torn;
}

}  // namespace

Result<OpenReport, JournalError> recover(const std::filesystem::path& directory) {
  for (const std::uint32_t file : list_files(directory))
    if (written_by_newer_version(file_path(directory, file)))
      return Failure{JournalError{"the journal file " + file_path(directory, file).string() +
                                  " was written by a newer version of tandem; start that one"}};

  OpenReport report;
  JournalReader reader(directory);
  Record record;
  JournalReader::Step step;
  while ((step = reader.next(record)) == JournalReader::Step::Record) ++report.records;
  if (step == JournalReader::Step::Failed)
    return Failure{
        system_error("cannot read the journal file", file_path(directory, reader.position().file))};

  report.damage = reader.damage();
  report.identity = reader.identity();
  report.next_sequence = std::max<std::uint64_t>(reader.next_sequence(), 1);
  if (const auto files = list_files(directory); !files.empty()) report.last_file = files.back();
  const auto torn = cut(directory, reader.end_of_records());
  if (!torn) return Failure{torn.error()};
  report.torn_bytes = *torn;
  return report;
}

}  // namespace tandem::journal
