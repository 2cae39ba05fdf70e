// Reading what is kept, and writing the base.
#include "shell/journal/kept_store.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "shell/journal/background.h"
#include "shell/journal/checksum.h"

namespace tandem::journal {
namespace {

constexpr std::string_view kMagic = "TNDMKEPT";
constexpr std::uint32_t kBaseVersion = 1;
constexpr std::size_t kBaseHeaderSize = 48;
constexpr std::size_t kPiece = 1u << 20;  // written at a time

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

JournalError system_error(const std::string& what, const std::filesystem::path& path, int error) {
  return {what + " " + path.string() + ": " + std::strerror(error)};
}

// A file under construction: gone again unless it was finished.
class NewFile {
 public:
  NewFile(std::filesystem::path path, const DiskCalls& disk)
      : path_(std::move(path)), disk_(disk) {
    descriptor_ = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0640);
    if (descriptor_ < 0) error_ = errno;
  }
  ~NewFile() {
    if (descriptor_ >= 0) ::close(descriptor_);
    if (!finished_) ::unlink(path_.c_str());
  }
  NewFile(const NewFile&) = delete;
  NewFile& operator=(const NewFile&) = delete;

  void append(std::string_view bytes) {
    pending_ += bytes;
    if (pending_.size() >= kPiece) flush();
  }
  // What stands at the beginning, known only at the end.
  void put_first(std::string_view bytes) {
    flush();
    write(bytes, 0);
  }
  // Under its own name from now on, and safe. Answers 0 or an errno.
  int finish(const std::filesystem::path& name) {
    if (error_ == 0 && disk_.fdatasync(descriptor_) != 0) error_ = errno;
    if (error_ == 0 && ::rename(path_.c_str(), name.c_str()) != 0) error_ = errno;
    if (error_ != 0) return error_;
    finished_ = true;
    const int directory = ::open(name.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (directory < 0) return errno;
    const int error = ::fsync(directory) == 0 ? 0 : errno;
    ::close(directory);
    return error;
  }
  std::uint64_t size() const { return size_ + pending_.size(); }
  int error() const { return error_; }

 private:
  void flush() {
    write(pending_, size_);
    size_ += pending_.size();
    pending_.clear();
  }
  void write(std::string_view bytes, std::uint64_t offset) {
    while (!bytes.empty() && error_ == 0) {
      const ssize_t count =
          disk_.pwrite(descriptor_, bytes.data(), bytes.size(), static_cast<off_t>(offset));
      if (count < 0 && errno == EINTR) continue;
      if (count <= 0) {
        error_ = count < 0 ? errno : ENOSPC;
        return;
      }
      bytes.remove_prefix(static_cast<std::size_t>(count));
      offset += static_cast<std::uint64_t>(count);
    }
  }

  const std::filesystem::path path_;
  const DiskCalls& disk_;
  int descriptor_ = -1;
  int error_ = 0;
  bool finished_ = false;
  std::uint64_t size_ = 0;  // written so far
  std::string pending_;
};

}  // namespace

void append_kept_head(std::string& out, std::uint8_t kind, std::uint64_t id) {
  append_number(out, kind);
  append_number(out, id);
}

void append_kept(std::string& out, const KeptRecord& record) {
  append_kept_head(out, record.kind, record.id);
  out += record.bytes;
}

std::optional<KeptRecord> parse_kept(std::string_view payload) {
  constexpr std::size_t kHead = 9;
  if (payload.size() < kHead) return std::nullopt;
  return KeptRecord{.kind = number_at<std::uint8_t>(payload, 0),
                    .id = number_at<std::uint64_t>(payload, 1),
                    .bytes = payload.substr(kHead)};
}

KeptStore::KeptStore(Journal& journal, KeptOptions options)
    : journal_(journal), options_(std::move(options)) {
  std::error_code ignored;
  std::filesystem::remove(path().string() + ".new", ignored);
  if (const auto base = read_header(path())) {
    base_ = *base;
  } else if (std::filesystem::exists(path(), ignored)) {
    std::filesystem::rename(path(), path().string() + ".damaged", ignored);
    options_.notice("the file " + path().string() +
                    " is damaged and kept as .damaged: what was kept before it is lost");
  }
  if (base_.identity != journal_.identity()) base_.position = {};
  journal_.hold_from(base_.position.file);
}

KeptStore::~KeptStore() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    stop_changed_.notify_all();
  }
  if (thread_.joinable()) thread_.join();
}

