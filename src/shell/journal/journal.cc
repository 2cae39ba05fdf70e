// Appending and writing, on the signalling thread.
#include "shell/journal/journal.h"

#include <sys/random.h>
#include <unistd.h>

#include <cerrno>
#include <limits>

namespace tandem::journal {
namespace {

// Memory kept for the next round; what a long fault needed beyond it is given back.
constexpr std::size_t kKeptCapacity = 1u << 20;

std::uint64_t draw_identity() {
  std::uint64_t identity = 0;
  while (identity == 0)
    if (::getrandom(&identity, sizeof identity, 0) != sizeof identity) identity = 0;
  return identity;
}

}  // namespace

Result<std::unique_ptr<Journal>, JournalError> Journal::open(const JournalOptions& options) {
  auto keeper = FileKeeper::start(options);
  if (!keeper) return Failure{keeper.error()};
  auto report = recover(options.directory);
  if (!report) return Failure{report.error()};
  if (report->identity == 0) report->identity = draw_identity();

  const auto file = (*keeper)->make_first_file(report->last_file + 1);
  if (!file) return Failure{file.error()};
  std::unique_ptr<Journal> journal(new Journal(options, std::move(*keeper), std::move(*report)));
  if (const int error = journal->begin_file(*file); error != 0) {
    ::close(file->descriptor);
    return Failure{JournalError{describe({FaultKind::CannotWrite, error}, options)}};
  }
  journal->keeper_->publish(journal->tail_, Sync::Soon);
  journal->keeper_->run(*file);
  return journal;
}

Journal::Journal(const JournalOptions& options, std::unique_ptr<FileKeeper> keeper,
                 OpenReport report)
    : options_(options),
      keeper_(std::move(keeper)),
      report_(std::move(report)),
      seed_(checksum_seed(report_.identity)),
      next_sequence_(report_.next_sequence),
      first_pending_(report_.next_sequence),
      end_sequence_(report_.next_sequence) {}

Journal::~Journal() {
  if (!pending_.empty()) write_pending();
  keeper_->stop(tail_.offset);
  if (spare_.descriptor >= 0) ::close(spare_.descriptor);
}

bool Journal::append(RecordType type, std::string_view payload, std::string_view rest, Sync sync) {
  const std::size_t size = payload.size() + rest.size();
  if (size > kMaxPayload) return false;
  // What is kept gives way first: a call record is worth more than the survival of a call.
  const std::size_t room =
      type == RecordType::Keep ? options_.max_pending / 2 : options_.max_pending;
  if (pending_.size() + size > room) return false;
  append_record(pending_, seed_, next_sequence_++, type, payload, rest);
  pending_soon_ |= sync == Sync::Soon;
  return true;
}

void Journal::write() {
  if (keeper_->wants_new_file()) change_file();
  if (pending_.empty()) return;
  const bool failed_before = write_error_.load(std::memory_order_relaxed) != 0;
  if (failed_before && std::chrono::steady_clock::now() < retry_due_) return;

  const bool full = std::uint64_t{tail_.offset} + pending_.size() > options_.file_size;
  if (full && tail_.offset > kFileHeaderSize) change_file();
  int error = write_pending();
  // Another file has its space reserved already, and lies elsewhere on the disk.
  if (error != 0 && change_file()) error = write_pending();
  if (error != 0) retry_due_ = std::chrono::steady_clock::now() + options_.retry_interval;
  if (error != 0 || failed_before) write_error_.store(error, std::memory_order_relaxed);
}

Fault Journal::fault() const {
  if (const int error = write_error_.load(std::memory_order_relaxed); error != 0)
    return {.kind = FaultKind::CannotWrite, .error = error};
  return keeper_->fault();
}

// 0, or why its header could not be written; then nothing has changed.
int Journal::begin_file(JournalFile file) {
  std::string header;
  append_file_header(
      header,
      {.file = file.number, .identity = report_.identity, .first_sequence = first_pending_});
  std::size_t written = 0;
  if (const int error = write_bytes(file.descriptor, header, 0, written); error != 0) return error;
  file_ = file;
  tail_ = {.file = file.number, .offset = kFileHeaderSize};
  return 0;
}

bool Journal::change_file() {
  if (spare_.descriptor < 0) spare_ = keeper_->take_next().value_or(JournalFile{});
  if (spare_.descriptor < 0) return false;
  const std::uint32_t end = tail_.offset;
  if (begin_file(spare_) != 0) return false;
  spare_ = {};
  keeper_->finish_current(end, file_);
  keeper_->publish(tail_, Sync::Soon);
  return true;
}

// Answers 0, or why not everything could be written. What was stays written, up to the last whole
// record; the rest is written again, over the piece of a record that may already be there.
int Journal::write_pending() {
  if (tail_.offset + std::uint64_t{pending_.size()} > std::numeric_limits<std::uint32_t>::max())
    return EFBIG;
  std::size_t written = 0;
  const int error = write_bytes(file_.descriptor, pending_, tail_.offset, written);
  drop_written(written);
  return error;
}

void Journal::drop_written(std::size_t bytes) {
  std::size_t whole = 0;
  if (bytes == pending_.size()) {
    whole = bytes;
    first_pending_ = next_sequence_;
  }
  while (whole < bytes) {
    const RecordHeader header = parse_record_header(std::string_view(pending_).substr(whole));
    const std::size_t size = kRecordHeaderSize + header.length;
    if (whole + size > bytes) break;
    whole += size;
    ++first_pending_;
  }
  if (whole == 0) return;
  pending_.erase(0, whole);
  if (pending_.empty() && pending_.capacity() > kKeptCapacity) std::string().swap(pending_);
  tail_.offset += static_cast<std::uint32_t>(whole);
  end_sequence_.store(first_pending_, std::memory_order_relaxed);
  keeper_->publish(tail_, pending_soon_ ? Sync::Soon : Sync::Later);
  if (pending_.empty()) pending_soon_ = false;
}

int Journal::write_bytes(int descriptor, std::string_view bytes, std::uint64_t offset,
                         std::size_t& written) const {
  while (written < bytes.size()) {
    const ssize_t count =
        options_.disk.pwrite(descriptor, bytes.data() + written, bytes.size() - written,
                             static_cast<off_t>(offset + written));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return errno;
    if (count == 0) return ENOSPC;
    written += static_cast<std::size_t>(count);
  }
  return 0;
}

}  // namespace tandem::journal
