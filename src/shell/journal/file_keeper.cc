// The thread that keeps the files of the journal.
#include "shell/journal/file_keeper.h"

#include <fcntl.h>
#include <pthread.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace tandem::journal {
namespace {

// Rounds without news that may not wait before the thread sleeps until it is called: a call costs the
// writer a system call, which is not to happen for every record of a quiet switch.
constexpr int kIdleRounds = 40;

JournalError system_error(const std::string& what, const std::filesystem::path& path, int error) {
  return {what + " " + path.string() + ": " + std::strerror(error)};
}

}  // namespace

FileKeeper::FileKeeper(const JournalOptions& options) : options_(options) {}

Result<std::unique_ptr<FileKeeper>, JournalError> FileKeeper::start(const JournalOptions& options) {
  std::unique_ptr<FileKeeper> keeper(new FileKeeper(options));
  const auto locked = keeper->lock_directory();
  if (!locked) return Failure{locked.error()};
  return keeper;
}

FileKeeper::~FileKeeper() {
  if (thread_.joinable()) stop(Position::unpacked(written_.load()).offset);
  if (directory_ >= 0) ::close(directory_);
}

Result<Done, JournalError> FileKeeper::lock_directory() {
  const std::filesystem::path& path = options_.directory;
  std::error_code failed;
  std::filesystem::create_directories(path, failed);
  if (failed) return Failure{system_error("cannot make the directory", path, failed.value())};
  directory_ = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (directory_ < 0) return Failure{system_error("cannot open the directory", path, errno)};
  if (::flock(directory_, LOCK_EX | LOCK_NB) != 0)
    return Failure{JournalError{"the journal in " + path.string() +
                                " is used by another process; stop that one first"}};
  return Done{};
}

Result<JournalFile, JournalError> FileKeeper::make_first_file(std::uint32_t number) {
  next_number_ = number;
  const auto file = make_file();
  if (!file)
    return Failure{system_error("cannot make a journal file in", options_.directory, file.error())};
  return *file;
}

Result<JournalFile, int> FileKeeper::make_file() {
  const std::filesystem::path path = file_path(options_.directory, next_number_);
  const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0640);
  if (descriptor < 0) return Failure{errno};
  int error = options_.disk.reserve(descriptor, options_.file_size);
  // The name must not be lost in a power cut when the records in the file are not.
  if (error == 0 && (::fsync(descriptor) != 0 || ::fsync(directory_) != 0)) error = errno;
  if (error != 0) {
    ::close(descriptor);
    ::unlink(path.c_str());
    return Failure{error};
  }
  return JournalFile{.descriptor = descriptor, .number = next_number_++};
}

void FileKeeper::run(JournalFile file) {
  current_ = file;
  thread_ = std::thread([this] { loop(); });
}

std::optional<JournalFile> FileKeeper::take_next() {
  const std::lock_guard lock(mutex_);
  return std::exchange(next_, std::nullopt);
}

void FileKeeper::finish_current(std::uint32_t end, JournalFile next) {
  const std::lock_guard lock(mutex_);
  finished_.push_back({.descriptor = current_.descriptor, .end = end});
  current_ = next;
  wants_new_file_ = false;
}

void FileKeeper::publish(Position tail, Sync sync) {
  // Sequentially consistent, as is the pair in pause(): either the thread sees the new tail before
  // it sleeps, or we see it asleep. What may wait is seen when it looks by itself.
  written_.store(tail.packed());
  if (sync == Sync::Soon) soon_.store(tail.packed());
  if (sync == Sync::Later || !asleep_.load()) return;
  const std::lock_guard lock(mutex_);
  wake_.notify_one();
}

void FileKeeper::stop(std::uint32_t end) {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    wake_.notify_one();
  }
  if (thread_.joinable()) thread_.join();
  if (current_.descriptor < 0) return;
  sync_finished();
  options_.disk.fdatasync(current_.descriptor);
  close_file(current_.descriptor, end);
  if (!next_) return;
  ::close(next_->descriptor);
  ::unlink(file_path(options_.directory, next_->number).c_str());
  next_.reset();
}

void FileKeeper::close_file(int descriptor, std::uint32_t end) {
  // Gives reserved space back. When that fails the reader meets zeros instead of the end.
  static_cast<void>(::ftruncate(descriptor, end));
  ::close(descriptor);
}