std::optional<KeptStore::Base> KeptStore::read_header(const std::filesystem::path& path) {
  FileWindow window;
  if (window.open(path) != 0) return std::nullopt;
  const std::string_view bytes = window.at(0, kBaseHeaderSize);
  const std::size_t covered = kBaseHeaderSize - sizeof(std::uint32_t);
  if (bytes.size() < kBaseHeaderSize || !bytes.starts_with(kMagic)) return std::nullopt;
  if (crc32c(0, bytes.data(), covered) != number_at<std::uint32_t>(bytes, covered))
    return std::nullopt;
  if (number_at<std::uint32_t>(bytes, 8) != kBaseVersion) return std::nullopt;
  std::error_code error;
  return Base{.bytes = std::filesystem::file_size(path, error),
              .identity = number_at<std::uint64_t>(bytes, 12),
              .position = Position::unpacked(number_at<std::uint64_t>(bytes, 20)),
              .next_sequence = number_at<std::uint64_t>(bytes, 28),
              .records = number_at<std::uint64_t>(bytes, 36)};
}

KeptStore::End KeptStore::behind_base() const {
  // A journal that lost its end in a power cut gives its numbers again.
  const bool known =
      base_.position != Position{} && base_.next_sequence <= journal_.end_sequence();
  return {.position = base_.position, .next_sequence = known ? base_.next_sequence : 0};
}

Result<KeptStore::End, JournalError> KeptStore::scan_journal(End from, Position limit,
                                                             const Each& each) const {
  JournalReader reader(journal_.directory(), from.position, from.next_sequence);
  Record record;
  JournalReader::Step step;
  End before = from;
  while ((step = reader.next(record, limit)) == JournalReader::Step::Record) {
    if (record.type == RecordType::Keep) each(before, record.sequence, record.payload);
    before = {.position = reader.position(), .next_sequence = reader.next_sequence()};
  }
  if (step == JournalReader::Step::Failed)
    return Failure{
        JournalError{"cannot read the journal in " + journal_.directory().string()}};
  return End{.position = reader.position(), .next_sequence = reader.next_sequence()};
}

void KeptStore::scan_base(const Each& each) const {
  if (base_.bytes == 0) return;
  FileWindow window;
  if (const int error = window.open(path()); error != 0)
    return options_.notice(system_error("cannot read", path(), error).sentence);
  const std::uint32_t seed = checksum_seed(base_.identity);
  std::uint64_t offset = kBaseHeaderSize;
  for (std::uint64_t i = 0; i < base_.records; ++i) {
    const std::string_view start = window.at(offset, kRecordHeaderSize);
    std::string_view bytes;
    if (start.size() == kRecordHeaderSize) {
      const RecordHeader header = parse_record_header(start);
      const std::size_t size = kRecordHeaderSize + std::min<std::size_t>(header.length, kMaxPayload);
      bytes = window.at(offset, size);
      if (bytes.size() != size || !record_intact(seed, bytes)) bytes = {};
    }
    if (bytes.empty())
      return options_.notice("the file " + path().string() + " is damaged at byte " +
                             std::to_string(offset) + ": " + std::to_string(base_.records - i) +
                             " of the things kept in it are lost");
    each({}, parse_record_header(bytes).sequence, bytes.substr(kRecordHeaderSize));
    offset += bytes.size();
  }
}

// Which record of each (kind, id) counts; those that were forgotten are not in it.
Result<KeptStore::End, JournalError> KeptStore::find_newest(Position limit, Newest& newest) const {
  newest.reserve(base_.records);
  const Each each = [&](End before, std::uint64_t sequence, std::string_view payload) {
    const auto record = parse_kept(payload);
    if (!record) return;
    const Key key{.id = record->id, .kind = record->kind};
    if (record->bytes.empty())
      newest.erase(key);
    else
      newest[key] = {.sequence = sequence, .before = before};
  };
  scan_base(each);
  return scan_journal(behind_base(), limit, each);
}

