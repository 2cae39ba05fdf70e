// Reading and writing of journal headers, and the names of its files.
#include "shell/journal/format.h"

#include <algorithm>
#include <bit>
#include <charconv>
#include <cstring>

#include "shell/journal/checksum.h"

namespace tandem::journal {
namespace {

static_assert(std::endian::native == std::endian::little, "the journal is little-endian");

constexpr std::string_view kMagic = "TNDMJRNL";
constexpr std::size_t kDigits = 12;
constexpr std::string_view kSuffix = ".log";

template <class Number>
void append_number(std::string& out, Number number) {
  char bytes[sizeof number];
  std::memcpy(bytes, &number, sizeof number);
  out.append(bytes, sizeof number);
}

template <class Number>
Number number_at(std::string_view bytes, std::size_t offset) {
  Number number;
  std::memcpy(&number, bytes.data() + offset, sizeof number);
  return number;
}

std::optional<std::uint32_t> file_number(const std::string& name) {
  if (name.size() != kDigits + kSuffix.size() || !name.ends_with(kSuffix)) return std::nullopt;
  std::uint32_t number = 0;
  const char* end = name.data() + kDigits;
  const auto [parsed, error] = std::from_chars(name.data(), end, number);
  if (error != std::errc{} || parsed != end || number == 0) return std::nullopt;
  return number;
}

}  // namespace

void append_file_header(std::string& out, const FileHeader& header) {
  const std::size_t start = out.size();
  out += kMagic;
  append_number(out, kFormatVersion);
  append_number(out, header.file);
  append_number(out, header.identity);
  append_number(out, header.first_sequence);
  append_number(out, crc32c(0, out.data() + start, out.size() - start));
}

ParsedHeader parse_file_header(std::string_view bytes) {
  ParsedHeader parsed;
  if (bytes.size() < kFileHeaderSize || !bytes.starts_with(kMagic)) return parsed;
  const std::size_t covered = kFileHeaderSize - sizeof(std::uint32_t);
  if (crc32c(0, bytes.data(), covered) != number_at<std::uint32_t>(bytes, covered)) return parsed;
  if (number_at<std::uint32_t>(bytes, 8) > kFormatVersion) {
    parsed.error = HeaderError::NewerVersion;
    return parsed;
  }
  parsed.header = FileHeader{.file = number_at<std::uint32_t>(bytes, 12),
                             .identity = number_at<std::uint64_t>(bytes, 16),
                             .first_sequence = number_at<std::uint64_t>(bytes, 24)};
  return parsed;
}

std::uint32_t checksum_seed(std::uint64_t identity) {
  return crc32c(0, &identity, sizeof identity);
}

void append_record(std::string& out, std::uint32_t seed, std::uint64_t sequence, RecordType type,
                   std::string_view payload, std::string_view rest) {
  const std::size_t start = out.size();
  append_number(out, std::uint32_t{0});
  const std::size_t size = payload.size() + rest.size();
  append_number(out, static_cast<std::uint32_t>(size));
  append_number(out, sequence);
  append_number(out, type);
  out += payload;
  out += rest;
  char* record = out.data() + start;
  const std::uint32_t checksum =
      crc32c(seed, record + sizeof seed, kRecordHeaderSize - sizeof seed + size);
  std::memcpy(record, &checksum, sizeof checksum);
}

RecordHeader parse_record_header(std::string_view bytes) {
  return {.checksum = number_at<std::uint32_t>(bytes, 0),
          .length = number_at<std::uint32_t>(bytes, 4),
          .sequence = number_at<std::uint64_t>(bytes, 8),
          .type = number_at<std::uint8_t>(bytes, 16)};
}

bool record_intact(std::uint32_t seed, std::string_view record) {
  const std::size_t covered = record.size() - sizeof seed;
  return crc32c(seed, record.data() + sizeof seed, covered) == number_at<std::uint32_t>(record, 0);
}

std::filesystem::path file_path(const std::filesystem::path& directory, std::uint32_t file) {
  const std::string digits = std::to_string(file);
  std::string name(kDigits - digits.size(), '0');
  return directory / (name + digits + std::string(kSuffix));
}

std::vector<std::uint32_t> list_files(const std::filesystem::path& directory) {
  std::vector<std::uint32_t> files;
  std::error_code error;
  for (std::filesystem::directory_iterator it(directory, error), end; !error && it != end;
       it.increment(error))
    if (const auto number = file_number(it->path().filename().string())) files.push_back(*number);
  std::sort(files.begin(), files.end());
  return files;
}

std::size_t remove_files_before(const std::filesystem::path& directory, std::uint32_t keep) {
  std::size_t removed = 0;
  for (const std::uint32_t file : list_files(directory)) {
    std::error_code error;
    if (file < keep && std::filesystem::remove(file_path(directory, file), error)) ++removed;
  }
  return removed;
}

bool set_aside(const std::filesystem::path& directory, std::uint32_t file) {
  const std::filesystem::path path = file_path(directory, file);
  std::filesystem::path aside = path;
  aside.replace_extension(".damaged");
  std::error_code error;
  std::filesystem::rename(path, aside, error);
  return !error;
}

}  // namespace tandem::journal
