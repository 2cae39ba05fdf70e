// Reading records one after the other.
#include "shell/journal/reader.h"

#include <algorithm>
#include <cerrno>

namespace tandem::journal {
namespace {

// A record found behind damage belongs to the journal only when its number is near: garbage that
// passes for a header names any number.
constexpr std::uint64_t kPlausibleGap = 1u << 30;

constexpr std::size_t kPiece = 4096;  // looked through at a time for the end of zero bytes

// From the first file with a good header; 0 when there is none.
std::uint64_t any_identity(const std::filesystem::path& directory) {
  for (const std::uint32_t file : list_files(directory)) {
    FileWindow window;
    if (window.open(file_path(directory, file)) != 0) continue;
    const auto header = parse_file_header(window.at(0, kFileHeaderSize)).header;
    if (header) return header->identity;
  }
  return 0;
}

}  // namespace

JournalReader::JournalReader(std::filesystem::path directory, Position from,
                             std::uint64_t next_sequence)
    : directory_(std::move(directory)), position_(from), next_sequence_(next_sequence) {}

JournalReader::Step JournalReader::next(Record& record, Position limit) {
  for (;;) {
    if (!window_.is_open()) {
      const Opened opened = open_file(limit);
      if (opened == Opened::Failed) return Step::Failed;
      if (opened == Opened::None) return Step::End;
    }
    set_bound(limit);
    std::string_view bytes = record_at(position_.offset);
    if (bytes.empty() && skip_damage()) bytes = record_at(position_.offset);
    if (window_.failed()) {
      window_.close();
      return Step::Failed;
    }
    if (!bytes.empty()) {
      const bool repeated = parse_record_header(bytes).sequence < next_sequence_;
      deliver(bytes, record);
      if (!repeated) return Step::Record;
      continue;
    }
    const Opened opened = open_next_file(limit);
    if (opened == Opened::Failed) return Step::Failed;
    if (opened == Opened::None) return Step::End;
  }
}

JournalReader::Opened JournalReader::open_file(Position limit) {
  if (position_.file == 0) return open_next_file(limit);
  if (position_.file > limit.file) return Opened::None;
  const int error = window_.open(file_path(directory_, position_.file));
  // Gone, with all its records loaded: the next one goes on.
  if (error == ENOENT) return open_next_file(limit);
  if (error != 0) return Opened::Failed;
  set_bound(limit);
  const auto header = parse_file_header(window_.at(0, kFileHeaderSize)).header;
  use_identity(header ? header->identity : any_identity(directory_));
  return Opened::Yes;
}

JournalReader::Opened JournalReader::open_next_file(Position limit) {
  if (position_.file >= limit.file) return Opened::None;  // without a look at the directory
  const std::vector<std::uint32_t> files = list_files(directory_);
  const auto next = std::upper_bound(files.begin(), files.end(), position_.file);
  if (next == files.end() || *next > limit.file) return Opened::None;
  const int error = window_.open(file_path(directory_, *next));
  if (error != 0) return Opened::Failed;
  position_ = {.file = *next, .offset = 0};
  set_bound(limit);
  enter_file();
  if (!window_.failed()) return Opened::Yes;
  window_.close();
  return Opened::Failed;
}

// Before anything is read of the file: what the window has seen behind the limit would be stale
// when the limit has risen.
void JournalReader::set_bound(Position limit) {
  window_.set_bound(position_.file == limit.file ? limit.offset : UINT64_MAX);
}

// Behind the header when there is a good one. Without it the records are looked for from the first
// byte on, as after any other damage.
void JournalReader::enter_file() {
  const auto header = parse_file_header(window_.at(0, kFileHeaderSize)).header;
  if (!header) {
    if (identity_ == 0) use_identity(any_identity(directory_));
    return;
  }
  use_identity(header->identity);
  position_.offset = kFileHeaderSize;
  end_of_records_ = position_;
  note_gap(header->first_sequence);
}

void JournalReader::use_identity(std::uint64_t identity) {
  identity_ = identity;
  seed_ = checksum_seed(identity);
}

std::string_view JournalReader::record_at(std::uint64_t offset) {
  const std::string_view start = window_.at(offset, kRecordHeaderSize);
  if (start.size() < kRecordHeaderSize) return {};
  const RecordHeader header = parse_record_header(start);
  if (header.type == 0 || header.length > kMaxPayload) return {};
  if (next_sequence_ != 0 && header.sequence > next_sequence_ + kPlausibleGap) return {};
  const std::size_t size = kRecordHeaderSize + header.length;
  const std::string_view bytes = window_.at(offset, size);
  if (bytes.size() < size || !record_intact(seed_, bytes)) return {};
  return bytes;
}

bool JournalReader::skip_damage() {
  std::uint64_t last_used = position_.offset;  // behind the last byte that is not zero
  std::uint64_t offset = position_.offset;
  for (;;) {
    const std::string_view piece = window_.at(offset, kPiece);
    if (piece.empty()) break;
    const std::size_t used = piece.find_first_not_of('\0');
    // A record holds its type, which is not zero, within its header.
    offset += used == std::string_view::npos ? piece.size()
              : used < kRecordHeaderSize     ? 0
                                             : used - kRecordHeaderSize + 1;
    if (used == std::string_view::npos) continue;
    if (offset != position_.offset && follows(offset)) {
      hole_ = Damage{.where = position_, .bytes = offset - position_.offset};
      position_.offset = static_cast<std::uint32_t>(offset);
      return true;
    }
    if (window_.at(offset, 1) != std::string_view("\0", 1)) last_used = offset + 1;
    ++offset;
  }
  hole_.reset();
  if (last_used > position_.offset)
    hole_ = Damage{.where = position_, .bytes = last_used - position_.offset};
  return false;
}

// Whether a record that was not read yet lies at `offset`.
bool JournalReader::follows(std::uint64_t offset) {
  const std::string_view bytes = record_at(offset);
  return !bytes.empty() && parse_record_header(bytes).sequence >= next_sequence_;
}

// A write that failed half way leaves bytes behind but no gap: the same records follow, whole.
void JournalReader::note_gap(std::uint64_t found_sequence) {
  if (next_sequence_ != 0 && found_sequence > next_sequence_) {
    Damage damage = hole_.value_or(Damage{.where = position_});
    damage.lost_records = found_sequence - next_sequence_;
    damage_.push_back(damage);
  }
  hole_.reset();
  next_sequence_ = std::max(next_sequence_, found_sequence);
}

void JournalReader::deliver(std::string_view bytes, Record& record) {
  const RecordHeader header = parse_record_header(bytes);
  note_gap(header.sequence);
  next_sequence_ = std::max(next_sequence_, header.sequence + 1);
  position_.offset += static_cast<std::uint32_t>(bytes.size());
  end_of_records_ = position_;
  record = {.type = static_cast<RecordType>(header.type),
            .sequence = header.sequence,
            .payload = bytes.substr(kRecordHeaderSize)};
}

}  // namespace tandem::journal
