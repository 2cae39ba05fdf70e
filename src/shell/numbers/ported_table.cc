#include "shell/numbers/ported_table.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <span>

namespace tandem::numbers {
namespace {

// Keeps a file mapped for as long as somebody reads it.
class Mapping {
 public:
  Mapping(void* begin, std::size_t size) : begin_(begin), size_(size) {}
  ~Mapping() { ::munmap(begin_, size_); }
  Mapping(const Mapping&) = delete;
  Mapping& operator=(const Mapping&) = delete;

  std::span<const std::byte> bytes() const {
    return {static_cast<const std::byte*>(begin_), size_};
  }

 private:
  void* begin_;
  std::size_t size_;
};

std::shared_ptr<const lrn::Index> map(int descriptor, std::size_t size) {
  void* const begin = ::mmap(nullptr, size, PROT_READ, MAP_SHARED, descriptor, 0);
  if (begin == MAP_FAILED) return nullptr;
  ::madvise(begin, size, MADV_RANDOM);
  auto mapping = std::make_shared<const Mapping>(begin, size);
  const std::span<const std::byte> bytes = mapping->bytes();
  return lrn::Index::open(bytes, std::move(mapping));
}

}  // namespace

std::shared_ptr<const lrn::Index> PortedTable::current() {
  const int descriptor = ::open(file_.c_str(), O_RDONLY | O_CLOEXEC);
  struct stat about {};
  if (descriptor < 0 || ::fstat(descriptor, &about) != 0) {
    if (errno != ENOENT) fault_ = file_.string() + ": " + std::strerror(errno);
    if (descriptor >= 0) ::close(descriptor);
    index_ = nullptr;
    mark_ = {};
    return nullptr;
  }
  const Mark mark{about.st_dev, about.st_ino, static_cast<std::uint64_t>(about.st_size),
                  about.st_mtim.tv_sec * 1'000'000'000 + about.st_mtim.tv_nsec};
  if (!(mark == mark_)) {
    mark_ = mark;
    index_ = about.st_size > 0 ? map(descriptor, static_cast<std::size_t>(about.st_size)) : nullptr;
    fault_ = index_ != nullptr ? std::string()
                               : file_.string() + ": is no table of ported numbers, or is damaged; "
                                                  "`tandem lrn import` makes a new one";
  }
  ::close(descriptor);
  return index_;
}

}  // namespace tandem::numbers
