// The journal on disk: files of a header and records, written in order and never changed.
//
//   file    NNNNNNNNNNNN.log, numbers rise
//   header  magic, format version, file number, identity, first sequence number, CRC-32C
//   record  CRC-32C, length, sequence number, type, payload; then the next record
//
// Numbers are little-endian. Behind the last record come zero bytes (space reserved in advance) or
// the end of the file. The checksum of a record covers all that follows it and begins with the
// identity of the journal, so that bytes which only look like a record are not taken for one.
#pragma once

#include <compare>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tandem::journal {

// What the payload of a record is. The value is stored.
enum class RecordType : std::uint8_t { Cdr = 1, Keep = 2 };

inline constexpr std::uint32_t kFormatVersion = 1;
inline constexpr std::size_t kFileHeaderSize = 36;
inline constexpr std::size_t kRecordHeaderSize = 17;
inline constexpr std::size_t kMaxPayload = 4u << 20;  // bytes of one record
inline constexpr std::uint32_t kMaxFileSize = 2u << 30;

// A place in the journal. Position{} lies before everything.
struct Position {
  std::uint32_t file = 0;
  std::uint32_t offset = 0;

  std::uint64_t packed() const { return std::uint64_t{file} << 32 | offset; }
  static Position unpacked(std::uint64_t value) {
    return {static_cast<std::uint32_t>(value >> 32), static_cast<std::uint32_t>(value)};
  }
  friend auto operator<=>(const Position&, const Position&) = default;
};

struct FileHeader {
  std::uint32_t file = 0;
  std::uint64_t identity = 0;  // of this journal: drawn when the directory was first used
  std::uint64_t first_sequence = 0;
};

struct RecordHeader {
  std::uint32_t checksum = 0;
  std::uint32_t length = 0;  // of the payload
  std::uint64_t sequence = 0;
  std::uint8_t type = 0;  // 0 is no record: reserved space
};

void append_file_header(std::string& out, const FileHeader& header);

enum class HeaderError : std::uint8_t { NotAJournal, NewerVersion };
struct ParsedHeader {
  std::optional<FileHeader> header;
  HeaderError error = HeaderError::NotAJournal;  // when there is no header
};
ParsedHeader parse_file_header(std::string_view bytes);

// Where the checksum of every record of a journal begins.
std::uint32_t checksum_seed(std::uint64_t identity);

void append_record(std::string& out, std::uint32_t seed, std::uint64_t sequence, RecordType type,
                   std::string_view payload,
                   std::string_view rest = {});

// Requires kRecordHeaderSize bytes; says nothing about their truth.
RecordHeader parse_record_header(std::string_view bytes);
// Whether `record` (header and payload) is intact.
bool record_intact(std::uint32_t seed, std::string_view record);

std::filesystem::path file_path(const std::filesystem::path& directory, std::uint32_t file);
// Numbers of the journal's files, rising. Empty when the directory cannot be read.
std::vector<std::uint32_t> list_files(const std::filesystem::path& directory);

// Removes the files before `keep`, which the reader has no more use for. Answers how many.
std::size_t remove_files_before(const std::filesystem::path& directory, std::uint32_t keep);
// Takes a file with damage out of the journal, but keeps it as NNNNNNNNNNNN.damaged.
bool set_aside(const std::filesystem::path& directory, std::uint32_t file);

}  // namespace tandem::journal
