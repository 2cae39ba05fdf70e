#include "shell/numbers/table_writer.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "shell/numbers/ported_table.h"
#include "shell/numbers/unfinished_file.h"

namespace tandem::numbers {
namespace {

constexpr std::size_t kWriteAtOnce = std::size_t(1) << 20;

std::uint64_t digits_in(std::uint64_t key) { return lrn::digits_of_key(key).size(); }

bool sync_folder(const std::filesystem::path& file) {
  const std::filesystem::path folder = file.has_parent_path() ? file.parent_path() : ".";
  const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return false;
  const bool done = ::fsync(descriptor) == 0;
  ::close(descriptor);
  return done;
}

}  // namespace

bool FilePart::put(const void* bytes, std::size_t size) {
  const char* begin = static_cast<const char*>(bytes);
  waiting_.insert(waiting_.end(), begin, begin + size);
  return waiting_.size() < kWriteAtOnce || flush();
}

bool FilePart::flush() {
  std::size_t done = 0;
  while (done < waiting_.size()) {
    const ssize_t written = ::pwrite(descriptor_, waiting_.data() + done, waiting_.size() - done,
                                     static_cast<off_t>(place_));
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    done += static_cast<std::size_t>(written);
    place_ += static_cast<std::uint64_t>(written);
  }
  waiting_.clear();
  return true;
}

TableWriter::TableWriter(std::filesystem::path table, std::uint64_t rows,
                         std::vector<lrn::IndexEntry> entries)
    : table_(std::move(table)), unfinished_(table_.string() + ".new"), entries_(std::move(entries)) {
  header_.magic = lrn::kIndexMagic;
  header_.rows = rows;
  header_.entries = entries_.size();
}

TableWriter::~TableWriter() {
  if (descriptor_ < 0) return;
  ::close(descriptor_);
  ::unlink(unfinished_.c_str());
}

void remove_unfinished_table(const std::filesystem::path& table) {
  remove_unfinished(table.string() + ".new");
}

bool TableWriter::open() {
  const int descriptor = ::open(unfinished_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0640);
  if (descriptor >= 0 && !hold_unfinished(descriptor, unfinished_)) {
    ::close(descriptor);
    fault_ = unfinished_.string() + ": another import is writing it";
    return false;
  }
  descriptor_ = descriptor;
  if (descriptor_ >= 0 && ::ftruncate(descriptor_, 0) != 0) return check(false);
  const lrn::IndexLayout layout = lrn::IndexLayout::of(header_);
  values_ = {descriptor_, layout.values};
  lows_ = {descriptor_, layout.lows};
  return check(descriptor_ >= 0);
}

bool TableWriter::add(std::uint64_t key, std::uint32_t entry) {
  if (buckets_.empty() || buckets_.back().high != key >> 16) {
    buckets_.push_back({key >> 16, added_});
  }
  ++added_;
  header_.lengths |= std::uint64_t(1) << digits_in(key);
  const auto low = static_cast<std::uint16_t>(key & 0xffff);
  return check(values_.put(&entry, sizeof entry) && lows_.put(&low, sizeof low));
}

bool TableWriter::complete() {
  header_.buckets = buckets_.size();
  buckets_.push_back({~std::uint64_t(0), header_.rows});
  const lrn::IndexLayout layout = lrn::IndexLayout::of(header_);
  header_.size = layout.size;
  FilePart entries(descriptor_, layout.entries);
  FilePart buckets(descriptor_, layout.buckets);
  FilePart head(descriptor_, 0);
  const bool written =
      values_.flush() && lows_.flush() &&
      entries.put(entries_.data(), entries_.size() * sizeof(lrn::IndexEntry)) &&
      entries.flush() && buckets.put(buckets_.data(), buckets_.size() * sizeof(lrn::IndexBucket)) &&
      buckets.flush() && head.put(&header_, sizeof header_) && head.flush() &&
      ::fsync(descriptor_) == 0 && ::rename(unfinished_.c_str(), table_.c_str()) == 0;
  if (!check(written)) return false;
  ::close(descriptor_);
  descriptor_ = -1;
  return check(sync_folder(table_));
}

bool TableWriter::check(bool done) {
  if (!done) fault_ = unfinished_.string() + ": " + std::strerror(errno);
  return done;
}

}  // namespace tandem::numbers
