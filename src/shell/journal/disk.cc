// The real disk.
#include "shell/journal/disk.h"

#include <fcntl.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cerrno>

namespace tandem::journal {
namespace {

int reserve_space(int descriptor, std::uint64_t size) {
  const auto length = static_cast<off_t>(size);
  if (::fallocate(descriptor, 0, 0, length) == 0) return 0;
  if (errno != EOPNOTSUPP && errno != ENOSYS) return errno;
  // A file system that cannot reserve: the file only gets its size, and ENOSPC may come later.
  return ::ftruncate(descriptor, length) == 0 ? 0 : errno;
}

std::uint64_t free_space(const std::filesystem::path& path) {
  struct statvfs status;
  if (::statvfs(path.c_str(), &status) != 0) return UINT64_MAX;
  return std::uint64_t{status.f_bavail} * status.f_frsize;
}

}  // namespace

DiskCalls::DiskCalls()
    : pwrite(::pwrite), fdatasync(::fdatasync), reserve(reserve_space), free_bytes(free_space) {}

}  // namespace tandem::journal
