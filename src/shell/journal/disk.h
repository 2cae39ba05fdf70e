// What the journal asks of the disk, so that a test can let it be full, slow or broken.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <functional>

namespace tandem::journal {

// Each as the system call of its name; by default that call.
struct DiskCalls {
  std::function<ssize_t(int descriptor, const void* bytes, std::size_t size, off_t offset)> pwrite;
  std::function<int(int descriptor)> fdatasync;
  // Reserves space from the start of the file, which reads as zero. Answers 0 or an errno.
  std::function<int(int descriptor, std::uint64_t size)> reserve;
  // Bytes free for us where `path` is; UINT64_MAX when that cannot be told.
  std::function<std::uint64_t(const std::filesystem::path& path)> free_bytes;

  DiskCalls();
};

}  // namespace tandem::journal
