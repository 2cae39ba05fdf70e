#include "shell/trace/capture_files.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <cstdio>
#include <memory>

#include "base/limits.h"

namespace tandem::trace {
namespace {

namespace fs = std::filesystem;
constexpr std::string_view kExtension = ".pcapng";

struct Close {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, Close>;

}  // namespace

CaptureFiles::CaptureFiles(fs::path folder, std::string name)
    : folder_(std::move(folder)), name_(std::move(name)) {}

std::string CaptureFiles::append(const std::vector<Entry>& entries) {
  std::string bytes;
  for (const Entry& entry : entries) {
    if (!fault_.empty()) break;
    if (paths_.empty() || size_ + bytes.size() >= kMaxTraceFileBytes) {
      if (!bytes.empty()) fault_ = write(bytes);
      bytes.clear();
      if (paths_.size() == kMaxTraceFiles) {
        std::error_code ignored;
        fs::remove(paths_.front(), ignored);
        paths_.erase(paths_.begin());
      }
      std::string file = name_ + '-' + std::to_string(++begun_);
      paths_.push_back(folder_ / file.append(kExtension));
      size_ = 0;
      Capture::begin(bytes);
    }
    capture_.append(bytes, entry);
  }
  if (fault_.empty() && !bytes.empty()) fault_ = write(bytes);
  return fault_;
}

// What is traced is personal: only the owner may read it.
std::string CaptureFiles::write(const std::string& bytes) {
  std::error_code fault;
  fs::create_directories(folder_, fault);
  const fs::path& path = paths_.back();
  const int descriptor = ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  const File file(descriptor < 0 ? nullptr : ::fdopen(descriptor, "ab"));
  if (file == nullptr || std::fwrite(bytes.data(), 1, bytes.size(), file.get()) != bytes.size() ||
      std::fflush(file.get()) != 0) {
    return "cannot write " + path.string() + "; the trace goes on in memory";
  }
  size_ += bytes.size();
  return {};
}

void CaptureFiles::remove() {
  std::error_code ignored;
  for (const fs::path& path : paths_) fs::remove(path, ignored);
  paths_.clear();
}

void remove_old_captures(const fs::path& folder, UtcTime time) {
  std::error_code fault;
  for (const auto& each : fs::directory_iterator(folder, fault)) {
    struct stat facts {};
    if (each.path().extension() != kExtension || ::stat(each.path().c_str(), &facts) != 0) continue;
    if (std::int64_t(facts.st_mtime) * 1000 < epoch_milliseconds(time)) {
      fs::remove(each.path(), fault);
    }
  }
}

}  // namespace tandem::trace