Position FileKeeper::written() const { return Position::unpacked(written_.load()); }

Position FileKeeper::synced() const { return Position::unpacked(synced_.load()); }

Fault FileKeeper::fault() const {
  if (const int error = sync_error_.load(std::memory_order_relaxed); error != 0)
    return {.kind = FaultKind::CannotSync, .error = error};
  if (const int error = reserve_error_.load(std::memory_order_relaxed); error != 0)
    return {.kind = FaultKind::CannotReserve, .error = error};
  if (low_space_.load(std::memory_order_relaxed))
    return {.kind = FaultKind::DiskAlmostFull, .error = ENOSPC};
  return {};
}

void FileKeeper::wait_beyond(Position position, milliseconds limit,
                             const std::atomic<bool>& cancelled) {
  std::unique_lock lock(mutex_);
  tail_moved_.wait_for(lock, limit, [&] { return written() > position || cancelled; });
}

void FileKeeper::wake_readers() {
  const std::lock_guard lock(mutex_);
  tail_moved_.notify_all();
}

void FileKeeper::loop() {
  ::pthread_setname_np(::pthread_self(), "journal");  // for top(1) and profiles
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    lock.unlock();
    const bool due = sync_due();
    if (due) notify_readers();
    sync_finished();
    if (due) sync_current();
    look_after();
    lock.lock();
    pause(lock);
  }
}

bool FileKeeper::haste() const { return soon_.load() > synced_.load(); }

bool FileKeeper::sync_due() const {
  return haste() || std::chrono::steady_clock::now() >= later_due_;
}

void FileKeeper::pause(std::unique_lock<std::mutex>& lock) {
  idle_rounds_ = haste() ? 0 : idle_rounds_ + 1;
  if (idle_rounds_ < kIdleRounds) {
    wake_.wait_for(lock, options_.sync_interval, [this] { return stopping_; });
    return;
  }
  asleep_.store(true);
  wake_.wait_for(lock, options_.later_interval, [this] { return stopping_ || haste(); });
  asleep_.store(false);
}

void FileKeeper::notify_readers() {
  const std::uint64_t written = written_.load();
  if (written == told_readers_) return;
  told_readers_ = written;
  // Under the lock, so that a reader is either before its look at the tail or waiting.
  const std::lock_guard lock(mutex_);
  tail_moved_.notify_all();
}

void FileKeeper::sync_finished() {
  std::vector<Finished> finished;
  {
    const std::lock_guard lock(mutex_);
    finished.swap(finished_);
  }
  for (const Finished& file : finished) {
    if (options_.disk.fdatasync(file.descriptor) != 0) sync_error_ = errno;
    close_file(file.descriptor, file.end);
  }
}

void FileKeeper::sync_current() {
  int descriptor;
  std::uint64_t written;
  {
    const std::lock_guard lock(mutex_);
    // One was finished since sync_finished(): its turn is first, in the next round.
    if (!finished_.empty()) return;
    // A second try would succeed without what the kernel dropped; the fault stays until another
    // file is written.
    if (wants_new_file_) return;
    descriptor = current_.descriptor;
    written = written_.load();
  }
  if (written == synced_.load()) return;
  later_due_ = std::chrono::steady_clock::now() + options_.later_interval;
  if (options_.disk.fdatasync(descriptor) == 0) {
    synced_ = written;
    sync_error_ = 0;
  } else {
    // The kernel may have dropped what it could not write, so this file is not to be trusted.
    sync_error_ = errno;
    wants_new_file_ = true;
  }
}

void FileKeeper::look_after() {
  const auto now = std::chrono::steady_clock::now();
  bool needs_file;
  {
    const std::lock_guard lock(mutex_);
    needs_file = !next_;
  }
  const bool due = now >= look_after_due_;
  if (needs_file && (due || reserve_error_ == 0)) {
    const auto file = make_file();
    reserve_error_ = file ? 0 : file.error();
    const std::lock_guard lock(mutex_);
    if (file) next_ = *file;
  }
  if (!due) return;
  look_after_due_ = now + options_.retry_interval;
  const std::uint64_t free = options_.disk.free_bytes(options_.directory);
  // An eighth more before it is well again, so that the fault does not flicker.
  const std::uint64_t margin = low_space_ ? options_.free_reserve / 8 : 0;
  low_space_ = free < options_.free_reserve + margin;
}

}  // namespace tandem::journal
