#include "app/data_directory.h"

#include <unistd.h>

#include <cstdlib>

namespace tandem::app {

std::filesystem::path default_data_directory() {
  const std::filesystem::path of_the_machine = "/var/lib/tandem";
  std::error_code ignored;
  const bool exists = std::filesystem::exists(of_the_machine, ignored);
  const std::filesystem::path& to_write = exists ? of_the_machine : of_the_machine.parent_path();
  if (::access(to_write.c_str(), W_OK | X_OK) == 0) return of_the_machine;
  if (const char* shared = std::getenv("XDG_DATA_HOME"); shared != nullptr && *shared != '\0') {
    return std::filesystem::path(shared) / "tandem";
  }
  if (const char* home = std::getenv("HOME"); home != nullptr && *home != '\0') {
    return std::filesystem::path(home) / ".local" / "share" / "tandem";
  }
  return of_the_machine;
}

}  // namespace tandem::app
