#include "shell/numbers/unfinished_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace tandem::numbers {

bool hold_unfinished(int descriptor, const std::filesystem::path& file) {
  struct stat held {};
  struct stat named {};
  return ::flock(descriptor, LOCK_EX | LOCK_NB) == 0 && ::fstat(descriptor, &held) == 0 &&
         ::stat(file.c_str(), &named) == 0 && held.st_ino == named.st_ino;
}

void remove_unfinished(const std::filesystem::path& file) {
  const int descriptor = ::open(file.c_str(), O_RDWR | O_CLOEXEC);
  if (descriptor < 0) return;
  if (hold_unfinished(descriptor, file)) ::unlink(file.c_str());
  ::close(descriptor);
}

}  // namespace tandem::numbers
