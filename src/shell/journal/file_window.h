// A sliding view of a file that is read from front to back, a large piece at a time.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace tandem::journal {

class FileWindow {
 public:
  FileWindow() = default;
  ~FileWindow() { close(); }
  FileWindow(const FileWindow&) = delete;
  FileWindow& operator=(const FileWindow&) = delete;

  // 0, or the errno of open(2).
  int open(const std::filesystem::path& path);
  void close();
  bool is_open() const { return descriptor_ >= 0; }

  // Nothing at or behind `bound` is shown. May rise while the file is open.
  void set_bound(std::uint64_t bound) { bound_ = bound; }

  // The bytes from `offset` on: `wanted` of them, fewer only at the bound, the end of the file, or
  // when reading fails. Valid until the next call.
  std::string_view at(std::uint64_t offset, std::size_t wanted);
  // True when a read failed; stays so until the next open().
  bool failed() const { return failed_; }

 private:
  void fill(std::uint64_t offset, std::size_t wanted);

  int descriptor_ = -1;
  bool failed_ = false;
  std::uint64_t bound_ = UINT64_MAX;
  std::uint64_t start_ = 0;  // offset of the first byte of buffer_
  std::string buffer_;
};

}  // namespace tandem::journal