// Only the records that count, in their order: read again from the first of them on.
Result<KeptStore::End, JournalError> KeptStore::scan_newest(Position limit,
                                                            const Each& each) const {
  Newest newest;
  const auto end = find_newest(limit, newest);
  if (!end || newest.empty()) return end;
  bool nowhere = false;  // in the base, or the first of a journal that is read from its beginning
  End first = *end;
  for (const auto& [key, place] : newest) {
    if (place.before.position == Position{}) {
      nowhere = true;
    } else if (place.before.position < first.position) {
      first = place.before;
    }
  }
  const Each those = [&](End before, std::uint64_t sequence, std::string_view payload) {
    const auto record = parse_kept(payload);
    if (!record || record->bytes.empty()) return;
    const auto found = newest.find({.id = record->id, .kind = record->kind});
    if (found != newest.end() && found->second.sequence == sequence) each(before, sequence, payload);
  };
  if (nowhere) {
    scan_base(those);
    if (base_.position == Position{}) first = behind_base();
  }
  return scan_journal(first, limit, those);
}

Result<std::uint64_t, JournalError> KeptStore::read(const Visit& visit) {
  std::uint64_t shown = 0;
  const auto scanned = scan_newest(journal_.tail(), [&](End, std::uint64_t, std::string_view payload) {
    visit(*parse_kept(payload));
    ++shown;
  });
  if (!scanned) return Failure{scanned.error()};
  return shown;
}

Result<Done, JournalError> KeptStore::write_base() {
  NewFile file(path().string() + ".new", journal_.options().disk);
  file.append(std::string(kBaseHeaderSize, '\0'));
  Base base{.bytes = 0,
            .identity = journal_.identity(),
            .position = {},
            .next_sequence = 0,
            .records = 0};
  const std::uint32_t seed = checksum_seed(base.identity);
  std::string bytes;
  const auto scanned =
      scan_newest(journal_.synced(), [&](End, std::uint64_t sequence, std::string_view payload) {
        bytes.clear();
        append_record(bytes, seed, sequence, RecordType::Keep, payload);
        file.append(bytes);
        ++base.records;
      });
  if (!scanned) return Failure{scanned.error()};
  base.position = scanned->position;
  base.next_sequence = scanned->next_sequence;
  base.bytes = file.size();

  bytes.assign(kMagic);
  append_number(bytes, kBaseVersion);
  append_number(bytes, base.identity);
  append_number(bytes, base.position.packed());
  append_number(bytes, base.next_sequence);
  append_number(bytes, base.records);
  append_number(bytes, crc32c(0, bytes.data(), bytes.size()));
  file.put_first(bytes);
  if (const int error = file.finish(path()); error != 0)
    return Failure{system_error("cannot write", path(), error)};
  base_ = base;
  journal_.hold_from(base.position.file);
  return Done{};
}

std::uint64_t KeptStore::journal_bytes() const {
  const Position from = base_.position;
  const Position to = journal_.synced();
  const std::uint64_t files = to.file > from.file ? to.file - from.file : 0;
  const std::uint64_t end = files * journal_.options().file_size + to.offset;
  return end > from.offset ? end - from.offset : 0;
}

bool KeptStore::worth_a_base() const {
  if (journal_bytes() < std::max(options_.min_journal, base_.bytes)) return false;
  // Not at the cost of the space calls need: old journal files go only when the new base is there.
  const JournalOptions& journal = journal_.options();
  const std::uint64_t needed = journal.free_reserve + base_.bytes + journal_bytes();
  return journal.disk.free_bytes(journal.directory) > needed;
}

void KeptStore::start() {
  thread_ = std::thread([this] { loop(); });
}

void KeptStore::loop() {
  work_in_background("kept");
  milliseconds pause = options_.look_interval;
  std::unique_lock lock(mutex_);
  while (!stop_changed_.wait_for(lock, pause, [this] { return stopping_; })) {
    lock.unlock();
    pause = options_.look_interval;
    if (worth_a_base()) {
      if (const auto written = write_base(); !written) {
        options_.notice(written.error().sentence + "; the journal grows until this is mended");
        pause = options_.retry_interval;
      }
    }
    lock.lock();
  }
}

}  // namespace tandem::journal
