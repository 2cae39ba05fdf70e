// Reading a file in large pieces.
#include "shell/journal/file_window.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace tandem::journal {
namespace {

constexpr std::size_t kPiece = 256u << 10;

}  // namespace

int FileWindow::open(const std::filesystem::path& path) {
  close();
  descriptor_ = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  return descriptor_ < 0 ? errno : 0;
}

void FileWindow::close() {
  if (descriptor_ >= 0) ::close(descriptor_);
  descriptor_ = -1;
  failed_ = false;
  bound_ = UINT64_MAX;
  start_ = 0;
  buffer_.clear();
}

std::string_view FileWindow::at(std::uint64_t offset, std::size_t wanted) {
  if (offset >= bound_) return {};
  wanted = static_cast<std::size_t>(std::min<std::uint64_t>(wanted, bound_ - offset));
  if (offset < start_ || offset + wanted > start_ + buffer_.size()) fill(offset, wanted);
  if (offset >= start_ + buffer_.size()) return {};
  return std::string_view(buffer_).substr(static_cast<std::size_t>(offset - start_), wanted);
}

void FileWindow::fill(std::uint64_t offset, std::size_t wanted) {
  // Never past the bound: the bytes there may still be changing.
  const std::uint64_t piece = std::max(wanted, kPiece);
  buffer_.resize(static_cast<std::size_t>(std::min(piece, bound_ - offset)));
  start_ = offset;
  std::size_t have = 0;
  while (have < buffer_.size()) {
    const ssize_t got = ::pread(descriptor_, buffer_.data() + have, buffer_.size() - have,
                                static_cast<off_t>(offset + have));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) failed_ = true;
    if (got <= 0) break;
    have += static_cast<std::size_t>(got);
  }
  buffer_.resize(have);
}

}  // namespace tandem::journal
